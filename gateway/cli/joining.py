"""Joining from the command line: which secret locks the key ring, and who applies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gateway.cli.running import read_passphrase
from gateway.connector.directory import Directory, Settings
from gateway.connector.join import Applicant, join
from gateway.errors import ConfigurationError
from keys.keyring import KeyFile, Secret, make_key_file
from schemas.values import Oin


async def join_party(
    folder: Path, url: str, oin: str, postvakken: Sequence[str], code: str, passphrase_file: Path | None
) -> Settings:
    """Join as ``connector.join`` says; without a passphrase a key file is made first."""
    directory = Directory(folder)
    try:
        number = Oin(oin)
    except ValueError as error:
        raise ConfigurationError(f"--oin: {error}") from None
    if not postvakken:
        raise ConfigurationError("name the party's mailboxes with --postvak, as the covenant has them")
    secret = read_passphrase(passphrase_file) or _key_file(directory)
    return await join(url, code, Applicant(number, list(postvakken), directory, secret))


def _key_file(directory: Directory) -> Secret:
    directory.make()
    if not directory.key_file.exists():
        make_key_file(directory.key_file)
    return KeyFile(directory.key_file)
