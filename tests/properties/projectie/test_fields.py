"""No type, receipt or text holds more than a corporation may see or say; each check is shown to find a planted one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field, create_model

import schemas
from gateway.covenant.content import objections
from gateway.covenant.passage import Passed
from schemas.berichten.berichttype import MessageType, code_of
from schemas.berichten.klassen import DataClass
from schemas.berichten.projectie import Eindresultaat
from schemas.berichten.signaal import Resultaat
from schemas.berichten.vormen import Toelichting
from schemas.catalogue import CATALOGUE
from schemas.covenants import leidse_regio, load_covenant
from schemas.problems import RecipientRefusal
from schemas.publish import WIRE, schema_of
from schemas.values import Bsn, Mailbox, MessageId
from tests.properties.projectie import checks
from tests.properties.projectie.allowed import (
    RECEIPTS,
    RECIPIENT_REFUSALS,
    RIGHT_HAND_COLUMN,
    SENDERS_TO_CORPORATION,
    TEXTS,
    TO_CORPORATION,
)

TEXT = leidse_regio().decode()
COVENANT = checks.covenant(TEXT)
NL = "nl.huurschuld."


def planted(old: str, new: str) -> checks.Json:
    """Read the covenant's file with one change."""
    assert TEXT.count(old) >= 1
    return checks.covenant(TEXT.replace(old, new, 1))


def with_field(name: str, form: Any, of: str = "terugkoppeling") -> dict[str, MessageType]:
    """Give the catalogue in which one type has one field more."""
    item = CATALOGUE[code_of(of)]
    model = create_model("Meer", __base__=item.model, **{name: (form, None)})
    return {**CATALOGUE, item.code: replace(item, model=model)}


def test_only_these_may_write_to_a_corporation() -> None:
    """Default deny: each way to a corporation is on the list by hand, and debt help comes after help was accepted."""
    assert checks.wrong_routes(COVENANT) == []
    assert checks.touching(COVENANT, "naar") == SENDERS_TO_CORPORATION.keys() == TO_CORPORATION.keys()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{ van = "SWT", naar = "GEM" },', '{ van = "SWT", naar = "COR" },'),
        ('{ van = "MZO", naar = "GEM" },', '{ van = "MZO", naar = "COR" },'),
        ('{ van = "COR", naar = "GEM", opent = true },', '{ van = "COR", naar = "COR", opent = true },'),
        ('{ van = "SHV", naar = "COR", naHulp = true },', '{ van = "SHV", naar = "COR" },'),
        ('{ van = "COR", naar = "SHV", naHulp = true },', '{ van = "COR", naar = "SHV" },'),
    ],
)
def test_another_way_to_a_corporation_is_found(old: str, new: str) -> None:
    """Planted: a team, the care desk or another corporation writes to it; debt help does so before help."""
    assert len(checks.wrong_routes(planted(old, new))) == 1


def test_no_verdict_or_notice_tells_of_others() -> None:
    """Every gate that a corporation passes rests on its own messages, and every term it is told of is of its own."""
    assert checks.told_too_much(COVENANT) == []


_SIGNAL = f'{{ type = "{NL}vroegsignaal.v1", van = "COR", naar = "GEM" }},'
_HELP = f'{{ type = "{NL}verwijzingsantwoord.v1", van = "SHV", naar = "GEM" }},'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_SIGNAL, _HELP),
        (_SIGNAL, f'{{ type = "{NL}verwijzing.v1" , naar = "MZO" }},'),
        ('door = ["nl.huurschuld.verwijzingsantwoord.v1"]\nbinnen = "3 werkdagen"\nmeldingen = [{ aan = ["ontvanger"',)
        * 2,
    ],
)
def test_a_verdict_that_tells_of_others_is_found(old: str, new: str) -> None:
    """Planted: a gate of the corporation's own change rests on referrals; a late referral is told to it."""
    new = new.replace('aan = ["ontvanger"', 'aan = ["ontvanger", "COR"') if old == new else new
    assert checks.told_too_much(planted(old, new))


def test_a_corporation_gets_these_fields_and_no_more() -> None:
    """Every field of every type with a route to a corporation, and every code in it, is on the list, with a reason."""
    assert checks.wrong_fields(CATALOGUE, COVENANT) == []
    assert all(field.why for fields in TO_CORPORATION.values() for field in fields.values())
    assert frozenset(Resultaat) == RIGHT_HAND_COLUMN


def test_a_field_too_many_is_found() -> None:
    """Planted: feedback with a reason; a type that goes to a corporation by a changed route."""
    assert checks.wrong_fields(with_field("reden", Annotated[str | None, DataClass.P2]), COVENANT) == [
        "terugkoppeling.reden: not on the list"
    ]
    routed = planted('{ van = "SWT", naar = "GEM" },', '{ van = "SWT", naar = "COR" },')
    assert "verwijzingsantwoord.contactpogingen[].soort: not on the list" in checks.wrong_fields(CATALOGUE, routed)


def test_a_code_too_many_is_found() -> None:
    """Planted: the municipality's own end result in place of its projection; a field that went missing."""
    fine = Annotated[Eindresultaat | None, Field(strict=False), DataClass.P2]
    assert checks.wrong_fields(with_field("resultaat", fine), COVENANT) == [
        "terugkoppeling.resultaat: other codes than on the list"
    ]
    less = {**CATALOGUE, code_of("afsluiting"): CATALOGUE[code_of("saldoverzoek")]}
    assert any("not in the type" in found for found in checks.wrong_fields(less, COVENANT))


def test_no_free_text_reaches_or_leaves_a_corporation() -> None:
    """Every text is a code, a date, an id, or a name, contact or reference form of the list."""
    assert checks.wrong_texts(CATALOGUE, COVENANT) == []
    assert all(TEXTS.values())


@pytest.mark.parametrize("form", [Toelichting, str], ids=["one line", "any"])
def test_a_free_text_is_found(form: Any) -> None:
    """Planted: a line of explanation, from the municipality and from the corporation."""
    for name in ("terugkoppeling", "wijziging"):
        found = checks.wrong_texts(with_field("toelichting", Annotated[form | None, DataClass.P2], name), COVENANT)
        assert f"{name}.toelichting: a text" in found
    assert ("wijziging.toelichting: a text without a form" in found) is (form is str)


def test_no_citizen_service_number_from_or_to_a_corporation() -> None:
    """No field is one, and a text lets nine digits through only where the list says how and why (UAVG art. 46)."""
    assert checks.wrong_numbers(CATALOGUE, COVENANT) == []


def test_a_citizen_service_number_is_found() -> None:
    """Planted: a field of that form or name, a text with room for one, and the referral on its way to a corporation."""
    number = Annotated[Bsn | None, DataClass.P3]
    assert any("a citizen service number" in f for f in checks.wrong_numbers(with_field("bsn", number), COVENANT))
    assert any("takes" in f for f in checks.wrong_numbers(with_field("kenmerk", number), COVENANT))
    loose = Annotated[str | None, Field(max_length=20), DataClass.P1]
    assert any("terugkoppeling.kenmerk" in f for f in checks.wrong_numbers(with_field("kenmerk", loose), COVENANT))
    routed = planted('{ van = "GEM", naar = "SWT" },', '{ van = "GEM", naar = "COR" },')
    assert "verwijzing.huurder.bsn: a citizen service number" in checks.wrong_numbers(CATALOGUE, routed)


def _texts() -> dict[str, str]:
    """Everything that says something to somebody: schemas with their titles and examples, texts, the covenant."""
    files = [
        *(Path(schemas.__file__).parent / "texts").glob("*.toml"),
        *checks.PUBLISHED.glob("*/*.json"),
        *checks.PUBLISHED.glob("*/*/*.json"),  # what is refused stands a folder deeper
        *(Path(schemas.__file__).parent / "covenants").glob("*.toml"),
    ]
    return {path.name: path.read_text("utf-8") for path in files}


def test_residence_detention_and_nationality_cannot_be_said() -> None:
    """No name, code, example, title, explanation or rule anywhere has a word for them (DOMAIN 3.5)."""
    texts = _texts()
    assert {"nl.toml", "velden.toml", "leidse-regio.toml", "vroegsignaal.v1.schema.json"} <= texts.keys()
    assert checks.wrong_words(texts) == []
    assert checks.wrong_words({code: str(schema_of(item)) for code, item in CATALOGUE.items()}) == []


@pytest.mark.parametrize(
    "text",
    [
        "rechtmatigVerblijf",
        "GEEN_RECHTMATIG_VERBLIJF",
        "HUURDER_IN_DETENTIE",
        "Nationaliteit",
        "unlawful stay",
        "illegaal",
    ],
)
def test_such_a_word_is_found(text: str) -> None:
    """Planted: a field, codes and texts that say it; a dwelling (verblijfsobject) is no residence."""
    assert checks.wrong_words({"here": f"verblijfsobject {text}"})


def test_examples_of_what_is_refused_do_say_it() -> None:
    """The examples that are refused name what cannot be said, so the search of the others does find such words."""
    refused = {path.name: path.read_text("utf-8") for path in checks.PUBLISHED.glob("examples/*/geweigerd/*.json")}
    assert len(checks.wrong_words(refused)) >= 5


def test_receipts_and_notices_say_no_more() -> None:
    """What travels beside messages holds parties, times, places in the log and codes, field by field on the list."""
    for name, (model, title, text) in WIRE.items():
        if name != "envelop":
            assert set(checks.leaves_of(model)) == RECEIPTS[name], name
        assert checks.wrong_words({name: title + text}) == []
    assert RECEIPTS.keys() | {"envelop"} == WIRE.keys()
    assert set(RecipientRefusal) == RECIPIENT_REFUSALS


@pytest.mark.parametrize("sending", [True, False], ids=["at the municipality", "at the corporation"])
def test_a_municipality_never_calls_a_tenant_excluded(sending: bool) -> None:
    """UITGESLOTEN is the corporation's own word: from a municipality it would tell what it found in its registers."""
    convenant = load_covenant(leidse_regio())
    boxes = [Mailbox("urn:nld:oin:00000099000000101000:systeem:vroegsignalering"),
             Mailbox("urn:nld:oin:00000099000000001000:systeem:huur")]  # fmt: skip
    bericht = {"uitkomst": "UITGESLOTEN", "datum": "2027-01-01", "bewarenTot": "2027-07-01"}
    ids = (MessageId(f"019a9f3e-7c00-7abc-8def-00000000000{n}") for n in range(2))
    made = Passed(next(ids), code_of("afsluiting"), boxes[0], boxes[1], None, bericht, datetime(2027, 1, 1, tzinfo=UTC))
    codes = {found.code for found in objections(convenant, made, (), sending=sending)}
    assert "uitgesloten-door-corporatie" in codes
