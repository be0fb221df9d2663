"""Seal and sign one message: payload, padding, JWE, envelope, JWS (DESIGN, On the wire).

Two halves, because sealing is slow and needs no order, while numbering and signing are quick and
happen inside the transaction that spools the signed bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.covenant.content import Objection
from keys import sealing, signing
from keys.jwk import PrivateSigningKey, PublicSealingKey
from schemas.envelope import Envelope, Sealed
from schemas.values import Digest, Mailbox, MessageId, RandomId, Salt

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an application wants said. ``bericht`` fits its schema; ``verlooptijd`` ends the exchange's offering."""

    source: Mailbox
    ontvanger: Mailbox
    dossier: RandomId
    type: str
    bericht: Mapping[str, Any]
    verlooptijd: datetime
    antwoordop: MessageId | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What chance and the clock add: passed in, so that a message can be made again to the byte."""

    id: MessageId
    zout: Salt
    time: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands in its sender's numbering."""

    reeks: RandomId
    volgnummer: int
    vorige: Digest | None = None
    vorigereeks: RandomId | None = None


@dataclass(frozen=True, slots=True)
class SealedDraft:
    """A draft whose payload is sealed twice: for the recipient, and for the sender's own keeping."""

    draft: Draft
    mark: Mark
    lading: str
    own_copy: str
    data: Sealed


@dataclass(frozen=True, slots=True)
class Composed:
    """The signed bytes of one message; ``digest`` names it in every receipt.

    ``cautions`` is what the covenant warned of when it was made: it was signed all the same.
    """

    envelope: Envelope
    envelop: str
    lading: str
    own_copy: str
    digest: Digest
    cautions: tuple[Objection, ...] = ()

    @property
    def id(self) -> MessageId:
        """The message's id."""
        return self.envelope.id


def message_id(moment: datetime, chance: bytes, previous: MessageId | None = None) -> MessageId:
    """Mint a UUIDv7 (RFC 9562 §5.7) from the moment and ten random bytes, always above ``previous``."""
    value = ((moment - _EPOCH) // _MILLISECOND << 74) | (int.from_bytes(chance[:10], "big") >> 6)
    value = value if previous is None else max(value, _sortable(previous) + 1)
    spread = (value >> 74) << 80 | 0x7 << 76 | ((value >> 62) & 0xFFF) << 64 | 0b10 << 62 | (value & (1 << 62) - 1)
    text = f"{spread:032x}"
    return MessageId(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")


def spell_payload(draft: Draft, mark: Mark) -> bytes:
    """Spell the payload, padded: these bytes are what ``inhoud`` digests."""
    payload: dict[str, Any] = {
        "id": mark.id,
        "afzender": draft.source,
        "ontvanger": draft.ontvanger,
        "dossier": draft.dossier,
        "type": draft.type,
    }
    if draft.antwoordop is not None:
        payload["antwoordop"] = draft.antwoordop
    payload |= {"zout": mark.zout, "bericht": draft.bericht}
    return sealing.pad(json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode())


def seal_draft(draft: Draft, mark: Mark, recipient: PublicSealingKey, own: PublicSealingKey) -> SealedDraft:
    """Seal a draft for its recipient and for its sender. Nothing readable remains in the result but the draft."""
    payload = spell_payload(draft, mark)
    lading = sealing.seal(payload, recipient)
    data = Sealed(verzegeld=Digest.of(lading.encode()), inhoud=Digest.of(payload), omvang=len(lading))
    return SealedDraft(draft, mark, lading, sealing.seal(payload, own), data)


def sign_draft(sealed: SealedDraft, place: Place, beurs: str, key: PrivateSigningKey) -> Composed:
    """Build and sign the envelope; from here on only these bytes are sent, unchanged, however often."""
    draft, mark = sealed.draft, sealed.mark
    envelope = Envelope(
        id=mark.id,
        source=draft.source,
        type=draft.type,
        time=mark.time,
        ontvanger=draft.ontvanger,
        beurs=beurs,
        dossier=draft.dossier,
        antwoordop=draft.antwoordop,
        reeks=place.reeks,
        volgnummer=place.volgnummer,
        vorige=place.vorige,
        vorigereeks=place.vorigereeks,
        verlooptijd=draft.verlooptijd,
        data=sealed.data,
    )
    envelop = signing.sign(envelope.spell(), key, signing.ENVELOPE_TYP)
    return Composed(envelope, envelop, sealed.lading, sealed.own_copy, signing.digest(envelop))


def _sortable(identifier: MessageId) -> int:
    raw = int(identifier.replace("-", ""), 16)
    return (raw >> 80) << 74 | ((raw >> 64) & 0xFFF) << 62 | (raw & (1 << 62) - 1)
