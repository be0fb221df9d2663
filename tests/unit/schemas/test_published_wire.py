"""The published envelope and receipts: an outsider's validator agrees with the models, on examples and on changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.envelope import MalformedError, Wire
from schemas.publish import WIRE, wire_schema
from schemas.receipts import ReceiptKind
from schemas.strict import parse_json
from tests.unit.schemas.wire_bytes import changed, members, to_bytes, without

FOLDER = Path(__file__).parents[3] / "schemas" / "published" / "uitwisseling"
GOOD = sorted(path.relative_to(FOLDER / "examples") for path in (FOLDER / "examples").glob("*/*.json"))
REFUSED = sorted(path.relative_to(FOLDER / "examples") for path in (FOLDER / "examples").glob("*/geweigerd/*.json"))


def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}.v1.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _example(path: Path) -> Any:
    return parse_json((FOLDER / "examples" / path).read_bytes())


def _takes(model: type[Wire], value: Any) -> bool:
    try:
        model.parse(to_bytes(value))
    except MalformedError:
        return False
    return True


def test_all_that_travels_is_published() -> None:
    """The envelope and every kind of receipt have a schema."""
    assert WIRE.keys() == {"envelop", *ReceiptKind}


@pytest.mark.parametrize("name", WIRE)
def test_a_schema_is_valid_and_stands_alone(name: str) -> None:
    """A schema is right in its own dialect, closed, named, and refers to nothing that must be fetched."""
    schema = wire_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:seinpost:schema:{name}.v1"
    assert schema["title"]
    assert schema["description"]
    for block in (schema, *schema.get("$defs", {}).values()):
        assert block["additionalProperties"] is False
        for field in block["properties"].values():
            assert field.get("$ref", "#/$defs/").startswith("#/$defs/")
            assert field.get("type") != "string" or {"pattern", "const"} & field.keys()


@pytest.mark.parametrize("name", WIRE)
def test_there_are_examples(name: str) -> None:
    """Each has at least two examples that pass, a full one among them, and two that do not."""
    assert Path(name) / "volledig.json" in GOOD
    assert len([path for path in GOOD if path.parts[0] == name]) >= 2
    assert len([path for path in REFUSED if path.parts[0] == name]) >= 2


@pytest.mark.parametrize("path", GOOD, ids=str)
def test_an_example_passes_both(path: Path) -> None:
    """An example fits the schema for an independent validator, and the model."""
    name, example = path.parts[0], _example(path)
    _validator(name).validate(example)
    assert _takes(WIRE[name][0], example)


@pytest.mark.parametrize("name", WIRE)
def test_the_full_example_is_full(name: str) -> None:
    """A reader of the full example has seen every member that there is."""
    schema = wire_schema(name)
    names = {key for block in (schema, *schema.get("$defs", {}).values()) for key in block["properties"]}
    assert {str(place[-1]) for place in members(_example(Path(name) / "volledig.json"))} == names


@pytest.mark.parametrize("path", REFUSED, ids=str)
def test_a_refused_example_is_refused(path: Path) -> None:
    """The model refuses it, and the schema too where the file says so."""
    name, case = path.parts[0], _example(path)
    assert case["waarom"]
    assert not _takes(WIRE[name][0], case["bericht"])
    assert _validator(name).is_valid(case["bericht"]) is not case["schemaZietHet"]


@pytest.mark.parametrize("path", GOOD, ids=str)
@pytest.mark.parametrize("new", [None, "", "x", -1, 0, 1, 2**53, 1.5, True, [], {}, "2026-11-22", "1.1", "a/b"])
def test_both_judge_a_change_alike(path: Path, new: object) -> None:
    """Any member replaced by another value, or left out, is taken by both or by neither."""
    name, example = path.parts[0], _example(path)
    validator = _validator(name)
    for place in members(example):
        for other in (changed(example, place, new), without(example, place)):
            assert validator.is_valid(other) is _takes(WIRE[name][0], other), place
