"""Whatever happens to a message and its answer, and whatever the clock says: each level is told once, in time."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.covenant.terms import due, levels, pick_up_by
from gateway.rules.rows import CLOSING, QUESTION, REPLY, Bearing, Message, Term
from gateway.rules.terms import following, met, overdue, received, start
from schemas.covenants import leidse_regio, load_covenant
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId

REGIO = load_covenant(leidse_regio())
HUUR = Mailbox.of(Oin("00000099000000001000"), "huur")
VROEG = Mailbox.of(Oin("00000099000000101000"), "vroegsignalering")
ID = MessageId("019a9f3e-7c00-7abc-8def-0123456789ab")
REEKS = RandomId("0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33")
DIGEST, MOMENT, DAY = Digest.of(b"x"), 1_795_341_601_250, 86_400_000
SIGNAL = Message(
    7, bytes(32), HUUR, ID, VROEG, REEKS, "nl.huurschuld.vroegsignaal.v1", DIGEST, REEKS, 3, None, MOMENT, MOMENT, 57,
    DIGEST, DIGEST, "kid",
)  # fmt: skip
FEEDBACK = "nl.huurschuld.terugkoppeling.v1"
DUTY = REGIO.termijn("terugkoppeling")
SPANS = st.integers(0, 4 * DAY) | st.sampled_from([0, 1, DAY])


class Told(RuleBasedStateMachine):
    """One term, with a model of what its message and its answer came to."""

    def __init__(self) -> None:
        super().__init__()
        (self.term,) = start(SIGNAL, REGIO)
        self.now = MOMENT
        self.told: list[int] = []
        self.came = ""  # how the message ended last
        self.answer = ""  # how the answer stands
        self.closed = ""  # whether something closed the dossier, and how that stands
        self.begun = pick_up_by(REGIO, MOMENT)

    @rule(span=SPANS)
    def time_passes(self, span: int) -> None:
        """The clock goes on."""
        self.now += span

    @rule(span=SPANS)
    def clock_goes_back(self, span: int) -> None:
        """The clock is set back, as far as the log lets it: never before the message."""
        self.now = max(MOMENT, self.now - span)

    @precondition(lambda self: self.came in {"", "niet-afgeleverd"})
    @rule()
    def receives(self) -> None:
        """The message is received, late or in time."""
        self.begun = min(self.begun, self.now)
        self.term, self.came = received(self.term, self.now, REGIO), "ontvangen"
        self.follow()

    @precondition(lambda self: not self.came)
    @rule(how=st.sampled_from(["geweigerd", "niet-afgeleverd"]))
    def comes_to_nothing(self, how: str) -> None:
        """The message is refused, or not delivered."""
        self.came = how
        self.follow()

    @precondition(lambda self: self.came != "geweigerd" and self.answer in {"", "gone"})
    @rule()
    def answers(self) -> None:
        """An answer is accepted; or the one that was given up is received late."""
        self.term, self.answer = met(self.term, FEEDBACK, 9, REGIO), "accepted"

    @rule()
    def answers_something_else(self) -> None:
        """An answer of a type that meets nothing changes nothing."""
        assert met(self.term, "nl.huurschuld.afsluiting.v1", 11, REGIO) == self.term

    @precondition(lambda self: self.answer == "accepted")
    @rule()
    def answer_comes_to_nothing(self) -> None:
        """The answer is refused, or not delivered."""
        self.answer = "gone"
        self.follow()

    @rule(how=st.sampled_from(["accepted", "gone"]))
    def closes(self, how: str) -> None:
        """The dossier is closed, or what closed it comes to nothing."""
        self.closed = how
        self.follow()

    def follow(self) -> None:
        """Let the term follow from what happened to message, answer and closing."""
        found = [Bearing(7, QUESTION, 7, SIGNAL.type, self.came or None)]
        for how, index, type_code, stands in (
            (REPLY, 9, FEEDBACK, self.answer),
            (CLOSING, 12, "nl.huurschuld.afsluiting.v1", self.closed),
        ):
            if stands:
                found.append(Bearing(7, how, index, type_code, "geweigerd" if stands == "gone" else None))
        self.term = following(self.term, found, REGIO)

    @rule(times=st.integers(1, 3))
    def sweeps(self, times: int) -> None:
        """A sweep, perhaps repeated, tells only what is owed, what was not told and what is due."""
        for _ in range(times):
            before, (late, self.term) = self.term, overdue(self.term, self.now, REGIO)
            self.told += late
            moments = levels(DUTY, before.due)
            assert all(moments[level - 1] <= self.now for level in late)
            assert not late or before.state == "loopt"

    @invariant()
    def each_level_is_told_once_and_in_order(self) -> None:
        """What was told is 1, 2, ... without a gap or a repetition, and the row knows how far."""
        assert self.told == list(range(1, len(self.told) + 1))
        assert self.term.level == len(self.told) <= len(DUTY.meldingen)

    @invariant()
    def the_row_says_what_is_so(self) -> None:
        """The state follows from what message and answer came to; the moments from when it began."""
        assert self.term.state == self.expected()
        assert (self.term.begun, self.term.due) == (self.begun, due(DUTY, self.begun))
        left = levels(DUTY, self.term.due)[len(self.told) :]
        assert self.term.next_at == (left[0] if left and self.term.state == "loopt" else None)

    def expected(self) -> str:
        """Give the state that the model says."""
        if self.answer == "accepted":
            return "vervuld"
        gone = self.came in {"geweigerd", "niet-afgeleverd"}
        return "vervallen" if gone or self.closed == "accepted" else "loopt"


class Swept(Told):
    """The same, with a sweep at the end: nothing that is owed stays untold."""

    def teardown(self) -> None:
        """Long after, one sweep tells all that is left of a running term, and nothing of any other."""
        late, term = overdue(self.term, self.now + 400 * DAY, REGIO)
        left = list(range(len(self.told) + 1, len(DUTY.meldingen) + 1))
        assert late == (left if self.term.state == "loopt" else [])
        assert overdue(term, self.now + 800 * DAY, REGIO) == ([], term)


Swept.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestTerms = Swept.TestCase


def test_a_term_that_forgets_what_it_told_is_seen() -> None:
    """The check can fail: a row whose level is lost tells again."""
    (term,) = start(SIGNAL, REGIO)
    _, after = overdue(term, term.due, REGIO)
    forgotten: Term = after._replace(level=0)
    assert overdue(forgotten, term.due, REGIO)[0] == [1]
