"""JSON read strictly: one meaning, or none (RFC 8259 leaves too much open; RFC 7493 does not)."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, NoReturn

MAX_DEPTH = 32


class NotStrictJsonError(ValueError):
    """The bytes are not JSON that every reader reads alike. The text is safe to show: it holds no input."""


def parse_json(data: bytes | str, max_depth: int = MAX_DEPTH) -> Any:  # noqa: ANN401 - JSON is any of six things
    """Parse UTF-8 JSON, refusing duplicate keys, ``NaN``, ``Infinity``, lone surrogates and nesting over ``max_depth``.

    Raises:
        NotStrictJsonError: with a reason that may be shown to the sender.
    """
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        value = _decode(text, max_depth)
        if "\\" in text or text is data:
            canonical_json(value)  # a lone surrogate, escaped or not, is no character and cannot be encoded
    except NotStrictJsonError:
        raise
    except RecursionError:
        raise NotStrictJsonError(f"nested deeper than {max_depth} levels") from None
    except UnicodeError:
        raise NotStrictJsonError("not UTF-8") from None
    except ValueError:
        raise NotStrictJsonError("not JSON") from None
    return value


def canonical_json(value: Any) -> bytes:  # noqa: ANN401 - as above
    """Spell strings, whole numbers, booleans, null, arrays and objects with ASCII keys as RFC 8785 does.

    Fractions have no place here: RFC 8785 spells them as ECMAScript does, and Python
    differs. A test holds this against an independent implementation.
    """
    return _CANONICAL.encode(value).encode()


def compact_json(value: Any) -> bytes:  # noqa: ANN401 - as above
    """Spell JSON without blanks, members in the order in which they stand."""
    return _COMPACT.encode(value).encode()


def _decode(text: str, max_depth: int) -> Any:  # noqa: ANN401 - as above
    """Decode, and refuse keys that occur twice, and what is nested too deep.

    Where there is no backslash, a quotation mark begins or ends a key or a string. If the value has half as many keys
    and strings as its text has marks, then none was lost on the way: that is quicker to see than to look at each key.
    """
    if "\\" in text:
        value = _STRICT.decode(text)
        _count_texts(value, max_depth)
        return value
    value = _PLAIN.decode(text)
    if 2 * _count_texts(value, max_depth) != text.count('"'):
        raise NotStrictJsonError("a key occurs twice")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrictJsonError("a key occurs twice")
    return found


def _finite(spelled: str) -> float:
    number = float(spelled)
    if not isfinite(number):
        raise NotStrictJsonError("not a JSON number")  # 1e999: one reader's infinity is another's error
    return number


def _no_constant(name: str) -> NoReturn:  # noqa: ARG001 - json's hook
    raise NotStrictJsonError("not a JSON number")


def _count_texts(value: Any, left: int) -> int:  # noqa: ANN401
    """Count all keys and strings in a decoded ``value``; refuse nesting deeper than ``left`` levels."""
    kind = type(value)
    if kind is dict:
        count, items = len(value), value.values()
    elif kind is list:
        count, items = 0, value
    else:
        return int(kind is str)
    if left == 0:
        raise NotStrictJsonError("nested too deep")
    for item in items:
        kind = type(item)
        if kind is str:
            count += 1
        elif kind is dict or kind is list:
            count += _count_texts(item, left - 1)
    return count


_PLAIN = json.JSONDecoder(parse_float=_finite, parse_constant=_no_constant)
_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
