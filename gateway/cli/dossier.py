"""Where a dossier stands, for the people of one party: tracks, messages with their proofs, what may come next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gateway.cli.messages import Json, Party
from gateway.cli.speech import Exit, emit, fail, last_moment, out, table

if TYPE_CHECKING:
    from gateway.cli.dossier_words import Words
    from gateway.connector.connector import Connector
    from gateway.connector.dossier import Dossier, Step, Summary
    from gateway.covenant.tracks import Next


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(dossier)


def dossier(
    identifier: Annotated[str | None, typer.Argument(metavar="ID", help="The dossier; without it, all.")] = None,
    folder: Party = Path(),
    limit: Annotated[int, typer.Option(help="Without ID: at most so many.", min=1, max=1000)] = 50,
    language: Annotated[Literal["nl", "en"], typer.Option("--lang", help="The language of the answer.")] = "nl",
    as_json: Json = False,
) -> None:
    """Show where a dossier stands, or list all dossiers.

    Both tracks and the outcome; every message with what it changed and how that is proved; what may come next, from
    whom, and what is missing before it; open terms. It shows no names, addresses or amounts.

    Example:

      seinpost dossier "$(cat dossier.id)" --dir corporatie
    """
    from gateway.cli.dossier_words import Words
    from gateway.connector.connector import Connector
    from schemas.values import RandomId

    words = Words(language)
    with Connector.open(folder) as connector:
        if identifier is None:
            _list(connector.dossiers(limit), folder, words, as_json=as_json)
            return
        try:
            found = connector.dossier(RandomId(identifier))
        except ValueError as error:
            fail(f"ID: {error}.", Exit.USE)
        if found is None:
            fail(f"No message of dossier {identifier} was sent or received here.", Exit.REFUSED)
        if as_json:
            emit(_spelled(found, words))
        else:
            _show(found, connector, words)


def _list(found: list[Summary], folder: Path, words: Words, *, as_json: bool) -> None:
    from gateway.cli.dossier_words import moment
    from schemas.values import spell_instant

    if as_json:
        emit(
            [
                {
                    "dossier": one.id,
                    "sporen": dict(one.stand),
                    "berichten": one.messages,
                    "laatst": spell_instant(one.last),
                    "teLaat": one.late,
                }
                for one in found
            ]
        )
        return
    columns = ("dossier", *(words(key) for key in ("hulp", "incasso", "uitkomst", "col_last", "col_n", "col_late")))
    rows = [
        (
            one.id,
            *(words.state(stand) for stand in one.stand.values()),
            moment(one.last)[:10],
            one.messages,
            one.late or "",
        )
        for one in found
    ]
    table(words("titles", n=len(rows), folder=folder), columns, rows, (columns[5], columns[4]))


def _show(found: Dossier, connector: Connector, words: Words) -> None:
    names = {oin: party.naam for oin, party in connector.trust.register.parties.items()}
    _say(words("title", id=found.id), "bold")
    _tracks(found, words)
    _say("")
    _say(words("messages", n=len(found.steps)), "bold")
    for number, step in enumerate(found.steps, 1):
        _step(number, step, names, words)
    _say("")
    _following(found, _kinds(connector), words)
    _owed(found, names, words)


def _tracks(found: Dossier, words: Words) -> None:
    from gateway.cli.dossier_words import moment

    types = {step.id: step.type for step in found.steps}
    width = max(len(words.state(track.stand)) for track in found.tracks.values())
    for naam, track in found.tracks.items():
        since = words("begin")
        if track.since is not None and track.moment is not None:
            since = words("since", moment=moment(track.moment), type=words.type(types[track.since]).lower())
        if track.until is not None:
            since += words("until", day=track.until.strftime("%d-%m-%Y"))
        _say(f"  {words(naam.value):<10} {words.state(track.stand):<{width}}   {since}")


def _step(number: int, step: Step, names: Mapping[Any, str], words: Words) -> None:
    from gateway.cli.dossier_words import WEIGHT, moment

    other = step.ontvanger if step.direction == "uit" else step.source
    way = words("to" if step.direction == "uit" else "from", name=names.get(other.oin, other.oin))
    _say(f"{number:>3}  {words.type(step.type)}, {way}", "bold")
    _say(f"     {step.id}  {moment(step.moment)}", "dim")
    _say(f"     {words.effect(step)}", WEIGHT.get(step.effect, ""))
    if step.state in ("gespoold", "aangehouden"):
        _say(f"     {words(step.state)}", WEIGHT["not_yet"])
    if step.erased:
        _say(f"     {words('erased')}", WEIGHT["not_yet"])
    for mark, proofs in words.proofs(step):
        _say(f"     {mark} {proofs}", "" if mark == "✓" else WEIGHT["telt-niet"])
    for caution in step.cautions:
        _say(f"     ! {caution.nl if words.language == 'nl' else caution.en}", WEIGHT["not_yet"])


def _following(found: Dossier, ours: frozenset[Any], words: Words) -> None:
    _say(words("next"), "bold")
    if not found.following:
        _say(f"  {words('closed')}")
        return
    for door in dict.fromkeys(sorted((one.door for one in found.following), key=lambda door: door not in ours)):
        _say(f"  {words.soort(door, ours)}")
        mine = [one for one in found.following if one.door is door]
        for line, style in dict.fromkeys(_lines(mine, found, words)):
            _say(f"    {line}", style)


def _lines(steps: list[Next], found: Dossier, words: Words) -> Iterator[tuple[str, str]]:
    """Give a line for each message that may be sent: what changes a track first, what lacks something last."""
    from gateway.cli.dossier_words import WEIGHT

    def rank(one: Next) -> tuple[bool, bool]:
        return bool(one.missing), found.tracks[one.spoor].stand == one.naar

    for step in sorted(steps, key=rank):
        said = words.condition(step)
        change = "" if rank(step)[1] else f" → {words(step.spoor.value).lower()}: {words.state(step.naar)}"
        line = f"{words.type(step.type)}{f' ({said})' if said else ''}{change}"
        needs = "; ".join(words.missing(one) for one in step.missing)
        yield (f"· {line}. {words('not_yet')} {needs}", WEIGHT["not_yet"]) if needs else (f"• {line}", "")


def _owed(found: Dossier, names: Mapping[Any, str], words: Words) -> None:
    from gateway.cli.dossier_words import WEIGHT

    waiting = [one for one in found.owed if one.met is None]
    if waiting:
        _say("")
        _say(words("terms"), "bold")
    for one in waiting:
        due = words("due", moment=last_moment(one.due), name=names.get(one.debtor, one.debtor))
        late = f" ({words('late')})" if one.late else ""
        _say(f"  {one.code}: {due}{late}", WEIGHT["late"] if one.late else "")
    _say(f"  {words('exchange')}", "dim")


def _kinds(connector: Connector) -> frozenset[Any]:
    convenant = connector.trust.register.convenant
    own = None if convenant is None else convenant.deelnemer(connector.settings.oin)
    return frozenset() if own is None else frozenset({own.soort})


def _say(line: str, style: str = "") -> None:
    """Print a line; on a terminal what does not fit goes on under its own beginning."""
    if out.is_terminal and len(line) > out.width:
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        line = fill(line, out.width, subsequent_indent=indent, break_long_words=False)
    out.print(line, style=style if out.is_terminal else "", soft_wrap=True)


def _spelled(found: Dossier, words: Words) -> dict[str, object]:
    from schemas.values import spell_instant

    return {
        "dossier": found.id,
        "sporen": {
            naam.value: {
                "stand": track.stand,
                "sinds": track.moment and spell_instant(track.moment),
                "door": track.since,
                "totEnMet": track.until and track.until.isoformat(),
            }
            for naam, track in found.tracks.items()
        },
        "berichten": [_spelled_step(step, words) for step in found.steps],
        "hierna": [
            {
                "type": one.type,
                "door": one.door.value,
                "spoor": one.spoor.value,
                "naar": one.naar,
                "als": {path: list(values) for path, values in one.als.items()},
                "ontbreekt": list(one.missing),
            }
            for one in found.following
        ],
        "termijnen": [
            {
                "code": one.code,
                "bericht": one.message,
                "plichtige": one.debtor,
                "uiterlijk": spell_instant(one.due),
                "vervuldDoor": one.met,
                "teLaat": one.late,
            }
            for one in found.owed
        ],
    }


def _spelled_step(step: Step, words: Words) -> dict[str, object]:
    from schemas.values import spell_instant

    return {
        "id": step.id,
        "type": step.type,
        "richting": step.direction,
        "source": step.source,
        "ontvanger": step.ontvanger,
        "moment": spell_instant(step.moment),
        "stand": step.state,
        "gevolg": step.effect,
        "stappen": [{"spoor": t.spoor.value, "van": t.van, "naar": t.naar} for t in step.turns],
        "bewijzen": [
            {
                "soort": p.kind.value,
                "tijd": spell_instant(p.moment),
                "code": p.code,
                "trede": p.level,
                "geboekt": p.booked,
            }
            for p in step.proofs
        ],
        "waarschuwingen": [
            {"code": c.code, "pointer": f"#{c.pointer}", "tekst": c.nl if words.language == "nl" else c.en}
            for c in step.cautions
        ],
        "gewist": step.erased,
    }
