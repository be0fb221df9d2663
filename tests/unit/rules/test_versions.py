"""The fold of covenant entries: which version holds when, and which entries may not stand in a register."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.errors import EvidenceError
from gateway.rules.register import Register, Version, begins
from gateway.web.api.parties import in_force
from schemas.covenants import Convenant, CovenantError, leidse_regio, load_covenant, read_covenant
from schemas.entries import BeursEntry, ConvenantEntry
from schemas.values import Digest, Salt

TEXT = leidse_regio().decode()
OLD = (Path(__file__).parent / "convenant-1.0.0.toml").read_text(encoding="utf-8")
"""The region's covenant as the first version of this program logged it."""
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


def test_at_a_moment_the_last_to_begin_holds() -> None:
    """An announced version waits for its moment, and takes effect then whatever was logged after it meanwhile."""
    one, two, three = version("2.0.1"), version("2.0.2"), version("2.0.3")
    state = Register.fold(
        [BEGIN, entry(one, NOW, NOW), entry(two, NOW, NOW + 3 * HOUR), entry(three, NOW + HOUR, NOW + 2 * HOUR)]
    )
    held = [state.convenant_at(NOW + hours * HOUR) for hours in (-1, 0, 1, 2, 3)]
    assert held == [None, one, one, three, two]
    assert state.convenant == three
    assert [vanaf for _, vanaf in state.convenanten] == [NOW, NOW + 2 * HOUR, NOW + 3 * HOUR]
    assert [v.convenant for v in state.announced(NOW)] == [three, two]


def test_of_one_moment_the_last_logged_holds() -> None:
    """A version replaces one that was announced for the very moment at which it begins itself."""
    one, two = version("2.0.1"), version("2.0.2")
    state = Register.fold([BEGIN, entry(one, NOW, NOW + HOUR), entry(two, NOW, NOW + HOUR)])
    assert state.convenant_at(NOW + HOUR) == two
    assert [v.convenant for v in state.announced(NOW)] == [two]
    assert state.convenanten[-1] == (two, NOW + HOUR)


def test_a_decision_is_explained_by_the_version_that_it_quotes() -> None:
    """Every version that was ever logged is found by its digest, an unknown one is not."""
    one, two = version("2.0.1"), version("2.0.2")
    state = Register.fold([BEGIN, entry(one, NOW, NOW), entry(two, NOW, NOW)])
    assert state.convenant_by_digest(one.digest) == one
    assert state.convenant_by_digest(Digest.of(b"")) is None


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
        ("2999-12-31T23:59:59.999999-23:59", datetime(3000, 1, 1, 23, 59, tzinfo=UTC)),
        ("2000-01-01", NOW),
        ("2027-01-01T00:00:00.000001+01:00", datetime(2026, 12, 31, 23, 0, 0, 1000, tzinfo=UTC)),
    ],
)
def test_it_begins_at_once_or_when_it_says(begin: str, expected: datetime) -> None:
    """The moment is one that an entry can spell, and that the fold takes."""
    convenant = version("2.0.1", begin)
    assert begins(convenant, NOW) == expected
    assert Register.fold([BEGIN, entry(convenant, NOW, expected)]).convenanten[0][1] == expected


def old_entry(tijd: datetime = NOW) -> bytes:
    return ConvenantEntry(tijd=tijd, zout=SALT, digest=Digest.of(OLD.encode()), tekst=OLD).body()


def test_a_register_of_an_older_program_is_replayed() -> None:
    """A version whose form this program does not know is kept by its digest; while it holds there is no covenant."""
    with pytest.raises(CovenantError):
        read_covenant(OLD.encode())
    one = version("2.0.1")
    state = Register.fold([BEGIN, old_entry(), entry(one, NOW + HOUR, NOW + HOUR)])
    assert state.version_at(NOW) == Version(Digest.of(OLD.encode()), NOW, None)
    assert [state.convenant_at(NOW), state.convenant_at(NOW + HOUR)] == [None, one]
    assert state.convenant_by_digest(Digest.of(OLD.encode())) is None
    assert state.convenanten == ((one, NOW + HOUR),)


def test_a_logged_version_is_not_checked_again() -> None:
    """What holds together by today's check only must not close a register in which it was logged before it."""
    text = TEXT.replace('code = "0546"', 'code = "0599"', 1)
    with pytest.raises(CovenantError):
        load_covenant(text.encode())
    body = ConvenantEntry(tijd=NOW, zout=SALT, digest=Digest.of(text.encode()), tekst=text).body()
    found = Register.fold([BEGIN, body]).convenant_at(NOW)
    assert found is not None
    assert found.text == text


def test_the_api_tells_of_the_version_in_force_even_if_it_cannot_be_read() -> None:
    """A version that this program cannot read is named by its digest; no older one is put forward in its place."""
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    readable = load_covenant(leidse_regio())
    known = Version(readable.digest, moment - timedelta(days=9), readable)
    foreign = Version(Digest.of(b"of another program"), moment - timedelta(days=1), None)
    told = in_force(replace(Register.empty(), versies=(known, foreign)), moment)
    assert (told["digest"], "tekst" in told, told["aangekondigd"]) == (foreign.digest, False, [])
