"""The balance: asked for on the tenant's mandate, stated claim by claim on one day."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from schemas.berichten.klassen import DataClass, data_class, leaves
from schemas.berichten.saldo import SaldoOpgave, Saldoverzoek, Vordering, Vorderingsoort

CLAIM: dict[str, Any] = {
    "soort": "HUUR",
    "ontstaansdatum": "2026-12-20",
    "bedragCent": 184550,
    "bijDeurwaarder": False,
}
STATEMENT: dict[str, Any] = {
    "betreft": "019a9f40-1a00-7bcd-9abc-00000000000a",
    "peildatum": "2026-12-20",
    "vorderingen": [],
    "maandhuurCent": 80240,
}


def test_classes_are_those_of_the_domain() -> None:
    """A reference is identity, the rest is financial."""
    classes = {path: data_class(field) for model in (Saldoverzoek, SaldoOpgave) for path, field in leaves(model)}
    assert classes.pop("referenties") is DataClass.P1
    assert set(classes.values()) == {DataClass.P2}


@pytest.mark.parametrize("kind", Vorderingsoort)
def test_each_kind_of_claim(kind: Vorderingsoort) -> None:
    """Rent, service costs, costs and interest are told apart, each an amount above zero."""
    assert Vordering.model_validate(CLAIM | {"soort": kind.value}).soort is kind
    for amount in (0, -1, 1.0, "1", True, 10**12):
        with pytest.raises(ValidationError):
            Vordering.model_validate(CLAIM | {"soort": kind.value, "bedragCent": amount})


def test_a_claim_is_due_on_the_day_of_the_statement() -> None:
    """A claim of that very day counts, one of the next day does not, wherever it stands in the list."""
    later = CLAIM | {"ontstaansdatum": "2026-12-21"}
    assert SaldoOpgave.model_validate(STATEMENT | {"vorderingen": [CLAIM]}).vorderingen[0].bedragCent == 184550
    for claims in ([later], [CLAIM, later], [later, CLAIM]):
        with pytest.raises(ValidationError):
            SaldoOpgave.model_validate(STATEMENT | {"vorderingen": claims})


def test_nothing_owed_can_be_said() -> None:
    """No claims is an answer too; leaving the list out is none."""
    assert SaldoOpgave.model_validate(STATEMENT).vorderingen == ()
    with pytest.raises(ValidationError):
        SaldoOpgave.model_validate({key: item for key, item in STATEMENT.items() if key != "vorderingen"})


def test_lists_have_an_end() -> None:
    """At most 200 claims and 50 references."""
    assert len(SaldoOpgave.model_validate(STATEMENT | {"vorderingen": [CLAIM] * 200}).vorderingen) == 200
    assert (
        len(Saldoverzoek.model_validate({"mandaatDatum": "2026-12-14", "referenties": ["F1"] * 50}).referenties) == 50
    )
    with pytest.raises(ValidationError):
        SaldoOpgave.model_validate(STATEMENT | {"vorderingen": [CLAIM] * 201})
    with pytest.raises(ValidationError):
        Saldoverzoek.model_validate({"mandaatDatum": "2026-12-14", "referenties": ["F1"] * 51})


@pytest.mark.parametrize(
    "reference", ["", " F1", "F1 ", "é1", "F1\n", "1" * 36, 1, "F", "huurder krijgt hulp", "dag 2", "F1,2", "F:1"]
)
def test_a_reference_keeps_its_form(reference: object) -> None:
    """One mark of at most 35 characters with a digit in it; no sentence."""
    with pytest.raises(ValidationError):
        Saldoverzoek.model_validate({"mandaatDatum": "2026-12-14", "referenties": [reference]})


@pytest.mark.parametrize(
    ("model", "given"),
    [(Saldoverzoek, {"mandaatDatum": "2026-12-14", "referenties": []}), (SaldoOpgave, STATEMENT)],
)
def test_each_field_is_asked_for_and_no_other_taken(model: type[BaseModel], given: dict[str, Any]) -> None:
    """A balance is known by its dossier: no text, no number, no name, and nothing left out."""
    assert model.model_validate(given)
    for field in ("toelichting", "bsn", "huurder"):
        with pytest.raises(ValidationError):
            model.model_validate(given | {field: "x"})
    for field in given:
        with pytest.raises(ValidationError):
            model.model_validate({key: item for key, item in given.items() if key != field})
