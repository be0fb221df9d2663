"""Publish what travels as JSON Schema 2020-12: ``python -m schemas.publish``, or ``--check`` to compare only.

Message types stand under ``berichten``, the envelope and the receipts under ``uitwisseling``.

A schema stands alone: it refers to nothing outside itself. Each leaf field tells its data
class under ``x-gegevensklasse``. What a schema cannot say (a date that exists, one decimal at most, no citizen
service number, one date not after another, the end of an OIN, a recipient other than the source) the models check.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from schemas.berichten.berichttype import MessageType
from schemas.catalogue import CATALOGUE
from schemas.envelope import Envelope, Wire
from schemas.notices import NietAfgeleverd, TermijnOverschreden, Waarschuwing
from schemas.receipts import Aanvaard, Afgewezen, Geboekt, Geweigerd, Ontvangen

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Published(GenerateJsonSchema):
    """Our schemas: absent is absent (no ``null``), no titles made of field names, no docstrings of the code."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """An optional field is left out; null is no value of it."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The only default is absence."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's hook
        """A field is known by its name."""
        return False


WIRE: Mapping[str, tuple[type[Wire], str, str]] = MappingProxyType(
    {
        "envelop": (Envelope, "Envelop", "Wat de beurs van een bericht weet; de afzender ondertekent het."),
        "aanvaard": (Aanvaard, "Aanvaard", "De beurs heeft het bericht op zich genomen, en bewijst dat."),
        "afgewezen": (Afgewezen, "Afgewezen", "De beurs heeft het bericht niet aangenomen, en bewijst waarom."),
        "ontvangen": (Ontvangen, "Ontvangen", "De ontvanger heeft het bericht geopend, gecontroleerd en bewaard."),
        "geweigerd": (Geweigerd, "Geweigerd", "De ontvanger kan het bericht om een technische reden niet verwerken."),
        "geboekt": (Geboekt, "Geboekt", "De beurs heeft het bewijs van de ontvanger in het logboek gezet."),
        "niet-afgeleverd": (NietAfgeleverd, "Niet afgeleverd", "Tot de verlooptijd is geen ontvangstbewijs geboekt."),
        "termijn-overschreden": (
            TermijnOverschreden,
            "Termijn overschreden",
            "Binnen de termijn van het convenant is geen antwoord aanvaard.",
        ),
        "waarschuwing": (Waarschuwing, "Waarschuwing", "Het bericht is aanvaard terwijl een poort gesloten was."),
    }
)
"""What travels around a message, by its published name: the model, a title and a description."""


def schema_of(item: MessageType) -> dict[str, Any]:
    """Give the schema of one type, as published."""
    description = f"{item.description} Grondslag: {item.legal_basis}. Versie {item.version}."
    return _schema(item.model, item.code, item.title_nl, description)


def wire_schema(name: str) -> dict[str, Any]:
    """Give the schema of the envelope or of one receipt, as published. Raises ``KeyError`` for another name."""
    model, title, description = WIRE[name]
    return _schema(model, f"{name}.v1", title, description)


def _schema(model: type[BaseModel], code: str, title: str, description: str) -> dict[str, Any]:
    made = model.model_json_schema(schema_generator=_Published)
    head = {"$schema": DIALECT, "$id": f"urn:seinpost:schema:{code}", "title": title, "description": description}
    for block in (made, *made.get("$defs", {}).values()):
        block.pop("title", None)
        block.pop("description", None)  # what the code says to its readers is not what a schema says to partners
        _require_constants(block)
    return head | made


def _require_constants(block: dict[str, Any]) -> None:
    """Ask for the members that never differ too: code need not say them, what travels does."""
    required = block.get("required", [])
    constant = [name for name, field in block.get("properties", {}).items() if "const" in field]
    if constant:
        block["required"] = [*constant, *required]


def published() -> Iterator[tuple[str, bytes]]:
    """Give each file that is published, by its path under ``schemas/published``, with its bytes."""
    for item in CATALOGUE.values():
        major = item.version.partition(".")[0]
        yield f"berichten/{item.name}.v{major}.schema.json", _spell(schema_of(item))
    for name in WIRE:
        yield f"uitwisseling/{name}.v1.schema.json", _spell(wire_schema(name))


def _spell(schema: dict[str, Any]) -> bytes:
    return json.dumps(schema, ensure_ascii=False, indent=2).encode() + b"\n"


def stale(folder: Path) -> list[str]:
    """Name the files in ``folder`` that are not what the code would publish, missing and superfluous ones too."""
    wanted = dict(published())
    present = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("*/*.schema.json")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def main(arguments: Sequence[str], folder: Path) -> int:
    """Write what is published, or with ``--check`` name what differs; 1 if anything does."""
    if "--check" in arguments:
        differing = stale(folder)
        sys.stdout.write(
            "".join(f"{name}: not what the code says; run python -m schemas.publish\n" for name in differing)
        )
        return 1 if differing else 0
    for name, data in published():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(str(files("schemas"))) / "published"))
