"""The three messages of the eviction: every bound, condition and class, and the law's days and months."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas.berichten.geldvormen import Zaaknummer
from schemas.berichten.klassen import DataClass, data_class, leaves
from schemas.berichten.ontruiming import (
    TYPEN,
    Afloop,
    Antwoorduitkomst,
    DreigendeOntruiming,
    Minderjarigen,
    Ontruimingsantwoord,
    Ontruimingsfase,
    Ontruimingsuitkomst,
)

EXAMPLES = Path(__file__).parents[3] / "schemas" / "published" / "examples"
TEST_BSN = "999990019"
CASE = "019a9f3e-7c00-7abc-8def-0123456789ab"
HELD = {Antwoorduitkomst.GESPREK_GEVOERD, Antwoorduitkomst.HULP_GEACCEPTEERD, Antwoorduitkomst.HULP_NIET_AANGENOMEN}


def _example(name: str, which: str = "volledig") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / name / f"{which}.json").read_text(encoding="utf-8"))
    return found


def _answer(**changes: object) -> dict[str, Any]:
    """Give the least answer, on 10 June 2027, with some fields added or replaced."""
    return _example("ontruimingsantwoord", "minimaal") | changes


def _refused(model: type[BaseModel], given: dict[str, Any], about: str) -> None:
    with pytest.raises(ValidationError, match=about) as caught:
        model.model_validate(given)
    assert len(caught.value.errors()) == 1


def test_what_the_family_is() -> None:
    """Three types, each with a legal basis in one line that the covenant can quote; all of it is P2."""
    assert [(item.name, item.short, item.model) for item in TYPEN] == [
        ("dreigende-ontruiming", "DON", DreigendeOntruiming),
        ("ontruimingsantwoord", "DOA", Ontruimingsantwoord),
        ("ontruimingsuitkomst", "OUT", Ontruimingsuitkomst),
    ]
    assert all(len(item.legal_basis) <= 300 and item.legal_basis.isprintable() for item in TYPEN)
    assert {data_class(field) for item in TYPEN for _, field in leaves(item.model)} == {DataClass.P2}


def test_the_landlord_learns_no_more_than_it_may() -> None:
    """An answer has these fields and these outcomes: no reason, no text, nothing of which help it is."""
    assert set(Ontruimingsantwoord.model_fields) == {
        "betreft",
        "uitkomst",
        "datum",
        "gesprekGeplandOp",
        "gevoerdOp",
        "verzoekUitstelTot",
        "moratoriumAangevraagd",
        "moratoriumVerleendTot",
    }
    assert set(Antwoorduitkomst) == {
        "GESPREK_GEPLAND",
        "GESPREK_GEVOERD",
        "GEEN_CONTACT",
        "HULP_GEACCEPTEERD",
        "HULP_NIET_AANGENOMEN",
    }


@pytest.mark.parametrize("phase", Ontruimingsfase)
@pytest.mark.parametrize("with_day", [True, False])
def test_a_day_comes_exactly_with_the_announcement(phase: Ontruimingsfase, with_day: bool) -> None:
    """An eviction has a day when it was announced, and none before."""
    given = _example("dreigende-ontruiming") | {"fase": phase.value}
    given = given if with_day else {key: item for key, item in given.items() if key != "ontruimingOp"}
    if with_day is (phase is Ontruimingsfase.AANGEZEGD):
        assert DreigendeOntruiming.model_validate(given).fase is phase
    else:
        _refused(DreigendeOntruiming, given, "exactly when fase")


@pytest.mark.parametrize(("on", "fits"), [("2027-06-10", True), ("2027-06-09", False), ("2027-06-01", False)])
def test_three_days_lie_before_an_eviction(on: str, fits: bool) -> None:
    """Rv art. 555: announced on the 7th, evicted on the 10th at the earliest."""
    given = _example("dreigende-ontruiming") | {"fasedatum": "2027-06-07", "ontruimingOp": on}
    if fits:
        assert DreigendeOntruiming.model_validate(given).ontruimingOp
    else:
        _refused(DreigendeOntruiming, given, "Rv art. 555")


@pytest.mark.parametrize("count", [0, 1, 50, 51])
def test_signals_are_fifty_at_most(count: int) -> None:
    """A threat names the signals before it; without one it is told all the same (DOMAIN 3.5)."""
    ids = [f"019a9f3e-7c00-7abc-8def-{at:012x}" for at in range(count)]
    given = _example("dreigende-ontruiming", "minimaal") | {"signaalIds": ids}
    if count <= 50:
        assert list(DreigendeOntruiming.model_validate(given).signaalIds) == ids
    else:
        _refused(DreigendeOntruiming, given, "Tuple should have")


def test_a_signal_is_named_once() -> None:
    """The same signal twice is one signal, and refused as two."""
    given = _example("dreigende-ontruiming", "minimaal") | {"signaalIds": [CASE, CASE]}
    _refused(DreigendeOntruiming, given, "each signal once")


@pytest.mark.parametrize(
    "number",
    [
        "11234567 RL EXPL 27-1234",
        "1234567 CV EXPL 26-1",
        "11234567",
        "ECLI:NL:RBDHA:2027:1234",
        "ECLI:NL:HR:1999:AB1234",
    ],
)
def test_case_numbers_are_taken(number: str) -> None:
    """The court's own number, with or without the roll, and the European one."""
    assert TypeAdapter(Zaaknummer).validate_python(number) == number


@pytest.mark.parametrize(
    "number",
    [
        "",
        "123456",
        TEST_BSN,
        f"ECLI:NL:RBDHA:2027:{TEST_BSN}",
        "11234567 rl expl 27-1234",
        "ECLI:DE:BGH:2027:1",
        "zaak 11234567",
        "11234567\n",
    ],
)
def test_other_case_numbers_are_refused(number: str) -> None:
    """No words, no other country's, no citizen service number; nothing of it is repeated."""
    with pytest.raises(ValidationError) as caught:
        DreigendeOntruiming.model_validate(_example("dreigende-ontruiming") | {"zaaknummer": number})
    assert TEST_BSN not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "bad"), [("deurwaarder", ["", f"Deurwaarder {TEST_BSN}", "<b>"]), ("minderjarigen", [2, True, "TWEE"])]
)
def test_other_fields_keep_their_form(field: str, bad: list[object]) -> None:
    """A firm has a name without a citizen service number; of minors only whether, never who or how many."""
    assert set(Minderjarigen) == {"JA", "NEE", "ONBEKEND"}
    for value in bad:
        with pytest.raises(ValidationError) as caught:
            DreigendeOntruiming.model_validate(_example("dreigende-ontruiming") | {field: value})
        assert TEST_BSN not in str(caught.value)


@pytest.mark.parametrize("outcome", Antwoorduitkomst)
@pytest.mark.parametrize("planned", [True, False])
@pytest.mark.parametrize("held", [True, False])
def test_dates_go_with_the_outcome(outcome: Antwoorduitkomst, planned: bool, held: bool) -> None:
    """A planned talk has its day, a talk that was held has its day, and no other outcome has either."""
    given = _answer(uitkomst=outcome.value)
    given |= {"gesprekGeplandOp": "2027-06-10"} if planned else {}
    given |= {"gevoerdOp": "2027-06-10"} if held else {}
    if planned is (outcome is Antwoorduitkomst.GESPREK_GEPLAND) and held is (outcome in HELD):
        assert Ontruimingsantwoord.model_validate(given).uitkomst is outcome
    else:
        _refused(Ontruimingsantwoord, given, "exactly when uitkomst")


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"uitkomst": "GESPREK_GEPLAND", "gesprekGeplandOp": "2027-06-09"}, "gesprekGeplandOp is not before"),
        ({"uitkomst": "GESPREK_GEVOERD", "gevoerdOp": "2027-06-11"}, "gevoerdOp is not after"),
        ({"verzoekUitstelTot": "2027-06-09"}, "verzoekUitstelTot is not before"),
        ({"moratoriumAangevraagd": True, "moratoriumVerleendTot": "2027-06-09"}, "moratoriumVerleendTot is not before"),
    ],
)
def test_dates_lie_on_the_right_side(changes: dict[str, object], about: str) -> None:
    """What was held is past, what is planned, asked for or granted is not."""
    _refused(Ontruimingsantwoord, _answer(**changes), about)


@pytest.mark.parametrize(
    ("on", "last", "after"),
    [
        ("2027-06-10", "2027-12-10", "2027-12-11"),
        ("2027-08-31", "2028-02-29", "2028-03-01"),
        ("2026-08-31", "2027-02-28", "2027-03-01"),
        ("2026-12-31", "2027-06-30", "2027-07-01"),
    ],
)
def test_a_moratorium_lasts_six_months(on: str, last: str, after: str) -> None:
    """Fw art. 287b: six months of the calendar, the last day of a shorter month included."""
    given = _answer(datum=on, moratoriumAangevraagd=True, moratoriumVerleendTot=last)
    assert Ontruimingsantwoord.model_validate(given).moratoriumVerleendTot
    _refused(Ontruimingsantwoord, given | {"moratoriumVerleendTot": after}, "Fw art. 287b")


def test_a_moratorium_is_asked_for_first() -> None:
    """Asked for and not granted yet is fine; granted and not asked for is not."""
    assert Ontruimingsantwoord.model_validate(_answer(moratoriumAangevraagd=True)).moratoriumVerleendTot is None
    _refused(
        Ontruimingsantwoord, _answer(moratoriumVerleendTot="2027-07-01"), "only when moratoriumAangevraagd is true"
    )
    for value in (1, "true", None):
        with pytest.raises(ValidationError):
            Ontruimingsantwoord.model_validate(_answer(moratoriumAangevraagd=value))


@pytest.mark.parametrize("outcome", Afloop)
@pytest.mark.parametrize("with_day", [True, False])
def test_a_new_day_comes_exactly_with_postponement(outcome: Afloop, with_day: bool) -> None:
    """Postponed is to a day; any other outcome has none."""
    given = _example("ontruimingsuitkomst", "minimaal") | {"uitkomst": outcome.value}
    given |= {"nieuweDatum": "2027-07-13"} if with_day else {}
    if with_day is (outcome is Afloop.UITGESTELD):
        assert Ontruimingsuitkomst.model_validate(given).uitkomst is outcome
    else:
        _refused(Ontruimingsuitkomst, given, "exactly when uitkomst")


@pytest.mark.parametrize(("new", "fits"), [("2027-06-23", True), ("2027-06-22", False), ("2027-06-21", False)])
def test_the_new_day_is_later(new: str, fits: bool) -> None:
    """From the 22nd an eviction is postponed to the 23rd or later."""
    given = _example("ontruimingsuitkomst") | {"datum": "2027-06-22", "nieuweDatum": new}
    if fits:
        assert Ontruimingsuitkomst.model_validate(given).nieuweDatum
    else:
        _refused(Ontruimingsuitkomst, given, "nieuweDatum is after datum")
