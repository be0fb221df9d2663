"""Publish the message types as JSON Schema 2020-12: ``python -m schemas.publish``, or ``--check`` to compare only.

A schema stands alone: it refers to nothing outside itself. Each leaf field tells its data
class under ``x-gegevensklasse``. What a schema cannot say (a date that exists, one decimal at most, no citizen
service number, one date not after another) the models check.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from schemas.catalogue import CATALOGUE, MessageType

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


def schema_of(item: MessageType) -> dict[str, Any]:
    """Give the schema of one type, as published."""
    made = item.model.model_json_schema(schema_generator=_Published)
    head = {
        "$schema": DIALECT,
        "$id": f"urn:seinpost:schema:{item.code}",
        "title": item.title_nl,
        "description": f"{item.description} Grondslag: {item.legal_basis}. Versie {item.version}.",
    }
    for block in (made, *made.get("$defs", {}).values()):
        block.pop("title", None)
        block.pop("description", None)  # what the code says to its readers is not what a schema says to partners
    return head | made


def published() -> Iterator[tuple[str, bytes]]:
    """Give each file that is published, by its path under ``schemas/published``, with its bytes."""
    for item in CATALOGUE.values():
        major = item.version.partition(".")[0]
        text = json.dumps(schema_of(item), ensure_ascii=False, indent=2)
        yield f"berichten/{item.name}.v{major}.schema.json", text.encode() + b"\n"


def stale(folder: Path) -> list[str]:
    """Name the files in ``folder`` that are not what the code would publish, missing and superfluous ones too."""
    wanted = dict(published())
    present = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("berichten/*")}
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
