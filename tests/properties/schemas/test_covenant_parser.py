"""Any bytes give a covenant or an error that names a line of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.covenants import Convenant, CovenantError, leidse_regio, load_covenant
from schemas.covenants.lines import line_of
from schemas.values import Digest

DATA = leidse_regio()
LINES = DATA.split(b"\n")
BITS = st.sampled_from(
    [b"[", b"]", b'"', b"=", b"{", b"\n", b"[[gemeente]]\n", b"code = 1", b"'''", b"#", b"9", b"\xff", b"a.b = 1\n"]
)


def _load(data: bytes) -> None:
    """Hold what becomes of some bytes against what is promised of any."""
    try:
        outcome: Convenant | CovenantError = load_covenant(data)
    except CovenantError as error:
        outcome = error
    if isinstance(outcome, Convenant):
        assert outcome.digest == Digest.of(data)
        assert outcome.text.encode() == data
    else:
        assert 1 <= outcome.line <= data.count(b"\n") + 1
        assert outcome.text


@given(st.binary(max_size=300) | st.lists(BITS, max_size=20).map(b"".join))
def test_any_bytes(data: bytes) -> None:
    """Nothing crashes the reader."""
    _load(data)


@given(st.integers(0, len(DATA)), st.integers(0, 3), st.binary(max_size=3) | BITS)
def test_a_damaged_covenant(at: int, removed: int, inserted: bytes) -> None:
    """The real file with a few bytes changed anywhere is another covenant or an error with a line."""
    _load(DATA[:at] + inserted + DATA[at + removed :])


@given(st.integers(0, len(LINES) - 1))
def test_a_line_less(at: int) -> None:
    """The real file without one of its lines is another covenant or an error with a line."""
    _load(b"\n".join(LINES[:at] + LINES[at + 1 :]))


@given(st.text(), st.lists(st.text(max_size=5) | st.integers(), max_size=4))
def test_a_place_is_always_a_line(text: str, path: list[str | int]) -> None:
    """Looking for a place never fails."""
    assert 1 <= line_of(text, path) <= text.count("\n") + 1


@pytest.fixture(scope="module")
def covenant() -> Convenant:
    return load_covenant(DATA)


@given(code=st.integers(1000, 9999))
def test_a_postcode_has_one_municipality_at_most(covenant: Convenant, code: int) -> None:
    """No dwelling belongs to two municipalities."""
    holding = [
        gemeente for gemeente in covenant.gemeenten for first, last in gemeente.postcodes if first <= str(code) <= last
    ]
    assert len(holding) <= 1
