"""The end of a dossier, and the table of which fields are there when."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from schemas.berichten import ontruiming, regeling
from schemas.berichten.aanwezigheid import Presence, told
from schemas.berichten.afsluiting import TYPEN, Afsluiting, Dossieruitkomst
from schemas.berichten.klassen import DataClass, data_class, leaves
from schemas.berichten.vormen import Blok

EXAMPLES = Path(__file__).parents[3] / "schemas" / "published" / "examples" / "afsluiting"


class Soort(StrEnum):
    """A kind, for the tests below."""

    EEN = "EEN"
    TWEE = "TWEE"


def _example() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / "volledig.json").read_text(encoding="utf-8"))
    return found


def test_what_the_family_is() -> None:
    """One type, without anything personal in it."""
    (only,) = TYPEN
    assert (only.name, only.short, only.model, only.data_class) == ("afsluiting", "AFS", Afsluiting, DataClass.G)
    assert only.legal_basis == "AVG art. 5, lid 1, onder e"
    assert {data_class(field) for _, field in leaves(Afsluiting)} == {DataClass.G}


@pytest.mark.parametrize("outcome", Dossieruitkomst)
def test_a_dossier_ends_in_one_of_five_ways(outcome: Dossieruitkomst) -> None:
    """The five outcomes of the domain, and a word for everything else."""
    assert Afsluiting.model_validate(_example() | {"uitkomst": outcome.value}).uitkomst is outcome
    assert set(Dossieruitkomst) == {"OPGELOST", "ONTRUIMD", "INGETROKKEN", "UITGESLOTEN", "GESLOTEN_ANDERS"}


@pytest.mark.parametrize("until", ["2028-12-04", "2028-12-03", "2028-02-30", "04-12-2030", None])
def test_data_are_kept_until_a_later_day(until: object) -> None:
    """Kept until the day itself, or one before it or none at all, is refused."""
    assert Afsluiting.model_validate(_example() | {"bewarenTot": "2028-12-05"})
    with pytest.raises(ValidationError):
        Afsluiting.model_validate(_example() | {"bewarenTot": until})


def _kind(required: bool) -> type[Blok]:
    """Make a block in which ``a`` and ``b`` are there when ``soort`` is EEN."""
    rule = Presence(("a", "b"), "soort", (Soort.EEN,), required=required)

    class Planted(Blok):
        model_config = told(rule)

        soort: Soort
        a: int | None = None
        b: int | None = None

    return Planted


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("soort", Soort)
@pytest.mark.parametrize("given", [{}, {"a": 0}, {"b": 0}, {"a": 0, "b": 0}])
def test_model_and_schema_read_one_table(required: bool, soort: Soort, given: dict[str, int]) -> None:
    """The rule says of each combination the same to the model as to an outsider's validator; nought is a value."""
    rule = Presence(("a", "b"), "soort", (Soort.EEN,), required=required)
    block = _kind(required).model_validate({"soort": soort, **given})
    asked = soort is Soort.EEN
    fits = (asked and (len(given) == 2 or not required)) or (not asked and not given)
    if fits:
        rule.hold(block)
    else:
        with pytest.raises(ValueError, match=r'a, b: given (exactly|only) when soort is "EEN"'):
            rule.hold(block)
    assert Draft202012Validator(rule.schema()).is_valid({"soort": soort.value, **given}) is fits


def test_every_rule_stands_in_the_schema_of_its_model() -> None:
    """No model holds a table of presence that its published schema does not tell."""
    for module in (regeling, ontruiming):
        rules = [item for item in vars(module).values() if isinstance(item, Presence)]
        models = [item for item in vars(module).values() if isinstance(item, type) and issubclass(item, Blok)]
        told_ones = [part for model in models for part in _conditions(model)]
        assert rules
        assert all(rule.schema() in told_ones for rule in rules)


def _conditions(model: type[Blok]) -> list[Any]:
    extra: Any = model.model_config.get("json_schema_extra", {})
    return list(extra.get("allOf", []))
