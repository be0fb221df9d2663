"""Time comes in through here, so that tests own it (law 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the moment, in UTC."""


def system_clock() -> datetime:
    """Give the operating system's time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where time enters


def to_milliseconds(moment: datetime) -> int:
    """Give whole milliseconds since 1970, as the store keeps moments."""
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(value: int) -> datetime:
    """Give the UTC moment of whole milliseconds since 1970."""
    return _EPOCH + value * _MILLISECOND


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
