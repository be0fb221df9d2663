"""Joining from the command line: which secret locks the key ring, and who applies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gateway.cli.running import read_passphrase
from gateway.connector.directory import Directory, Settings
from gateway.connector.join import Applicant, join
from keys.keyring import KeyFile, Secret, make_key_file
from schemas.values import Oin


async def join_party(
    folder: Path, url: str, oin: Oin, postvakken: Sequence[str], code: str, passphrase_file: Path | None
) -> Settings:
    """Join as ``connector.join`` says; without a passphrase a key file is made first."""
    directory = Directory(folder)
    secret = read_passphrase(passphrase_file) or _key_file(directory)
    return await join(url, code, Applicant(oin, list(postvakken), directory, secret))


def _key_file(directory: Directory) -> Secret:
    directory.make()
    if not directory.key_file.exists():
        make_key_file(directory.key_file)
    return KeyFile(directory.key_file)
