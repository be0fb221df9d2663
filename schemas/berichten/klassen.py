"""How sensitive each field is (DOMAIN 3.4): the class stands on the field, and in the published schema beside it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import get_args

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

KEYWORD = "x-gegevensklasse"
"""The keyword under which a published schema tells the class of a field."""


class DataClass(StrEnum):
    """From nothing personal to special data; the order of the members is the order of care.

    Stands in ``Annotated`` on every leaf field: ``naam: Annotated[str, DataClass.P1]``.
    """

    G = "G"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Publish the class beside the field's own schema."""
        return {**handler(schema), KEYWORD: self.value}


def leaves(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Give every leaf field of a model with its dotted path; blocks and lists of blocks are descended into."""
    for name, field in model.model_fields.items():
        blocks = list(_blocks(field.annotation))
        if not blocks:
            yield path + name, field
        for block in blocks:
            yield from leaves(block, f"{path}{name}.")


def data_class(field: FieldInfo) -> DataClass | None:
    """Give the class of a leaf field, ``None`` when nobody said."""
    return next((item for item in field.metadata if isinstance(item, DataClass)), None)


def highest(model: type[BaseModel]) -> DataClass:
    """Give the class of the most sensitive field of a model."""
    order = list(DataClass)
    return max((found for _, field in leaves(model) if (found := data_class(field))), key=order.index)


def _blocks(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _blocks(argument)
