"""Killed at every point of a round, then started again: exactly once, in order, nothing lost (RELIABILITY §2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from gateway.connector.connector import Connector
from gateway.connector.spool import Db, Spool
from schemas.values import Oin
from tests.unit.connector.exchange import CORPORATIE, GEMEENTE, CrashError
from tests.unit.connector.region import Region, amounts, message, state_of

AMOUNTS = [1, 2, 3]


class Killer:
    """Raises once, at the n-th of the points that a run passes; ``passed`` counts them."""

    def __init__(self, point: int) -> None:
        self.point, self.passed = point, 0

    def __call__(self, *where: str) -> None:
        self.passed += 1
        if self.passed == self.point:
            raise CrashError(str(where))


@contextmanager
def kill_at(region: Region, killer: Killer) -> Iterator[None]:
    """Count every request and every commit, before and after, as a point where a process may die."""
    whole = Spool.record

    @contextmanager
    def record(self: Spool) -> Iterator[Db]:
        with whole(self) as db:
            yield db
            killer("before commit")
        killer("after commit")

    region.line.cut, patch = killer, pytest.MonkeyPatch()
    patch.setattr(Spool, "record", record)
    try:
        yield
    finally:
        patch.undo()
        region.line.cut = lambda *_: None


async def work(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    for _ in range(3):
        await region.step(corporatie)
        await region.step(gemeente)


async def points(region: Region, corporatie: Connector, gemeente: Connector) -> int:
    """Count the points of an undisturbed run."""
    counter = Killer(0)
    with kill_at(region, counter):
        await work(region, corporatie, gemeente)
    return counter.passed


async def test_killed_anywhere(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """Whatever the point of the kill, each message is handed over once, in order, and ends as received."""
    corporatie.spool_message(message(0))
    number = await points(region, corporatie, gemeente)
    assert number > 40
    await region.settle(corporatie, gemeente)
    expected = [0]
    for point in range(1, number + 1):
        sent = corporatie.spool_messages([message(point * 10 + i) for i in range(2)])
        expected += [point * 10, point * 10 + 1]
        with kill_at(region, Killer(point)), suppress(CrashError):
            await work(region, corporatie, gemeente)
        corporatie, gemeente = region.reopen(corporatie), region.reopen(gemeente)
        await region.settle(corporatie, gemeente, rounds=3)
        assert amounts(gemeente) == expected
        assert [state_of(corporatie, one.id) for one in sent] == ["ontvangen", "ontvangen"]
    assert len(region.exchange.carried) == len(expected)
    assert len(region.exchange.booked) == len(expected)
    assert list(corporatie.overview().alarms) == list(gemeente.overview().alarms) == []
    assert gemeente.overview().missing == []


async def test_killed_while_spooling(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A kill while messages are spooled keeps all or none of them, and spends no number that is not kept."""
    for point in (1, 2):
        with kill_at(region, Killer(point)), pytest.raises(CrashError):
            corporatie.spool_messages([message(n) for n in AMOUNTS])
        corporatie = region.reopen(corporatie)
    await region.settle(corporatie, gemeente)
    assert amounts(gemeente) == AMOUNTS
    assert gemeente.overview().missing == []


async def test_killed_while_joining(bare: Region) -> None:
    """A joining that was cut off at any request is finished by running it again, with the same keys."""
    for number in range(1, 5):
        oin = Oin(f"0000009900000020{number}000")
        killer = Killer(number)
        bare.line.cut = killer
        with pytest.raises(CrashError):
            await bare.join(oin, "post")
        bare.line.cut = lambda *_: None
        await bare.join(oin, "post")
        connector = bare.open(oin)
        await bare.step(connector)
        mailbox = connector.settings.mailboxes[0]
        assert connector.trust.is_confirmed(mailbox)
        assert len(connector.trust.register.history(mailbox, "ondertekenen")) == 1


async def test_two_processes_on_one_spool(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """What another process spools in the same directory is numbered after ours, and sent by the one that runs."""
    other = region.open(CORPORATIE)
    for n in range(0, 6, 2):
        corporatie.spool_message(message(n))
        other.spool_message(message(n + 1))
    await region.settle(corporatie, gemeente)
    assert amounts(gemeente) == list(range(6))
    assert GEMEENTE in gemeente.directory.root.name
