"""Whose turn is it in a dossier, and is this message in turn? (DOMAIN 3.5). Pure; the tables are the covenant's.

Each party asks over the messages that it has itself; the verdicts of two parties may differ, so only a sender asks
whether its message is in turn. What comes in is followed, and never refused for its turn: two messages can cross.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from gateway.covenant.conditions import holds
from gateway.covenant.passage import OUTSIDE, Passage, Passed, Position, Turn
from schemas.covenants import Convenant, Soort, Spoornaam, Stap, Voorwaarde

__all__ = ["OUTSIDE", "Next", "Passed", "Position", "Turn", "follow", "next_steps", "out_of_turn"]


class Next(NamedTuple):
    """A step that may come next: a type, sent by that kind of participant, with fields that say ``als``.

    ``missing``: what must be so before it may, as codes for people: ``hulp: HULP_GEACCEPTEERD of IN_TRAJECT`` (that
    track in one of those states), ``antwoordop: opschortingsverzoek lopendeHuurAfgesproken=true`` (a message to
    answer), ``hoger: achterstand.bedragCent`` (above the amount told last). Empty: it may be sent now.
    """

    type: str
    door: Soort
    spoor: Spoornaam
    naar: str
    als: Voorwaarde
    missing: tuple[str, ...]


def follow(convenant: Convenant, passed: Sequence[Passed], now: datetime) -> Position:
    """Give where the tracks are at ``now`` after these messages, in the order of the log. Total: nothing is refused."""
    return _at(convenant, passed, now).position()


def out_of_turn(convenant: Convenant, passed: Sequence[Passed], candidate: Passed, now: datetime) -> str | None:
    """Name the track whose order the candidate breaks if it is sent ``now``, or give nothing.

    It breaks the order of a track that watches its type and has no step for it. Once the dossier is closed, every
    message breaks that of ``uitkomst``.
    """
    broken = _at(convenant, passed, now).breaks(candidate)
    return None if broken is None else broken.value


def next_steps(convenant: Convenant, passed: Sequence[Passed], now: datetime, soort: Soort | None = None) -> list[Next]:
    """Give the steps that may come next, of one kind of sender or of all, in the order of the covenant's file.

    Empty exactly when the dossier is closed, or that kind of participant has no step in it.
    """
    passage = _at(convenant, passed, now)
    if passage.ended:
        return []
    here = (stap for stap in convenant.stappen if passage.stand(stap.spoor) in stap.van)
    steps = (_next(passage, stap, door) for stap in here for door in _senders(convenant, stap) if soort in (None, door))
    return list({(n.type, n.door, n.spoor, n.naar, tuple(n.als.items()), n.missing): n for n in steps}.values())


def _at(convenant: Convenant, passed: Sequence[Passed], now: datetime) -> Passage:
    passage = Passage(convenant, passed)
    passage.sleep(now)
    return passage


def _senders(convenant: Convenant, stap: Stap) -> tuple[Soort, ...]:
    regel = convenant.bericht(stap.bij)
    if regel is None or not regel.inGebruik:
        return ()
    return tuple(dict.fromkeys(route.van for route in regel.routes if stap.door in (None, route.van)))


def _next(passage: Passage, stap: Stap, door: Soort) -> Next:
    return Next(stap.bij, door, stap.spoor, passage.target(stap), stap.als, tuple(_missing(passage, stap, door)))


def _missing(passage: Passage, stap: Stap, door: Soort) -> Iterator[str]:
    for naam in passage.unmet(stap):
        yield f"{naam}: {' of '.join(stap.mits[naam])}"
    if (
        Spoornaam.HULP not in stap.mits
        and not help_accepted(passage)
        and _after_help_only(passage.convenant, stap, door)
    ):
        yield f"{Spoornaam.HULP}: {' of '.join(passage.convenant.grenzen.hulpStanden)}"
    if not _answerable(passage, stap, door):
        yield f"antwoordop: {_wanted(passage.convenant, stap)}"
    if stap.hoger:
        yield "hoger: achterstand.bedragCent"


def help_accepted(passage: Passage) -> bool:
    """Tell whether the help track is in a state in which help was accepted (DOMAIN 3.1)."""
    return passage.stand(Spoornaam.HULP) in passage.convenant.grenzen.hulpStanden


def _after_help_only(convenant: Convenant, stap: Stap, door: Soort) -> bool:
    regel = convenant.bericht(stap.bij)
    return regel is not None and all(route.naHulp for route in regel.routes if route.van is door)


def _answerable(passage: Passage, stap: Stap, door: Soort) -> bool:
    """Tell whether a message to that kind of participant is there that the step may answer."""
    regel = passage.convenant.bericht(stap.bij)
    if regel is None or not (regel.antwoordVerplicht or stap.alsOp):
        return True
    return any(
        one.type in regel.antwoordOp
        and holds(stap.alsOp, one.bericht or {})
        and (to := passage.convenant.deelnemer(one.ontvanger.oin)) is not None
        and to.soort is door
        for one in passage.passed
    )


def _wanted(convenant: Convenant, stap: Stap) -> str:
    regel = convenant.bericht(stap.bij)
    names = " of ".join(code.split(".")[2] for code in (regel.antwoordOp if regel else ()))
    fields = (f" {path}={'/'.join(_spelled(value) for value in values)}" for path, values in stap.alsOp.items())
    return names + "".join(fields)


def _spelled(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()
