"""What the covenant has against the content of a message. The connectors of both ends ask; the exchange reads nothing.

A verdict rests on the message, the covenant and EARLIER messages in the order of the log: where it refers to others
only on those between the same two parties, and where it asks how the dossier stands only on what the SENDER sent or
received. So what a sender lets pass its recipient lets pass as well, and a refusal tells the sender of nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.covenant.case import Case, Objection
from gateway.covenant.cautions import case_cautions
from gateway.covenant.contacts import contact_objections
from gateway.covenant.passage import Passed
from gateway.covenant.pauses import pause_objections
from gateway.covenant.plans import plan_objections
from gateway.covenant.references import reference_objections
from gateway.covenant.senders import sender_objections
from gateway.covenant.signals import signal_objections
from gateway.covenant.wording import objection
from schemas.covenants import Convenant

__all__ = ["Objection", "cautions", "objections"]

_RULES = (
    sender_objections,
    contact_objections,
    reference_objections,
    signal_objections,
    plan_objections,
    pause_objections,
)


def objections(convenant: Convenant, candidate: Passed, earlier: Sequence[Passed], *, sending: bool) -> list[Objection]:
    """Give every objection to a message that its model accepts; none means that it may go.

    ``earlier``: the dossier's messages that this party sent or received before it, in the order of the log, refused
    ones left out. ``sending`` adds the turn order, which only a sender can know in time: at the other end two
    messages may have crossed. A recipient refuses on the first, with its code only.
    """
    case = Case(convenant, candidate, earlier, sending=sending)
    broken = case.passage.breaks(candidate) if sending else None
    turn = [objection(f"beurt-{broken}")] if broken else []
    return turn + [found for rule in _RULES for found in rule(case)]


def cautions(convenant: Convenant, candidate: Passed, earlier: Sequence[Passed]) -> list[Objection]:
    """Give what people at this party should know beside the message. Nothing here blocks it."""
    return list(case_cautions(Case(convenant, candidate, earlier)))
