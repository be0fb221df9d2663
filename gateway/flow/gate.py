"""The gate: strings become proved messages and receipts, or a reason why not. Nothing is stored here."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.errors import RejectedError
from gateway.rules.deliveries import AuthenticReceipt
from gateway.rules.facts import Authentic
from gateway.rules.register import Register
from gateway.rules.rows import Content
from keys import signing
from keys.errors import SignatureError
from keys.jwk import PublicSigningKey
from schemas.envelope import MAX_ENVELOP, MAX_LADING, Envelope, MalformedError
from schemas.problems import Problem
from schemas.receipts import ReceiptKind, parse_recipient_receipt
from schemas.values import Digest, Mailbox, Oin

_PROBLEMS = {
    "alg-onbekend": Problem.ALGORITME_ONBEKEND,
    "kop-onbekend": Problem.KOP_ONBEKEND,
    "kop-vorm": Problem.KOP_ONBEKEND,
    "kid-vorm": Problem.KOP_ONBEKEND,
    "typ-onjuist": Problem.KOP_ONBEKEND,
    "sleutel-onbekend": Problem.SLEUTEL_ONBEKEND,
    "te-lang": Problem.TE_GROOT,
}
_RECEIPT_KINDS = (ReceiptKind.ONTVANGEN, ReceiptKind.GEWEIGERD)


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end of the connection, by its certificate."""

    oin: Oin
    serial: str


def authenticate(content: Content, peer: Peer, register: Register) -> Authentic:
    """Prove a message's sender, in this order: form, certificate, key, signature; then look at the sealed payload.

    A payload that is not the one the envelope names is a known sender's fault: the refusal is recorded, so that its
    number is spent and the reeks goes on.

    Raises:
        RejectedError: unauthenticated or no message at all; nothing of it is logged, it is only counted.
    """
    try:
        unverified = signing.read(content.envelop, signing.ENVELOPE_TYP, MAX_ENVELOP)
        envelope = Envelope.parse(unverified.payload)
    except SignatureError as error:
        raise RejectedError(_problem(error), str(error)) from None
    except MalformedError as error:
        raise RejectedError(Problem.ONGELDIGE_INVOER, "the envelope is malformed", error.faults) from None
    if envelope.source.oin != peer.oin:
        raise RejectedError(Problem.AFZENDER_ONJUIST, "source is not a mailbox of the certificate's organisation")
    _verify(unverified, envelope.source, register)
    lading = content.lading or ""
    if len(lading) > MAX_LADING:
        raise RejectedError(Problem.TE_GROOT, f"a sealed payload has at most {MAX_LADING} characters")
    return Authentic(envelope, unverified.digest, Digest(unverified.kid), content, bound=_is_bound(lading, envelope))


def authenticate_receipt(jws: str, mailbox: Mailbox, register: Register) -> AuthenticReceipt:
    """Prove that the recipient signed a receipt, and that it is one a recipient may sign.

    Raises:
        RejectedError: as for a message.
    """
    for kind in _RECEIPT_KINDS:
        try:
            unverified = signing.read(jws, kind.typ, MAX_ENVELOP)
            receipt = parse_recipient_receipt(kind, unverified.payload)
        except SignatureError as error:
            failure = error
            continue
        except MalformedError as error:
            raise RejectedError(Problem.ONGELDIGE_INVOER, "the receipt is malformed", error.faults) from None
        if receipt.ontvanger != mailbox:
            raise RejectedError(Problem.AFZENDER_ONJUIST, "the receipt is another mailbox's to give")
        _verify(unverified, mailbox, register)
        return AuthenticReceipt(receipt, jws, unverified.digest, Digest(unverified.kid))
    raise RejectedError(_problem(failure), str(failure))


def _verify(unverified: signing.Unverified, mailbox: Mailbox, register: Register) -> None:
    """Prove the signature by a key that the mailbox has or had.

    A former key gets a repeat its first answer, and nothing else: whatever is new is judged by the active key, in
    the transaction that records it.
    """
    span = register.key(mailbox, "ondertekenen", unverified.kid)
    if span is None or not isinstance(span.key, PublicSigningKey):
        raise RejectedError(Problem.SLEUTEL_ONBEKEND, "the signing key is not one of the mailbox")
    try:
        signing.verify(unverified, span.key)
    except SignatureError as error:
        raise RejectedError(_problem(error), str(error)) from None


def _is_bound(lading: str, envelope: Envelope) -> bool:
    """Tell whether ``omvang`` and ``verzegeld`` are those of the sealed payload."""
    if not lading.isascii() or len(lading) != envelope.data.omvang:
        return False
    return Digest.of(lading.encode("ascii")) == envelope.data.verzegeld


def _problem(error: SignatureError) -> Problem:
    return _PROBLEMS.get(error.code, Problem.HANDTEKENING_ONGELDIG)
