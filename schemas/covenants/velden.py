"""What a condition may say of a message: the fields that its model has, and the values that each can take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from schemas.covenants.vormen import ANY, Voorwaarde


def kind_of(model: type[BaseModel], path: str) -> Any:  # noqa: ANN401 - an annotation is any object
    """Give the type of the field at a dotted path, without what says that it may be absent.

    Raises:
        KeyError: the model has no such field.
    """
    found: Any = model
    for name in path.split("."):
        fields: Mapping[str, Any] = getattr(found, "model_fields", {})
        found = _bare(fields[name].annotation)
    return found


def untrue(model: type[BaseModel], als: Voorwaarde) -> Iterator[tuple[str, str]]:
    """Name what messages of this model can never say: each field of ``als`` with what is wrong about it."""
    for path, values in als.items():
        try:
            possible = _values(kind_of(model, path))
        except KeyError:
            yield path, f"the message has no field {path}"
            continue
        for value in values:
            if value != ANY and not any(type(value) is type(other) and value == other for other in possible):
                allowed = ", ".join([*(_spelled(other) for other in possible), f'"{ANY}"'])
                yield path, f"{_spelled(value)} is no value of it; expected one of {allowed}"


def no_date(model: type[BaseModel], path: str) -> str | None:
    """Say what is wrong with a field that a term is counted from or a state lasts until, if anything is."""
    try:
        return None if kind_of(model, path) is date else f"{path} is no date"
    except KeyError:
        return f"the message has no field {path}"


def _values(kind: Any) -> tuple[str | bool, ...]:  # noqa: ANN401 - an annotation is any object
    if kind is bool:
        return True, False
    return tuple(item.value for item in kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else ()


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - an annotation is any object
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        kinds = [item for item in get_args(annotation) if item is not NoneType]
        return _bare(kinds[0]) if len(kinds) == 1 else annotation
    return annotation


def _spelled(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
