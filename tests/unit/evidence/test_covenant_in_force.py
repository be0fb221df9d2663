"""The verifier finds the covenant in force at a moment as the exchange does: the last that had begun."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.evidence.verifier.reading import WrongError
from gateway.evidence.verifier.register import Register
from schemas.strict import canonical_json
from schemas.values import Digest

NAMES = {"beurs": "proef.example/regio", "vkeyregister": "a", "vkeyverkeer": "b"}


def moment(hour: int) -> str:
    return f"2026-11-22T{hour:02}:00:00.000Z"


def register(*covenants: tuple[str, int, int | None]) -> Register:
    """Replay a register with covenants: text, hour of the entry, hour from which it holds, if it says so."""
    made = Register(lambda *_: True)
    made.append(canonical_json({"soort": "beurs", "tijd": moment(1), "zout": "", **NAMES}).decode())
    for text, hour, begins in covenants:
        line: dict[str, Any] = {"soort": "convenant", "tijd": moment(hour), "zout": "", "tekst": text}
        line |= {"digest": str(digest(text))} | ({} if begins is None else {"vanaf": moment(begins)})
        made.append(canonical_json(line).decode())
    return made


def digest(text: str) -> Digest:
    return Digest.of(text.encode())


def test_a_version_holds_from_its_moment_on() -> None:
    """Before a new version begins the one before it holds, and from then on the new one."""
    found = register(("een", 2, 3), ("twee", 4, 9))
    assert [found.covenant(3, moment(hour)) for hour in (2, 3, 8, 9)] == [
        None,
        digest("een"),
        digest("een"),
        digest("twee"),
    ]


def test_the_last_to_begin_holds() -> None:
    """An announced version takes effect at its moment, whatever was logged after it; of one moment the last logged."""
    found = register(("een", 2, 2), ("later", 3, 9), ("eerder", 4, 6))
    assert [found.covenant(4, moment(hour)) for hour in (5, 6, 9)] == [
        digest("een"),
        digest("eerder"),
        digest("later"),
    ]
    assert register(("een", 2, 5), ("twee", 3, 5)).covenant(3, moment(5)) == digest("twee")


def test_a_state_knows_only_what_was_logged_by_then() -> None:
    """A decision that quotes an older register is held to the covenant of that register."""
    found = register(("een", 2, 2), ("twee", 3, 3))
    assert found.covenant(2, moment(9)) == digest("een")


def test_a_line_without_a_beginning_holds_at_once() -> None:
    """Registers from before versions had a beginning are read as they were meant."""
    found = register(("een", 2, None))
    assert [found.covenant(2, moment(hour)) for hour in (1, 2)] == [None, digest("een")]


@pytest.mark.parametrize("begins", ["gisteren", "2026-11-22T01:00:00", moment(1), 7])
def test_a_beginning_that_cannot_be_is_refused(begins: object) -> None:
    """A version does not begin before its own line, nor at what is no moment."""
    line = {"soort": "convenant", "tijd": moment(2), "zout": "", "tekst": "een", "digest": str(digest("een"))}
    with pytest.raises(WrongError):
        register().append(canonical_json(line | {"vanaf": begins}).decode())
