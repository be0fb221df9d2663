"""The tenant objects, or it was the wrong person: what the dossier said is destroyed, at both ends (Bgs art. 2; AVG).

Unless help was accepted, what was said of his debt goes (DOMAIN 3.5, opt-out): the contents that the covenant names.
What was said of an eviction or a plan stays, and so do the obligations that began with it. The recipient of the
wijziging destroys on receipt, the sender when the recipient's *ontvangen* is booked. Envelopes, digests and receipts
stay: they prove that something was reported and that it was withdrawn, and say nothing of whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from gateway.connector import history, inbox, outbox, terms
from gateway.connector.inbox import Incoming
from gateway.connector.outbox import Outgoing
from gateway.connector.partykeys import PartyKeys
from gateway.connector.spool import Db
from gateway.covenant.conditions import holds
from gateway.covenant.passage import Passed
from gateway.covenant.tracks import follow
from schemas.berichten.berichttype import code_of
from schemas.berichten.signaal import WijzigingReden
from schemas.covenants import Convenant, Spoornaam
from schemas.values import MessageId, RandomId

WIJZIGING = code_of("wijziging")
_WITHDRAWN = frozenset({WijzigingReden.BEZWAAR_HUURDER.value, WijzigingReden.VERKEERDE_PERSOON.value})


def withdraws(type_code: str, bericht: Mapping[str, Any] | None) -> bool:
    """Tell whether this message withdraws a signal because the tenant objects, or was another person."""
    return type_code == WIJZIGING and (bericht or {}).get("reden") in _WITHDRAWN


def may_have_destroyed(types: Iterable[str]) -> bool:
    """Tell whether content may have been destroyed because of messages of these types: then ``Spool.wipe``."""
    return WIJZIGING in types


def heed(db: Db, dossier: RandomId, wijziging: MessageId, keys: PartyKeys, convenant: Convenant, now: datetime) -> bool:
    """Destroy the contents that the covenant names, unless help was accepted; true when it was done.

    A message that counts for nothing, refused or never delivered, is destroyed by its type alone.

    Call it in the transaction that books the withdrawal, and ``Spool.wipe`` after that is committed.
    """
    passed = history.accepted(db, dossier, keys)
    at = next((at for at, one in enumerate(passed) if one.id == wijziging), None)
    if at is None:
        return False  # it does not count: the exchange contradicts itself about it, and an alarm says so
    if follow(convenant, passed[:at], passed[at].moment).stand[Spoornaam.HULP] in convenant.grenzen.hulpStanden:
        return False
    kept = {one.id for one in history.passed(db, dossier, keys) if not _goes(convenant, one)} | {wijziging}
    db.executemany(
        "UPDATE incoming SET lading = '' WHERE dossier = ? AND id = ? AND verdict <> 'aangehouden'",
        [(dossier, one) for one in _named(convenant, inbox.of_dossier(db, dossier)) - kept],
    )
    db.executemany(  # what is not sent yet is sent, or its number would be missing; then nothing of it is kept
        "UPDATE outgoing SET own_copy = '', lading = CASE WHEN state = 'gespoold' THEN lading END"
        " WHERE dossier = ? AND id = ?",
        [(dossier, one) for one in _named(convenant, outbox.of_dossier(db, dossier)) - kept],
    )
    terms.follow(db, dossier, keys, convenant, now)
    return True


def _goes(convenant: Convenant, one: Passed) -> bool:
    return any(one.type == w.type and holds(w.als, one.bericht or {}) for w in convenant.grenzen.wissen)


def _named(convenant: Convenant, messages: Iterable[Incoming | Outgoing]) -> set[MessageId]:
    types = {w.type for w in convenant.grenzen.wissen}
    return {one.subject.id for one in messages if one.type in types}


def received(db: Db, message: Outgoing, keys: PartyKeys, convenant: Convenant | None, now: datetime) -> bool:
    """Heed a withdrawal of ours that its recipient took in; true when content was destroyed."""
    if convenant is None or not withdraws(message.type, history.own_bericht(message, keys)):
        return False
    return heed(db, message.dossier, message.subject.id, keys, convenant, now)
