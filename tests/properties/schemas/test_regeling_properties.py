"""Plans, evictions and endings: read whole, or refused for the condition that is broken, as the schema says too."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from schemas.berichten import afsluiting, ontruiming, regeling
from schemas.berichten.ontruiming import Ontruimingsantwoord
from schemas.publish import schema_of
from schemas.strict import parse_json
from tests.properties.schemas.berichten_made import Json
from tests.properties.schemas.regeling_broken import SEEN, UNSEEN, Case
from tests.properties.schemas.regeling_made import BY_CODE, DAYS, half_year_on

TYPES = {item.code: item for item in (*regeling.TYPEN, *ontruiming.TYPEN, *afsluiting.TYPEN)}
VALIDATORS = {
    code: Draft202012Validator(schema_of(item), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for code, item in TYPES.items()
}
MESSAGES = st.sampled_from(sorted(TYPES)).flatmap(lambda code: st.tuples(st.just(code), BY_CODE[code]))
SEEN_CASES = [pytest.param(code, case, id=f"{code}: {case.name}") for code in SEEN for case in SEEN[code]]
UNSEEN_CASES = [pytest.param(code, case, id=f"{code}: {case.name}") for code in UNSEEN for case in UNSEEN[code]]


def _refused(code: str, bericht: Json) -> None:
    with pytest.raises(ValidationError):
        TYPES[code].model.model_validate(bericht)


def test_every_type_is_made_and_broken() -> None:
    """No type of these families escapes, and each has a condition that is broken."""
    assert list(BY_CODE) == list(TYPES)
    assert list(SEEN) == list(TYPES)
    assert UNSEEN.keys() <= TYPES.keys()


@given(MESSAGES)
def test_what_is_read_is_spelled_alike(made: tuple[str, Json]) -> None:
    """JSON text to model to JSON text loses and adds nothing; the published schema takes it too."""
    code, bericht = made
    kind = TYPES[code].model
    model = kind.model_validate(parse_json(json.dumps(bericht)))
    assert json.loads(model.model_dump_json(exclude_none=True)) == bericht
    assert kind.model_validate_json(model.model_dump_json(exclude_none=True)) == model
    VALIDATORS[code].validate(bericht)


@pytest.mark.parametrize(("code", "case"), SEEN_CASES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_broken_condition_is_refused_by_both(code: str, case: Case, data: st.DataObject) -> None:
    """What a schema can say, it says as the model does."""
    bericht = data.draw(case.bericht())
    _refused(code, bericht)
    assert not VALIDATORS[code].is_valid(bericht)


@pytest.mark.parametrize(("code", "case"), UNSEEN_CASES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_broken_condition_between_values_is_refused(code: str, case: Case, data: st.DataObject) -> None:
    """Where fields must be compared the model refuses, and the schema has nothing else against it."""
    bericht = data.draw(case.bericht())
    _refused(code, bericht)
    VALIDATORS[code].validate(bericht)


@given(MESSAGES, st.data())
def test_a_missing_field_is_asked_for_by_both(made: tuple[str, Json], data: st.DataObject) -> None:
    """Leaving a field out is fine for the model exactly when it is for the schema."""
    code, bericht = made
    gone = data.draw(st.sampled_from(sorted(bericht)))
    left = {name: item for name, item in bericht.items() if name != gone}
    if VALIDATORS[code].is_valid(left):
        TYPES[code].model.model_validate(left)
    else:
        _refused(code, left)


@given(MESSAGES, st.data(), st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20))
def test_any_other_value_is_refused_or_read_whole(made: tuple[str, Json], data: st.DataObject, value: Any) -> None:
    """One field replaced by whatever: refused, or said again when spelled, and then the schema takes it too."""
    code, bericht = made
    changed = bericht | {data.draw(st.sampled_from(sorted(bericht))): value}
    try:
        model = TYPES[code].model.model_validate(changed)
    except ValidationError:
        return
    spelled = {name: item for name, item in changed.items() if item is not None}
    assert json.loads(model.model_dump_json(exclude_none=True)) == spelled
    assert VALIDATORS[code].is_valid(spelled)


@given(DAYS)
def test_six_months_are_of_the_calendar(on: date) -> None:
    """The last day of six months is taken and the day after is not, whatever the length of the months."""
    last = half_year_on(on.isoformat())
    after = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    given_: Json = {
        "betreft": "019a9f3e-7c00-7abc-8def-0123456789ab",
        "uitkomst": "GEEN_CONTACT",
        "datum": on.isoformat(),
        "moratoriumAangevraagd": True,
        "moratoriumVerleendTot": last,
    }
    assert Ontruimingsantwoord.model_validate(given_).moratoriumVerleendTot == date.fromisoformat(last)
    with pytest.raises(ValidationError):
        Ontruimingsantwoord.model_validate(given_ | {"moratoriumVerleendTot": after})
