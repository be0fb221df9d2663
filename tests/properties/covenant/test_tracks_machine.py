"""Any legal course of a dossier stays within DOMAIN 3.5, and never comes to a halt before its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gateway.covenant.conditions import holds
from gateway.covenant.content import objections
from gateway.covenant.passage import OUTSIDE, Passage, Passed
from gateway.covenant.sending import parties_ruling
from gateway.covenant.tracks import follow, next_steps
from schemas.covenants import BLIJFT, TERUG, Convenant, Spoornaam, load_covenant
from tests.properties.covenant.moves import Move, message, moves, openings
from tests.properties.covenant.table import BESIDE, TABLE, allowed
from tests.unit.covenant.written import BEGIN, BOXES, CONVENANT, Written

FAMILIES = ("signals", "results", "helping", "pausing", "plans", "plans", "evicting", "evicting", "changes", "closing")
ENDING = ("changes", "closing")
BEFORE_THE_END = 20
EVICTED = (Spoornaam.INCASSO, "ONTRUIMD")
SIDES = ("COR", "GEM", "SHV", "MZO")


def erased(passed: Sequence[Passed]) -> list[Passed]:
    """Give the messages without the contents that an objection destroys."""
    wissen = CONVENANT.grenzen.wissen
    gone = [any(one.type == w.type and holds(w.als, one.bericht or {}) for w in wissen) for one in passed]
    return [one._replace(bericht=None) if no else one for one, no in zip(passed, gone, strict=True)]


class Dossier(RuleBasedStateMachine):
    """Four parties, each with the messages that it has; whoever sends is held to its own view."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = Written()
        self.views = {side: Passage(CONVENANT) for side in SIDES}
        self.seen = dict.fromkeys(SIDES, 0)
        self.erased = False

    @initialize(opening=st.sampled_from(range(len(openings(BEGIN.date())))))
    def opened(self, opening: int) -> None:
        """A dossier begins with a signal, and may have come some way since."""
        for move in openings(self.whole.now.date())[opening]:
            assert self._try(move), move

    @rule(family=st.sampled_from(FAMILIES), dice=st.sampled_from(range(97)), days=st.sampled_from([0, 0, 0, 1, 35]))
    def pass_on(self, family: str, dice: int, days: int) -> None:
        """A move that its sender may make now is made; one that ends the dossier only after some others."""
        self.whole.now += timedelta(days=days)
        if family in ENDING and len(self.whole.passed) < BEFORE_THE_END:
            return
        tried = moves(self.whole.now.date())[family]
        at = dice % len(tried)
        any(self._try(move) for move in tried[at:] + tried[:at])

    @rule()
    def erase(self) -> None:
        """After a withdrawal that is heeded the contents go that the covenant names, at both ends and for good."""
        last = self.whole.passed[-1]
        told = follow(CONVENANT, self.whole.passed[:-1], last.moment).stand[Spoornaam.HULP]
        if (last.bericht or {}).get("reden") not in ("BEZWAAR_HUURDER", "VERKEERDE_PERSOON"):
            return
        if told in CONVENANT.grenzen.hulpStanden:
            return
        self.whole.passed = erased(self.whole.passed)
        self.erased = True
        for side, view in self.views.items():
            self.views[side] = Passage(CONVENANT, erased(view.passed))
            self.seen[side] = len(self.views[side].position().turns)

    @invariant()
    def erasing_moves_nothing_else(self) -> None:
        """After a withdrawal erasing moves neither collection nor outcome; the mark of woonfraude goes along."""
        for side in ("COR", "GEM"):
            passed = self.views[side].passed
            if self.views[side].stand(Spoornaam.HULP) != "INGETROKKEN":
                continue
            now, then = (follow(CONVENANT, some, self.whole.now).stand for some in (passed, erased(passed)))
            assert now[Spoornaam.INCASSO] == then[Spoornaam.INCASSO]
            assert now[Spoornaam.UITKOMST] in (then[Spoornaam.UITKOMST], OUTSIDE)

    @invariant()
    def within_the_table(self) -> None:
        """Each change of each party's tracks is one that the table allows."""
        for side, view in self.views.items():
            for turn in view.position().turns[self.seen[side] :]:
                assert allowed(turn.spoor.value, turn.van, turn.naar), turn
            self.seen[side] = len(view.position().turns)

    @invariant()
    def never_at_a_halt(self) -> None:
        """To the corporation and the municipality the dossier is closed, or something may come next at once."""
        for side in ("COR", "GEM"):
            view = self.views[side]
            view.sleep(self.whole.now)
            if view.passed:
                steps = next_steps(CONVENANT, view.passed, self.whole.now)
                assert (steps == []) is view.ended
                assert view.ended or any(not step.missing for step in steps)

    @invariant()
    def guarded(self) -> None:
        """C2 begins while help is accepted (H5, H6), and nobody is evicted but from AANGEZEGD."""
        for view in self.views.values():
            turns = view.position().turns
            at = next((i for i, turn in reversed(list(enumerate(turns))) if turn.naar == "OPGESCHORT"), None)
            if at is not None and not self.erased:
                helped = [turn.naar for turn in turns[:at] if turn.spoor is Spoornaam.HULP]
                assert helped[-1] in ("HULP_GEACCEPTEERD", "IN_TRAJECT")
            assert all(turn.van == "AANGEZEGD" for turn in turns if (turn.spoor, turn.naar) == EVICTED)

    def teardown(self) -> None:
        """What was followed step by step is what following the whole gives."""
        for view in self.views.values():
            position = follow(CONVENANT, view.passed, self.whole.now)
            view.sleep(self.whole.now)
            assert position == view.position()

    def _try(self, move: Move) -> bool:
        made = message(move, self.whole)
        if made is None or self._sender(made).breaks(made) is not None or not self._allowed(made):
            return False
        self.whole.passed.append(made)
        self.whole.now = made.moment
        for side, view in self.views.items():
            if BOXES[side] in (made.source, made.ontvanger):
                view.add(made)
        return True

    def _sender(self, made: Passed) -> Passage:
        view = self._view(made.source)
        view.sleep(made.moment)
        return view

    def _view(self, box: object) -> Passage:
        return next(view for side, view in self.views.items() if BOXES[side] == box)

    def _allowed(self, made: Passed) -> bool:
        """What its sender's connector lets pass, the recipient's lets pass: it judges by what the sender knows."""
        assert parties_ruling(CONVENANT, made.type, made.source, made.ontvanger).objection is None
        if objections(CONVENANT, made, self._view(made.source).passed, sending=True):
            return False
        found = objections(CONVENANT, made, self._view(made.ontvanger).passed, sending=False)
        assert not found, found
        return True


TestDossier = Dossier.TestCase
TestDossier.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_table_names_the_covenants_states() -> None:
    """The table of DOMAIN and the covenant's file have the same states, and ends are ends in both."""
    for spoor in CONVENANT.sporen:
        assert set(TABLE[spoor.naam]) == set(spoor.standen)
        assert all(not TABLE[spoor.naam][end] for end in spoor.eind)
    assert all(van in TABLE[spoor] and naar in TABLE[spoor] for spoor, van, naar in BESIDE)


def forbidden(convenant: Convenant) -> Iterator[tuple[str, str, str]]:
    """Give each change of state that a step of the file could make and the table does not allow."""
    for stap in convenant.stappen:
        ends = {stap.daarna, *stap.terug} if stap.naar == TERUG else {stap.naar}
        pairs = [(van, naar) for van in stap.van for naar in ends - {BLIJFT, van}]
        pairs += [(stap.naar, stap.daarna)] if stap.tot is not None else []
        yield from ((stap.bij, van, str(naar)) for van, naar in pairs if not allowed(stap.spoor.value, van, str(naar)))


def test_no_step_of_the_file_is_forbidden() -> None:
    """Each step of the covenant's file, from each of its states, is one of the table's, reachable or not."""
    assert list(forbidden(CONVENANT)) == []


def test_a_forbidden_step_is_found() -> None:
    """A shortcut to an eviction that was never announced, planted in the file, is seen."""
    outcome = '\nbij = "nl.huurschuld.ontruimingsuitkomst.v1"\nals = { uitkomst = "UITGEVOERD" }'
    planted = CONVENANT.text.replace(f'van = ["AANGEZEGD"]{outcome}', f'van = ["SOCIALE_INCASSO"]{outcome}')
    found = list(forbidden(load_covenant(planted.encode())))
    assert found == [("nl.huurschuld.ontruimingsuitkomst.v1", "SOCIALE_INCASSO", "ONTRUIMD")]
