"""The three messages of the early signal: every field, condition and class of the domain's table."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from schemas.berichten.blokken import Achterstand, Contactsoort, Huurder
from schemas.berichten.klassen import DataClass, data_class, highest, leaves
from schemas.berichten.projectie import PROJECTIE, Eindresultaat, project
from schemas.berichten.signaal import (
    RESULTATEN,
    Resultaat,
    Signaalstatus,
    Terugkoppeling,
    Vroegsignaal,
    Wijziging,
    WijzigingReden,
)
from schemas.catalogue import CATALOGUE

EXAMPLES = Path(__file__).parents[3] / "schemas" / "published" / "examples"
MODELS = (Vroegsignaal, Terugkoppeling, Wijziging)
TEST_BSN = "999990019"
CASE = "019a9f3e-7c00-7abc-8def-0123456789ab"
EXEMPT = {"huurder.referentieCorporatie", "medehuurder.referentieCorporatie"}


def _example(name: str, which: str = "volledig") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / name / f"{which}.json").read_text(encoding="utf-8"))
    return found


def _put(obj: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Give a copy with the leaf at a dotted path replaced."""
    changed = copy.deepcopy(obj)
    place: Any = changed
    *blocks, leaf = path.split(".")
    for block in blocks:
        place = place[block]
        place = place[0] if isinstance(place, list) else place
    place[leaf] = [value] if isinstance(place[leaf], list) else value
    return changed


ALL_LEAVES = [(model, path) for model in MODELS for path, _ in leaves(model)]


@pytest.mark.parametrize("model", MODELS)
def test_every_leaf_has_a_class(model: type[BaseModel]) -> None:
    """How sensitive a field is stands on the field itself."""
    assert [path for path, field in leaves(model) if data_class(field) is None] == []


def test_a_leaf_without_class_is_noticed() -> None:
    """The check above can fail: a field that nobody classed gives no class."""

    class Planted(BaseModel):
        blok: Achterstand
        vergeten: str

    found = {path: data_class(field) for path, field in leaves(Planted)}
    assert found["vergeten"] is None
    assert found["blok.bedragCent"] is DataClass.P2


def test_classes_are_those_of_the_domain() -> None:
    """Contact data are P1, arrears P2, the covenant's exclusion P4; nothing from or to a corporation is P3."""
    classes = {path: data_class(field) for path, field in leaves(Vroegsignaal)}
    assert {kind for path, kind in classes.items() if path.startswith("achterstand.")} == {DataClass.P2}
    assert {kind for path, kind in classes.items() if path.startswith("incassoVerantwoording.")} == {DataClass.P1}
    assert classes["convenantUitsluiting"] is DataClass.P4
    assert classes["huurder.achternaam"] is DataClass.P1
    assert DataClass.P3 not in {data_class(field) for model in MODELS for _, field in leaves(model)}
    assert [highest(model) for model in MODELS] == [DataClass.P4, DataClass.P2, DataClass.P2]


@pytest.mark.parametrize(("model", "path"), ALL_LEAVES, ids=lambda item: getattr(item, "__name__", item))
def test_a_bsn_is_refused_in_every_field(model: type[BaseModel], path: str) -> None:
    """No leaf takes a test person's number, bare or inside the form that the field has; references aside."""
    example = _example(model.__name__.lower())
    if "medehuurder" in example:
        example["medehuurder"] = example["huurder"]
    for value in (TEST_BSN, int(TEST_BSN), f"Bewind {TEST_BSN}", f"{TEST_BSN}@example.org", f"+{TEST_BSN}"):
        if path in EXEMPT or (path.endswith("bedragCent") and isinstance(value, int)):
            continue
        with pytest.raises(ValidationError) as caught:
            model.model_validate(_put(example, path, value))
        assert TEST_BSN not in str(caught.value)


def test_a_reference_is_no_citizen_service_number() -> None:
    """A corporation's reference that passes the 11-proof is refused, and what to do about it is told."""
    with pytest.raises(ValidationError, match="a letter or a dash between its digits"):
        Vroegsignaal.model_validate(_put(_example("vroegsignaal"), "huurder.referentieCorporatie", TEST_BSN))


@pytest.mark.parametrize("model", MODELS)
def test_unknown_and_missing_fields_are_refused(model: type[BaseModel]) -> None:
    """Each block is closed, and each required field is asked for."""
    minimal = _example(model.__name__.lower(), "minimaal")
    with pytest.raises(ValidationError):
        model.model_validate(minimal | {"bsn": TEST_BSN})
    for key in minimal:
        with pytest.raises(ValidationError):
            model.model_validate({name: value for name, value in minimal.items() if name != key})


def test_a_model_cannot_be_changed() -> None:
    """What was checked stays what it was."""
    model = Wijziging(signaalId=CASE, reden="BETAALD")
    with pytest.raises(ValidationError):
        model.reden = WijzigingReden.UITSLUITING


@pytest.mark.parametrize("value", [1.2, 0, 1, 99.9, 0.1, 12, Decimal("2.0"), Decimal("2.30")])
def test_months_are_exact(value: float | Decimal) -> None:
    """A number of months is read as the decimal that its text says, and spelled as that number again."""
    given = {"bedragCent": 1, "peildatum": "2026-11-20", "ontstaansdatum": "2026-11-20", "aantalMaanden": value}
    model = Achterstand.model_validate(given)
    assert model.aantalMaanden == Decimal(str(value))
    assert f'"aantalMaanden":{Decimal(str(value)).normalize():f}}}' in model.spell().decode()


def test_every_number_of_months_survives() -> None:
    """All thousand values of dec(3,1) go to JSON text and back unchanged."""
    for tenths in range(1000):
        months = Decimal(tenths) / 10
        given = {"bedragCent": 1, "peildatum": "2026-11-20", "ontstaansdatum": "2026-11-20", "aantalMaanden": months}
        text = Achterstand.model_validate(given).spell()
        assert json.loads(text, parse_float=Decimal, parse_int=Decimal)["aantalMaanden"] == months
        assert Achterstand.parse(text).aantalMaanden == months


@pytest.mark.parametrize(
    "value",
    [
        "1.2",
        True,
        None,
        1.25,
        -0.1,
        100,
        99.91,
        float("nan"),
        float("inf"),
        Decimal("1.0000000000000000000000000000001"),
    ],
)
def test_other_months_are_refused(value: object) -> None:
    """Texts, a second decimal, negatives, a hundred and what is no number are refused."""
    with pytest.raises(ValidationError):
        Achterstand.model_validate(
            {"bedragCent": 1, "peildatum": "2026-11-20", "ontstaansdatum": "2026-11-20", "aantalMaanden": value}
        )


@pytest.mark.parametrize(
    "value",
    [
        "20261120",
        "20-11-2026",
        "2026-11-20T00:00:00",
        "2026-1-2",
        "2026-02-30",
        "2026-W47-5",
        " 2026-11-20",
        "2026-11-20\n",
        chr(0xFF12) + "026-11-20",
        20261120,
        True,
        1.0,
    ],
)
def test_other_dates_are_refused(value: object) -> None:
    """A date has one spelling, and exists."""
    with pytest.raises(ValidationError):
        Achterstand.model_validate(
            {"bedragCent": 1, "peildatum": value, "ontstaansdatum": "2026-01-01", "aantalMaanden": 1}
        )


@pytest.mark.parametrize("value", [0, -1, 10**12, 1.0, "1", True])
def test_other_amounts_are_refused(value: object) -> None:
    """An amount is whole cents, above zero."""
    with pytest.raises(ValidationError):
        Achterstand.model_validate(
            {"bedragCent": value, "peildatum": "2026-01-02", "ontstaansdatum": "2026-01-01", "aantalMaanden": 1}
        )


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("achternaam", ["", " Voorbeeld", "Voorbeeld\n", "V" * 201, "<b>", "Voorbeeld;", "Voorbeeld2", "Пример"]),
        ("voorletters", ["", "T.E.T.E.T.E.T.E.T.E.T", "1", "T_"]),
        ("postcode", ["2311 AA", "2311aa", "0311AA", "2311SS", "2311A"]),
        ("huisnummer", [0, 100_000, -1, "1", 1.0, True]),
        ("huisletter", ["", "AB", "1", "é"]),
        ("huisnummertoevoeging", ["", "12345", "a b", "é"]),
        ("adresseerbaarObjectId", ["0546", "054601000000000", "0546200000000001", "0546010000000001 "]),
        ("telefoon", ["0612345678", "+0612345678", "+31 612345678", "+316", "+3161234567890123"]),
        (
            "email",
            ["a", "a@b", "@example.org", "a@example.org ", "a b@example.org", "a..b@example.org", "é@example.org"],
        ),
        ("referentieCorporatie", ["", " 1", "1 ", "x" * 36, "é", "1\n2"]),
        ("woonplaats", ["", "Leiden 2", "L" * 81]),
        ("geboortedatum", ["1990", "28-02-1990"]),
    ],
)
def test_a_field_keeps_its_form(field: str, bad: list[object]) -> None:
    """Each field of the tenant refuses what has not its form."""
    tenant = _example("vroegsignaal")["huurder"]
    Huurder.model_validate(tenant)
    for value in bad:
        with pytest.raises(ValidationError):
            Huurder.model_validate(tenant | {field: value})


@pytest.mark.parametrize(
    "name", ["Müller-Łukasiewicz", "'t Hart", chr(0x2019) + "s-Gravesande", "d'Ancona", "De Vries, e/v Çelik", "Ở"]
)
def test_names_are_taken_as_they_are(name: str) -> None:
    """Names with diacritics, apostrophes and hyphens pass."""
    tenant = _example("vroegsignaal")["huurder"]
    assert Huurder.model_validate(tenant | {"achternaam": name}).achternaam == name


def test_contact_kinds_are_those_of_ddas() -> None:
    """DDAS v1.2 has ten kinds of contact."""
    assert len(Contactsoort) == 10
    assert {"Huisbezoek", "Telefoon", "SMS/Whatsapp"} <= set(Contactsoort)


@pytest.mark.parametrize("status", Signaalstatus)
@pytest.mark.parametrize("result", [None, *Resultaat])
def test_a_result_goes_with_its_status(status: Signaalstatus, result: Resultaat | None) -> None:
    """Taken up: no result yet. Ended: exactly one of the results of that status."""
    given = _example("terugkoppeling", "minimaal") | {"status": status.value}
    given |= {} if result is None else {"resultaat": result.value}
    allowed = result in RESULTATEN[status] if result else not RESULTATEN[status]
    if allowed:
        assert Terugkoppeling.model_validate(given).resultaat is result
    else:
        with pytest.raises(ValidationError):
            Terugkoppeling.model_validate(given)


@pytest.mark.parametrize("reason", WijzigingReden)
@pytest.mark.parametrize("with_arrears", [True, False])
def test_arrears_come_exactly_with_a_changed_amount(reason: WijzigingReden, with_arrears: bool) -> None:
    """A changed amount says the new one; any other change says nothing about money."""
    given: dict[str, Any] = {"signaalId": CASE, "reden": reason.value}
    given |= {"achterstand": _example("wijziging")["achterstand"]} if with_arrears else {}
    if with_arrears is (reason is WijzigingReden.BEDRAG_GEWIJZIGD):
        assert Wijziging.model_validate(given).reden is reason
    else:
        with pytest.raises(ValidationError):
            Wijziging.model_validate(given)


def test_the_landlord_cannot_learn_why() -> None:
    """Whatever the other reason is, the landlord sees one thing; and no result hides behind two statuses."""
    assert project(Eindresultaat.ANDERE_REDEN) == (Signaalstatus.NIET_OPGEPAKT, Resultaat.NIET_OPGEPAKT)
    assert [e for e, seen in PROJECTIE.items() if seen is Resultaat.NIET_OPGEPAKT] == [Eindresultaat.ANDERE_REDEN]
    assert project(Eindresultaat.AL_BEKEND) == project(Eindresultaat.ANDER_TRAJECT)
    told = [result for results in RESULTATEN.values() for result in results]
    assert sorted(told) == sorted(Resultaat)


def test_the_projection_is_total() -> None:
    """Every result that a municipality can register has one that a landlord may see, and all of those are used."""
    assert set(PROJECTIE) == set(Eindresultaat)
    assert len(Eindresultaat) == 16
    assert set(PROJECTIE.values()) == set(Resultaat)


def test_python_values_are_taken_too() -> None:
    """Code that builds a message may hand in dates, enumerations and tuples instead of their JSON spelling."""
    from_json = _example("wijziging")
    built = Wijziging.model_validate(
        {
            "signaalId": CASE,
            "reden": WijzigingReden.BEDRAG_GEWIJZIGD,
            "achterstand": from_json["achterstand"] | {"peildatum": date(2026, 12, 1), "aantalMaanden": Decimal("0.6")},
        }
    )
    assert built == Wijziging.model_validate(from_json)


def test_codes_follow_from_names() -> None:
    """A type is known by the code of its name and major version; all seventeen, in the order of the domain's table."""
    names = (
        "vroegsignaal terugkoppeling wijziging verwijzing verwijzingsantwoord zorgmelding opschortingsverzoek "
        "opschortingsbesluit saldoverzoek saldo-opgave regelingsvoorstel regelingsbesluit regelingsstatus "
        "dreigende-ontruiming ontruimingsantwoord ontruimingsuitkomst afsluiting"
    )
    assert list(CATALOGUE) == [f"nl.huurschuld.{name}.v1" for name in names.split()]
    shorts = "VSM VST VSI VRW VRA ZGM OPV OPB SLV SLA BRV BRB BRS DON DOA OUT AFS"
    assert " ".join(item.short for item in CATALOGUE.values()) == shorts
