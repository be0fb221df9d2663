"""May a message be sent? Decided on metadata alone: type, parties, dossier, moment (DOMAIN §3.1: default deny).

A verdict depends only on facts that the sender may see: whether it is itself a member of the dossier, never on
what others do in it. An unknown dossier and another's dossier answer alike.
"""

from __future__ import annotations

from schemas.covenants import BerichtRegel, Convenant, Deelnemer
from schemas.envelope import Envelope
from schemas.problems import Problem
from schemas.values import Mailbox, Oin, from_milliseconds


def may_send(convenant: Convenant, envelope: Envelope, members: frozenset[Oin] | None, moment: int) -> Problem | None:
    """Give nothing if the covenant lets the message pass at ``moment`` (milliseconds), or else the objection.

    ``members`` are the organisations of the dossier so far; absent if it is new.
    """
    objection = parties_allowed(convenant, envelope.type, envelope.source, envelope.ontvanger)
    if objection is not None:
        return objection
    rule = convenant.bericht(envelope.type)
    if rule is None or not _member(rule, envelope.source.oin, members):
        return Problem.DOSSIER_ONBEKEND
    left = envelope.verlooptijd - from_milliseconds(moment)
    if not rule.verlooptijd.minimum <= left <= rule.verlooptijd.maximum:
        return Problem.VERLOOPTIJD_ONJUIST
    return None


def parties_allowed(convenant: Convenant, type_code: str, source: Mailbox, ontvanger: Mailbox) -> Problem | None:
    """Give nothing if this sender may ever send this type to this recipient, or else the objection.

    It needs no fact but the covenant, so a connector asks it before it signs anything.
    """
    rule = convenant.bericht(type_code)
    if rule is None:
        return Problem.TYPE_ONBEKEND
    sender, recipient = convenant.deelnemer(source.oin), convenant.deelnemer(ontvanger.oin)
    if sender is None or recipient is None or source == ontvanger or not _between(rule, sender, recipient):
        return Problem.NIET_TOEGESTAAN
    return None


def _between(rule: BerichtRegel, sender: Deelnemer, recipient: Deelnemer) -> bool:
    shared = not set(sender.gebied).isdisjoint(recipient.gebied)
    return sender.soort in rule.van and recipient.soort in rule.naar and shared


def _member(rule: BerichtRegel, sender: Oin, members: frozenset[Oin] | None) -> bool:
    """The first message opens a dossier; from then on only members send, and others join as recipient of a member.

    Who else is a member never counts: a verdict on it would tell the sender of traffic that it may not see.
    """
    return rule.opent if members is None else sender in members
