"""Messages that come in: judged, also against their dossier, stored once, and receipted from what was stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.client.opening import Distrusted, Held, Known, Offered, Opened, Reader, Refused, Verdict
from gateway.client.proofs import kind_of, read_exchange, sign_receipt
from gateway.client.trust import Trust
from gateway.connector import inbox, ledger, objection, quotes, receiving, terms
from gateway.connector.inbox import Incoming, Judgement, Number, Stored
from gateway.connector.partykeys import MailboxKeys, PartyKeys
from gateway.connector.quotes import Quote
from gateway.connector.spool import Db
from gateway.errors import EvidenceError
from keys import signing
from keys.errors import KeysError
from schemas.receipts import Afgewezen, Geweigerd, Ontvangen, ReceiptKind
from schemas.values import Mailbox


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes messages in for one mailbox; ``party`` has the keys of all, for what else passed in a dossier."""

    mailbox: Mailbox
    party: PartyKeys

    @property
    def keys(self) -> MailboxKeys:
        """The keys of this mailbox."""
        return self.party[self.mailbox]

    def judge(self, offered: Sequence[Offered], trust: Trust) -> list[Verdict]:
        """Verify and open a batch. Only the cryptography; nothing is stored."""
        read = Reader(self.mailbox, trust, self.keys.sealing)
        return [read(message) for message in offered]

    def record(self, db: Db, offered: Offered, verdict: Verdict, trust: Trust, now: datetime) -> bool:
        """Store a judged message with its receipt, in the caller's transaction; true when it is new here.

        What opened is judged against its dossier first, so record messages in the order of the log. The receipt
        is signed from what is stored, with deterministic ES256 and the stored time, and kept: a repeat is answered
        with the same bytes.
        """
        if isinstance(verdict, Distrusted):
            alarm = ledger.Alarm("bericht", _name(offered), verdict.reason, f"{offered.envelop}\n{offered.aanvaard}")
            ledger.raise_alarm(db, alarm, now)
            return False
        if isinstance(verdict, Held):
            envelope, digest = verdict.envelope, verdict.digest
        else:
            envelope, digest = verdict.known.envelope, verdict.known.digest
        known = inbox.find(db, envelope.source, envelope.id)
        if known is not None and known.judgement is not Judgement.AANGEHOUDEN:
            return _repeat(db, known, digest, now)
        if isinstance(verdict, Held):
            if known is None:
                inbox.store(db, Stored(offered, envelope, digest, Judgement.AANGEHOUDEN))
            return known is None
        if _contradicted(db, verdict.known, offered, now):
            return False  # under a grave alarm nothing is taken in; it is offered again when that is settled
        judged: Opened | Refused | None = verdict
        if isinstance(verdict, Opened):
            judged = receiving.receive(db, verdict, self.party, trust, now)
        return judged is not None and self._take_in(db, offered, judged, trust, now)

    def _take_in(self, db: Db, offered: Offered, verdict: Opened | Refused, trust: Trust, now: datetime) -> bool:
        if not inbox.store(db, self._stored(offered, verdict, now)):
            detail = "the sender used one number for two messages"
            identifier = verdict.known.envelope.id
            ledger.raise_alarm(db, ledger.Alarm("tegenspraak", identifier, detail, offered.envelop), now)
        ledger.promise(db, "verkeer", verdict.known.aanvaard.logboek, now)
        if isinstance(verdict, Opened):
            self._follow(db, verdict, trust, now)
        self._forget(db, verdict.known, trust, now)
        return True

    def _forget(self, db: Db, known: Known, trust: Trust, now: datetime) -> None:
        """Keep nothing of what came only after it was withdrawn."""
        convenant = receiving.covenant_of(trust, known)
        if convenant is not None:
            index = known.aanvaard.logboek.index
            objection.heed_again(db, known.envelope.dossier, index, self.party, convenant, now)

    def _follow(self, db: Db, opened: Opened, trust: Trust, now: datetime) -> None:
        """Do what the message asks of this party: heed an objection of the tenant, and watch the terms on content."""
        e, convenant = opened.known.envelope, receiving.covenant_of(trust, opened.known)
        if convenant is None:
            return
        if objection.withdraws(e.type, opened.bericht):
            objection.heed(db, e.dossier, e.id, self.party, convenant, now)
        elif terms.concerns(convenant, e.type):
            terms.follow(db, e.dossier, self.party, convenant, now)

    def release(self, db: Db, held: Incoming, verdict: Verdict, trust: Trust, now: datetime) -> None:
        """Book the judgement of a message that was held; one that nobody vouches for is forgotten, with an alarm."""
        if isinstance(verdict, Distrusted):
            inbox.drop_held(db, held)
        self.record(db, held.offered, verdict, trust, now)

    def sign_again(self, message: Incoming, trust: Trust) -> str | None:
        """Sign what a stored receipt says with the key that is active now; nothing when that changes nothing.

        A receipt that was signed before our key was replaced, and not booked by then, is not booked any more.
        """
        key, jws = self.keys.registered(self.mailbox, trust), message.receipt or ""
        kind = kind_of(jws)
        old = signing.read(jws, kind.typ)
        return None if key is None or key.kid == old.kid else signing.sign(old.payload, key, kind.typ)

    def _stored(self, offered: Offered, verdict: Opened | Refused, now: datetime) -> Stored:
        known, leaf = verdict.known, verdict.known.aanvaard.logboek
        code = verdict.code.value if isinstance(verdict, Refused) else None
        receipt = sign_receipt(_receipt(known, code, now), self.keys.signing)
        judgement = Judgement.ONTVANGEN if code is None else Judgement.GEWEIGERD
        return Stored(offered, known.envelope, known.digest, judgement, leaf.index, code, receipt)


def _contradicted(db: Db, known: Known, offered: Offered, now: datetime) -> bool:
    """Tell, with a grave alarm, whether this *aanvaard* contradicts something else that the exchange signed."""
    earlier = inbox.accounted(db, known.envelope.source, known.envelope.ontvanger, known.digest)
    if earlier is not None and earlier.how == ReceiptKind.AFGEWEZEN:
        detail = "one message was both refused and accepted"
        ledger.convict(db, known.envelope.id, detail, [earlier.proof, offered.aanvaard], now)
        return True
    return not quotes.keep(db, Quote.of(known.aanvaard, offered.aanvaard), now)


def record_gaps(db: Db, offered: Offered, mailbox: Mailbox, trust: Trust, now: datetime) -> None:
    """Book the signed refusals that explain numbers before this message; one that does not hold is an alarm."""
    for jws in offered.gaten:
        try:
            _record_gap(db, jws, mailbox, trust, now)
        except EvidenceError as error:
            ledger.raise_alarm(db, ledger.Alarm("gat", _name(offered), error.detail, jws), now)


def _record_gap(db: Db, jws: str, mailbox: Mailbox, trust: Trust, now: datetime) -> None:
    refused = read_exchange(jws, Afgewezen, trust)
    if refused.ontvanger != mailbox:
        raise EvidenceError("a gap is explained with a refusal for another mailbox")
    ledger.promise(db, "verkeer", refused.logboek, now)
    earlier = inbox.accounted(db, refused.source, mailbox, refused.digest)
    if earlier is not None and earlier.how != refused.soort:
        ledger.convict(db, refused.id, "one message was both accepted and refused", [earlier.proof, jws], now)
        return
    number = (refused.source, mailbox, refused.reeks, refused.volgnummer, refused.digest)
    if not inbox.account(db, Number(*number, refused.soort, jws)):
        raise EvidenceError("a number is both refused and used")


def _receipt(known: Known, code: str | None, now: datetime) -> Ontvangen | Geweigerd:
    e = known.envelope
    leaf, digest = known.aanvaard.logboek.blad, known.digest
    if code is None:
        return Ontvangen(id=e.id, source=e.source, ontvanger=e.ontvanger, digest=digest, blad=leaf, tijd=now)
    return Geweigerd(id=e.id, source=e.source, ontvanger=e.ontvanger, digest=digest, blad=leaf, code=code, tijd=now)


def _repeat(db: Db, known: Incoming, digest: str, now: datetime) -> bool:
    if known.subject.digest == digest:
        inbox.hand_in_again(db, known)
    else:
        detail = "the sender signed two different messages under one id"
        ledger.raise_alarm(db, ledger.Alarm("tegenspraak", known.subject.id, detail, digest), now)
    return False


def _name(offered: Offered) -> str:
    try:
        return signing.read(offered.envelop, signing.ENVELOPE_TYP).digest
    except KeysError:
        return "onleesbaar"
