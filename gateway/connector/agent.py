"""The loop of one party: send, collect, replay the register, hold the exchange to its promises; until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from traceback import extract_tb

import structlog

from gateway.client.post import Post
from gateway.client.transport import Transport
from gateway.client.trust import Trust
from gateway.clock import Clock
from gateway.connector import inbox, lasting, ledger, terms
from gateway.connector.backoff import Backoff
from gateway.connector.collecting import Collecting, Gain
from gateway.connector.desk import Desk
from gateway.connector.intake import Intake
from gateway.connector.partykeys import PartyKeys
from gateway.connector.promises import Promises
from gateway.connector.register import Replay
from gateway.connector.sending import Sending
from gateway.connector.spool import Spool
from gateway.covenant.calendar import is_working_day
from gateway.errors import EvidenceError, RejectedError, UnavailableError
from schemas.values import Mailbox

IDLE_SECONDS = 0.25
"""How soon a message that another process spooled is noticed."""
LONG_POLL_SECONDS = 20
UPKEEP_SECONDS = 5.0
LOOK_SECONDS = 60.0

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Party:
    """What an agent needs of its party."""

    name: str
    spool: Spool
    desk: Desk
    replay: Replay
    keys: PartyKeys
    clock: Clock
    chance: Callable[[], float]
    verkeer: str


@dataclass(slots=True)
class Agent:
    """Works for one party over one transport; ``caught_up`` are the mailboxes that were found empty since it began."""

    party: Party
    transport: Transport
    sending: Sending = field(init=False)
    collecting: list[Collecting] = field(init=False)
    promises: Promises = field(init=False)
    caught_up: set[Mailbox] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Put the parts together; nothing is read or sent yet."""
        p, post = self.party, Post(self.transport)

        def trust() -> Trust:
            return p.replay.trust

        refresh = partial(p.replay.refresh, self.transport)
        self.sending = Sending(p.spool, p.desk, post, p.clock, p.keys, trust, refresh)
        self.collecting = [
            Collecting(p.spool, p.desk, post, p.clock, Intake(mailbox, p.keys), trust, refresh) for mailbox in p.keys
        ]
        self.promises = Promises(p.spool, p.desk, self.transport, p.clock, p.verkeer)

    async def step(self) -> Gain:
        """Do one round of everything, without waiting; give what the mailboxes brought together.

        Raises:
            EvidenceError: recorded as a grave alarm; nothing more is sent until a person settles it.
            UnavailableError: no answer; call again later.
            RejectedError: the exchange refuses this party.
        """
        async with self._watch():
            await self.party.desk(self._look)
            await self.upkeep()
            await self.sending()
            gains = [await collect() for collect in self.collecting]
            await self.party.desk(self._sweep)
            await self.promises()
        return sum(gains, Gain())

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set. What was begun is finished or will be repeated; nothing is lost.

        Raises:
            EvidenceError: recorded as a grave alarm; a person must look before this party goes on.
        """
        loops: list[Callable[[], Awaitable[float]]] = [
            self._send,
            self._keep_up,
            self._look_around,
            *(partial(self._collect, one) for one in self.collecting),
        ]
        # loads the holidays, half a second, before a transaction waits for them
        await self.party.desk(is_working_day, self.party.clock().date())
        async with self._watch():
            tasks = [asyncio.create_task(self._repeat(work)) for work in loops]
            halt = asyncio.create_task(stop.wait())
            try:
                done, _ = await asyncio.wait([halt, *tasks], return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in [halt, *tasks]:
                    task.cancel()
                await asyncio.gather(halt, *tasks, return_exceptions=True)
            for task in done - {halt}:
                task.result()

    async def upkeep(self) -> None:
        """Replay the register further, and judge again what was held for a key that is confirmed by now."""
        await self.party.replay.refresh(self.transport)
        await self.party.desk(self._release)

    @asynccontextmanager
    async def _watch(self) -> AsyncIterator[None]:
        """Let nothing begin under a grave alarm, and record the one that ends it."""
        await self.party.desk(self._check_alarm)
        try:
            yield
        except EvidenceError as error:
            _log.error("evidence does not hold; this party has stopped", party=self.party.name, detail=error.detail)
            with suppress(UnavailableError):  # without room to write it down the log tells, and it is found again
                await self.party.desk(self._record_alarm, error)
            raise

    async def _repeat(self, work: Callable[[], Awaitable[float]]) -> None:
        backoff = Backoff(self.party.chance)
        while True:
            pause = await self._try(work, backoff)
            await asyncio.sleep(pause)

    async def _try(self, work: Callable[[], Awaitable[float]], backoff: Backoff) -> float:
        """Do a piece of work once; give how long to pause. Only proof against the exchange ends a loop."""
        party = self.party.name
        try:
            await self.party.desk(self._check_alarm)
            pause = await work()
        except EvidenceError:
            raise
        except UnavailableError as error:
            pause = backoff.seconds()
            _log.info("the exchange does not answer", party=party, detail=error.detail, seconds=round(pause, 2))
            return pause
        except RejectedError as error:
            await self._note(ledger.Alarm("beurs", error.code.value, error.detail))
            _log.warning("the exchange refuses us", party=party, code=error.code.value, detail=error.detail)
            return backoff.seconds()
        except Exception as error:  # noqa: BLE001 - a fault of ours is shown and tried again; it ends no other work
            _log.error("a fault in this program", party=party, fault=type(error).__name__, at=place_of(error))
            await self._note(ledger.Alarm("programmafout", type(error).__name__, place_of(error)))
            return backoff.seconds()
        backoff.reset()
        return pause

    async def _send(self) -> float:
        return 0.0 if await self.sending() else IDLE_SECONDS

    async def _collect(self, collect: Collecting) -> float:
        gain = await collect(LONG_POLL_SECONDS)
        if not gain.anything:
            self.caught_up.add(collect.intake.mailbox)
        return 0.0 if gain.anything else IDLE_SECONDS

    async def _keep_up(self) -> float:
        await self.upkeep()
        kept = await self.promises()
        return 0.0 if kept else UPKEEP_SECONDS

    async def _look_around(self) -> float:
        """Asks the exchange nothing, so that its silence is noticed all the same."""
        await self.party.desk(self._look)
        if self.caught_up == self.party.keys.keys():
            await self.party.desk(self._sweep)
        return LOOK_SECONDS

    def _look(self) -> None:
        with self.party.spool.record() as db:
            lasting.look(db, self.party.clock())

    def _sweep(self) -> None:
        """Tell of the terms that are over, once what may have met them was collected."""
        with self.party.spool.record() as db:
            overdue = terms.sweep(db, self.party.clock())
        terms.tell(overdue)

    def _release(self) -> None:
        """Judge held messages whose sender is confirmed now."""
        trust, now = self.party.replay.trust, self.party.clock()
        with self.party.spool.read() as db:
            held = [m for m in inbox.held(db) if trust.is_confirmed(m.subject.source)]
        for one in (collecting.intake for collecting in self.collecting):
            mine = [m for m in held if m.subject.ontvanger == one.mailbox]
            verdicts = one.judge([m.offered for m in mine], trust)
            with self.party.spool.record() as db:
                for message, verdict in zip(mine, verdicts, strict=True):
                    one.release(db, message, verdict, trust, now)
                inbox.hand_over(db, now)
        self.party.spool.wipe_if_owed()

    def _check_alarm(self) -> None:
        with self.party.spool.read() as db:
            alarm = ledger.grave_alarm(db)
        if alarm is not None:
            raise EvidenceError(alarm)

    def _record_alarm(self, error: EvidenceError) -> None:
        with self.party.spool.record() as db:
            if ledger.grave_alarm(db) is None:
                alarm = ledger.Alarm("bewijs", error.detail[:200], error.detail, grave=True)
                ledger.raise_alarm(db, alarm, self.party.clock())

    async def _note(self, alarm: ledger.Alarm) -> None:
        with suppress(UnavailableError):  # where the spool itself is at fault, the log tells
            await self.party.desk(self._raise, alarm)

    def _raise(self, alarm: ledger.Alarm) -> None:
        with self.party.spool.record() as db:
            ledger.raise_alarm(db, alarm, self.party.clock())


def place_of(error: BaseException) -> str:
    """Tell where in the program an error arose, without its text: that may quote a payload."""
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(extract_tb(error.__traceback__)[-5:]))
