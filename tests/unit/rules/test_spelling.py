"""What the rules spell without building a model is what the models of ``schemas`` spell, to the byte."""

from __future__ import annotations

from itertools import repeat

import pytest

from gateway.rules.deliveries import offer_bodies
from gateway.rules.receipts import spell_aanvaard, spell_afgewezen, spell_geboekt, spell_niet_afgeleverd
from gateway.rules.rows import Message, Refusal, Settlement
from schemas.entries import AanvaardEntry, parse_traffic
from schemas.notices import NietAfgeleverd
from schemas.receipts import Aanvaard, Afgewezen, Geboekt, Receipt
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId, Salt

ORIGIN = "localhost/leidse-regio/verkeer"
HUUR = Mailbox.of(Oin("00000099000000001000"), "huur")
VROEG = Mailbox.of(Oin("00000099000000101000"), "vroegsignalering")
ID = MessageId("019a9f3e-7c00-7abc-8def-0123456789ab")
REEKS = RandomId("0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33")
DIGEST, LEAF, SALT, MOMENT = Digest.of(b"x"), bytes(32), Salt.from_raw(bytes(16)), 1_795_341_601_250
TYPE = "nl.huurschuld.vroegsignaal.v1"
MESSAGE = Message(
    7, LEAF, HUUR, ID, VROEG, REEKS, TYPE, DIGEST, REEKS, 3, None, MOMENT, MOMENT, 57, DIGEST, DIGEST, "kid"
)
REFUSAL = Refusal(8, LEAF, HUUR, ID, VROEG, DIGEST, REEKS, 4, True, "niet-toegestaan", MOMENT, "kid")


def settled(outcome: str, offered: int | None) -> Settlement:
    return Settlement(9, LEAF, 7, outcome, None, offered, MOMENT, "kid")


@pytest.mark.parametrize(
    ("model", "spelled"),
    [
        (Aanvaard, spell_aanvaard(MESSAGE, ORIGIN)),
        (Afgewezen, spell_afgewezen(REFUSAL, ORIGIN)),
        (Geboekt, spell_geboekt(MESSAGE, settled("ontvangen", 8), DIGEST, ORIGIN)),
        (NietAfgeleverd, spell_niet_afgeleverd(MESSAGE, settled("niet-afgeleverd", 8), ORIGIN)),
        (NietAfgeleverd, spell_niet_afgeleverd(MESSAGE, settled("niet-afgeleverd", None), ORIGIN)),
    ],
)
def test_receipts_are_spelled_as_their_models_spell_them(model: type[Receipt], spelled: bytes) -> None:
    """Reading a receipt and spelling it again gives the same bytes."""
    assert model.parse(spelled).spell() == spelled


def test_an_entry_is_spelled_as_its_model_spells_it() -> None:
    """A body spelled from facts is read back, which demands the canonical spelling, and an absent fact is absent."""
    (body,) = offer_bodies([MESSAGE], MOMENT, repeat(SALT))
    assert parse_traffic(body).body() == body
    facts = parse_traffic(body).model_dump(mode="json", by_alias=True)
    assert AanvaardEntry.spelled(**facts, antwoordop=None) == body
