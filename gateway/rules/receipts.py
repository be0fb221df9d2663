"""How stored facts are spelled as receipts: the same row always gives the same bytes."""

from __future__ import annotations

from gateway.rules.rows import Message, Refusal, Settlement
from schemas.notices import NietAfgeleverd
from schemas.receipts import Aanvaard, Afgewezen, Geboekt, Leaf, RegisterState
from schemas.values import Digest, from_milliseconds


def spell_aanvaard(row: Message, origin: str) -> bytes:
    """Spell the promise that the exchange took responsibility for a message."""
    return Aanvaard.model_construct(
        soort="aanvaard",
        id=row.id,
        source=row.source,
        ontvanger=row.ontvanger,
        digest=row.digest,
        logboek=_leaf(origin, row.idx, row.leaf),
        stand=RegisterState.model_construct(omvang=row.register_size, wortel=row.register_root),
        convenant=row.covenant,
        tijd=from_milliseconds(row.moment),
    ).spell()


def spell_afgewezen(row: Refusal, origin: str) -> bytes:
    """Spell the proof that a sender tried, and why it was refused."""
    return Afgewezen.model_construct(
        soort="afgewezen",
        id=row.id,
        source=row.source,
        ontvanger=row.ontvanger,
        digest=row.digest,
        reeks=row.reeks,
        volgnummer=row.volgnummer,
        code=row.code,
        logboek=_leaf(origin, row.idx, row.leaf),
        tijd=from_milliseconds(row.moment),
    ).spell()


def spell_geboekt(message: Message, row: Settlement, proof: Digest, origin: str) -> bytes:
    """Spell the proof that a recipient's receipt was logged; ``proof`` is that receipt's digest."""
    return Geboekt.model_construct(
        soort="geboekt",
        id=message.id,
        source=message.source,
        ontvanger=message.ontvanger,
        digest=message.digest,
        bewijs=proof,
        logboek=_leaf(origin, row.idx, row.leaf),
        tijd=from_milliseconds(row.moment),
    ).spell()


def spell_niet_afgeleverd(message: Message, row: Settlement, origin: str) -> bytes:
    """Spell the notice that nothing was booked in time."""
    return NietAfgeleverd.model_construct(
        soort="niet-afgeleverd",
        id=message.id,
        source=message.source,
        ontvanger=message.ontvanger,
        digest=message.digest,
        reeks=message.reeks,
        volgnummer=message.volgnummer,
        aangeboden=row.offered,
        logboek=_leaf(origin, row.idx, row.leaf),
        tijd=from_milliseconds(row.moment),
    ).spell()


def _leaf(origin: str, index: int, leaf: bytes) -> Leaf:
    return Leaf.model_construct(oorsprong=origin, index=index, blad=Digest.from_raw(leaf))
