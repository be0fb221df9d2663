"""Time comes in through here, so that tests own it (law 3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the moment, in UTC."""


def system_clock() -> datetime:
    """Give the operating system's time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where time enters


def steady_seconds() -> float:
    """Give seconds that only ever grow and that nobody can set, time asleep included where the system counts it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Timekeeper:
    """A clock that does not follow jumps (I10): one message logged in the future would end others before their time.

    It is the operating system's clock as long as that keeps pace with the steady one. When it went back more than
    2 seconds or forward more than 60 (RELIABILITY §2), time goes on from where it was, and ``fault`` says so until
    the clock is right again or the process is started anew.
    """

    BACK = timedelta(seconds=-2)
    FORWARD = timedelta(seconds=60)

    def __init__(self, clock: Clock = system_clock, steady: Callable[[], float] = steady_seconds) -> None:
        self._clock, self._steady = clock, steady
        self._begun, self._began = clock(), steady()

    def __call__(self) -> datetime:
        """Give the moment to go by, in UTC."""
        shown, believed = self._clock(), self._believed()
        return shown if self.BACK <= shown - believed <= self.FORWARD else believed

    def fault(self) -> str | None:
        """Say what is wrong with the clock, if anything."""
        off = self._clock() - self._believed()
        if self.BACK <= off <= self.FORWARD:
            return None
        way = "forward" if off > self.FORWARD else "back"
        return f"the clock jumped {way} by {abs(off).total_seconds():.0f} seconds; set it right, or restart if it is"

    def _believed(self) -> datetime:
        return self._begun + timedelta(seconds=self._steady() - self._began)
