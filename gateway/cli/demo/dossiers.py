"""Playing whole dossiers: each story step by step at the parties' own connectors, and in between what is forbidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date

from gateway.cli.demo.acts import wait_for
from gateway.cli.demo.berichten import Thread
from gateway.cli.demo.stage import Stage
from gateway.cli.demo.stories import ATTEMPTS, COR, DESK, DOSSIERS, GEM, NEW, OTHER, SHV, TEAM, Attempt, Dossier, Step
from gateway.client.compose import Composed
from gateway.client.post import Post
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.history import envelope_of
from gateway.errors import RejectedError
from schemas.covenants import Deelnemer, Soort, Spoornaam
from schemas.problems import Problem
from schemas.texts import text
from schemas.values import MessageId, RandomId


@dataclass(frozen=True, slots=True)
class Refusal:
    """An attempt and why it was refused; ``reason`` is absent when it was let through."""

    title: str
    reason: str | None


@dataclass(slots=True)
class Played:
    """What came of it: the messages that were sent, the refusals, and the threads by story."""

    threads: list[Thread]
    sent: list[MessageId] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def cast(stage: Stage) -> Mapping[str, Deelnemer]:
    """Give who plays which role."""
    corporations, municipalities = stage.parties(Soort.COR), stage.parties(Soort.GEM)
    home = municipalities[0]
    team = next(party for party in stage.parties(Soort.SWT) if party.shares_area(home))
    return {
        COR: corporations[0],
        OTHER: corporations[1],
        GEM: home,
        NEW: municipalities[1],
        SHV: stage.parties(Soort.SHV)[0],
        TEAM: team,
        DESK: stage.parties(Soort.MZO)[0],
    }


def play_dossiers(stage: Stage, today: date, tell: Callable[[int], None]) -> Played:
    """Play every story to its end, all of them side by side, a step of each at a time.

    Raises:
        UnavailableError: a message did not arrive in two minutes.
        RejectedError: a step was refused that the covenant lets pass.
    """
    with ExitStack() as stack:
        company = _Company(stage, stack)
        oins = {role: party.oin for role, party in company.cast.items()}
        played = Played([Thread(today, oins) for _ in DOSSIERS])
        for number in range(max(len(story.steps) for story in DOSSIERS) + 1):
            played.refusals += [_try(company, played.threads, a) for a in ATTEMPTS if a.after == number]
            under_way = [
                (story.steps[number], thread)
                for story, thread in zip(DOSSIERS, played.threads, strict=True)
                if number < len(story.steps)
            ]
            sent = [(step, company.send(step, thread).id) for step, thread in under_way]
            for step, identifier in sent:
                company.wait(step, identifier)
            played.sent += [identifier for _, identifier in sent]
            tell(len(sent))
    return played


@dataclass(frozen=True, slots=True)
class Ending:
    """How a played dossier stands at one of its parties.

    ``foreign`` counts the messages there that it neither sent nor got, asked of its own connector and of the exchange.
    """

    title: str
    role: str
    wanted: str
    found: str
    foreign: int


async def endings(stage: Stage, played: Played) -> list[Ending]:
    """Give how each story ended at each of its parties."""
    found: list[Ending] = []
    with ExitStack() as stack:
        company = _Company(stage, stack)
        for story, thread in zip(DOSSIERS, played.threads, strict=True):
            for role, wanted in story.ends.items():
                dossier = _of(story, role, thread)
                foreign = await company.foreign(role, dossier)
                found.append(Ending(story.title, role, wanted, company.outcome(role, dossier), foreign))
    return found


def _of(story: Dossier, role: str, thread: Thread) -> RandomId:
    """Give the dossier in which that role ends."""
    names = [step.dossier for step in story.steps if role in (step.van, step.naar)]
    return thread.dossiers[names[0]]


class _Company:
    """The connectors of those who play, opened as their own software would."""

    def __init__(self, stage: Stage, stack: ExitStack) -> None:
        self.cast = cast(stage)
        self._stage, self._stack = stage, stack
        self._open: dict[str, Connector] = {}

    def connector(self, role: str) -> Connector:
        if role not in self._open:
            self._open[role] = self._stack.enter_context(self._stage.open(self.cast[role]))
        return self._open[role]

    def send(self, step: Step, thread: Thread) -> Composed:
        """Spool one message of a story and note what later messages know it by."""
        message = NewMessage(
            f"nl.huurschuld.{step.type}.v1",
            self.cast[step.naar].postvakken[0],
            step.bericht(thread),
            thread.dossiers.get(step.dossier),
            thread.ids[step.answers] if step.answers else None,
        )
        composed = self.connector(step.van).spool_message(message)
        thread.dossiers.setdefault(step.dossier, composed.envelope.dossier)
        if step.label:
            thread.ids[step.label] = composed.id
        return composed

    def wait(self, step: Step, identifier: MessageId) -> None:
        """Wait until a message has its end; what is not received would stop the story."""

        def ended() -> str | None:
            found = self.connector(step.van).status(identifier)
            return None if found is None or found.stand in ("gespoold", "aanvaard") else found.stand

        stand = wait_for(ended, f"the receipt of {step.type} from {step.van}", pause=0.1)
        if stand != "ontvangen":
            raise RejectedError(Problem.NIET_VOLGENS_CONVENANT, f"{step.type} from {step.van} to {step.naar}: {stand}")

    async def foreign(self, role: str, dossier: RandomId) -> int:
        """Count what a party can see of a dossier that is none of its own messages."""
        connector, own = self.connector(role), self.cast[role].postvakken
        kept = [envelope_of(record.envelop) for record in connector.records(dossier)]
        async with connector.dial() as transport:
            shown = (await Post(transport).dossier(dossier))["berichten"]
        pairs = [*((e.source, e.ontvanger) for e in kept), *((m["source"], m["ontvanger"]) for m in shown)]
        return sum(not {*pair} & {*own} for pair in pairs)

    def outcome(self, role: str, dossier: RandomId) -> str:
        return self.connector(role).position(dossier).stand[Spoornaam.UITKOMST]


def _try(company: _Company, threads: Sequence[Thread], attempt: Attempt) -> Refusal:
    try:
        company.send(attempt.step, threads[attempt.inside])
    except RejectedError as error:
        told = [_spelled(*fault) for fault in error.faults] or [text(error.code.value, "en").title]
        return Refusal(attempt.title, "; ".join(dict.fromkeys(told)))
    return Refusal(attempt.title, None)


def _spelled(pointer: str, expected: str) -> str:
    place = pointer.removeprefix("#").strip("/").replace("/", ".")
    return f"{place}: expected {expected}" if place and not expected.endswith(".") else expected
