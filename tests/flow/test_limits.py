"""What keeps one party, one clock or one stuck worker from spoiling the exchange for the others."""

from __future__ import annotations

import asyncio

import pytest

from gateway.app import Gateway
from gateway.errors import RejectedError, UnavailableError
from gateway.flow.accept import Receipted
from gateway.workers import Hindrances, Workers
from schemas.problems import Problem
from tests.exchange import House, Party


async def test_refusals_have_a_quota(house: House, corporatie: Party, gemeente: Party) -> None:
    """After a day's quota further refusals are not logged, cost no number, and are answered to be tried later."""
    object.__setattr__(house.gateway.accept.quota, "_most", 3)
    for _ in range(3):
        (verdict,) = await corporatie.send(corporatie.message(gemeente, type="nl.huurschuld.onbekend.v1"))
        assert isinstance(verdict, RejectedError)
        assert verdict.receipt
    before = await _size(house.gateway)
    bad = corporatie.compose(gemeente, type="nl.huurschuld.onbekend.v1")
    (verdict,) = await corporatie.send(bad)
    assert isinstance(verdict, RejectedError)
    assert verdict.code is Problem.TE_VEEL_GEWEIGERD
    assert verdict.receipt is None
    assert await _size(house.gateway) == before
    await corporatie.deliver(gemeente)
    house.clock.tick(days=1, seconds=1)
    (verdict,) = await corporatie.send(corporatie.message(gemeente, type="nl.huurschuld.onbekend.v1"))
    assert isinstance(verdict, RejectedError)
    assert verdict.code is Problem.TYPE_ONBEKEND


async def test_a_log_ahead_of_the_clock_judges_nothing(house: House, corporatie: Party, gemeente: Party) -> None:
    """When the last entry is over a minute in the future, nobody is refused by the wrong day (I10)."""
    house.clock.tick(days=60)
    await corporatie.deliver(gemeente)
    house.clock.tick(days=-60)
    with pytest.raises(UnavailableError):
        await corporatie.send(corporatie.compose(gemeente))
    house.clock.tick(days=60)
    (verdict,) = await corporatie.send(corporatie.message(gemeente))
    assert isinstance(verdict, Receipted)


async def test_a_lease_from_a_wrong_future_does_not_hold(house: House, corporatie: Party, gemeente: Party) -> None:
    """A message leased while the clock was days ahead is offered again as soon as the clock is right."""
    await corporatie.deliver(gemeente)
    house.clock.tick(days=3)
    assert len((await gemeente.collect()).messages) == 1
    house.clock.tick(days=-3)
    assert len((await gemeente.collect()).messages) == 1


async def test_collecting_again_is_served_once_a_minute(house: House, gemeente: Party) -> None:
    """A mailbox's whole past is not read more often than a restore needs."""
    await gemeente.collect(again_from=0)
    with pytest.raises(UnavailableError):
        await gemeente.collect(again_from=0)
    house.clock.tick(seconds=61)
    await gemeente.collect(again_from=0)


async def test_work_that_hangs_is_a_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that neither fails nor ends is noticed by its age alone (I12)."""
    monkeypatch.setattr("gateway.workers.PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr("gateway.workers.PATIENCE_TURNS", 1)
    hindrances, release = Hindrances(), asyncio.Event()
    workers = Workers({"controlepunten": (release.wait, 0.01)}, hindrances)
    workers.start()
    assert hindrances() == []
    await asyncio.sleep(0.2)
    assert any("controlepunten" in why for why in hindrances())
    release.set()
    await workers.stop()
    assert hindrances() == []


async def test_work_that_keeps_failing_is_a_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that is never available stops acceptance too, once it lasts."""
    monkeypatch.setattr("gateway.workers.PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr("gateway.workers.PATIENCE_TURNS", 1)

    async def fail() -> None:
        raise UnavailableError("no disk")

    hindrances = Hindrances()
    workers = Workers({"controlepunten": (fail, 0.01)}, hindrances)
    workers.start()
    await asyncio.sleep(0.2)
    assert any("controlepunten" in why for why in hindrances())
    await workers.stop()


async def _size(gateway: Gateway) -> int:
    async with gateway.store.read() as view:
        return sum((await view.counts()).values())
