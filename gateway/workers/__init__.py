"""What runs by the clock: checkpoints and expiry, on APScheduler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from gateway.errors import EvidenceError, GatewayError


class Hindrances:
    """What keeps the exchange from taking work, by worker; empty when all is well (I12: no audit, no service)."""

    def __init__(self) -> None:
        self._by_worker: dict[str, str] = {}

    def __call__(self) -> list[str]:
        """List the reasons, safe to show."""
        return [f"{worker}: {why}" for worker, why in sorted(self._by_worker.items())]

    def note(self, worker: str, why: str | None) -> None:
        """Set or clear a worker's reason."""
        if why is None:
            self._by_worker.pop(worker, None)
        else:
            self._by_worker[worker] = why


Work = tuple[Callable[[], Awaitable[object]], float]
"""What to run, and every how many seconds."""


def schedule(work: Mapping[str, Work], hindrances: Hindrances) -> AsyncIOScheduler:
    """Make a scheduler that runs each named piece of work every so many seconds, never twice at once.

    A late run is made up once (``coalesce``). A failure is logged, named in ``hindrances`` if it is about evidence,
    and tried again at the next turn. The caller starts and stops it.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    for name, (call, seconds) in work.items():
        scheduler.add_job(
            _guarded(name, call, hindrances),
            "interval",
            seconds=seconds,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler


def _guarded(name: str, call: Callable[[], Awaitable[object]], hindrances: Hindrances) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await call()
        except EvidenceError as error:
            hindrances.note(name, error.detail)
            structlog.get_logger().error("evidence", worker=name, detail=error.detail)
        except GatewayError as error:
            structlog.get_logger().warning("worker", worker=name, code=error.code.value, detail=error.detail)
        else:
            hindrances.note(name, None)

    return run
