"""Receipts read as what they are: signed by the one role that may sign that kind, or evidence against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from gateway.client.trust import Trust
from gateway.errors import EvidenceError
from gateway.tlog.tree import leaf_hash
from keys import signing
from keys.errors import KeysError
from keys.jwk import PrivateSigningKey
from schemas.entries import BewijsEntry, parse_traffic
from schemas.envelope import MalformedError
from schemas.notices import NietAfgeleverd, TermijnOverschreden, Waarschuwing
from schemas.receipts import (
    Aanvaard,
    Afgewezen,
    Geboekt,
    Geweigerd,
    Ontvangen,
    Receipt,
    ReceiptKind,
    RecipientReceipt,
    parse_recipient_receipt,
)
from schemas.values import Digest, Mailbox, MessageId

R = TypeVar("R", Aanvaard, Afgewezen, Geboekt, NietAfgeleverd, TermijnOverschreden, Waarschuwing)
Notice = TermijnOverschreden | Waarschuwing
"""What the exchange tells a party about a message of its own, sent or received; it changes nothing of that message."""
_KINDS: Mapping[type[Receipt], ReceiptKind] = {
    Aanvaard: ReceiptKind.AANVAARD,
    Afgewezen: ReceiptKind.AFGEWEZEN,
    Geboekt: ReceiptKind.GEBOEKT,
    NietAfgeleverd: ReceiptKind.NIET_AFGELEVERD,
    TermijnOverschreden: ReceiptKind.TERMIJN_OVERSCHREDEN,
    Waarschuwing: ReceiptKind.WAARSCHUWING,
}

_MODELS: Mapping[ReceiptKind, type[Receipt]] = {
    **{kind: model for model, kind in _KINDS.items()},
    ReceiptKind.ONTVANGEN: Ontvangen,
    ReceiptKind.GEWEIGERD: Geweigerd,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The message that a receipt must be about, to the digest."""

    id: MessageId
    source: Mailbox
    ontvanger: Mailbox
    digest: Digest

    def check(self, receipt: Receipt) -> None:
        """Refuse a receipt about anything else.

        Raises:
            EvidenceError: it is about another message.
        """
        if (receipt.id, receipt.source, receipt.ontvanger, receipt.digest) != (
            self.id,
            self.source,
            self.ontvanger,
            self.digest,
        ):
            raise EvidenceError(f"a receipt {receipt.soort} is about another message than {self.id}")


def read_exchange(jws: str, model: type[R], trust: Trust, subject: Subject | None = None) -> R:
    """Read a receipt of the exchange.

    On return its receipt key, as the register log has it, signed exactly this kind of receipt, its leaf
    is in this exchange's traffic log, and it is about ``subject`` if one is given.

    Raises:
        EvidenceError: anything of this does not hold.
    """
    kind = _KINDS[model]
    try:
        unverified = signing.read(jws, kind.typ)
        key = trust.receipt_key(unverified.kid)
        if key is None:
            raise EvidenceError(f"a receipt {kind.value} under a key that the register does not have")
        receipt = model.parse(signing.verify(unverified, key))
    except (KeysError, MalformedError) as error:
        raise EvidenceError(f"no valid receipt {kind.value}: {error}") from error
    if receipt.logboek.oorsprong != f"{trust.beurs}/verkeer":
        raise EvidenceError(f"a receipt {kind.value} quotes another exchange's log")
    if subject is not None:
        subject.check(receipt)
    return receipt


def read_notice(jws: str, kind: ReceiptKind, trust: Trust, subject: Subject) -> Notice:
    """Read the exchange's notice about a missed term or a closed gate.

    On return it is the exchange's, about ``subject``, and rests on a covenant that stands in the register log.

    Raises:
        EvidenceError: anything of this does not hold.
    """
    notice: Notice
    if kind is ReceiptKind.WAARSCHUWING:
        notice = read_exchange(jws, Waarschuwing, trust, subject)
    else:
        notice = read_exchange(jws, TermijnOverschreden, trust, subject)
    if trust.register.version(notice.convenant) is None:
        raise EvidenceError(f"a notice {kind.value} rests on a covenant that the register does not have")
    return notice


def read_recipient(jws: str, trust: Trust, subject: Subject, leaf: Digest) -> RecipientReceipt:
    """Read the receipt that a recipient signed for our message, whose *aanvaard* stands at ``leaf``.

    One under a former key counts only with the log entry that books it; see ``check_booking``.

    Raises:
        EvidenceError: the recipient's registered key did not sign this, about this message.
    """
    kind = kind_of(jws)
    try:
        unverified = signing.read(jws, kind.typ)
        key = trust.any_signing_key(subject.ontvanger, unverified.kid)
        if key is None:
            raise EvidenceError("a receipt under a key that the register does not have for the recipient")
        receipt = parse_recipient_receipt(kind, signing.verify(unverified, key))
    except (KeysError, MalformedError) as error:
        raise EvidenceError(f"no valid receipt {kind.value}: {error}") from error
    subject.check(receipt)
    if receipt.blad != leaf:
        raise EvidenceError("a recipient's receipt quotes another acceptance of the message")
    return receipt


def read_geboekt(jws: str, bewijs: str, trust: Trust, subject: Subject) -> Geboekt:
    """Read the exchange's statement that it logged exactly the receipt ``bewijs``.

    Raises:
        EvidenceError: it says something else.
    """
    geboekt = read_exchange(jws, Geboekt, trust, subject)
    if geboekt.bewijs != signing.digest(bewijs):
        raise EvidenceError("a receipt geboekt is about another receipt")
    return geboekt


def check_booking(jws: str, geboekt: Geboekt, body: bytes, trust: Trust) -> BewijsEntry:
    """Give the log entry that books the receipt ``jws``, if its key was active in the register state quoted there.

    This is what makes a receipt under a former key count: it was booked before the key was replaced.

    Raises:
        EvidenceError: it is another entry than *geboekt* promises, or the key was not active.
    """
    try:
        entry = parse_traffic(body)
    except MalformedError as error:
        raise EvidenceError("the entry of a booking cannot be read") from error
    kid = signing.read(jws, kind_of(jws).typ).kid
    if Digest.from_raw(leaf_hash(body)) != geboekt.logboek.blad or not isinstance(entry, BewijsEntry):
        raise EvidenceError("the log entry of a booking is not the one that was promised")
    if (entry.bewijs, entry.sleutel) != (geboekt.bewijs, kid):
        raise EvidenceError("the log entry of a booking is about another receipt")
    trust.check_quote(entry.stand, entry.tijd)
    if trust.signing_key(geboekt.ontvanger, kid, entry.stand.omvang) is None:
        raise EvidenceError("a receipt under a key that was replaced before the receipt was booked")
    return entry


def kind_of(jws: str) -> ReceiptKind:
    """Tell which kind of receipt a JWS claims to be, by its ``typ``.

    Raises:
        EvidenceError: none that exists.
    """
    for kind in ReceiptKind:
        try:
            signing.read(jws, kind.typ)
        except KeysError:
            continue
        return kind
    raise EvidenceError("a receipt of no known kind")


def sign_receipt(receipt: Ontvangen | Geweigerd, key: PrivateSigningKey) -> str:
    """Sign a recipient's receipt: deterministic, so that the same stored facts give the same bytes."""
    return signing.sign(receipt.spell(), key, ReceiptKind(receipt.soort).typ)


def claimed_subject(jws: str) -> tuple[ReceiptKind, Subject]:
    """Tell what kind of receipt this claims to be and about which message, unverified: enough to look it up.

    Raises:
        EvidenceError: it is no receipt at all.
    """
    kind = kind_of(jws)
    try:
        payload = signing.read(jws, kind.typ).payload
        claim: Receipt = _MODELS[kind].parse(payload)
    except (KeysError, MalformedError) as error:
        raise EvidenceError(f"no receipt {kind.value}") from error
    return kind, Subject(claim.id, claim.source, claim.ontvanger, claim.digest)
