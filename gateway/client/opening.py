"""Verify and open one message, in a fixed order, each check refusing for what comes after it.

 1. the JWS has the form of an envelope, and its unverified claims name a sender
 2. the sender's first key was confirmed by a person here, else the message is held
 3. *aanvaard*: signed by the exchange, about exactly this envelope, under a register state that we replayed and
    that no newer one had replaced
 4. the sender's key was the active one in that state, and signed the envelope
 5. the envelope is for this mailbox, at this exchange
 6. the sealed payload is the one that the sender signed for (verzegeld, omvang)
 7. it was sealed for a key of ours, and opens
 8. inhoud: the opened bytes are the ones that the sender signed for
 9. the payload parses strictly
10. its fields equal the envelope's
11. the bericht fits the schema of its type

Up to 6 a fault is the exchange's or a stranger's: nobody signed for what is there, so no receipt is due and
a person must look. From 7 on the sender signed for it, and gets a signed refusal that says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from gateway.client.proofs import Subject, read_exchange
from gateway.client.trust import Trust
from gateway.errors import EvidenceError
from keys import sealing, signing
from keys.errors import KeysError
from keys.jwk import PrivateSealingKey
from schemas.catalogue import parse_bericht
from schemas.envelope import Envelope, MalformedError, TypeCode, Wire
from schemas.problems import RecipientRefusal
from schemas.receipts import Aanvaard
from schemas.values import Digest, Mailbox, MessageId, RandomId, Salt


class Payload(Wire):
    """What is sealed: the fields that must equal the envelope's, a salt, and the bericht itself."""

    id: MessageId
    afzender: Mailbox
    ontvanger: Mailbox
    dossier: RandomId
    type: TypeCode
    antwoordop: MessageId | None = None
    zout: Salt
    bericht: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offered:
    """A message as the exchange hands it out."""

    envelop: str
    lading: str
    aanvaard: str
    gaten: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A message of which everything outside the seal holds: the sender signed it and the exchange logged it."""

    envelope: Envelope
    digest: Digest
    aanvaard: Aanvaard


@dataclass(frozen=True, slots=True)
class Opened:
    """Every check holds; ``bericht`` is what the sender says."""

    known: Known
    bericht: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """The sender signed for something that cannot be taken in; it is due a signed receipt with this code."""

    known: Known
    code: RecipientRefusal


@dataclass(frozen=True, slots=True)
class Held:
    """The sender's first key is not confirmed yet; what the envelope claims, unverified."""

    envelope: Envelope
    digest: Digest


@dataclass(frozen=True, slots=True)
class Distrusted:
    """Nobody who may say so vouches for this; no receipt is due, and a person must look."""

    reason: str


Verdict = Opened | Refused | Held | Distrusted


@dataclass(frozen=True, slots=True)
class Reader:
    """One mailbox's way of reading: what it trusts, and its own sealing keys by thumbprint, old ones too."""

    mailbox: Mailbox
    trust: Trust
    keys: Mapping[str, PrivateSealingKey]

    def __call__(self, offered: Offered) -> Verdict:
        """Judge one message by the numbered checks above. Never raises for what the message holds."""
        try:
            unverified, envelope = _read(offered.envelop)
            if not self.trust.is_confirmed(envelope.source) and self.trust.first_key(envelope.source) is not None:
                return Held(envelope, unverified.digest)
            known = self._vouched(offered, unverified, envelope)
        except (EvidenceError, KeysError, MalformedError) as error:
            return Distrusted(error.detail if isinstance(error, EvidenceError) else str(error))
        try:
            return Opened(known, open_payload(known.envelope, offered.lading, self.keys))
        except RefusedError as refusal:
            return Refused(known, refusal.code)

    def _vouched(self, offered: Offered, unverified: signing.Unverified, envelope: Envelope) -> Known:
        digest = unverified.digest
        subject = Subject(envelope.id, envelope.source, envelope.ontvanger, digest)
        aanvaard = read_exchange(offered.aanvaard, Aanvaard, self.trust, subject)  # 3
        self.trust.check_quote(aanvaard.stand, aanvaard.tijd)
        key = self.trust.signing_key(envelope.source, unverified.kid, aanvaard.stand.omvang)  # 4
        if key is None:
            raise EvidenceError("the sender's key was not active in the register state that aanvaard quotes")
        signing.verify(unverified, key)
        if envelope.ontvanger != self.mailbox or envelope.beurs != self.trust.beurs:  # 5
            raise EvidenceError("the envelope is for another mailbox or another exchange")
        lading = offered.lading.encode("ascii", "replace")  # 6
        if len(lading) != envelope.data.omvang or Digest.of(lading) != envelope.data.verzegeld:
            raise EvidenceError("the sealed payload is not the one that the sender signed for")
        return Known(envelope, digest, aanvaard)


class RefusedError(Exception):
    """The payload cannot be taken in; ``code`` goes into the signed receipt."""

    def __init__(self, code: RecipientRefusal) -> None:
        super().__init__(code.value)
        self.code = code


def open_payload(envelope: Envelope, lading: str, keys: Mapping[str, PrivateSealingKey]) -> Mapping[str, Any]:
    """Open a sealed payload and give its bericht, after checks 7 to 11.

    Raises:
        RefusedError: with the first check that does not hold.
    """
    payload = _parse(_unseal(envelope, lading, keys))
    claimed = (payload.id, payload.afzender, payload.ontvanger, payload.dossier, payload.type, payload.antwoordop)
    signed = (envelope.id, envelope.source, envelope.ontvanger, envelope.dossier, envelope.type, envelope.antwoordop)
    if claimed != signed:  # 10
        _refuse(RecipientRefusal.VELDEN_VERSCHILLEN)
    try:
        parse_bericht(payload.type, payload.bericht)  # 11
    except MalformedError:
        _refuse(RecipientRefusal.VOLDOET_NIET_AAN_SCHEMA)
    return payload.bericht


def _unseal(envelope: Envelope, lading: str, keys: Mapping[str, PrivateSealingKey]) -> bytes:
    try:
        key = keys.get(sealing.recipient(lading))
        if key is None:
            _refuse(RecipientRefusal.NIET_VOOR_ONS_VERZEGELD)
        opened = sealing.open_sealed(lading, key)  # 7
    except KeysError:
        _refuse(RecipientRefusal.OPENT_NIET)
    if len(opened) > sealing.MAX_PAYLOAD:
        _refuse(RecipientRefusal.TE_GROOT)
    if Digest.of(opened) != envelope.data.inhoud:  # 8
        _refuse(RecipientRefusal.INHOUD_VERSCHILT)
    return opened


def _parse(opened: bytes) -> Payload:
    try:
        return Payload.parse(opened)  # 9
    except MalformedError:
        _refuse(RecipientRefusal.VOLDOET_NIET_AAN_SCHEMA)


def _read(envelop: str) -> tuple[signing.Unverified, Envelope]:
    unverified = signing.read(envelop, signing.ENVELOPE_TYP)  # 1
    return unverified, Envelope.parse(unverified.payload)


def _refuse(code: RecipientRefusal) -> NoReturn:
    raise RefusedError(code)
