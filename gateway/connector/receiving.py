"""The covenant held against the content of what came in: an exchange cannot, and a sender may go around itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.client.opening import Known, Opened, Refused
from gateway.client.trust import Trust
from gateway.connector import completeness, history, inbox, ledger
from gateway.connector.partykeys import PartyKeys
from gateway.connector.spool import Db
from gateway.covenant.calendar import until
from gateway.covenant.content import Objection, cautions, objections
from gateway.covenant.passage import Passed
from schemas.covenants import Convenant
from schemas.problems import RecipientRefusal

MOST_OF_ONE_SENDER = 500
"""So many messages of one organisation are judged in one dossier, and no more.

Each is held against all before it, so the work grows with their square and a hostile sender could keep its recipient
busy for hours. A tenancy with one message on every working day of two years stays below it.
"""
ALONE = frozenset(
    {
        *("bsn-niet-toegestaan", "overdracht-tussen-gemeenten", "bemoeizorg-naar-meldpunt", "ander-contact"),
        *("uitgesloten-door-corporatie", "bgs-na-verzending", "bgs-voor-ontstaan", "bgs-aanbod-voor-herinnering"),
        *("andere-gemeente", "r4-toetser", "reden-van-corporatie", "r7-toets-verlopen"),
    }
)
"""Objections for which the message itself suffices. All others refer to earlier messages, which we may have lost."""


def receive(db: Db, opened: Opened, keys: PartyKeys, trust: Trust, now: datetime) -> Opened | Refused | None:
    """Judge an opened message against its dossier, by the covenant that its *aanvaard* quotes.

    Only messages before it in the log count. What the covenant objects to is refused with a technical code and
    nothing else; a person here is told the rule, and where. What it only warns of is told as well, and so is what
    it objects to while our own part of the dossier may be lost: then nobody is refused for what only we know.

    Nothing is given when it would be refused and what came before it is not complete here yet: then it waits to be
    offered again, until the time is over in which the covenant lets a recipient collect (``grenzen.ophalen``).
    """
    known = opened.known
    convenant = covenant_of(trust, known)
    if convenant is None:
        return opened
    if inbox.sent_in(db, known.envelope.dossier, known.envelope.source.oin, MOST_OF_ONE_SENDER) >= MOST_OF_ONE_SENDER:
        return _too_many(db, known, now)
    candidate, earlier = _passed(opened), history.passed(db, known.envelope.dossier, keys, known.aanvaard.logboek.index)
    found = objections(convenant, candidate, earlier, sending=False)
    lenient = completeness.own_part_missing(db, known.envelope)
    if found and not lenient and not completeness.complete(db, known.envelope):
        if now < until(known.aanvaard.tijd, convenant.grenzen.ophalen):
            completeness.wait(db, known)
            return None
        lenient = completeness.own_under_way(db, known.envelope)
    refused = [one for one in found if one.code in ALONE or not lenient]
    _tell(db, "niet-volgens-convenant", known, refused, now)
    if refused:
        return Refused(known, RecipientRefusal.NIET_VOLGENS_CONVENANT)
    if found:
        _tell_lost(db, known, found, now)
    _tell(db, "waarschuwing", known, cautions(convenant, candidate, earlier), now)
    return opened


def covenant_of(trust: Trust, known: Known) -> Convenant | None:
    """Give the covenant that a message was accepted under; what was decided then is judged by that one."""
    quoted = trust.register.convenant_by_digest(known.aanvaard.convenant)
    return quoted or trust.register.convenant_at(known.aanvaard.tijd)


def _passed(opened: Opened) -> Passed:
    e = opened.known.envelope
    return Passed(e.id, e.type, e.source, e.ontvanger, e.antwoordop, opened.bericht, opened.known.aanvaard.tijd)


def _too_many(db: Db, known: Known, now: datetime) -> Refused:
    e = known.envelope
    detail = f"more than {MOST_OF_ONE_SENDER} messages of one sender in one dossier: the rest are refused unread"
    ledger.raise_alarm(db, ledger.Alarm("te-veel-berichten", f"{e.dossier} {e.source.oin}", detail), now)
    return Refused(known, RecipientRefusal.NIET_VOLGENS_CONVENANT)


def _tell(db: Db, kind: str, known: Known, found: Sequence[Objection], now: datetime) -> None:
    """Raise an alarm for each, without a word of what the message says."""
    for one in found:
        subject = f"{known.envelope.id} {one.code}"
        ledger.raise_alarm(db, ledger.Alarm(kind, subject, f"{known.envelope.type} #{one.pointer}"), now)


def _tell_lost(db: Db, known: Known, found: Sequence[Objection], now: datetime) -> None:
    """Raise one alarm for a dossier of which our own part may be lost, with the last message that showed it."""
    e, rules = known.envelope, ", ".join(one.code for one in found)
    detail = f"{e.type} {e.id} does not fit what we have of the dossier, and was received: {rules}"
    ledger.raise_alarm(db, ledger.Alarm("eigen-deel-ontbreekt", e.dossier, detail), now)
