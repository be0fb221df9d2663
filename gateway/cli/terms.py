"""Whose turn it is, and by when: terms."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from gateway.cli.speech import Exit, emit, fail, out, table

if TYPE_CHECKING:
    from gateway.client.terms import Term, Terms
    from schemas.values import RandomId

Where = Annotated[Path, typer.Option("--dir", help="The folder of a party, or of the exchange.", envvar="SEINPOST_DIR")]
Dossier = Annotated[str | None, typer.Option(help="All terms of this dossier, those that ended too.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]
COLUMNS = ("whose turn", "term", "of a", "until", "late", "told", "dossier")
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(terms)


def terms(folder: Where = Path(), dossier: Dossier = None, as_json: Json = False) -> None:
    """Show the reply terms that run: whose turn it is, until when, how late.

    In the folder of a party its own, as its exchange has them; in that of an exchange everybody's. What is due first
    comes first. Times are those of the Netherlands; "told" is the last notice given.

    Example:

      seinpost terms --dir corporatie
    """
    from gateway.clock import system_clock
    from gateway.config import Folder

    if Folder(folder).settings.exists():
        if dossier is not None:
            fail("An exchange shows running terms only; ask for a dossier in the folder of a party.", Exit.USE)
        found, names = asyncio.run(_everybodys(folder))
    else:
        found, names = asyncio.run(_own(folder, _read(dossier)))
    now = system_clock()
    if as_json:
        emit({"termijnen": [_spelled(term, now) for term in found.termijnen], "meer": found.meer})
        return
    rows = [_row(term, names, now) for term in found.termijnen]
    what = "terms of this dossier" if dossier else "running terms"
    table(f"{len(rows)} {what}{', and more after these' if found.meer else ''} in {folder}", COLUMNS, rows)
    if late := sum(term.late_seconds(now) > 0 for term in found.termijnen):
        out.print(f"{late} of them late.")


def _read(dossier: str | None) -> RandomId | None:
    from schemas.values import RandomId

    try:
        return None if dossier is None else RandomId(dossier)
    except ValueError as error:
        fail(f"--dossier: {error}.", Exit.USE)


async def _everybodys(folder: Path) -> tuple[Terms, Mapping[str, str]]:
    from gateway.cli.local import ask
    from gateway.client.terms import read_terms

    listing = await ask(folder, "GET", "/beheer/deelnemers")
    names = {party["oin"]: party["naam"] for party in listing["deelnemers"]}
    return read_terms(await ask(folder, "GET", "/beheer/termijnen")), names


async def _own(folder: Path, dossier: RandomId | None) -> tuple[Terms, Mapping[str, str]]:
    from gateway.client.terms import fetch_terms
    from gateway.connector.connector import Connector

    with Connector.open(folder) as connector:
        names = {str(oin): party.naam for oin, party in connector.trust.register.parties.items()}
        async with connector.dial() as transport:
            return await fetch_terms(transport, dossier), names


def _row(term: Term, names: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    turn = f"nobody's: {term.stand}" if term.turn is None else names.get(term.turn, term.turn)
    until = term.einde.astimezone(ZoneInfo("Europe/Amsterdam")).isoformat(" ", "minutes")
    told = f"notice {term.niveau}" if term.niveau else "-"
    return turn, term.code, term.type.split(".")[2], until, _lateness(term.late_seconds(now)), told, term.dossier


def _lateness(seconds: int) -> str:
    """Say it in the greatest unit that fits, rounded down."""
    for unit, size in UNITS:
        if count := seconds // size:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "just now" if seconds else "-"


def _spelled(term: Term, now: datetime) -> dict[str, Any]:
    told = term.model_dump(mode="json", exclude_none=True)
    return told | {"aanZet": term.turn, "teLaatSeconden": term.late_seconds(now)}
