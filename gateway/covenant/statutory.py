"""Terms that rest on content: the first talk, the end result, the day after an eviction (Wgs art. 4; DOMAIN 3.2).

The exchange cannot see them; the connectors of both parties watch them, each over the messages that it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import accumulate
from typing import NamedTuple

from gateway.covenant.calendar import later, until
from gateway.covenant.conditions import holds
from gateway.covenant.passage import Passage, Passed, day_at
from schemas.covenants import AMSTERDAM, Betrokkene, Convenant, Inhoudstermijn
from schemas.values import MessageId, Oin

_END_OF_DAY = time(23, 59, 59)


class Obligation(NamedTuple):
    """Something that ``debtor`` owes since ``begun``, at the latest before ``due``, because of ``message``.

    ``met_by``: the message that met it, or that closed the dossier; late or in time. ``levels``: the moments at which
    a person is told as long as it is not met, the first of them ``due``.
    """

    code: str
    message: MessageId
    debtor: Oin
    begun: datetime
    due: datetime
    met_by: MessageId | None
    levels: tuple[datetime, ...]


def obligations(convenant: Convenant, passed: Sequence[Passed]) -> list[Obligation]:
    """Give every obligation on content of a dossier, met or not, in the order of the messages that caused them.

    ``passed`` is in the order of the log; the terms of each message are in that of the covenant's file. Times are UTC.
    """
    closing = _closing(convenant, passed)
    return list(_obligations(convenant, passed, closing))


def _obligations(convenant: Convenant, passed: Sequence[Passed], closing: int) -> Iterator[Obligation]:
    passage = Passage(convenant)
    for at, message in enumerate(passed[:closing]):
        passage.add(message)
        for termijn in convenant.inhoudstermijnen:
            begun = _begun(termijn, message, passage)
            if begun is not None:
                met = _met(termijn, message, passed[at + 1 : closing + 1], closing - at - 1)
                yield _owed(termijn, message, begun, met)


def _closing(convenant: Convenant, passed: Sequence[Passed]) -> int:
    """Give the place of the message that closed the dossier, or the number of messages if none did."""
    passage = Passage(convenant)
    for at, message in enumerate(passed):
        passage.add(message)
        if passage.ended:
            return at
    return len(passed)


def _begun(termijn: Inhoudstermijn, message: Passed, passage: Passage) -> datetime | None:
    """Give from when on the message starts the term, if it does; what was erased obliges nobody any more."""
    if message.type != termijn.op or message.bericht is None or not holds(termijn.als, message.bericht):
        return None
    if any(passage.stand(naam) not in standen for naam, standen in termijn.mits.items()):
        return None
    if termijn.vanaf is None:
        return message.moment
    day = day_at(message.bericht, termijn.vanaf)
    return None if day is None else datetime.combine(day, _END_OF_DAY, AMSTERDAM).astimezone(UTC)


def _met(termijn: Inhoudstermijn, message: Passed, following: Sequence[Passed], closing: int) -> MessageId | None:
    between = {message.source.oin, message.ontvanger.oin}
    for at, one in enumerate(following):
        if at == closing:
            return one.id
        if {one.source.oin, one.ontvanger.oin} == between and _meets(termijn, one):
            return one.id
    return None


def _meets(termijn: Inhoudstermijn, one: Passed) -> bool:
    return any(one.type == v.type and holds(v.als, one.bericht or {}) for v in termijn.vervuld)


def _owed(termijn: Inhoudstermijn, message: Passed, begun: datetime, met: MessageId | None) -> Obligation:
    due = until(begun, termijn.binnen)
    levels = accumulate((due, *(later(due, na) for na in termijn.meldingen)), max)
    debtor = message.source if termijn.plichtige is Betrokkene.AFZENDER else message.ontvanger
    return Obligation(termijn.code, message.id, debtor.oin, begun, due, met, tuple(levels))
