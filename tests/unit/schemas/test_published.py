"""What is published is what the code says, and an outsider's validator agrees with the models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.berichten.klassen import KEYWORD, DataClass
from schemas.catalogue import CATALOGUE, parse_bericht
from schemas.envelope import MalformedError
from schemas.publish import DIALECT, main, published, schema_of, stale
from schemas.strict import parse_json

PUBLISHED = Path(__file__).parents[3] / "schemas" / "published"
TYPES = {item.name: item for item in CATALOGUE.values()}
GOOD = sorted(path.relative_to(PUBLISHED / "examples") for path in (PUBLISHED / "examples").glob("*/*.json"))
REFUSED = sorted(
    path.relative_to(PUBLISHED / "examples") for path in (PUBLISHED / "examples").glob("*/geweigerd/*.json")
)


def _schema(name: str) -> dict[str, Any]:
    return json.loads((PUBLISHED / "berichten" / f"{name}.v1.schema.json").read_text(encoding="utf-8"))


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_schema(name), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _example(path: Path) -> Any:
    return parse_json((PUBLISHED / "examples" / path).read_bytes())


def _properties(schema: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every named property that is a schema of its own, wherever it stands."""
    for block in (schema, *schema.get("$defs", {}).values()):
        yield from block.get("properties", {}).items()


def test_published_schemas_are_what_the_code_says() -> None:
    """Nobody edits a published schema by hand, and no model changes in silence."""
    assert stale(PUBLISHED) == []
    assert main(["--check"], PUBLISHED) == 0


def test_drift_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed, a missing and a superfluous file are each named, and writing again mends the first two."""
    assert main([], tmp_path) == 0
    assert stale(tmp_path) == []
    first, second, *_ = (name for name, _ in published())
    (tmp_path / first).write_text("{}", encoding="utf-8")
    (tmp_path / second).unlink()
    (tmp_path / "berichten" / "oud.v1.schema.json").write_text("{}", encoding="utf-8")
    assert stale(tmp_path) == sorted([first, second, "berichten/oud.v1.schema.json"])
    assert main(["--check"], tmp_path) == 1
    assert first in capsys.readouterr().out


@pytest.mark.parametrize("name", TYPES)
def test_a_schema_is_valid_and_stands_alone(name: str) -> None:
    """A schema is right in its own dialect and refers to nothing that must be fetched."""
    schema = _schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == f"urn:seinpost:schema:{TYPES[name].code}"
    assert schema["title"]
    assert schema["description"]
    assert all(ref.startswith("#/$defs/") for ref in re.findall(r'"\$ref": "([^"]*)"', json.dumps(schema)))


@pytest.mark.parametrize("name", TYPES)
def test_every_block_is_closed_and_every_leaf_has_its_class(name: str) -> None:
    """No object takes unknown fields, and whoever reads a schema sees how sensitive each field is."""
    schema = _schema(name)
    for block in (schema, *schema.get("$defs", {}).values()):
        assert block.get("additionalProperties", False) is False
    blocks = {f"#/$defs/{key}" for key, block in schema.get("$defs", {}).items() if block["type"] == "object"}
    for key, field in _properties(schema):
        descends = {field.get("$ref"), field.get("items", {}).get("$ref")} & blocks
        assert descends or DataClass(field[KEYWORD]), key


@pytest.mark.parametrize("name", TYPES)
def test_dates_are_called_datum_and_nothing_else_is(name: str) -> None:
    """API Design Rules: a property that ends in Datum is a date, and no moment hides under that name."""
    for key, field in _properties(_schema(name)):
        if key.lower().endswith(("datum", "date")):
            assert field["format"] == "date", key
        assert field.get("format") != "date-time", key


@pytest.mark.parametrize("name", TYPES)
def test_every_string_is_bounded_and_has_a_form(name: str) -> None:
    """There is no free text: a string is one of a list, or matches a pattern of limited length."""
    for key, field in _properties(_schema(name)):
        if field.get("type") == "string":
            assert field["pattern"].startswith("^"), key
            assert field["pattern"].endswith("$"), key
            assert "maxLength" in field or not re.search(r"(?<!\\)[*+](?![^\[]*\])", field["pattern"]), key


@pytest.mark.parametrize("name", TYPES)
def test_there_are_examples(name: str) -> None:
    """Each type has at least a full and a minimal example, and some that are refused."""
    found = {path.name for path in GOOD if path.parts[0] == name}
    assert found >= {"volledig.json", "minimaal.json"}
    assert len([path for path in REFUSED if path.parts[0] == name]) >= 3


@pytest.mark.parametrize("path", GOOD, ids=str)
def test_an_example_passes_both(path: Path) -> None:
    """An example fits the schema for an independent validator, and the model; read and spelled it is the same."""
    name = path.parts[0]
    _validator(name).validate(_example(path))
    model = parse_bericht(TYPES[name].code, _example(path))
    assert json.loads(model.model_dump_json(exclude_none=True)) == _example(path)


def test_the_full_examples_use_every_field() -> None:
    """A reader of the full examples has seen every field; there are several where fields exclude one another."""
    for name, item in TYPES.items():
        full = [path for path in GOOD if path.parts[0] == name and path.name.startswith("volledig")]
        example = json.dumps([_example(path) for path in full])
        for key, _ in _properties(schema_of(item)):
            assert f'"{key}"' in example, (name, key)


@pytest.mark.parametrize("path", REFUSED, ids=str)
def test_a_refused_example_is_refused(path: Path) -> None:
    """The model refuses it, and the schema too where the file says so; the fault repeats nothing of it."""
    name, case = path.parts[0], _example(path)
    assert case["waarom"]
    with pytest.raises(MalformedError) as caught:
        parse_bericht(TYPES[name].code, case["bericht"])
    assert "99990" not in repr(caught.value.faults)
    assert _validator(name).is_valid(case["bericht"]) is not case["schemaZietHet"]


def test_the_wire_example_fits() -> None:
    """The payload of the published wire example is a vroegsignaal, and is spelled again to the byte."""
    vector = json.loads((PUBLISHED / "vectors" / "wire-example.json").read_text(encoding="utf-8"))
    payload = parse_json(vector["payload"])
    model = parse_bericht(payload["type"], payload["bericht"])
    assert model.model_dump_json(exclude_none=True) in vector["payload"]
    _validator("vroegsignaal").validate(payload["bericht"])
