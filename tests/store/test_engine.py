"""The embedded engine: transactions end, whoever is cancelled; a failed flush is final; migrations go one way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any

import apsw
import pytest

from gateway.errors import UnavailableError
from gateway.rules.rows import Log
from gateway.store.sqlite import SqliteStore, engine


async def size(store: SqliteStore) -> int:
    async with store.read() as view:
        return (await view.head(Log.VERKEER)).head.size


class Stall:
    """Holds one of the engine's calls in its thread until the test lets go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, when: Callable[..., bool] = lambda *_: True) -> None:
        self.reached, self.go = Event(), Event()
        real = getattr(engine, name)

        def stalling(*values: Any) -> Any:
            if when(*values):
                self.reached.set()
                assert self.go.wait(10)
            return real(*values)

        monkeypatch.setattr(engine, name, stalling)

    async def cancel_there(self, task: asyncio.Task[Any], times: int = 1) -> BaseException | None:
        """Cancel a task while the call is held; gives how the task ended."""
        assert await asyncio.to_thread(self.reached.wait, 10)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0.01)
        assert not task.done()
        self.go.set()
        await asyncio.wait({task})
        return None if task.cancelled() else task.exception()


async def append_one(store: SqliteStore, fault: type[BaseException] | None = None) -> None:
    """Record one entry; with a fault, SQLite's thread raises it after that."""

    def strike(_: apsw.Connection) -> None:
        if fault is not None:
            raise fault

    async with store.record() as tx:
        await tx.append(Log.VERKEER, 1, [b"{}"])
        await store._writer.run(strike)


@pytest.mark.parametrize("times", [1, 2])
async def test_cancelled_while_it_begins_a_transaction_leaves_none(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Whoever is cancelled during BEGIN leaves nothing behind: the next transaction begins."""
    stall = Stall(monkeypatch, "_execute", lambda _, sql: sql.startswith("BEGIN IMMEDIATE"))
    await stall.cancel_there(asyncio.create_task(append_one(store)), times)
    monkeypatch.undo()
    await append_one(store)
    assert await size(store) == 1


@pytest.mark.parametrize("times", [1, 2])
async def test_a_commit_is_not_interrupted(store: SqliteStore, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Whoever is cancelled during COMMIT has committed when the cancellation goes on."""
    stall = Stall(monkeypatch, "_commit")
    assert await stall.cancel_there(asyncio.create_task(append_one(store)), times) is None
    assert await size(store) == 1


async def test_cancelled_inside_is_rolled_back(store: SqliteStore) -> None:
    """Whoever is cancelled in the middle changed nothing."""
    inside = asyncio.Event()

    async def work() -> None:
        async with store.record() as tx:
            await tx.append(Log.VERKEER, 1, [b"{}"])
            inside.set()
            await asyncio.sleep(10)

    task = asyncio.create_task(work())
    await inside.wait()
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert await size(store) == 0


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
async def test_an_exception_rolls_back(store: SqliteStore, error: type[BaseException]) -> None:
    """Whatever is raised inside, nothing was recorded and it is raised on."""
    with pytest.raises(error):
        await append_one(store, error)
    assert await size(store) == 0
    await append_one(store)


@pytest.mark.parametrize(
    ("fault", "broken"), [(apsw.IOError, True), (apsw.CorruptError, True), (apsw.FullError, False)]
)
@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_disk_that_fails_in_commit(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, fault: type[apsw.Error], *, broken: bool, cancelled: bool
) -> None:
    """The caller hears that the outcome is unknown; after a failed flush nothing is written any more, for good."""
    real = engine._commit

    def failing(db: apsw.Connection) -> None:
        stalled()
        engine._roll_back(db)
        raise fault

    reached, go = Event(), Event()

    def stalled() -> None:
        reached.set()
        assert go.wait(10)

    monkeypatch.setattr(engine, "_commit", failing)
    task = asyncio.create_task(append_one(store))
    assert await asyncio.to_thread(reached.wait, 10)
    if cancelled:
        task.cancel()
        await asyncio.sleep(0.01)
    go.set()
    with pytest.raises(UnavailableError):
        await task
    assert bool(store.broken) is broken
    monkeypatch.setattr(engine, "_commit", real)
    if broken:
        with pytest.raises(UnavailableError):
            await append_one(store)
        assert await size(store) == 0
    else:
        await append_one(store)


async def test_a_commit_that_fails_leaves_no_transaction(store: SqliteStore) -> None:
    """After a COMMIT that SQLite refuses, the connection is ready for the next transaction."""

    async def orphan() -> None:
        async with store._writing() as lane:
            await lane.run(lambda db: db.execute("PRAGMA defer_foreign_keys=ON"))
            await lane.run(lambda db: db.execute("INSERT INTO payload VALUES (7, 'x')"))

    with pytest.raises(UnavailableError):
        await orphan()
    await append_one(store)


@pytest.mark.parametrize("fault", [apsw.IOError, apsw.FullError, apsw.BusyError])
async def test_a_disk_that_fails_while_writing(store: SqliteStore, fault: type[apsw.Error]) -> None:
    """A fault in the middle is the same news to the caller, and nothing was recorded."""
    with pytest.raises(UnavailableError):
        await append_one(store, fault)
    assert bool(store.broken) is (fault is apsw.IOError)
    assert await size(store) == 0


async def test_a_disk_that_fails_while_reading(store: SqliteStore) -> None:
    """A page that cannot be read is unavailable, not a fault of whoever asks."""

    def failing(*_: Any) -> None:
        raise apsw.CorruptError

    with pytest.raises(UnavailableError):
        async with store.read() as view:
            await view._lane.run(failing)  # type: ignore[attr-defined]  # the adapter's own
    assert await size(store) == 0


async def test_every_commit_is_flushed(store: SqliteStore) -> None:
    """Both connections run with a write-ahead log, full flushes, foreign keys and triggers that REPLACE sets off."""
    for lane in (store._writer, store._reader):
        for pragma, value in {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "recursive_triggers": 1,
        }.items():
            ((found,),) = await lane.run(lambda db, name=pragma: db.execute(f"PRAGMA {name}").fetchall())
            assert found == value
