"""May a message be sent? Decided on metadata alone: type, parties, dossier, moment (DOMAIN §3.1: default deny).

A verdict depends only on facts that the sender may see: whether it is itself a member of the dossier, never on
what others do in it. An unknown dossier and another's dossier answer alike.
"""

from __future__ import annotations

from schemas.covenants import BerichtRegel, Convenant, Deelnemer
from schemas.envelope import Envelope
from schemas.problems import Problem
from schemas.values import Oin, from_milliseconds


def may_send(convenant: Convenant, envelope: Envelope, members: frozenset[Oin] | None, moment: int) -> Problem | None:
    """Give nothing if the covenant lets the message pass at ``moment`` (milliseconds), or else the objection.

    ``members`` are the organisations of the dossier so far; absent if it is new.
    """
    rule = convenant.bericht(envelope.type)
    if rule is None:
        return Problem.TYPE_ONBEKEND
    sender, recipient = convenant.deelnemer(envelope.source.oin), convenant.deelnemer(envelope.ontvanger.oin)
    if sender is None or recipient is None or not _between(rule, sender, recipient):
        return Problem.NIET_TOEGESTAAN
    if not _member(rule, sender, members):
        return Problem.DOSSIER_ONBEKEND
    left = envelope.verlooptijd - from_milliseconds(moment)
    if not rule.verlooptijd.minimum <= left <= rule.verlooptijd.maximum:
        return Problem.VERLOOPTIJD_ONJUIST
    return None


def _between(rule: BerichtRegel, sender: Deelnemer, recipient: Deelnemer) -> bool:
    shared = not set(sender.gebied).isdisjoint(recipient.gebied)
    return sender.soort in rule.van and recipient.soort in rule.naar and shared


def _member(rule: BerichtRegel, sender: Deelnemer, members: frozenset[Oin] | None) -> bool:
    """The first message opens a dossier; from then on only members send, and others join as recipient of a member."""
    return rule.opent if members is None else sender.oin in members
