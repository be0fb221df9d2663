"""The fields of a type: a table for the message, one for each block in it, the values of its lists, the conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from schemas.berichten.berichttype import MessageType
from schemas.berichten.klassen import KEYWORD
from schemas.pages.conditions import conditional, conditions
from schemas.pages.forms import bounds, in_words
from schemas.pages.words import code, key_of, listed, meaning, table, texts
from schemas.publish import schema_of

Schema = Mapping[str, Any]
HEAD = ("Veld", "Vorm", "Verplicht", "Klasse", "Betekenis")


class Block(NamedTuple):
    """A block of a type: what its definition is called, its schema, the paths of the fields that hold one."""

    name: str
    schema: Schema
    paths: tuple[str, ...]


def blocks(item: MessageType) -> list[Block]:
    """Give the message itself, known by the name of its type, and every block in it, each once."""
    whole = schema_of(item)
    found: dict[str, Block] = {}

    def walk(name: str, schema: Schema, path: str) -> None:
        known = found.get(name, Block(name, schema, ()))
        found[name] = known._replace(paths=(*known.paths, path))
        for field, said in schema["properties"].items():
            inner = _definition(said)
            if inner and whole["$defs"][inner]["type"] == "object":
                walk(inner, whole["$defs"][inner], f"{path}.{field}".removeprefix("."))

    walk(item.name, whole, "")
    return list(found.values())


def keys(item: MessageType) -> set[str]:
    """Give the keys of the texts that the fields of a type use. Raises ``KeyError`` if one has none."""
    return {
        key_of(".".join(filter(None, (item.name, path, field))))
        for block in blocks(item)
        for path in block.paths
        for field in block.schema["properties"]
    }


def lists(item: MessageType) -> dict[str, list[str]]:
    """Give the lists of codes of a type, by the name of their definition."""
    return {name: said["enum"] for name, said in schema_of(item).get("$defs", {}).items() if "enum" in said}


def tables(item: MessageType) -> Iterator[str]:
    """Write the tables of the fields."""
    found = blocks(item)
    inner = {block.name for block in found}
    defs = schema_of(item).get("$defs", {})
    for at, block in enumerate(found):
        if at:
            yield from ("", f"### Blok {block.name}", "")
            yield f"In {listed([f'`{path}`' for path in block.paths])}."
            yield ""
        yield from table(HEAD, [_row(item, block, field, defs, inner) for field in block.schema["properties"]])


def values(item: MessageType) -> Iterator[str]:
    """Write what the codes of each list mean; a list that speaks for itself is passed over."""
    known, members = texts()["waarden"], lists(item)
    for name, holders in _holders(item).items():
        if name in known:
            yield from ("", f"### Waarden van {listed([f'`{one}`' for one in holders])}", "")
            yield from table(("Waarde", "Betekenis"), [(code(one), known[name][one]) for one in members[name]])


def between(item: MessageType) -> Iterator[str]:
    """Write the conditions between fields; those of a block say of which."""
    for at, block in enumerate(blocks(item)):
        where = f"Blok {block.name}. " if at else ""
        yield from (f"- {where}{sentence}" for sentence in conditions(block.name, block.schema))


def _row(item: MessageType, block: Block, field: str, defs: Mapping[str, Schema], inner: set[str]) -> tuple[str, ...]:
    said = block.schema["properties"][field]
    name = _definition(said)
    if name in inner:
        form, care = _block_form(str(name), said), ""
    else:
        form, care = in_words(field, _resolved(said, defs)), f"{said[KEYWORD]}"
    path = ".".join(filter(None, (item.name, block.paths[0], field)))
    return f"`{field}`", form, _presence(block.schema, field), care, meaning(path)


def _block_form(name: str, said: Schema) -> str:
    place = f"[{name}](#blok-{name.lower()})"
    return f"lijst van {bounds(said)} keer blok {place}" if said.get("type") == "array" else f"blok {place}"


def _presence(schema: Schema, field: str) -> str:
    if field in schema.get("required", ()):
        return "ja"
    return "soms: zie voorwaarden" if field in conditional(schema) else "nee"


def _definition(said: Schema) -> str | None:
    ref = said.get("$ref") or said.get("items", {}).get("$ref")
    return str(ref).removeprefix("#/$defs/") if ref else None


def _resolved(said: Schema, defs: Mapping[str, Schema]) -> Schema:
    """Give a leaf with its definition filled in, also that of the items of a list."""
    if "$ref" in said:
        return defs[str(_definition(said))]
    if "$ref" in said.get("items", {}):
        return {**said, "items": defs[str(_definition(said))]}
    return said


def _holders(item: MessageType) -> dict[str, list[str]]:
    """Give the fields that hold each list, with the name of the block that they stand in, in their order."""
    held: dict[str, list[str]] = {}
    for block in blocks(item):
        inside = block.paths[0].rpartition(".")[2]
        for field, said in block.schema["properties"].items():
            if name := _definition(said):
                held.setdefault(name, []).append(f"{inside}.{field}".removeprefix("."))
    return held
