"""The tenant objects, or it was the wrong person: what the dossier said is destroyed, at both ends (Bgs art. 2; AVG).

Unless help was accepted, what was said of his debt goes (DOMAIN 3.5, opt-out): the contents that the covenant names.
What was said of an eviction or a plan stays, and so do the obligations that began with it. The recipient of the
wijziging destroys on receipt, the sender when the recipient's *ontvangen* is booked. Envelopes, digests and receipts
stay: they prove that something was reported and that it was withdrawn, and say nothing of whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.connector import history, inbox, ledger, marks, outbox, terms
from gateway.connector.inbox import Incoming
from gateway.connector.marks import Mark
from gateway.connector.outbox import Outgoing, State
from gateway.connector.partykeys import PartyKeys
from gateway.connector.spool import Db, first
from gateway.covenant.conditions import holds
from gateway.covenant.passage import Passed
from gateway.covenant.tracks import follow
from schemas.berichten.berichttype import code_of
from schemas.berichten.signaal import WijzigingReden
from schemas.covenants import Convenant, Spoornaam
from schemas.values import MessageId, RandomId

WIJZIGING, _VERWIJZING = code_of("wijziging"), code_of("verwijzing")
_ACCEPTED = "HULP_GEACCEPTEERD"
"""As a result in feedback, and as the outcome of what was done about an eviction."""
_WITHDRAWN = frozenset({WijzigingReden.BEZWAAR_HUURDER.value, WijzigingReden.VERKEERDE_PERSOON.value})


def withdraws(type_code: str, bericht: Mapping[str, Any] | None) -> bool:
    """Tell whether this message withdraws a signal because the tenant objects, or was another person."""
    return type_code == WIJZIGING and (bericht or {}).get("reden") in _WITHDRAWN


def heed(db: Db, dossier: RandomId, wijziging: MessageId, keys: PartyKeys, convenant: Convenant, now: datetime) -> bool:
    """Destroy the contents that the covenant names, unless help was accepted; true when it was done.

    A message that counts for nothing, refused or never delivered, is destroyed by its type alone.

    While our own word that help was accepted is on its way, nothing is destroyed, and a person is told: it was given
    before we knew of the withdrawal (``reconsider``). Call it in the transaction that books the withdrawal, and
    ``Spool.wipe_if_owed`` after that is committed.
    """
    passed = history.accepted(db, dossier, keys)
    at = next((at for at, one in enumerate(passed) if one.id == wijziging), None)
    if at is None:
        return False  # it does not count: the exchange contradicts itself about it, and an alarm says so
    if follow(convenant, passed[:at], passed[at].moment).stand[Spoornaam.HULP] in convenant.grenzen.hulpStanden:
        return False
    if _help_is_told(db, dossier, passed[: at + 1], keys):
        _put_off(db, dossier, wijziging, now)
        return False
    marks.lift(db, Mark.BEZWAAR_WACHT, f"{dossier} {wijziging}")
    marks.put(db, Mark.WISSEN)
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


def _help_is_told(db: Db, dossier: RandomId, until: Sequence[Passed], keys: PartyKeys) -> bool:
    """Tell whether we sent word of accepted help before we knew of the withdrawal, at which ``until`` ends.

    At first that is what the exchange did not answer yet; a withdrawal that was put off for it stays so, unless that
    word is refused.
    """
    put_off = marks.stands(db, Mark.BEZWAAR_WACHT, f"{dossier} {until[-1].id}")
    everything = history.passed(db, dossier, keys)
    rest = everything[len(until) :] if put_off else everything[len(history.accepted(db, dossier, keys)) :]
    return any(one.source in keys and _accepts_help(one) for one in rest)


def _accepts_help(one: Passed) -> bool:
    said = one.bericht or {}
    return one.type == _VERWIJZING or _ACCEPTED in (said.get("resultaat"), said.get("uitkomst"))


def _put_off(db: Db, dossier: RandomId, wijziging: MessageId, now: datetime) -> None:
    subject = f"{dossier} {wijziging}"
    if not marks.stands(db, Mark.BEZWAAR_WACHT, subject):
        marks.put(db, Mark.BEZWAAR_WACHT, subject)
        detail = "withdrawn while our word of accepted help was on its way: nothing was destroyed, ask the tenant"
        ledger.raise_alarm(db, ledger.Alarm("bezwaar-na-hulp", subject, detail), now)


def reconsider(db: Db, keys: PartyKeys, convenant: Convenant, now: datetime) -> None:
    """Heed what was put off, where our word of accepted help was refused since; call it every round."""
    for dossier, wijziging in (subject.split() for subject in marks.subjects(db, Mark.BEZWAAR_WACHT)):
        heed(db, RandomId(dossier), MessageId(wijziging), keys, convenant, now)


def heed_again(db: Db, dossier: RandomId, index: int, keys: PartyKeys, convenant: Convenant, now: datetime) -> None:
    """Heed every withdrawal above an index of the log once more: a message that stands there came only now."""
    if first(db, _ANY_CHANGE, (dossier, WIJZIGING, dossier, WIJZIGING)) is None:
        return
    for one in history.passed(db, dossier, keys, above=index):
        if withdraws(one.type, one.bericht) and _took_effect(db, one, keys):
            heed(db, dossier, one.id, keys, convenant, now)


_ANY_CHANGE = (
    "SELECT 1 FROM incoming WHERE dossier = ? AND type = ? UNION ALL"
    " SELECT 1 FROM outgoing WHERE dossier = ? AND type = ? LIMIT 1"
)


def _took_effect(db: Db, one: Passed, keys: PartyKeys) -> bool:
    """One of ours has its effect here when its recipient took it in."""
    sent = outbox.find(db, one.source, one.id) if one.source in keys else None
    return sent is None or sent.state is State.ONTVANGEN


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
