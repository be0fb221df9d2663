"""What runs by the clock: checkpoints, expiry and terms, on APScheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from gateway.errors import EvidenceError, GatewayError

PATIENCE_TURNS = 30
PATIENCE_SECONDS = 60.0
"""A leaf is published within 60 seconds (I7): work that does not succeed for longer is a hindrance."""


class Hindrances:
    """What keeps the exchange from taking work, by worker; empty when all is well (I12: no audit, no service)."""

    def __init__(self) -> None:
        self._by_worker: dict[str, str] = {}
        self._late: Callable[[], Iterable[str]] = tuple

    def __call__(self) -> list[str]:
        """List the reasons, safe to show."""
        return [*(f"{worker}: {why}" for worker, why in sorted(self._by_worker.items())), *self._late()]

    def watch(self, late: Callable[[], Iterable[str]]) -> None:
        """Ask also ``late``, whenever somebody asks: work that hangs notes nothing itself."""
        self._late = late

    def note(self, worker: str, why: str | None) -> None:
        """Set or clear a worker's reason."""
        if why is None:
            self._by_worker.pop(worker, None)
        else:
            self._by_worker[worker] = why


Work = tuple[Callable[[], Awaitable[object]], float]
"""What to run, and every how many seconds."""


class Workers:
    """Runs each named piece of work every so many seconds, never twice at once.

    A late run is made up once (``coalesce``). A failure is logged and tried again at the next turn; unless it is
    the store's, which says so itself, it is named in ``hindrances`` until a run succeeds.
    """

    def __init__(self, work: Mapping[str, Work], hindrances: Hindrances) -> None:
        self._hindrances = hindrances
        self._turns = {name: asyncio.Lock() for name in work}
        self._patience = {name: max(PATIENCE_TURNS * seconds, PATIENCE_SECONDS) for name, (_, seconds) in work.items()}
        self._succeeded: dict[str, float] = {}
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        for name, (call, seconds) in work.items():
            self._scheduler.add_job(
                self._guarded(name, call),
                "interval",
                seconds=seconds,
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Begin; the first run of each is after its interval."""
        now = asyncio.get_running_loop().time()
        self._succeeded = dict.fromkeys(self._turns, now)
        self._hindrances.watch(self._late)
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing more, and wait for what is under way: a checkpoint is never cut off."""
        self._scheduler.pause()
        self._hindrances.watch(tuple)
        for turn in self._turns.values():
            await turn.acquire()
        self._scheduler.shutdown(wait=False)

    def _guarded(self, name: str, call: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            async with self._turns[name]:
                await self._once(name, call)

        return run

    async def _once(self, name: str, call: Callable[[], Awaitable[object]]) -> None:
        log = structlog.get_logger()
        try:
            await call()
        except EvidenceError as error:
            self._hindrances.note(name, error.detail)
            log.error("evidence", worker=name, detail=error.detail)  # noqa: TRY400 - the detail says it, a stack does not
        except GatewayError as error:
            log.warning("worker", worker=name, code=error.code.value, detail=error.detail)
        except Exception as error:
            self._hindrances.note(name, type(error).__name__)
            log.exception("unexpected", worker=name)
        else:
            self._succeeded[name] = asyncio.get_running_loop().time()
            self._hindrances.note(name, None)

    def _late(self) -> Iterable[str]:
        """Name work that has not succeeded for long, whatever the reason: no audit, no service (I12)."""
        now = asyncio.get_running_loop().time()
        for name, succeeded in self._succeeded.items():
            if now - succeeded > self._patience[name]:
                yield f"{name}: not done for {now - succeeded:.0f} seconds"
