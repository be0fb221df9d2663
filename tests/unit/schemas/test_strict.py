"""JSON has one meaning or none: whatever two readers could read differently is refused."""

from __future__ import annotations

import pytest

from schemas.strict import MAX_DEPTH, NotStrictJsonError, canonical_json, parse_json

REFUSED = [
    ("empty", b"", "not JSON"),
    ("space only", b"  ", "not JSON"),
    ("two values", b"1 2", "not JSON"),
    ("trailing comma", b"[1,]", "not JSON"),
    ("single quotes", b"{'a':1}", "not JSON"),
    ("comment", b"[1] // no", "not JSON"),
    ("leading zero", b"[01]", "not JSON"),
    ("control character in a string", b'["\x01"]', "not JSON"),
    ("newline in a string", b'["a\nb"]', "not JSON"),
    ("byte order mark", b"\xef\xbb\xbf{}", "not JSON"),
    ("NaN", b"[NaN]", "not a JSON number"),
    ("Infinity", b"[Infinity]", "not a JSON number"),
    ("-Infinity", b"[-Infinity]", "not a JSON number"),
    ("a number beyond any float", b"[1e999]", "not a JSON number"),
    ("and below", b"[-1e999]", "not a JSON number"),
    ("duplicate key", b'{"a":1,"a":1}', "a key occurs twice"),
    ("duplicate key, inside", b'[{"b":{"a":1,"a":2}}]', "a key occurs twice"),
    ("duplicate key, escaped", b'{"a":1,"\\u0061":2}', "a key occurs twice"),
    ("no UTF-8", b'["\xff"]', "not UTF-8"),
    ("overlong UTF-8", b'["\xc0\xaf"]', "not UTF-8"),
    ("UTF-16", '{"a":1}'.encode("utf-16"), "not UTF-8"),
    ("surrogate in UTF-8", b'["\xed\xa0\x80"]', "not UTF-8"),
    ("lone high surrogate", b'["\\ud800"]', "not UTF-8"),
    ("lone low surrogate", b'["\\udc00x"]', "not UTF-8"),
    ("lone surrogate in a key", b'{"\\ud800":1}', "not UTF-8"),
    ("surrogates the wrong way round", b'["\\udc00\\ud800"]', "not UTF-8"),
    ("many digits", b"1" * 5_000, "not JSON"),
]


@pytest.mark.parametrize(("why", "data", "said"), REFUSED, ids=[why for why, _, _ in REFUSED])
def test_refused(why: str, data: bytes, said: str) -> None:
    """Each is refused with the reason that fits, and the reason holds no input."""
    with pytest.raises(NotStrictJsonError, match=f"^{said}$"):
        parse_json(data)
    assert why


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a":[1,true,null,"\xc3\xa9"]}', {"a": [1, True, None, "é"]}),
        (b' {"a" : 1.2 }\n', {"a": 1.2}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"[]", []),
    ],
)
def test_read(data: bytes, value: object) -> None:
    """Sound JSON is read as bytes and as text alike."""
    assert parse_json(data) == value
    assert parse_json(data.decode()) == value


def test_lone_surrogate_in_text() -> None:
    """A text that no UTF-8 could carry is refused too."""
    with pytest.raises(NotStrictJsonError):
        parse_json('["\ud800"]')


def test_depth() -> None:
    """The deepest allowed nesting is read, one more is not, and a hundred thousand levels harm nobody."""
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert parse_json(b'{"a":' * 3 + b"1" + b"}" * 3, max_depth=3)
    deeper = [b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), b'{"a":' * 33 + b"1" + b"}" * 33]
    for data in (*deeper, b"[" * 100_000 + b"]" * 100_000):
        with pytest.raises(NotStrictJsonError, match="nested"):
            parse_json(data)


def test_canonical() -> None:
    """Keys sorted, nothing between, characters as themselves, only the escapes that RFC 8785 has."""
    value = {"b": [1, True, None], "a": 'é\n\u0007"\\/\u2028', "A": {}}
    assert canonical_json(value) == '{"A":{},"a":"é\\n\\u0007\\"\\\\/\u2028","b":[1,true,null]}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", object()])
def test_canonical_refuses(value: object) -> None:
    """What JSON cannot say is not spelled."""
    with pytest.raises((ValueError, TypeError)):
        canonical_json(value)
