"""Time comes in through here, so that tests own it (law 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the moment, in UTC."""


def system_clock() -> datetime:
    """Give the operating system's time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where time enters
