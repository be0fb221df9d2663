"""What the party itself may read from its spool: messages opened on the fly, and where each one stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gateway.client.opening import open_payload
from gateway.connector import inbox, notices, outbox
from gateway.connector.history import envelope_of, unseal
from gateway.connector.inbox import Incoming, Judgement
from gateway.connector.outbox import Outgoing, Proof
from gateway.connector.partykeys import PartyKeys
from gateway.connector.spool import Db
from keys.jwk import PrivateSealingKey
from schemas.envelope import Envelope
from schemas.receipts import ReceiptKind
from schemas.values import Mailbox, MessageId, RandomId


@dataclass(frozen=True, slots=True)
class Received:
    """A message handed over to the application. ``turn`` grows with every hand-over and never changes.

    ``late``: what its sender said later in this dossier was handed over before it (see ``inbox``). ``bericht`` is
    absent once its content was destroyed (see ``objection``); the envelope and the receipts stay.
    """

    turn: int
    envelope: Envelope
    bericht: Mapping[str, Any] | None
    read_at: str | None
    late: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands here; ``code`` tells why it was refused or what holds it up."""

    id: MessageId
    direction: Literal["uit", "in"]
    source: Mailbox
    ontvanger: Mailbox
    dossier: RandomId
    type: str
    stand: str
    code: str | None
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is kept of one message: what evidence is made of.

    ``payload`` is the padded payload whose digest is ``inhoud``, opened with our own key; absent when
    it does not open, or was destroyed (see ``objection``). ``proofs`` are every receipt and notice but *aanvaard*.
    """

    direction: Literal["uit", "in"]
    envelop: str
    payload: bytes | None
    aanvaard: str | None
    proofs: tuple[Proof, ...]


def received(messages: Sequence[Incoming], keys: PartyKeys) -> list[Received]:
    """Open handed-over messages again from what is stored: the payload is never kept in the clear."""
    return [_received(message, keys[message.subject.ontvanger].sealing) for message in messages]


def standing(db: Db, identifier: MessageId) -> Standing | None:
    """Tell where a message stands, sent or received; nothing when it is not known here."""
    if (sent := outbox.find_by_id(db, identifier)) is not None:
        proofs = [
            sent.aanvaard or "",
            *(jws for p in outbox.proofs_of(db, sent) for jws in (p.bewijs, p.geboekt or "")),
            *_told(db, sent),
        ]
        return _standing(sent, "uit", sent.state.value, proofs)
    if (got := inbox.find_by_id(db, identifier)) is not None:
        stand = got.judgement.value
        if got.judgement is Judgement.ONTVANGEN and got.handed_over is None:
            stand = "wacht-op-vorige"
        return _standing(
            got, "in", stand, [got.offered.aanvaard, got.receipt or "", got.geboekt or "", *_told(db, got)]
        )
    return None


def records(db: Db, dossier: RandomId, keys: PartyKeys) -> list[Record]:
    """Give everything that is kept of a dossier's messages: those sent, in order, then those received."""
    sent = [_sent(db, message, keys) for message in outbox.of_dossier(db, dossier)]
    return sent + [_got(db, message, keys) for message in inbox.of_dossier(db, dossier)]


def _received(message: Incoming, keys: Mapping[str, PrivateSealingKey]) -> Received:
    envelope = envelope_of(message.offered.envelop)
    bericht = open_payload(envelope, message.offered.lading, keys) if message.offered.lading else None
    return Received(message.handed_over or 0, envelope, bericht, message.read_at, message.late)


def _standing(
    message: Outgoing | Incoming, direction: Literal["uit", "in"], stand: str, proofs: Sequence[str]
) -> Standing:
    s = message.subject
    found = tuple(proof for proof in proofs if proof)
    return Standing(s.id, direction, s.source, s.ontvanger, message.dossier, message.type, stand, message.code, found)


def _sent(db: Db, message: Outgoing, keys: PartyKeys) -> Record:
    payload = unseal(message.own_copy, keys[message.subject.source].sealing)
    proofs = (*outbox.proofs_of(db, message), *notices.about(db, message.subject.digest))
    return Record("uit", message.envelop, payload, message.aanvaard, proofs)


def _got(db: Db, message: Incoming, keys: PartyKeys) -> Record:
    payload = unseal(message.offered.lading, keys[message.subject.ontvanger].sealing)
    proofs: tuple[Proof, ...] = ()
    if message.receipt is not None:
        proofs = (Proof(ReceiptKind(message.judgement.value), message.receipt, message.geboekt),)
    proofs += tuple(notices.about(db, message.subject.digest))
    return Record("in", message.offered.envelop, payload, message.offered.aanvaard, proofs)


def _told(db: Db, message: Outgoing | Incoming) -> list[str]:
    return [notice.bewijs for notice in notices.about(db, message.subject.digest)]
