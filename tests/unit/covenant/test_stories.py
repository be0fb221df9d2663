"""The dossiers that the demo plays, judged by the rules alone: each step is in turn, and each dossier ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gateway.cli.demo.berichten import Thread
from gateway.cli.demo.dossiers import cast
from gateway.cli.demo.stage import Stage
from gateway.cli.demo.stories import ATTEMPTS, DOSSIERS, Attempt, Dossier, Step
from gateway.connector.contents import with_contact
from gateway.covenant.content import cautions, objections
from gateway.covenant.sending import parties_ruling
from gateway.covenant.tracks import Passed, follow, next_steps
from schemas.berichten.berichttype import code_of
from schemas.catalogue import parse_bericht
from schemas.covenants import Spoornaam, leidse_regio, load_covenant
from schemas.envelope import MalformedError
from schemas.values import MessageId, RandomId

CONVENANT = load_covenant(leidse_regio())
TODAY = date(2026, 11, 23)
BEGIN = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Played:
    """A story played without an exchange: every party has exactly the messages that it sent or got."""

    def __init__(self, folder: Path) -> None:
        parties = cast(Stage(folder))
        self.boxes = {role: party.postvakken[0] for role, party in parties.items()}
        self.thread = Thread(TODAY, {role: party.oin for role, party in parties.items()})
        self.thread.dossiers |= {
            name: RandomId(f"0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d3{i}")
            for i, name in enumerate(("dossier", "na verhuizing"))
        }
        self.passed: list[tuple[str, Passed]] = []

    def make(self, step: Step) -> Passed:
        """Give the message of a step, as the next one."""
        number = len(self.passed)
        identifier = MessageId(f"019a9f3e-7c00-7abc-8def-{number:012x}")
        code, source, ontvanger = code_of(step.type), self.boxes[step.van], self.boxes[step.naar]
        bericht = with_contact(CONVENANT, code, step.bericht(self.thread), source.oin)
        moment = BEGIN + timedelta(minutes=number)
        answered = self.thread.ids[step.answers] if step.answers else None
        return Passed(identifier, code, source, ontvanger, answered, bericht, moment)

    def pass_on(self, step: Step) -> None:
        """Let the message of a step go by."""
        message = self.make(step)
        self.passed.append((step.dossier, message))
        if step.label:
            self.thread.ids[step.label] = message.id

    def seen(self, role: str, dossier: str) -> list[Passed]:
        """Give what a party has of a dossier."""
        return [m for name, m in self.passed if name == dossier and self.boxes[role] in (m.source, m.ontvanger)]


@pytest.fixture
def played(tmp_path: Path) -> Played:
    return Played(tmp_path)


@pytest.mark.parametrize("story", DOSSIERS, ids=lambda story: story.title)
def test_each_step_is_allowed_and_each_dossier_ends(story: Dossier, played: Played) -> None:
    """The sender may send every step, its recipient takes it in, and at the end all parties stand as told."""
    for step in story.steps:
        message = played.make(step)
        parse_bericht(message.type, message.bericht)
        assert parties_ruling(CONVENANT, message.type, message.source, message.ontvanger).objection is None
        for role in (step.van, step.naar):
            found = objections(CONVENANT, message, played.seen(role, step.dossier), sending=role == step.van)
            assert found == [], (step.type, role)
        played.pass_on(step)
        for role in (step.van, step.naar):
            seen = played.seen(role, step.dossier)
            ended = follow(CONVENANT, seen, message.moment).stand[Spoornaam.UITKOMST] in _ends()
            assert ended or next_steps(CONVENANT, seen, message.moment), (step.type, role)
    for role, wanted in story.ends.items():
        name = next(s.dossier for s in story.steps if role in (s.van, s.naar))
        assert follow(CONVENANT, played.seen(role, name), BEGIN).stand[Spoornaam.UITKOMST] == wanted, role


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.title)
def test_each_attempt_is_refused(attempt: Attempt, played: Played) -> None:
    """Its sender's own connector refuses it: by the schema, by the parties, or by what happened in the dossier."""
    for step in DOSSIERS[attempt.inside].steps[: attempt.after]:
        played.pass_on(step)
    message = played.make(attempt.step)
    assert list(_refusals(message, played.seen(attempt.step.van, attempt.step.dossier)))


def test_a_summons_soon_after_the_signal_is_warned_of(played: Played) -> None:
    """The story of the eviction brings the case to the judge too soon, which is shown and not forbidden."""
    story = next(s for s in DOSSIERS if s.title == "an eviction carried out")
    at = next(i for i, step in enumerate(story.steps) if step.type == "dreigende-ontruiming")
    for step in story.steps[:at]:
        played.pass_on(step)
    message = played.make(story.steps[at])
    assert cautions(CONVENANT, message, played.seen("corporatie", "dossier"))


def _ends() -> tuple[str, ...]:
    return CONVENANT.spoor(Spoornaam.UITKOMST).eind


def _refusals(message: Passed, seen: list[Passed]) -> Iterator[str]:
    ruling = parties_ruling(CONVENANT, message.type, message.source, message.ontvanger)
    if ruling.objection is not None:
        yield ruling.objection.value
        return
    try:
        parse_bericht(message.type, message.bericht)
    except MalformedError as error:
        yield from (detail for _, detail in error.faults)
        return
    yield from (found.code for found in objections(CONVENANT, message, seen, sending=True))
