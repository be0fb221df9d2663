"""A pause of collection: asked for after help was accepted, granted for at most thirty days, or refused by code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from schemas.berichten.klassen import DataClass, data_class, leaves
from schemas.berichten.opschorting import (
    BesluitOverOpschorting,
    Opschortingsbesluit,
    Opschortingsverzoek,
    Weigerreden,
)

EXAMPLES = Path(__file__).parents[3] / "schemas" / "published" / "examples"
REQUEST: dict[str, Any] = {
    "vanaf": "2026-12-16",
    "tot": "2027-01-15",
    "hulpGeaccepteerdOp": "2026-12-16",
    "lopendeHuurAfgesproken": True,
}
DECISION: dict[str, Any] = {"betreft": "019a9f40-1a00-7bcd-9abc-00000000000a", "datum": "2026-12-15"}


@pytest.mark.parametrize("model", [Opschortingsverzoek, Opschortingsbesluit])
def test_every_leaf_is_financial(model: type[BaseModel]) -> None:
    """All of it is P2: nothing says who the tenant is, the dossier does."""
    assert {data_class(field) for _, field in leaves(model)} == {DataClass.P2}


@pytest.mark.parametrize(
    ("first", "end", "allowed"),
    [
        ("2026-12-16", "2026-12-17", True),
        ("2026-12-16", "2027-01-15", True),
        ("2028-02-01", "2028-03-02", True),
        ("2028-02-01", "2028-03-03", False),
        ("2027-02-01", "2027-03-03", True),
        ("2026-12-16", "2027-01-16", False),
        ("2026-12-16", "2026-12-16", False),
        ("2026-12-16", "2026-12-15", False),
    ],
)
def test_a_pause_is_one_to_thirty_days(first: str, end: str, allowed: bool) -> None:
    """Days are counted, not months: leap years, new year and February included."""
    period = {"vanaf": first, "tot": end}
    asked = REQUEST | period | {"hulpGeaccepteerdOp": "2026-12-01"}
    granted = DECISION | period | {"besluit": "TOEGEKEND"}
    for model, given in ((Opschortingsverzoek, asked), (Opschortingsbesluit, granted)):
        if allowed:
            assert model.model_validate(given).model_dump(mode="json", exclude_none=True) == given
        else:
            with pytest.raises(ValidationError):
                model.model_validate(given)


def test_help_is_accepted_first() -> None:
    """On the day that the pause begins at the latest."""
    assert Opschortingsverzoek.model_validate(REQUEST)
    with pytest.raises(ValidationError):
        Opschortingsverzoek.model_validate(REQUEST | {"hulpGeaccepteerdOp": "2026-12-17"})


def test_a_request_without_agreement_on_the_rent_can_be_made() -> None:
    """Whether the current rent is paid is said as it is; the corporation decides what follows."""
    assert not Opschortingsverzoek.model_validate(REQUEST | {"lopendeHuurAfgesproken": False}).lopendeHuurAfgesproken


@pytest.mark.parametrize("decision", BesluitOverOpschorting)
@pytest.mark.parametrize("first", [None, "2026-12-16"])
@pytest.mark.parametrize("end", [None, "2027-01-15"])
@pytest.mark.parametrize("reason", [None, *Weigerreden])
def test_granted_or_refused(
    decision: BesluitOverOpschorting, first: str | None, end: str | None, reason: Weigerreden | None
) -> None:
    """Granted comes with both dates, refused with a reason, and neither with anything of the other."""
    given = DECISION | {"besluit": decision.value, "vanaf": first, "tot": end, "weigerreden": reason}
    given = {key: item for key, item in given.items() if item is not None}
    granted = decision is BesluitOverOpschorting.TOEGEKEND
    if (first is not None) is (end is not None) is granted and (reason is None) is granted:
        assert Opschortingsbesluit.model_validate(given).besluit is decision
    else:
        with pytest.raises(ValidationError):
            Opschortingsbesluit.model_validate(given)


@pytest.mark.parametrize("model", [Opschortingsverzoek, Opschortingsbesluit])
@pytest.mark.parametrize("field", ["toelichting", "bsn", "huurder"])
def test_there_is_no_field_for_more(model: type[BaseModel], field: str) -> None:
    """A pause is known by its dossier: no text, no number, no name."""
    name = model.__name__.lower()
    given = json.loads((EXAMPLES / name / "minimaal.json").read_text(encoding="utf-8"))
    with pytest.raises(ValidationError):
        model.model_validate(given | {field: "x"})
