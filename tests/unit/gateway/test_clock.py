"""The timekeeper: jumps of the operating system's clock are noticed and not followed (I10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.clock import Timekeeper, steady_seconds, system_clock

BEGIN = datetime(2026, 11, 22, 10, tzinfo=UTC)


class Hands:
    """Two clocks that a test moves apart."""

    def __init__(self) -> None:
        self.wall, self.steady = BEGIN, 100.0

    def pass_(self, seconds: float, jump: float = 0.0) -> None:
        self.steady += seconds
        self.wall += timedelta(seconds=seconds + jump)

    def keeper(self) -> Timekeeper:
        return Timekeeper(lambda: self.wall, lambda: self.steady)


@pytest.mark.parametrize("jump", [0.0, 59.0, -1.9])
def test_follows_a_clock_that_keeps_pace(jump: float) -> None:
    """Small corrections are taken over, without a fault."""
    hands = Hands()
    keeper = hands.keeper()
    hands.pass_(10, jump)
    assert keeper() == hands.wall
    assert keeper.fault() is None


@pytest.mark.parametrize(
    ("jump", "way"), [(61.0, "forward"), (5 * 86400.0, "forward"), (-2.1, "back"), (-86400.0, "back")]
)
def test_does_not_follow_a_jump(jump: float, way: str) -> None:
    """After a jump time goes on from where it was, and the fault says which way it went."""
    hands = Hands()
    keeper = hands.keeper()
    hands.pass_(10, jump)
    assert keeper() == BEGIN + timedelta(seconds=10)
    assert way in (keeper.fault() or "")
    hands.pass_(5)
    assert keeper() == BEGIN + timedelta(seconds=15)


def test_follows_again_once_the_clock_is_right() -> None:
    """A clock that comes back to where it should be is believed again."""
    hands = Hands()
    keeper = hands.keeper()
    hands.pass_(10, 86400)
    hands.pass_(10, -86400)
    assert keeper.fault() is None
    assert keeper() == hands.wall


def test_real_clocks_agree() -> None:
    """On this machine the two clocks show no fault, and the steady one grows."""
    before = steady_seconds()
    keeper = Timekeeper()
    assert keeper.fault() is None
    assert abs(keeper() - system_clock()) < timedelta(seconds=2)
    assert steady_seconds() >= before
