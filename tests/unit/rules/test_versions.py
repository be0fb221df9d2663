"""The fold of covenant entries: which version holds when, and which entries may not stand in a register."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.errors import EvidenceError
from gateway.rules.register import Register, begins
from gateway.rules.watch import begun_under
from schemas.covenants import Convenant, leidse_regio, load_covenant
from schemas.entries import BeursEntry, ConvenantEntry
from schemas.values import Digest, Salt

TEXT = leidse_regio().decode()
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SALT = Salt.from_raw(bytes(16))
HOUR = timedelta(hours=1)
BEGIN = BeursEntry(tijd=NOW, zout=SALT, beurs="proef.example/regio", vkeyregister="a", vkeyverkeer="b").body()


def version(number: str, begin: str = "2026-11-01") -> Convenant:
    """Give the region's covenant under another number, from another day or moment on."""
    text = TEXT.replace('"2.0.0"', f'"{number}"', 1).replace("geldigVanaf = 2026-11-01", f"geldigVanaf = {begin}", 1)
    return load_covenant(text.encode())


def entry(convenant: Convenant, tijd: datetime, vanaf: datetime | None) -> bytes:
    return ConvenantEntry(tijd=tijd, zout=SALT, digest=convenant.digest, tekst=convenant.text, vanaf=vanaf).body()


def test_at_a_moment_the_last_logged_that_has_begun_holds() -> None:
    """An announced version waits for its moment; one logged after it and begun by then goes before it."""
    one, two, three = version("2.0.1"), version("2.0.2"), version("2.0.3")
    state = Register.fold(
        [BEGIN, entry(one, NOW, NOW), entry(two, NOW, NOW + 3 * HOUR), entry(three, NOW + HOUR, NOW + 2 * HOUR)]
    )
    held = [state.convenant_at(NOW + hours * HOUR) for hours in (-1, 0, 1, 2, 3)]
    assert held == [None, one, one, three, three]
    assert state.convenant == three
    assert [vanaf for _, vanaf in state.convenanten] == [NOW, NOW + 3 * HOUR, NOW + 2 * HOUR]


def test_a_decision_is_explained_by_the_version_that_it_quotes() -> None:
    """Every version that was ever logged is found by its digest; an unknown one is evidence of a fault."""
    one, two = version("2.0.1"), version("2.0.2")
    state = Register.fold([BEGIN, entry(one, NOW, NOW), entry(two, NOW, NOW)])
    assert begun_under(state, one.digest) is state.convenant_by_digest(one.digest)
    assert state.convenant_by_digest(one.digest) == one
    assert state.convenant_by_digest(Digest.of(b"")) is None
    with pytest.raises(EvidenceError):
        begun_under(state, Digest.of(b""))


def test_an_entry_without_a_beginning_holds_at_once() -> None:
    """Registers from before versions had a beginning are replayed as they were meant."""
    state = Register.fold([BEGIN, entry(version("2.0.1"), NOW, None)])
    assert state.convenant_at(NOW) is state.convenant
    assert state.convenant_at(NOW - HOUR) is None


@pytest.mark.parametrize(
    ("begin", "vanaf"),
    [
        ("2026-11-01", NOW - timedelta(milliseconds=1)),
        ("2027-01-01", NOW),
        ("2027-01-01T00:00:00+01:00", datetime(2026, 12, 31, 22, 59, 59, 999000, tzinfo=UTC)),
    ],
)
def test_a_version_does_not_begin_too_soon(begin: str, vanaf: datetime) -> None:
    """Not before its entry, and not before the moment that its own text gives: no connector replays that."""
    with pytest.raises(EvidenceError, match="does not hold before"):
        Register.fold([BEGIN, entry(version("2.0.1", begin), NOW, vanaf)])


@pytest.mark.parametrize(
    ("begin", "expected"),
    [
        ("2026-11-01", NOW),
        ("2027-01-01", datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("2027-01-01T00:00:00+01:00", datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("2027-01-01T00:00:00.000001+01:00", datetime(2026, 12, 31, 23, 0, 0, 1000, tzinfo=UTC)),
    ],
)
def test_it_begins_at_once_or_when_it_says(begin: str, expected: datetime) -> None:
    """The moment is one that an entry can spell, and that the fold takes."""
    convenant = version("2.0.1", begin)
    assert begins(convenant, NOW) == expected
    assert Register.fold([BEGIN, entry(convenant, NOW, expected)]).convenanten[0][1] == expected
