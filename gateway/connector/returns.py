"""Receipts and notices that come back: for our own messages, for what will never come, and what the exchange tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.client.post import HandedBack
from gateway.client.proofs import (
    Notice,
    Subject,
    check_booking,
    claimed_subject,
    kind_of,
    read_exchange,
    read_geboekt,
    read_notice,
    read_recipient,
)
from gateway.client.trust import Trust
from gateway.connector import inbox, ledger, notices, outbox, quotes
from gateway.connector.inbox import Number
from gateway.connector.outbox import Outgoing, Proof
from gateway.connector.quotes import Quote
from gateway.connector.spool import Db
from gateway.errors import EvidenceError
from keys import signing
from schemas.notices import NietAfgeleverd
from schemas.receipts import Geboekt, Geweigerd, ReceiptKind, RecipientReceipt
from schemas.values import Digest, Mailbox


@dataclass(frozen=True, slots=True)
class Answered:
    """The recipient's verified receipt for our message, with the exchange's proof that it was logged."""

    message: Outgoing
    back: HandedBack
    receipt: RecipientReceipt
    geboekt: Geboekt
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The exchange's verified notice: of our message, or (``message`` absent) of one that was for us."""

    message: Outgoing | None
    back: HandedBack
    notice: NietAfgeleverd


@dataclass(frozen=True, slots=True)
class Told:
    """The exchange's verified notice about a message that stays what it is: a missed term, or a closed gate."""

    back: HandedBack
    notice: Notice


@dataclass(frozen=True, slots=True)
class TooEarly:
    """The receipt of a message whose *aanvaard* did not reach us yet: it is asked for again."""

    back: HandedBack


@dataclass(frozen=True, slots=True)
class Worthless:
    """Bytes that prove nothing; kept for a person, and not asked for again."""

    back: HandedBack
    subject: str
    reason: str


Returned = Answered | Undelivered | Told | TooEarly | Worthless
_TOLD = frozenset({ReceiptKind.TERMIJN_OVERSCHREDEN, ReceiptKind.WAARSCHUWING})


def needs_entry(back: HandedBack, trust: Trust) -> int | None:
    """Give the log index of the entry that must be seen before this receipt counts: it is under a former key."""
    try:
        _, subject = claimed_subject(back.bewijs)
        if back.geboekt is None or not trust.was_replaced(subject.ontvanger, _signer(back)):
            return None
        return read_geboekt(back.geboekt, back.bewijs, trust, subject).logboek.index
    except EvidenceError:
        return None  # judge says what is wrong


def judge(db: Db, mailbox: Mailbox, back: HandedBack, trust: Trust, entry: bytes | None = None) -> Returned:
    """Decide what a returned receipt is: every signature and every subject is checked here.

    ``entry`` is the log entry that ``needs_entry`` asks for; a receipt under a former key is worthless without.
    """
    subject = None
    try:
        kind, subject = claimed_subject(back.bewijs)
        if kind is ReceiptKind.NIET_AFGELEVERD:
            return _notice(db, mailbox, back, trust, subject)
        if kind in _TOLD:
            notices.check_ours(db, mailbox, subject)
            return Told(back, read_notice(back.bewijs, kind, trust, subject))
        return _answer(_ours(db, mailbox, subject), back, trust, entry)
    except EvidenceError as error:
        return Worthless(back, subject.id if subject else str(back.nummer), error.detail)


def _answer(message: Outgoing, back: HandedBack, trust: Trust, entry: bytes | None) -> Returned:
    if message.leaf is None:
        return TooEarly(back)
    receipt = read_recipient(back.bewijs, trust, message.subject, message.leaf)
    if back.geboekt is None:
        raise EvidenceError("a recipient's receipt without the exchange's geboekt")
    geboekt = read_geboekt(back.geboekt, back.bewijs, trust, message.subject)
    if not trust.was_replaced(message.subject.ontvanger, _signer(back)):
        return Answered(message, back, receipt, geboekt)
    if entry is None:
        raise EvidenceError("a receipt under a former key, and the log entry that books it is not shown")
    booking = check_booking(back.bewijs, geboekt, entry, trust)
    return Answered(message, back, receipt, geboekt, Quote.booked(geboekt.logboek.index, booking, entry))


def _signer(back: HandedBack) -> str:
    return signing.read(back.bewijs, kind_of(back.bewijs).typ).kid


def _notice(db: Db, mailbox: Mailbox, back: HandedBack, trust: Trust, subject: Subject) -> Returned:
    notice = read_exchange(back.bewijs, NietAfgeleverd, trust, subject)
    if subject.ontvanger == mailbox:
        return Undelivered(None, back, notice)
    message = _ours(db, mailbox, subject)
    return TooEarly(back) if message.leaf is None else Undelivered(message, back, notice)


def _ours(db: Db, mailbox: Mailbox, subject: Subject) -> Outgoing:
    message = outbox.find(db, subject.source, subject.id)
    if message is None or message.subject != subject or subject.source != mailbox:
        raise EvidenceError("a receipt for a message that this mailbox did not send")
    return message


def record(db: Db, mailbox: Mailbox, returned: Returned, now: datetime) -> bool:
    """Book a judged receipt and remember to confirm it; true when something was learned."""
    if isinstance(returned, TooEarly):
        return False
    if isinstance(returned, Answered) and returned.quote is not None and not quotes.keep(db, returned.quote, now):
        return False  # under a grave alarm nothing is confirmed
    db.execute(
        "INSERT INTO seen (mailbox, nummer) VALUES (?, ?) ON CONFLICT DO NOTHING", (mailbox, returned.back.nummer)
    )
    match returned:
        case Answered(message, back, receipt, geboekt):
            ledger.promise(db, "verkeer", geboekt.logboek, now)
            code = receipt.code if isinstance(receipt, Geweigerd) else None
            agreed = _settle(db, message, Proof(ReceiptKind(receipt.soort), back.bewijs, back.geboekt), code)
        case Undelivered(None, back, notice):
            ledger.promise(db, "verkeer", notice.logboek, now)
            agreed = _account(db, notice, back.bewijs, now)
        case Undelivered(Outgoing() as message, back, notice):
            ledger.promise(db, "verkeer", notice.logboek, now)
            agreed = _settle(db, message, Proof(ReceiptKind.NIET_AFGELEVERD, back.bewijs, None), None)
        case Told(back, notice):
            ledger.promise(db, "verkeer", notice.logboek, now)
            return notices.keep(db, notice, back.bewijs, now)
        case Worthless(back, subject, reason):
            ledger.raise_alarm(db, ledger.Alarm("ontvangstbewijs", subject, reason, back.bewijs), now)
            return False
    if not agreed:
        detail = "a second, different proof about a message that was settled"
        ledger.raise_alarm(
            db, ledger.Alarm("tegenspraak", str(returned.back.nummer), detail, returned.back.bewijs), now
        )
    return agreed


def _settle(db: Db, message: Outgoing, proof: Proof, code: str | None) -> bool:
    current = outbox.find(db, message.subject.source, message.subject.id) or message
    return outbox.settle(db, current, proof, Digest(signing.digest(proof.bewijs)), code)


def _account(db: Db, notice: NietAfgeleverd, jws: str, now: datetime) -> bool:
    earlier = inbox.accounted(db, notice.source, notice.ontvanger, notice.digest)
    if earlier is not None and earlier.how == ReceiptKind.AFGEWEZEN:
        ledger.convict(db, notice.id, "one message was both refused and accepted", [earlier.proof, jws], now)
        return True
    return inbox.account(db, _number(notice, jws))


def _number(notice: NietAfgeleverd, jws: str) -> Number:
    return Number(notice.source, notice.ontvanger, notice.reeks, notice.volgnummer, notice.digest, notice.soort, jws)
