"""The checks on what may reach or leave a corporation. Each gives what is wrong, in words; nothing means that it holds.

They read the published schemas and the covenant's file as an outsider does, not the code's own tables of fields.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, reduce
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

import schemas
from schemas.berichten.berichttype import MessageType
from schemas.publish import schema_of
from schemas.values import MessageId, Oin, Postcode, RandomId
from tests.properties.projectie.allowed import (
    FROM_COVENANT,
    NINE_DIGITS,
    SENDERS_TO_CORPORATION,
    TEXTS,
    TO_CORPORATION,
)

Json = dict[str, Any]
Types = Mapping[str, MessageType]

PUBLISHED = Path(schemas.__file__).parent / "published"
COR = "COR"
BSN = "999990019"
"""A number of the test set that passes the 11-proof."""

FORMS = {f"^{form.pattern.pattern}$" for form in (MessageId, RandomId, Oin, Postcode)}

SPELLINGS = (
    "{0}", "{1} {2} {3}", "{1}.{2}.{3}", "{1}-{2}-{3}", "x{0}", "{0}x", "a {0}", "BSN{0}", "+{0}", "+31{0}",
    "a{0}@example.org", "a@x{0}.example.org", "{0}@example.org", "05460{4}{0}", "054601{4}{0}", "NL72TEST0{0}",
    "NL50TEST{0}0", "ECLI:NL:RBDHA:2026:{0}", "ECLI:NL:RBDHA:2026:{0}.X", "{0} RL EXPL 26-1234", "{4}{0}", "-{0}",
)  # fmt: skip
"""Ways in which a number of nine digits might go along in a text."""

ALONE = {form.format(BSN) for form in ("{0}", "x{0}", "{0}x", "a {0}", "BSN{0}", "-{0}")}
"""Those in which anybody reads it as that number: nowhere, whatever the list says."""

FORBIDDEN = re.compile(
    r"(?<![a-z])(?:(?:on)?rechtmatig|verblijf(?!sobject)|vreemdeling|illega|detentie|gedetineerd|gevangen|penitent"
    r"|nationalit|asiel|vluchteling|statushouder|paspoort|geboorteland|herkomst|uitsluitingslijst"
    r"|unlawful|lawful|residen(?:ce|cy)|detention|detain|prison|nationality|asylum|immigra|refugee|passport"
    r"|citizenship|alien)",
    re.IGNORECASE,
)
"""Words for what a corporation can neither say nor learn: unlawful residence, detention, nationality (DOMAIN 3.5)."""

HARMLESS = ('MENTOR = "beslist over zorg en verblijf"',)
"""Where such a word says something else: a mentor decides on care, and on where somebody lives."""


def covenant(text: str) -> Json:
    """Read a covenant's file without the product's model."""
    return tomllib.loads(text)


def ways(convenant: Json) -> Iterator[tuple[str, Json]]:
    """Give each type with each of its routes, those that are switched off included."""
    for rule in convenant["bericht"]:
        name = rule["code"].removeprefix("nl.huurschuld.").removesuffix(".v1")
        for route in rule["routes"]:
            yield name, route


def touching(convenant: Json, *ends: str) -> set[str]:
    """Name the types with a route on which one of ``ends`` (``van``, ``naar``) is a corporation."""
    return {name for name, route in ways(convenant) for end in ends if route[end] == COR}


def wrong_routes(convenant: Json) -> list[str]:
    """Hold the routes to a corporation to DOMAIN 3.1."""
    found = {(name, route["van"]) for name, route in ways(convenant) if route["naar"] == COR}
    allowed = {(name, van) for name, senders in SENDERS_TO_CORPORATION.items() for van in senders}
    early = [
        f"{name}: {route['van']} to {route['naar']} before help was accepted"
        for name, route in ways(convenant)
        if {route["van"], route["naar"]} == {"SHV", COR} and not route.get("naHulp")
    ]
    return [f"{name}: {van} to a corporation" for name, van in sorted(found - allowed)] + early


def told_too_much(convenant: Json) -> list[str]:
    """Name each rule of the exchange by whose verdict or notice a corporation learns of others' messages."""
    routes = {rule["code"]: rule["routes"] for rule in convenant["bericht"]}
    found = []
    for gate in convenant["poort"]:
        for way in (r for r in routes[gate["voor"]] if _on(gate, r)):
            told = {way["van"]} | ({way["naar"]} if gate["gevolg"] == "waarschuwt" else set())
            hidden = [r for one in gate["eerst"] for r in routes[one["type"]] if _on(one, r) and not _party(r)]
            found += [f"poort {gate['code']}: rests on {r['van']} to {r['naar']}" for r in hidden if COR in told]
    for term in convenant["termijn"]:
        told = {who for level in term["meldingen"] for who in level["aan"]}
        if COR in told and not all(_party(r) for r in routes[term["op"]]):
            found.append(f"termijn {term['code']}: tells a corporation of a message that it is no party to")
    return found


def _on(named: Json, route: Json) -> bool:
    return all(named.get(end, route[end]) == route[end] for end in ("van", "naar"))


def _party(route: Json) -> bool:
    return COR in (route["van"], route["naar"])


def leaves(item: MessageType) -> dict[str, Json]:
    """Give every leaf of a type's published schema by its path; ``[]`` for the items of a list."""
    return _walk(schema_of(item))


def leaves_of(model: type[BaseModel]) -> dict[str, Json]:
    """Give every leaf of a receipt in the same way."""
    return _walk(model.model_json_schema())


def _walk(schema: Json) -> dict[str, Json]:
    return dict(_leaves(schema, schema.get("$defs", {}), ""))


def _leaves(node: Json, defs: Json, path: str) -> Iterator[tuple[str, Json]]:
    while "$ref" in node:
        target = defs[node["$ref"].rpartition("/")[2]]
        node = {key: value for key, value in node.items() if key != "$ref"} | target
    if "properties" in node:
        for name, inner in node["properties"].items():
            yield from _leaves(inner, defs, f"{path}.{name}" if path else name)
    elif "items" in node:
        yield from _leaves(node["items"], defs, f"{path}[]")
    else:
        yield path, node


def wrong_fields(types: Types, convenant: Json) -> list[str]:
    """Hold every field that may reach a corporation, and every code in it, to the list made by hand."""
    found = []
    for name in sorted(touching(convenant, "naar")):
        allowed = TO_CORPORATION.get(name, {})
        present = leaves(_named(types, name))
        found += [f"{name}.{path}: not on the list" for path in present if path not in allowed]
        found += [f"{name}.{path}: on the list, not in the type" for path in allowed if path not in present]
        for path in present.keys() & allowed.keys():
            codes = frozenset(map(str, present[path].get("enum", ()))) or None
            if codes != allowed[path].codes:
                found.append(f"{name}.{path}: other codes than on the list")
    return found


def wrong_texts(types: Types, convenant: Json) -> list[str]:
    """Name each text from or to a corporation that is no code, date, id, nor on the lists; or that has no end."""
    found = []
    for name in sorted(touching(convenant, "van", "naar")):
        for path, node in leaves(_named(types, name)).items():
            if node.get("type") != "string" or "enum" in node or node.get("format") == "date":
                continue
            place = _place(name, path)
            if node.get("pattern") in FORMS:
                continue
            if place not in TEXTS and place not in FROM_COVENANT:
                found.append(f"{place}: a text")
            if "pattern" not in node:
                found.append(f"{place}: a text without a form")
    return found


def _place(name: str, path: str) -> str:
    """A tenant's block is listed once, under ``vroegsignaal``."""
    tenant = re.sub(r"^(huurder|medehuurder)\.", "", path)
    return f"{name}.{path}" if tenant == path else f"vroegsignaal.{tenant}"


def wrong_numbers(types: Types, convenant: Json) -> list[str]:
    """Name each field from or to a corporation that is a citizen service number, or lets one through unlisted."""
    found = []
    for name in sorted(touching(convenant, "van", "naar")):
        item = _named(types, name)
        for path, node in leaves(item).items():
            if re.search(r"bsn|burgerservice|sofi", path, re.IGNORECASE) or "burgerservice" in str(node).lower():
                found.append(f"{name}.{path}: a citizen service number")
            fixed = node.get("pattern") in FORMS or _place(name, path) in FROM_COVENANT
            if node.get("type") == "string" and not fixed:
                found += _lets_through(item, _place(name, path), path)
    return found


def _lets_through(item: MessageType, place: str, path: str) -> list[str]:
    taken = [text for text in _spellings() if accepts(item, path, text)]
    found = [f"{place}: takes {taken}"] if taken and place not in NINE_DIGITS else []
    found += [f"{place}: takes a bare number"] if ALONE.intersection(taken) else []
    return found + ([f"{place}: on the list, but takes none"] if place in NINE_DIGITS and not taken else [])


def _spellings() -> list[str]:
    return [form.format(BSN, BSN[:3], BSN[3:6], BSN[6:], "0") for form in SPELLINGS]


def _named(types: Types, name: str) -> MessageType:
    return types[f"nl.huurschuld.{name}.v1"]


@cache
def examples(name: str) -> tuple[str, ...]:
    """Give the published examples of a type, as text; together they show every field."""
    return tuple(path.read_text("utf-8") for path in sorted((PUBLISHED / "examples" / name).glob("*.json")))


def accepts(item: MessageType, path: str, value: object) -> bool:
    """Tell whether the type takes ``value`` at ``path``, whatever it has against the rest of the message."""
    place = tuple(0 if part == "[]" else part for part in re.findall(r"[^.\[\]]+|\[\]", path))
    bericht = next((made for made in map(json.loads, examples(item.name)) if _put(made, place, value)), None)
    if bericht is None:  # no example shows it: the block alone, which lacks much, but not here
        bericht = reduce(lambda inner, part: [inner] if part == 0 else {part: inner}, reversed(place), value)
    try:
        item.model.model_validate(bericht)
    except ValidationError as error:
        return all(fault["loc"] != place for fault in error.errors())
    return True


def _put(bericht: Any, place: Sequence[str | int], value: object) -> bool:
    """Replace what stands at a place; tells whether anything did."""
    try:
        for part in place[:-1]:
            bericht = bericht[part]
        bericht[place[-1]]
    except (KeyError, IndexError):
        return False
    bericht[place[-1]] = value
    return True


def wrong_words(texts: Mapping[str, str]) -> list[str]:
    """Name every word for residence, detention or nationality, by the text that it stands in."""
    found = []
    for name, text in texts.items():
        meant = reduce(lambda rest, harmless: rest.replace(harmless, ""), HARMLESS, text)
        found += [f"{name}: {hit[0]}" for hit in FORBIDDEN.finditer(meant)]
    return found
