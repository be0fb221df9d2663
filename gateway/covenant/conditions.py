"""Does a message say what a rule of the covenant asks of its fields? On JSON values, as they travel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.covenants.vormen import Voorwaarde

ANYTHING = "*"
"""As a wanted value: the field is there at all."""


def holds(als: Voorwaarde, bericht: Mapping[str, Any]) -> bool:
    """Tell whether each field that is named has one of the values given; no condition at all always holds.

    A field that is absent has none of them, and neither has one whose block is absent or no block.
    """
    return all(_one_of(wanted, value_at(bericht, path)) for path, wanted in als.items())


def value_at(bericht: Mapping[str, Any] | None, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Give the value of a field by its dotted path, ``None`` when there is no such field or no content at all."""
    value: Any = bericht
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _one_of(wanted: tuple[str | bool, ...], value: Any) -> bool:  # noqa: ANN401 - any JSON value
    if value is None:
        return False
    # JSON tells true from 1 and Python does not
    return ANYTHING in wanted or any(type(one) is type(value) and one == value for one in wanted)
