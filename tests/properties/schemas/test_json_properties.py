"""Canonical JSON is RFC 8785's, strict reading never crashes, and what is spelled reads back."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.strict import NotStrictJsonError, canonical_json, parse_json

ASCII = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=12)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
CANONICAL = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(ASCII, inner, max_size=5))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
ANY = st.recursive(
    LEAVES | FLOATS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5)
)
BITS = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        '"a"',
        "1",
        "-",
        "1e999",
        "true",
        "null",
        "NaN",
        "\\",
        "\\u",
        "d800",
        " ",
        "\x00",
    ]
)


@given(CANONICAL)
@example('\u2028\u2029\x7f\x1f\b\f\n\r\t"\\/')
@example({"a": [], "A": {}, "": None, "\x00": "\U0010ffff"})
def test_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    """Strings, whole numbers, booleans, null and nesting with ASCII keys: byte for byte as another implementation."""
    assert canonical_json(value) == rfc8785.dumps(value)


@given(CANONICAL)
def test_canonical_json_reads_back(value: Any) -> None:
    """Canonical bytes are strict JSON, mean the same, and are their own canonical spelling."""
    data = canonical_json(value)
    assert parse_json(data, max_depth=10_000) == value
    assert canonical_json(parse_json(data, max_depth=10_000)) == data


@given(ANY, st.booleans(), st.booleans())
def test_sound_json_is_read(value: Any, escaped: bool, spaced: bool) -> None:
    """Whatever a sound writer spells is read, escaped or not, spaced or not, as bytes and as text."""
    text = json.dumps(value, ensure_ascii=escaped, indent=1 if spaced else None)
    assert parse_json(text.encode(), max_depth=10_000) == parse_json(text, max_depth=10_000) == value


@given(st.binary() | st.lists(BITS, max_size=20).map(lambda bits: "".join(bits).encode()))
def test_any_bytes(data: bytes) -> None:
    """Any bytes are JSON with one meaning, or refused in words of ours; what was read can be spelled and stored."""
    try:
        value = parse_json(data)
    except NotStrictJsonError:
        return
    _sound(value)
    json.dumps(value, allow_nan=False).encode()


@given(st.text())
def test_any_text(text: str) -> None:
    """A text is read as its UTF-8 bytes are."""
    try:
        read = parse_json(text)
    except NotStrictJsonError:
        with pytest.raises((NotStrictJsonError, UnicodeEncodeError)):
            parse_json(text.encode())
    else:
        assert parse_json(text.encode()) == read


@given(st.dictionaries(TEXT, LEAVES, min_size=1, max_size=5), st.data())
def test_a_key_twice(value: dict[str, Any], data: st.DataObject) -> None:
    """An object in which any key comes back, with the same value or another, is refused."""
    key = data.draw(st.sampled_from(sorted(value)))
    again = f"{json.dumps(key)}:{json.dumps(data.draw(LEAVES))}"
    text = json.dumps(value)
    for doubled in (f"{text[:-1]},{again}}}", f"{{{again},{text[1:]}"):
        with pytest.raises(NotStrictJsonError, match="a key occurs twice"):
            parse_json(doubled)


def _sound(value: Any) -> None:
    if isinstance(value, float):
        assert math.isfinite(value)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _sound(item)
