"""The three messages of the payment plan: every bound, condition and class, and the rules of the minimum."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas.berichten.geldvormen import Betaalreferentie, Iban
from schemas.berichten.klassen import DataClass, data_class, leaves
from schemas.berichten.regeling import (
    TYPEN,
    Besluit,
    BestaansminimumToets,
    Regelingsbesluit,
    Regelingsstatus,
    Regelingstand,
    Regelingsvoorstel,
    RegelingWeigerreden,
    Toetsmethode,
    Toetsuitkomst,
)

EXAMPLES = Path(__file__).parents[3] / "schemas" / "published" / "examples"
TEST_BSN = "999990019"
FACTS = ("methode", "toetsdatum", "toetser", "maxTermijnbedragCent")


def _example(name: str, which: str = "volledig") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / name / f"{which}.json").read_text(encoding="utf-8"))
    return found


def _plan(**changes: object) -> dict[str, Any]:
    """Give the full proposal with some fields replaced; those of the test by their own names."""
    plan = _example("regelingsvoorstel")
    inside = {key: item for key, item in changes.items() if key in FACTS or key == "uitkomst"}
    return (
        plan
        | {key: item for key, item in changes.items() if key not in inside}
        | {"bestaansminimumToets": plan["bestaansminimumToets"] | inside}
    )


def _refused(model: type[BaseModel], given: dict[str, Any], about: str) -> None:
    with pytest.raises(ValidationError, match=about) as caught:
        model.model_validate(given)
    assert len(caught.value.errors()) == 1


def test_what_the_family_is() -> None:
    """Three types on one legal basis, in one line that the covenant can quote."""
    assert [(item.name, item.short, item.model) for item in TYPEN] == [
        ("regelingsvoorstel", "BRV", Regelingsvoorstel),
        ("regelingsbesluit", "BRB", Regelingsbesluit),
        ("regelingsstatus", "BRS", Regelingsstatus),
    ]
    assert {item.data_class for item in TYPEN} == {DataClass.P2}
    assert all(len(item.legal_basis) <= 300 and item.legal_basis.isprintable() for item in TYPEN)


def test_classes_are_those_of_the_domain() -> None:
    """Money is P2, the landlord's own account and reference G, and no field is left without."""
    classes = {path: data_class(field) for item in TYPEN for path, field in leaves(item.model)}
    free = {path for path, found in classes.items() if found is DataClass.G}
    assert free == {"betaalreferentie", "ibanCorporatie"}
    assert set(classes.values()) == {DataClass.P2, DataClass.G}


def test_nothing_of_income_travels() -> None:
    """R6: of a test there is its outcome, how, when and by whom it was made, and the most a term may be."""
    assert set(BestaansminimumToets.model_fields) == {"uitkomst", *FACTS}
    for name in ("inkomenCent", "uitgavenCent", "toelichting", "bsn"):
        _refused(BestaansminimumToets, {"uitkomst": "NIET_GETOETST", name: 1}, "Extra inputs")


@pytest.mark.parametrize("outcome", Toetsuitkomst)
@pytest.mark.parametrize("missing", [None, *FACTS])
def test_a_test_has_its_facts(outcome: Toetsuitkomst, missing: str | None) -> None:
    """All four facts are there when somebody tested, and none of them when nobody did."""
    facts = {key: item for key, item in _plan()["bestaansminimumToets"].items() if key != missing}
    given = facts | {"uitkomst": outcome.value}
    if outcome is Toetsuitkomst.NIET_GETOETST:
        _refused(BestaansminimumToets, given, "exactly when uitkomst")
        assert BestaansminimumToets.model_validate({"uitkomst": outcome.value}).methode is None
    elif missing is None:
        assert BestaansminimumToets.model_validate(given).methode is Toetsmethode.VTLB
    else:
        _refused(BestaansminimumToets, given, "exactly when uitkomst")


def test_each_fact_alone_is_too_much_without_a_test() -> None:
    """One fact of a test that nobody made is refused, whichever it is."""
    for name in FACTS:
        given = {"uitkomst": "NIET_GETOETST", name: _plan()["bestaansminimumToets"][name]}
        _refused(BestaansminimumToets, given, "exactly when uitkomst")


def test_a_tester_is_an_organisation() -> None:
    """R4 can be checked by the connector: the tester is an OIN that may exist."""
    for wrong in (TEST_BSN, "Kredietbank", "00000003123456780001"):
        _refused(Regelingsvoorstel, _plan(toetser=wrong), "an OIN")


@pytest.mark.parametrize(
    ("term", "most", "fits"), [(0, 0, True), (6000, 6000, True), (6000, 5999, False), (1, 0, False)]
)
def test_a_term_is_within_the_test(term: int, most: int, fits: bool) -> None:
    """R2: a term may be the most that the test allows, not a cent more."""
    given = _plan(termijnbedragCent=term, maxTermijnbedragCent=most)
    if fits:
        assert Regelingsvoorstel.model_validate(given).termijnbedragCent == term
    else:
        _refused(Regelingsvoorstel, given, "R2")


def test_r2_holds_for_a_failed_test_too() -> None:
    """What the test allows is allowed whatever its outcome: the outcome is about the whole plan."""
    _refused(Regelingsvoorstel, _plan(uitkomst="VOLDOET_NIET", maxTermijnbedragCent=1), "R2")
    assert Regelingsvoorstel.model_validate(_plan(uitkomst="VOLDOET_NIET"))


@pytest.mark.parametrize(
    ("until", "fits"), [("2027-01-01", True), ("2027-01-31", True), ("2027-02-01", False), ("2026-12-31", False)]
)
def test_an_untested_plan_lasts_thirty_days(until: str, fits: bool) -> None:
    """R3: thirty days after the start at the latest, and not before it."""
    given = _example("regelingsvoorstel", "minimaal") | {"voorlopigTot": until}
    if fits:
        assert Regelingsvoorstel.model_validate(given).voorlopigTot == date.fromisoformat(until)
    else:
        _refused(Regelingsvoorstel, given, "R3")


def test_a_plan_at_the_end_of_time_is_no_crash() -> None:
    """Days are counted, not added, so that the last day of the calendar is like any other."""
    given = _example("regelingsvoorstel", "minimaal") | {"startdatum": "9999-12-31", "voorlopigTot": "9999-12-31"}
    assert Regelingsvoorstel.model_validate(given).startdatum == date.max


@pytest.mark.parametrize(
    ("total", "term", "terms", "fits"),
    [(100, 0, 120, True), (101, 50, 3, True), (100, 50, 3, False), (1, 10**6, 1, True), (100, 100, 2, False)],
)
def test_a_plan_never_collects_more_than_its_total(total: int, term: int, terms: int, fits: bool) -> None:
    """The last term takes the rest, and there is a rest; a term of nothing is deferral (DOMAIN 1.3)."""
    given = _plan(totaalCent=total, termijnbedragCent=term, aantalTermijnen=terms, maxTermijnbedragCent=10**6)
    if fits:
        assert Regelingsvoorstel.model_validate(given).aantalTermijnen == terms
    else:
        _refused(Regelingsvoorstel, given, "less than totaalCent")


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("totaalCent", [0, -1, 10**12, 1.0, "1", True]),
        ("termijnbedragCent", [-1, 10**12, 60.0, "6000", False]),
        ("aantalTermijnen", [0, 121, -1, 1.0, "1", True]),
        ("startdatum", ["01-01-2027", "2027-02-30", 20270101]),
        ("betaalreferentie", ["", " 1", "1" * 36, "é1", "huur", "dag 2", "F1,2", TEST_BSN, f"huur-{TEST_BSN}"]),
        (
            "ibanCorporatie",
            ["NL13TEST0123456798", "NL13 TEST 0123 4567 89", "nl13test0123456789", "BE68539007547034", ""],
        ),
    ],
)
def test_a_field_keeps_its_form(field: str, bad: list[object]) -> None:
    """Each field of a deferral refuses what has not its form, for that alone, and repeats nothing of it."""
    Regelingsvoorstel.model_validate(_plan(termijnbedragCent=0, aantalTermijnen=120))
    for value in bad:
        with pytest.raises(ValidationError) as caught:
            Regelingsvoorstel.model_validate(_plan(termijnbedragCent=0) | {field: value})
        assert [error["loc"] for error in caught.value.errors()] == [(field,)]
        assert TEST_BSN not in str(caught.value)


@pytest.mark.parametrize("digits", ["00", "01", "99"])
def test_an_account_has_one_spelling(digits: str) -> None:
    """Check digits that mod 97 takes for others are none: 98 is not also written 01."""
    iban = TypeAdapter(Iban)
    right = next(
        f"NL{at:02d}TEST0000000{low:03d}" for low in range(1000) for at in [_same(digits)] if _mod(at, low) == 1
    )
    assert iban.validate_python(right) == right
    with pytest.raises(ValidationError):
        iban.validate_python(f"NL{digits}{right[4:]}")


def _same(digits: str) -> int:
    """Give the check digits from 02 to 98 that mod 97 cannot tell from these."""
    return {"00": 97, "01": 98, "99": 2}[digits]


def _mod(check: int, low: int) -> int:
    account = f"TEST0000000{low:03d}NL{check:02d}"
    return int("".join(str(int(char, 36)) for char in account)) % 97


def test_every_typing_error_in_an_account_is_seen() -> None:
    """One digit changed, or two neighbours swapped, and the check digits are wrong."""
    iban, right = TypeAdapter(Iban), "NL13TEST0123456789"
    assert iban.validate_python(right) == right
    changed = {right[:at] + digit + right[at + 1 :] for at in range(8, 18) for digit in "0123456789"} - {right}
    swapped = {right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in range(8, 17)} - {right}
    for wrong in changed | swapped:
        with pytest.raises(ValidationError):
            iban.validate_python(wrong)


def test_a_reference_of_nine_other_digits_is_taken() -> None:
    """Nine digits that are no citizen service number are a payment reference like any other."""
    assert TypeAdapter(Betaalreferentie).validate_python("123456789") == "123456789"


@pytest.mark.parametrize("decision", Besluit)
@pytest.mark.parametrize("reason", [None, *RegelingWeigerreden])
def test_a_reason_goes_with_a_refusal(decision: Besluit, reason: RegelingWeigerreden | None) -> None:
    """Who refuses says why from the list; who does not, says nothing."""
    given = _example("regelingsbesluit", "minimaal") | {"besluit": decision.value}
    given |= {} if reason is None else {"weigerreden": reason.value}
    if (decision is Besluit.WEIGERING) is (reason is not None):
        assert Regelingsbesluit.model_validate(given).weigerreden is reason
    else:
        _refused(Regelingsbesluit, given, "exactly when besluit")


@pytest.mark.parametrize("decision", Besluit)
@pytest.mark.parametrize("outcome", [None, *Toetsuitkomst])
def test_nobody_agrees_below_the_minimum(decision: Besluit, outcome: Toetsuitkomst | None) -> None:
    """R1: a failed test goes with a refusal or another proposal, never with agreement."""
    given = _example("regelingsbesluit", "minimaal") | {"besluit": decision.value}
    given |= {"weigerreden": "TERMIJN_TE_HOOG"} if decision is Besluit.WEIGERING else {}
    if outcome is Toetsuitkomst.NIET_GETOETST:
        given["bestaansminimumToets"] = {"uitkomst": outcome.value}
    elif outcome is not None:
        given["bestaansminimumToets"] = _plan(uitkomst=outcome.value)["bestaansminimumToets"]
    if decision is Besluit.AKKOORD and outcome is Toetsuitkomst.VOLDOET_NIET:
        _refused(Regelingsbesluit, given, "R1")
    else:
        assert Regelingsbesluit.model_validate(given).besluit is decision


@pytest.mark.parametrize(
    ("model", "name", "field"),
    [(Regelingsvoorstel, "regelingsvoorstel", "startdatum"), (Regelingsbesluit, "regelingsbesluit", "datum")],
)
def test_the_test_comes_first(model: type[BaseModel], name: str, field: str) -> None:
    """A test of the day itself counts, one of the day after does not."""
    given = _example(name)
    on = date.fromisoformat(given[field])
    test = given["bestaansminimumToets"]
    model.model_validate(given | {"bestaansminimumToets": test | {"toetsdatum": on.isoformat()}})
    after = test | {"toetsdatum": date.fromordinal(on.toordinal() + 1).isoformat()}
    _refused(model, given | {"bestaansminimumToets": after}, "toetsdatum is not after")


def test_reasons_are_of_the_plan_and_the_rent() -> None:
    """A closed list, the same for whoever reads it: nothing of the tenant, of other debts or of other help."""
    assert set(RegelingWeigerreden) == {
        "TERMIJN_TE_HOOG",
        "TERMIJN_TE_LAAG",
        "DUUR_TE_LANG",
        "TOETS_ONTBREEKT",
        "LOPENDE_HUUR_NIET_BETAALD",
        "EERDERE_REGELING_VERBROKEN",
    }


@pytest.mark.parametrize("status", Regelingstand)
@pytest.mark.parametrize("left", [0, 1])
def test_nothing_remains_exactly_when_completed(status: Regelingstand, left: int) -> None:
    """A completed plan leaves nothing, any other leaves something."""
    given = _example("regelingsstatus") | {"status": status.value, "restantCent": left}
    if (status is Regelingstand.VOLTOOID) is (left == 0):
        assert Regelingsstatus.model_validate(given).restantCent == left
    else:
        _refused(Regelingsstatus, given, "restantCent is 0")
