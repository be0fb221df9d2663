"""A party's directory: ``connector.toml``, ``sleutels`` (key ring), ``tls/`` and ``spool.db``.

The secret that opens the key ring is ``DIR/sleutelbestand`` if it is there, else the passphrase in
the environment variable ``SEINPOST_PASSPHRASE``.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gateway.connector.register import Anchor
from gateway.errors import ConfigurationError
from keys.keyring import KeyFile, Passphrase, Secret
from schemas.envelope import Origin
from schemas.values import Mailbox, Oin

PASSPHRASE_VARIABLE = "SEINPOST_PASSPHRASE"  # noqa: S105 - its name, not its value
TLS_KEY = "verbinding"


class Settings(BaseModel):
    """What ``connector.toml`` says. ``postvakken`` are the names of this party's mailboxes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s/]+$", max_length=300)]
    oin: Oin
    postvakken: Annotated[list[str], Field(min_length=1, max_length=20)]
    beurs: Origin
    register_vkey: str
    verkeer_vkey: str

    @property
    def mailboxes(self) -> list[Mailbox]:
        """This party's mailboxes in full."""
        return [Mailbox.of(self.oin, name) for name in self.postvakken]

    @property
    def anchor(self) -> Anchor:
        """What was learned at joining."""
        return Anchor(self.beurs, self.register_vkey, self.verkeer_vkey)

    def spell(self) -> str:
        """Spell as TOML; the values need no escapes that JSON and TOML spell differently."""
        return "".join(
            f"{name} = {json.dumps(value)}\n" for name, value in self.model_dump(mode="json", exclude_none=True).items()
        )


class Directory:
    """Where the things of one party lie."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings_file = root / "connector.toml"
        self.ring_file = root / "sleutels"
        self.key_file = root / "sleutelbestand"
        self.certificate_file = root / "tls" / "certificaat.pem"
        self.authority_file = root / "tls" / "autoriteit.pem"
        self.request_file = root / "tls" / "aanmelding.json"
        self.spool_file = root / "spool.db"

    def settings(self) -> Settings:
        """Read ``connector.toml``.

        Raises:
            ConfigurationError: there is none, or it is wrong; the text says what.
        """
        try:
            return Settings.model_validate(tomllib.loads(self.settings_file.read_text("utf-8")))
        except FileNotFoundError:
            raise ConfigurationError(f"{self.root} has no connector.toml; join an exchange first") from None
        except (ValueError, ValidationError) as error:
            raise ConfigurationError(f"{self.settings_file} cannot be read: {error}") from error

    def secret(self) -> Secret:
        """Find the secret that opens the key ring.

        Raises:
            ConfigurationError: there is neither a key file nor a passphrase.
        """
        if self.key_file.exists():
            return KeyFile(self.key_file)
        if phrase := os.environ.get(PASSPHRASE_VARIABLE):
            return Passphrase(phrase)
        raise ConfigurationError(f"set {PASSPHRASE_VARIABLE}, or put a key file at {self.key_file}")

    def make(self) -> None:
        """Make the directories, readable for their owner only."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.certificate_file.parent.mkdir(mode=0o700, exist_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a crash leaves the old one or the new one, never a part."""
    part = path.with_suffix(path.suffix + ".nieuw")
    with open(part, "w", encoding="utf-8", opener=_private) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def signing_name(mailbox: Mailbox) -> str:
    """Name a mailbox's signing key in the key ring."""
    return f"{mailbox.name}/ondertekenen"


def sealing_name(mailbox: Mailbox) -> str:
    """Name a mailbox's sealing key in the key ring."""
    return f"{mailbox.name}/verzegelen"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
