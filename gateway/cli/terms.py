"""Whose turn it is, and by when: terms. The exchange watches for answers, each party what rests on content."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.speech import NO_BREAK, Exit, emit, fail, last_moment, out, table

if TYPE_CHECKING:
    from gateway.client.terms import Term, Terms
    from gateway.connector.terms import Owed
    from schemas.values import RandomId

Where = Annotated[Path, typer.Option("--dir", help="The folder of a party, or of the exchange.", envvar="SEINPOST_DIR")]
Dossier = Annotated[str | None, typer.Option(help="All terms of this dossier, those that ended too.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]
COLUMNS = ("whose turn", "until", "late", "term", "of a", "told", "dossier")
CONTENT = ("whose turn", "until", "late", "term", "of message", "dossier")
SPARE, CONTENT_SPARE = ("told", "of a", "dossier"), ("of message", "dossier")
"""What a narrow terminal does without, first to last; whose turn, until when and how late always stand there."""
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a folder shows: the exchange's terms, in a party's also those on content, and names by OIN."""

    terms: Terms
    owed: Sequence[Owed]
    names: Mapping[str, str]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(terms)


def terms(folder: Where = Path(), dossier: Dossier = None, as_json: Json = False) -> None:
    """Show whose turn it is, until when, and how late.

    In the folder of a party its own: for answers, as its exchange has them, and those on content, which the party
    watches itself. In that of an exchange everybody's, for answers only. What is due first comes first. "t/m" is the
    last day, in the Netherlands; a term in hours ends at a moment. "told" is the last notice given.

    Example:

      seinpost terms --dir corporatie
    """
    from gateway.clock import system_clock
    from gateway.config import Folder

    exchange = Folder(folder).settings.exists()
    if exchange and dossier is not None:
        fail("An exchange shows running terms only; ask for a dossier in the folder of a party.", Exit.USE)
    seen = asyncio.run(_everybodys(folder) if exchange else _own(folder, _read(dossier)))
    now = system_clock()
    if as_json:
        told = {"termijnen": [_spelled(term, now) for term in seen.terms.termijnen], "meer": seen.terms.meer}
        emit(told if exchange else told | {"inhoudstermijnen": [_owed(one, now) for one in seen.owed]})
    else:
        _show(seen, f"{'terms of this dossier' if dossier else 'running terms'} in {folder}", now)


def _show(seen: _Seen, where: str, now: datetime) -> None:
    rows = [_row(term, seen.names, now) for term in seen.terms.termijnen]
    more = ", and more after these" if seen.terms.meer else ""
    table(f"{len(rows)} {where}{more}", COLUMNS, rows, SPARE)
    if seen.owed:
        content = [_content_row(one, seen.names, now) for one in seen.owed]
        table(f"{len(content)} on content", CONTENT, content, CONTENT_SPARE)
    late = [term.late_seconds(now) for term in seen.terms.termijnen] + [_late_seconds(one, now) for one in seen.owed]
    if count := sum(seconds > 0 for seconds in late):
        out.print(f"{count} late.")


def _read(dossier: str | None) -> RandomId | None:
    from schemas.values import RandomId

    try:
        return None if dossier is None else RandomId(dossier)
    except ValueError as error:
        fail(f"--dossier: {error}.", Exit.USE)


async def _everybodys(folder: Path) -> _Seen:
    from gateway.cli.local import ask
    from gateway.client.terms import read_terms

    listing = await ask(folder, "GET", "/beheer/deelnemers")
    names = {party["oin"]: party["naam"] for party in listing["deelnemers"]}
    return _Seen(read_terms(await ask(folder, "GET", "/beheer/termijnen")), (), names)


async def _own(folder: Path, dossier: RandomId | None) -> _Seen:
    from gateway.client.terms import fetch_terms
    from gateway.connector.connector import Connector

    with Connector.open(folder) as connector:
        names = {str(oin): party.naam for oin, party in connector.trust.register.parties.items()}
        owed = [one for one in connector.obligations(dossier) if dossier is not None or one.met is None]
        async with connector.dial() as transport:
            return _Seen(await fetch_terms(transport, dossier), owed, names)


def _row(term: Term, names: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    turn = f"nobody's: {term.stand}" if term.turn is None else names.get(term.turn, term.turn)
    told, late = f"notice {term.niveau}" if term.niveau else "-", _lateness(term.late_seconds(now))
    return turn, _until(term.einde), late, term.code, term.type.split(".")[2], told, term.dossier


def _content_row(one: Owed, names: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    turn = names.get(one.debtor, one.debtor) if one.met is None else "nobody's: vervuld"
    late = _lateness(_late_seconds(one, now))
    return turn, _until(one.due), late, one.code, one.message, one.dossier


def _until(end: datetime) -> str:
    """Spell the last day, or the moment; on one line."""
    said = last_moment(end)
    return said if NO_BREAK in said else f"t/m{NO_BREAK}{said}"


def _late_seconds(one: Owed, now: datetime) -> int:
    return max(0, int((now - one.due).total_seconds())) if one.met is None else 0


def _lateness(seconds: int) -> str:
    """Say it in the greatest unit that fits, rounded down."""
    for unit, size in UNITS:
        if count := seconds // size:
            return f"{count}{NO_BREAK}{unit}{'s' if count > 1 else ''}"
    return f"just{NO_BREAK}now" if seconds else "-"


def _spelled(term: Term, now: datetime) -> dict[str, Any]:
    told = term.model_dump(mode="json", exclude_none=True)
    return told | {"aanZet": term.turn, "teLaatSeconden": term.late_seconds(now)}


def _owed(one: Owed, now: datetime) -> dict[str, Any]:
    from schemas.values import spell_instant

    met = {} if one.met is None else {"antwoord": one.met}
    return {
        "code": one.code,
        "stand": "loopt" if one.met is None else "vervuld",
        "einde": spell_instant(one.due),
        "id": one.message,
        "dossier": one.dossier,
        "aanZet": one.debtor if one.met is None else None,
        "teLaatSeconden": _late_seconds(one, now),
    } | met
