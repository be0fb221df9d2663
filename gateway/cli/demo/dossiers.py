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
    """An attempt and why it was refused; ``reason`` is absent when it was let through.

    ``meant``: that is the reason for which it must be refused. Refused for another, it shows nothing of the rule.
    """

    title: str
    reason: str | None
    meant: bool = True


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
        company = Company(stage, stack, cast(stage))
        oins = {role: party.oin for role, party in company.cast.items()}
        played = Played([Thread(today, oins) for _ in DOSSIERS])
        for number in range(max(len(story.steps) for story in DOSSIERS) + 1):
            played.refusals += [try_attempt(company, played.threads, a) for a in ATTEMPTS if a.after == number]
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
    ``unerased`` counts those that it got and whose content it should have destroyed, and did not.
    """

    title: str
    role: str
    wanted: str
    found: str
    foreign: int
    unerased: int = 0


async def endings(stage: Stage, played: Played) -> list[Ending]:
    """Give how each story ended at each of its parties."""
    found: list[Ending] = []
    with ExitStack() as stack:
        company = Company(stage, stack, cast(stage))
        for story, thread in zip(DOSSIERS, played.threads, strict=True):
            for role, wanted in story.ends.items():
                dossier = _of(story, role, thread)
                foreign = await company.foreign(role, dossier)
                kept = company.unerased(role, [thread.ids[s.label] for s in story.steps if _erases(story, s, role)])
                found.append(Ending(story.title, role, wanted, company.outcome(role, dossier), foreign, kept))
    return found


def _of(story: Dossier, role: str, thread: Thread) -> RandomId:
    """Give the dossier in which that role ends."""
    names = [step.dossier for step in story.steps if role in (step.van, step.naar)]
    return thread.dossiers[names[0]]


def _erases(story: Dossier, step: Step, role: str) -> bool:
    return step.naar == role and step.label in story.erased


class Company:
    """The connectors of those who play, opened as their own software would."""

    def __init__(self, stage: Stage, stack: ExitStack, roles: Mapping[str, Deelnemer]) -> None:
        self.cast = roles
        self._stage, self._stack = stage, stack
        self._open: dict[str, Connector] = {}

    def connector(self, role: str) -> Connector:
        """Give the connector of a role, opened once."""
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

    def unerased(self, role: str, messages: Sequence[MessageId]) -> int:
        """Count the messages whose content a party's own software still gets; one that is not there counts too."""
        inbox = self.connector(role).inbox(limit=100_000) if messages else []
        without = {item.envelope.id for item in inbox if item.bericht is None}
        return sum(message not in without for message in messages)

    def outcome(self, role: str, dossier: RandomId) -> str:
        """Give how a dossier ended at a party."""
        return self.connector(role).position(dossier).stand[Spoornaam.UITKOMST]


def try_attempt(company: Company, threads: Sequence[Thread], attempt: Attempt) -> Refusal:
    """Let a party try what is forbidden; gives why it was refused, and whether that is why it had to be."""
    try:
        company.send(attempt.step, threads[attempt.inside])
    except RejectedError as error:
        told = [_spelled(*fault) for fault in error.faults] or [text(error.code.value, "en").title]
        meant = attempt.because.holds(error.code, error.faults)
        return Refusal(attempt.title, "; ".join(dict.fromkeys(told)), meant)
    return Refusal(attempt.title, None)


def _spelled(pointer: str, expected: str) -> str:
    place = pointer.removeprefix("#").strip("/").replace("/", ".")
    return f"{place}: expected {expected}" if place and not expected.endswith(".") else expected
