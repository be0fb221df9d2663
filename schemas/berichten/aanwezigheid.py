"""Which fields are there when: said once, held by the model and told by its published schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Any

from pydantic import ConfigDict

from schemas.berichten.vormen import Blok


@dataclass(frozen=True, slots=True)
class Presence:
    """``fields`` are all there exactly when the field ``on`` has one of ``values``, and otherwise all absent.

    ``on`` may be a dotted path into a block. With ``required=False`` they may be left out there too.
    """

    fields: tuple[str, ...]
    on: str
    values: tuple[StrEnum | bool, ...]
    required: bool = True

    def schema(self) -> dict[str, Any]:
        """Say it in JSON Schema."""
        wanted: dict[str, Any] = {"enum": [str(item) if isinstance(item, StrEnum) else item for item in self.values]}
        for name in reversed(self.on.split(".")):
            wanted = {"properties": {name: wanted}, "required": [name]}
        there = {"then": {"required": list(self.fields)}} if self.required else {}
        return {"if": wanted, **there, "else": {"properties": dict.fromkeys(self.fields, False)}}

    def hold(self, blok: Blok) -> None:
        """Raise ``ValueError`` that names the fields, never what was sent, unless it holds for ``blok``."""
        value: Any = reduce(getattr, self.on.split("."), blok)
        asked = value in self.values
        given = [getattr(blok, name) is not None for name in self.fields]
        if (self.required and asked and not all(given)) or (not asked and any(given)):
            when = "exactly when" if self.required else "only when"
            values = " or ".join(json.dumps(item) for item in self.values)
            raise ValueError(f"{', '.join(self.fields)}: given {when} {self.on} is {values}")


def told(*rules: Presence | dict[str, Any]) -> ConfigDict:
    """Give the configuration of a model whose published schema tells ``rules``."""
    return ConfigDict(
        json_schema_extra={"allOf": [rule.schema() if isinstance(rule, Presence) else rule for rule in rules]}
    )
