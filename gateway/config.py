"""Settings of one exchange: from the command line, then ``SEINPOST_*``, then ``seinpost.toml`` in its folder.

``origins`` tells for each setting where its value came from; ``config show`` prints that.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.errors import ConfigurationError
from schemas.envelope import Origin

FILE = "seinpost.toml"
PREFIX = "SEINPOST_"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where everything of one exchange stands."""

    path: Path

    @property
    def settings(self) -> Path:
        """The settings."""
        return self.path / FILE

    @property
    def covenant(self) -> Path:
        """The covenant as it was at the start; from then on the register log has it."""
        return self.path / "convenant.toml"

    @property
    def key_ring(self) -> Path:
        """All private keys of the exchange, encrypted."""
        return self.path / "sleutels"

    @property
    def key_file(self) -> Path:
        """What opens the key ring, unless a passphrase does; keep it elsewhere than the backups."""
        return self.path / "sleutelbestand"

    @property
    def authority(self) -> Path:
        """The certificate of the embedded authority (PEM)."""
        return self.path / "autoriteit.pem"

    @property
    def certificate(self) -> Path:
        """The server's certificate (PEM)."""
        return self.path / "server.pem"

    @property
    def database(self) -> Path:
        """The embedded database."""
        return self.path / "data" / "seinpost.db"

    @property
    def signed_heads(self) -> Path:
        """What was signed last of each log; never restore this from a backup."""
        return self.path / "data" / "ondertekend.json"

    @property
    def socket(self) -> Path:
        """Where administration listens while the exchange runs."""
        return self.path / "beheer.sock"


@contextmanager
def socket_name(path: Path) -> Iterator[str]:
    """Give a name for a local socket that the kernel takes: at most 107 bytes, and folders may be deeper than that.

    A longer one is reached through its folder's descriptor, for as long as the context lasts.
    """
    if len(os.fsencode(path)) <= 107:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class Settings(BaseModel):
    """What an operator may set. Every setting has a safe default, but for the exchange's own name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    beurs: Origin
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8443
    names: tuple[str, ...] = ("localhost", "127.0.0.1")
    certificate_days: Annotated[int, Field(ge=1, le=825)] = 397
    invitation_hours: Annotated[int, Field(ge=1, le=24 * 30)] = 24 * 7
    lease_seconds: Annotated[float, Field(gt=0, le=3600)] = 30.0
    checkpoint_seconds: Annotated[float, Field(gt=0, le=60)] = 1.0
    expiry_seconds: Annotated[float, Field(gt=0, le=3600)] = 5.0
    term_seconds: Annotated[float, Field(gt=0, le=3600)] = 5.0
    crypto_threads: Annotated[int, Field(ge=1, le=64)] = 2
    workers: Annotated[int, Field(ge=1)] = 1


def load(folder: Path, overrides: Mapping[str, Any] | None = None) -> tuple[Settings, dict[str, str]]:
    """Give the settings of the exchange in ``folder``, and for each where it came from.

    Raises:
        ConfigurationError: the file is missing or unreadable, or a setting is unknown or wrong; the text names it.
    """
    file = _read(folder / FILE)
    environment = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in os.environ.items()
        if key.startswith(PREFIX) and key.removeprefix(PREFIX).lower() in Settings.model_fields
    }
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    origins = dict.fromkeys(Settings.model_fields, "default")
    origins |= dict.fromkeys(file, FILE)
    origins |= {key: f"{PREFIX}{key.upper()}" for key in environment}
    origins |= dict.fromkeys(given, "command line")
    try:
        settings = Settings.model_validate({**file, **environment, **given})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise ConfigurationError(f"settings in {folder}: {faults}") from None
    if settings.workers > 1:
        raise ConfigurationError("the embedded database serves one process: set workers to 1")
    return settings, origins


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path} is not there; make an exchange with: seinpost init {path.parent}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not TOML: {error}") from None
