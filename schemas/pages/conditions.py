"""The conditions between fields, in words: those of the published schema as it says them, the others from the texts.

Only what our schemas use is read. Anything else is an error, so that no condition is left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.pages.words import code, listed, texts

Schema = Mapping[str, Any]


def conditions(name: str, schema: Schema) -> list[str]:
    """Give the conditions of a block or of a whole type in sentences; ``name`` is what the texts know it by.

    Raises:
        ValueError: the schema has a condition that this module cannot read.
    """
    found = [sentence for one in (schema, *schema.get("allOf", ())) for sentence in _sentences(one)]
    return [*found, *texts()["voorwaarden"].get(name, ())]


def conditional(schema: Schema) -> set[str]:
    """Give the fields of a block that are there or not depending on others."""
    rules = [rule for one in (schema, *schema.get("allOf", ())) for rule in _consequences(one)]
    named = {field for rule in rules for field in rule.get("required", ())}
    refused = {field for rule in rules for field, said in rule.get("properties", {}).items() if said is False}
    return (named | refused) - set(schema.get("required", ()))


def _consequences(schema: Schema) -> list[Schema]:
    return [schema[key] for key in ("then", "else") if key in schema] + list(schema.get("oneOf", ()))


def _sentences(schema: Schema) -> Iterator[str]:
    if "if" in schema:
        when = listed(_wanted(schema["if"]))
        if "then" not in schema:
            yield f"{_optional(schema['else'])} als {when}."
        else:
            other = f" Anders: {_facts(schema['else'])}." if "else" in schema else ""
            yield f"Als {when}: {_facts(schema['then'])}.{other}"
    if "oneOf" in schema:
        yield f"Precies een van deze: {'; of '.join(_facts(way) for way in schema['oneOf'])}."


def _optional(schema: Schema) -> str:
    """Say of what must be left out otherwise that it may be there."""
    fields = list(schema.get("properties", {}))
    if schema.keys() != {"properties"} or any(schema["properties"].values()):
        raise ValueError(f"a condition that has no words yet: {dict(schema)}")
    return f"{listed([f'`{field}`' for field in fields])} {'mag' if len(fields) == 1 else 'mogen'} er alleen staan"


def _wanted(schema: Schema, path: str = "") -> list[str]:
    """Say what an ``if`` asks; every field that it names is required there."""
    found: list[str] = []
    for field, said in schema["properties"].items():
        if "properties" in said:
            found.extend(_wanted(said, f"{path}{field}."))
        else:
            found.append(f"`{path}{field}` {_values(said)} is")
    return found


def _values(said: Schema) -> str:
    if not said.keys() & {"enum", "const"}:
        raise ValueError(f"a condition that has no words yet: {dict(said)}")
    return listed([code(one) for one in said.get("enum", [said.get("const")])], "of")


def _facts(schema: Schema) -> str:
    """Say what is there, what is not, and what must be what; a field with a bound is one that is there."""
    if schema.keys() - {"required", "properties"}:
        raise ValueError(f"a condition that has no words yet: {dict(schema)}")
    bound = [field for field, said in schema.get("properties", {}).items() if said]
    there = [field for field in schema.get("required", ()) if field not in bound]
    absent = [field for field, said in schema.get("properties", {}).items() if said is False]
    facts = [
        *(_present(there, there=True) if there else ()),
        *(_present(absent, there=False) if absent else ()),
        *(fact for field in bound for fact in _bound(field, schema["properties"][field])),
    ]
    return listed(facts)


def _present(fields: Any, *, there: bool) -> Iterator[str]:  # noqa: ANN401 - a list of names
    names = listed([f"`{field}`" for field in fields])
    yield f"{names} {'staat' if len(fields) == 1 else 'staan'} er{'' if there else ' niet'}"


def _bound(path: str, said: Schema) -> Iterator[str]:
    """Say what a field must be."""
    if "properties" in said:
        for field, deeper in said["properties"].items():
            yield from _bound(f"{path}.{field}", deeper)
    elif said.keys() == {"not"}:
        yield f"`{path}` is niet {_values(said['not'])}"
    elif said == {"exclusiveMinimum": 0}:
        yield f"`{path}` is meer dan nul"
    else:
        yield f"`{path}` is {_values(said)}"
