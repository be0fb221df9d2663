"""Which covenant, which participant, which type does somebody at a terminal mean?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from gateway.app import opened
from gateway.cli.speech import Exit, fail
from gateway.clock import system_clock
from gateway.config import Folder
from gateway.connector.connector import Connector
from gateway.errors import ConfigurationError
from gateway.rules.register import Register
from schemas.catalogue import CATALOGUE
from schemas.covenants import AMSTERDAM, Convenant, CovenantError, Deelnemer, leidse_regio, load_covenant


def covenant_in(file: Path | None) -> Convenant:
    """Read the covenant in a file, or the one that comes with this version.

    Raises:
        ConfigurationError: the file is no covenant; the text names the line.
    """
    if file is None:
        return load_covenant(leidse_regio())
    try:
        return load_covenant(file.read_bytes())
    except CovenantError as error:
        raise ConfigurationError(f"{file}, {error}") from None


async def covenant_of(folder: Path, at: datetime | None) -> Convenant:
    """Give the covenant that held at a moment, now if none is named, as the register in a folder has it.

    Raises:
        ConfigurationError: the folder holds no exchange and no party, or no covenant held at that moment.
    """
    register = await _register(folder)
    found = register.convenant_at(at or system_clock())
    if found is not None:
        return found
    if not register.convenanten:
        raise ConfigurationError(f"the register in {folder} has no covenant yet")
    first = min(vanaf for _, vanaf in register.convenanten).astimezone(AMSTERDAM)
    raise ConfigurationError(f"no covenant held at that moment; the first one holds from {first.isoformat(' ')}")


async def _register(folder: Path) -> Register:
    if Folder(folder).settings.exists():
        async with opened(folder) as gateway:
            return gateway.registry.current
    with Connector.open(folder) as connector:
        return connector.trust.register


def moment_of(text: str) -> datetime:
    """Read a day, which begins at midnight in Amsterdam, or a moment; without an offset it is Dutch time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--at: {text} is no day such as 2026-12-01, nor a moment such as 2026-12-01T12:00.", Exit.USE)
    return found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)


def party_of(convenant: Convenant, words: str) -> Deelnemer:
    """Find a participant by its number, or by a part of its name that no other has."""
    wanted = words.casefold()
    found = [d for d in convenant.deelnemers if wanted in (d.oin, d.naam.casefold())] or [
        d for d in convenant.deelnemers if wanted in d.naam.casefold()
    ]
    if len(found) != 1:
        names = ", ".join(d.naam for d in found or convenant.deelnemers)
        told = f"{words} could be {names}. Give more of the name." if found else f"{words}: expected one of {names}."
        fail(told, Exit.USE)
    return found[0]


def type_of(convenant: Convenant, words: str) -> str:
    """Find a type by its code, its name or its three letters, such as ``regelingsvoorstel`` or ``BRV``."""
    wanted = words.casefold()
    codes = [regel.code for regel in convenant.berichten]
    found = [code for code in codes if wanted in (code, name_of(code), short_of(code).casefold())]
    if not found:
        fail(f"{words}: expected one of {', '.join(name_of(code) for code in codes)}.", Exit.USE)
    return found[0]


def name_of(code: str) -> str:
    """Give the name of a type: the middle of its code."""
    return code.split(".")[2]


def short_of(code: str) -> str:
    """Give the three letters of a type."""
    return CATALOGUE[code].short
