"""What the wire tests share: the payload inside a compact JWS, and changes to a JSON value at a place."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any

Place = tuple[str | int, ...]


def payload_of(jws: str) -> bytes:
    """Give the bytes that a compact JWS signs."""
    part = jws.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def to_bytes(value: Any) -> bytes:
    """Spell compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def members(value: Any, place: Place = ()) -> Iterator[Place]:
    """Name the place of every member, members of members too."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*place, key)
            yield from members(item, (*place, key))


def changed(value: Any, place: Sequence[str | int], new: Any) -> Any:
    """Copy ``value`` with ``new`` at ``place``."""
    result = copy.deepcopy(value)
    at = result
    for part in place[:-1]:
        at = at[part]
    at[place[-1]] = new
    return result


def without(value: Any, place: Sequence[str | int]) -> Any:
    """Copy ``value`` without what stands at ``place``."""
    result = copy.deepcopy(value)
    at = result
    for part in place[:-1]:
        at = at[part]
    del at[place[-1]]
    return result
