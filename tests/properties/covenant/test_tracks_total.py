"""Following a dossier is total: whatever went by, in whatever order, there is a position, and it is a sound one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.covenant.passage import Passed
from gateway.covenant.statutory import obligations
from gateway.covenant.tracks import follow, next_steps, out_of_turn
from schemas.berichten.berichttype import code_of
from schemas.covenants import AMSTERDAM
from schemas.values import Mailbox, MessageId, Oin
from tests.properties.covenant.moves import moves
from tests.unit.covenant.written import BEGIN, BOXES, CONVENANT, SHORT, bericht

MOVES = [move for family in moves(BEGIN.date()).values() for move in family]
STRANGER = Mailbox.of(Oin("00000099000000999000"), "huur")
KNOWN = st.sampled_from(MOVES).map(
    lambda move: (code_of(SHORT[move.short]), bericht(move.short, move.fields, move.which))
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["AKKOORD", "2027-01-15"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["status", "resultaat", "tot", "besluit", "achterstand", "fase", "ontruimingOp", "reden"])
NONSENSE = st.tuples(
    st.sampled_from([*map(code_of, SHORT.values()), "nl.huurschuld.onbekend.v1"]),
    st.none() | st.dictionaries(FIELDS, ANYTHING, max_size=4),
)


@st.composite
def passages(draw: st.DrawFn) -> list[Passed]:
    """Draw messages of any kind between anyone, answering any of them, each no earlier than the one before."""
    made: list[Passed] = []
    moment = BEGIN
    for number, (code, said) in enumerate(draw(st.lists(KNOWN | NONSENSE, max_size=12))):
        moment += timedelta(days=draw(st.integers(0, 40)))
        boxes = st.sampled_from([*BOXES.values(), STRANGER])
        answered = draw(st.none() | st.sampled_from([one.id for one in made])) if made else None
        identifier = MessageId(f"019a9f3e-7c00-7abc-8def-{number:012x}")
        made.append(Passed(identifier, code, draw(boxes), draw(boxes), answered, said, moment))
    return made


@given(passages(), st.integers(0, 400))
@settings(max_examples=250, deadline=None)
def test_following_is_total(passed: list[Passed], days: int) -> None:
    """Every state is of its track; each turn begins where the last one ended; the same question, the same answer."""
    now = (passed[-1].moment if passed else BEGIN) + timedelta(days=days)
    position = follow(CONVENANT, passed, now)
    assert position == follow(CONVENANT, passed, now)
    for spoor in CONVENANT.sporen:
        trail = [spoor.standen[0]]
        for turn in (one for one in position.turns if one.spoor is spoor.naam):
            assert turn.van == trail[-1]
            trail.append(turn.naar)
        assert trail[-1] == position.stand[spoor.naam]
        assert set(trail) <= set(spoor.standen)
    assert {*position.idle, *(turn.message for turn in position.turns)} <= {one.id for one in passed}
    assert all(day > now.astimezone(AMSTERDAM).date() for day in position.until.values())


@given(passages())
@settings(max_examples=100, deadline=None)
def test_asking_is_total(passed: list[Passed]) -> None:
    """What may come next and what is owed is told of any course, and idle is what was out of turn when it came."""
    now = datetime(2030, 1, 1, tzinfo=UTC)
    assert isinstance(next_steps(CONVENANT, passed, now), list)
    late: list[Any] = [one for one in obligations(CONVENANT, passed) if one.due < one.begun or one.levels[0] != one.due]
    assert late == []
    known = [(at, one) for at, one in enumerate(passed) if one.bericht is not None]
    idle = [one.id for at, one in known if out_of_turn(CONVENANT, passed[:at], one, one.moment) is not None]
    assert tuple(idle) == follow(CONVENANT, passed, now).idle
