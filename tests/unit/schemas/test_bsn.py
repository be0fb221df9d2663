"""A citizen service number is found however it is printed, and nothing that only looks like one."""

from __future__ import annotations

import pytest

from schemas.bsn import find_bsn, no_bsn

FOUND = [
    "999990019",
    "000009921",
    "999.990.019",
    "999 990 019",
    "9999.90.019",
    "9999 90 019",
    "BSN:999990019.",
    "bsn999990019x",
    "tel. 0612345678, bsn 999990019",
    "123 999 990 019",
    "123.999.990.019",
    "999990020 and 999990019",
    "999\u00a0990\u00a0019",
    "\uff19\uff19\uff19\uff19\uff19\uff10\uff10\uff11\uff19",
    "\u0669\u0669\u0669\u0669\u0669\u0660\u0660\u0661\u0669",
    "\u00e9 999990019",
]
ABSENT = [
    "",
    "999990018",
    "000000000",
    "000.000.000",
    "9999900190",
    "0999990019",
    "999990019" * 2,
    "+31999990019",
    "999 990.019",
    "999-990-019",
    "99999001",
    "99.999.0019",
    "H-2026-00123",
    "\u00b9\u00b2\u00b3",
]


@pytest.mark.parametrize("text", FOUND)
def test_found(text: str) -> None:
    """A number that passes the 11-proof is found alone, between other text, grouped, and in other digits."""
    assert find_bsn(text)
    with pytest.raises(ValueError, match=r"^expected no citizen service number \(BSN\)$"):
        no_bsn(text)


@pytest.mark.parametrize("text", ABSENT)
def test_absent(text: str) -> None:
    """A failed proof, zeros, a part of a longer run, and groups that nobody prints are no such number."""
    assert not find_bsn(text)
    assert no_bsn(text) == text


@pytest.mark.parametrize("at", range(9))
def test_every_digit_counts(at: int) -> None:
    """Changing any one digit of a number by one breaks the 11-proof."""
    digits = list("999993653")
    digits[at] = str((int(digits[at]) + 1) % 10)
    assert find_bsn("999993653")
    assert not find_bsn("".join(digits))
