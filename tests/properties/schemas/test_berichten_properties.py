"""Whatever a party's software makes is read whole or refused whole, and an outsider's validator says the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.bsn import find_bsn
from schemas.catalogue import CATALOGUE, parse_bericht
from schemas.envelope import MalformedError
from schemas.publish import schema_of
from schemas.strict import parse_json
from schemas.values import Bsn
from tests.properties.schemas import berichten_made, hulp_made, regeling_made
from tests.properties.schemas.berichten_made import Json

CODES = list(CATALOGUE)
BY_CODE = {**berichten_made.BY_CODE, **hulp_made.BY_CODE, **regeling_made.BY_CODE}
VALIDATORS = {
    code: Draft202012Validator(schema_of(item), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for code, item in CATALOGUE.items()
}
MESSAGES = st.sampled_from(CODES).flatmap(lambda code: st.tuples(st.just(code), BY_CODE[code]))
BSNS = (
    st.integers(1, 99_999_999)
    .map(lambda start: [f"{start:08d}{last}" for last in range(10) if Bsn.holds(f"{start:08d}{last}")])
    .filter(bool)
    .map(lambda found: found[0])
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4)
)


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of every value inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _places(item, (*path, key))


def _around(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path[:-1]:
        value = value[key]
    return value


def _refused(code: str, bericht: object) -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        parse_bericht(code, bericht)
    return caught.value


def test_every_type_is_made() -> None:
    """No type of the catalogue escapes these properties."""
    assert BY_CODE.keys() == set(CODES)


@given(MESSAGES)
def test_what_is_read_is_spelled_alike(made: tuple[str, Json]) -> None:
    """JSON text to model to JSON text loses and adds nothing; the published schema takes it too."""
    code, bericht = made
    model = parse_bericht(code, parse_json(json.dumps(bericht)))
    assert json.loads(model.model_dump_json(exclude_none=True)) == bericht
    assert model.model_dump(mode="json", exclude_none=True) == bericht
    assert parse_bericht(code, json.loads(model.model_dump_json(exclude_none=True))) == model
    VALIDATORS[code].validate(bericht)


@given(MESSAGES, st.data())
def test_an_unknown_field_is_refused_anywhere(made: tuple[str, Json], data: st.DataObject) -> None:
    """Every block is closed, however deep, for the model and for the schema."""
    code, bericht = made
    blocks = [(), *(path for path in _places(bericht) if isinstance(_around(bericht, (*path, 0)), dict))]
    path = data.draw(st.sampled_from(blocks))
    _around(bericht, (*path, "onbekend"))["onbekend"] = 1
    assert "onbekend" not in repr(_refused(code, bericht).faults)
    assert not VALIDATORS[code].is_valid(bericht)


@given(MESSAGES, st.data())
def test_a_bsn_is_refused_anywhere(made: tuple[str, Json], data: st.DataObject) -> None:
    """A citizen service number in place of any text is refused, but as ``bsn``."""
    code, bericht = made
    texts = [
        path for path in _places(bericht) if "bsn" not in path and isinstance(_around(bericht, path)[path[-1]], str)
    ]
    path = data.draw(st.sampled_from(texts))
    bsn = data.draw(BSNS)
    form = data.draw(st.sampled_from(["{}", "{}@example.org", "+{}", "naam {}", "{} b.v."]))
    _around(bericht, path)[path[-1]] = form.format(bsn)
    assert bsn not in repr(_refused(code, bericht).faults)


@given(MESSAGES, st.data())
def test_any_other_value_is_refused_or_read_whole(made: tuple[str, Json], data: st.DataObject) -> None:
    """One value replaced by whatever: either it says so again when spelled, or it is refused."""
    code, bericht = made
    path = data.draw(st.sampled_from(list(_places(bericht))))
    changed = copy.deepcopy(bericht)
    _around(changed, path)[path[-1]] = data.draw(JSON)
    try:
        model = parse_bericht(code, changed)
    except MalformedError:
        return
    assert json.loads(model.model_dump_json(exclude_none=True)) == changed
    assert VALIDATORS[code].is_valid(changed)


@given(MESSAGES, st.data())
def test_a_missing_field_is_asked_for(made: tuple[str, Json], data: st.DataObject) -> None:
    """Leaving anything out is fine exactly when the schema, and the conditions, let it be left out."""
    code, bericht = made
    fields = [path for path in _places(bericht) if isinstance(path[-1], str)]
    path = data.draw(st.sampled_from(fields))
    del _around(bericht, path)[path[-1]]
    try:
        parse_bericht(code, bericht)
    except MalformedError:
        assert not VALIDATORS[code].is_valid(bericht)
    else:
        VALIDATORS[code].validate(bericht)


@given(st.sampled_from(CODES), JSON)
def test_other_json_is_refused(code: str, value: object) -> None:
    """What is no message is refused with a fault, never a crash."""
    assert _refused(code, value).faults


@given(st.text(), st.text())
def test_a_bsn_is_found_in_any_text(before: str, after: str) -> None:
    """Whatever stands around it, unless more digits do."""
    if not (before[-1:].isnumeric() or after[:1].isnumeric()):
        assert find_bsn(f"{before} 999990019 {after}")


@given(st.text())
def test_looking_never_fails(text: str) -> None:
    """Any text has an answer."""
    assert find_bsn(text) in {True, False}
