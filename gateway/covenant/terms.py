"""When an answer is due, when who is told that it did not come. Pure; moments are milliseconds since 1970."""

from __future__ import annotations

from itertools import accumulate

from gateway.covenant.calendar import later, until
from schemas.covenants import Convenant
from schemas.covenants.regels import Betrokkene, Melding, Termijn, Wie
from schemas.values import Mailbox, from_milliseconds, to_milliseconds


def pick_up_by(convenant: Convenant, accepted: int) -> int:
    """Give the moment by which a message that was accepted then should have been collected.

    Reply terms begin then at the latest: who does not collect gains no more time than this.
    """
    return to_milliseconds(until(from_milliseconds(accepted), convenant.grenzen.ophalen))


def due(termijn: Termijn, begun: int) -> int:
    """Give the first moment at which the answer is late. The day on which the term began does not count."""
    return to_milliseconds(until(from_milliseconds(begun), termijn.binnen))


def levels(termijn: Termijn, due: int) -> tuple[int, ...]:
    """Give when each escalation level is to be told, if no answer came: one moment for each, never descending."""
    ended = from_milliseconds(due)
    moments = (due if m.na is None else to_milliseconds(later(ended, m.na)) for m in termijn.meldingen)
    return tuple(accumulate(moments, max))


def told(melding: Melding, source: Mailbox, ontvanger: Mailbox, convenant: Convenant) -> tuple[Mailbox, ...]:
    """Give the mailboxes that a level is told to, each once: of the two parties of the message, never of a third.

    Where the covenant names a kind of participant, those of the two are meant that are of that kind: a third would
    learn of traffic that it may not see.
    """
    boxes = (box for wie in melding.aan for box in (source, ontvanger) if _meant(wie, box, source, convenant))
    return tuple(dict.fromkeys(boxes))


def _meant(wie: Wie, box: Mailbox, source: Mailbox, convenant: Convenant) -> bool:
    if isinstance(wie, Betrokkene):
        return (box == source) is (wie is Betrokkene.AFZENDER)
    deelnemer = convenant.deelnemer(box.oin)
    return deelnemer is not None and deelnemer.soort is wie
