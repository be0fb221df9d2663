"""What the rules spell without building a model is what the models of ``schemas`` spell, to the byte."""

from __future__ import annotations

from itertools import repeat

import pytest

from gateway.rules.deliveries import offer_bodies
from gateway.rules.receipts import (
    spell_aanvaard,
    spell_afgewezen,
    spell_geboekt,
    spell_niet_afgeleverd,
    spell_termijn_overschreden,
    spell_waarschuwing,
)
from gateway.rules.rows import Message, Notice, Refusal, Settlement, Term
from gateway.rules.spelling import OVERDUE, WARNING, accepted_body, overdue_body, refused_body, warning_body
from schemas.entries import AanvaardEntry, parse_traffic
from schemas.envelope import Envelope, Sealed
from schemas.notices import NietAfgeleverd, TermijnOverschreden, Waarschuwing
from schemas.receipts import Aanvaard, Afgewezen, Geboekt, Receipt
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId, Salt, from_milliseconds

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
REFUSAL = Refusal(8, LEAF, HUUR, ID, VROEG, DIGEST, REEKS, 4, True, "niet-toegestaan", MOMENT, "kid", DIGEST)
OVERDUE_NOTICE = Notice(9, LEAF, 7, OVERDUE, "terugkoppeling", 2, MOMENT, MOMENT, "kid")
WARNING_NOTICE = Notice(9, LEAF, 7, WARNING, "signaal-voor-dreiging", 0, None, MOMENT, "kid")
TERM = Term(7, "terugkoppeling", HUUR, VROEG, MOMENT, MOMENT, "loopt", 0, MOMENT, DIGEST, None)


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
        (TermijnOverschreden, spell_termijn_overschreden(MESSAGE, OVERDUE_NOTICE, ORIGIN)),
        (Waarschuwing, spell_waarschuwing(MESSAGE, WARNING_NOTICE, ORIGIN)),
    ],
)
def test_receipts_are_spelled_as_their_models_spell_them(model: type[Receipt], spelled: bytes) -> None:
    """Reading a receipt and spelling it again gives the same bytes."""
    assert model.parse(spelled).spell() == spelled


def test_a_warning_is_no_missed_term() -> None:
    """A notice without a moment at which an answer was due is never spelled as one that had it."""
    with pytest.raises(ValueError, match="no term"):
        spell_termijn_overschreden(MESSAGE, WARNING_NOTICE, ORIGIN)


@pytest.mark.parametrize("answers", [None, ID])
def test_decisions_are_spelled_as_their_entries_spell_them(answers: MessageId | None) -> None:
    """Each body is read back, which demands the canonical spelling and every fact in its form."""
    when = from_milliseconds(MOMENT)
    envelope = Envelope.model_construct(
        id=ID, source=HUUR, ontvanger=VROEG, type=TYPE, time=when, beurs="localhost/leidse-regio", dossier=REEKS,
        antwoordop=answers, reeks=REEKS, volgnummer=3, verlooptijd=when,
        data=Sealed.model_construct(verzegeld=DIGEST, inhoud=DIGEST, omvang=1),
    )  # fmt: skip
    at = (MOMENT, SALT)
    bodies = [
        accepted_body(envelope, (DIGEST, DIGEST), (57, DIGEST), DIGEST, at),
        refused_body(envelope, (DIGEST, DIGEST), "niet-toegestaan", DIGEST, at),
        warning_body(MESSAGE, "signaal-voor-dreiging", at),
        overdue_body(MESSAGE, TERM, 2, at),
    ]
    read = [parse_traffic(body) for body in bodies]
    assert [entry.body() for entry in read] == bodies
    assert [entry.soort for entry in read] == ["aanvaard", "afgewezen", WARNING, OVERDUE]
    assert (read[0].antwoordop, read[2].aanvaard, read[3].trede, read[3].uiterlijk) == (answers, 7, 2, when)


def test_an_entry_is_spelled_as_its_model_spells_it() -> None:
    """A body spelled from facts is read back, which demands the canonical spelling, and an absent fact is absent."""
    (body,) = offer_bodies([MESSAGE], MOMENT, repeat(SALT))
    assert parse_traffic(body).body() == body
    facts = parse_traffic(body).model_dump(mode="json", by_alias=True)
    assert AanvaardEntry.spelled(**facts, antwoordop=None) == body
