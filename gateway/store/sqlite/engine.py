"""Connections, threads and transactions of the embedded store.

One connection writes and one reads, each in a thread of its own, so the event loop never waits for
a disk. WAL with ``synchronous=FULL`` flushes at every commit: a simulated power cut lost nothing that way,
and something in every run with ``NORMAL`` (RELIABILITY §0.2). A database file must never be copied
while it is open (§5.3).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import apsw

from gateway.errors import ConfigurationError, UnavailableError
from gateway.store.sqlite.queries import SQL

P = ParamSpec("P")
T = TypeVar("T")

Rows = list[tuple[Any, ...]]
Work = tuple[str, Iterable[Sequence[Any]]]
"""A statement with the rows to run it for."""


class Lane:
    """One connection with its thread and its turn: whoever holds the turn owns the transaction.

    A hop to the thread and back costs more than most statements. So what is only written waits in ``later`` for the
    next hop, which runs it first, and ``heads`` holds both logs' heads as they were when the transaction began.
    """

    def __init__(self, path: Path, *, writes: bool) -> None:
        flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if writes else 0)
        self.db = apsw.Connection(str(path), flags=flags, statementcachesize=200)
        self.db.set_busy_timeout(10_000)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "wal_autocheckpoint=4000",
        ):
            self.db.execute(f"PRAGMA {pragma}").fetchall()
        self.db.execute("PRAGMA cache_size=-32768").fetchall()
        self.turn = asyncio.Lock()
        self.heads: Rows = []
        self._later: list[Work] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-write" if writes else "sqlite-read")

    async def run(self, call: Callable[Concatenate[apsw.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what waits, then ``call``, in the connection's thread; a cancelled caller still waits for its end."""
        loop, work = asyncio.get_running_loop(), self._later

        def hop() -> T:
            _many(self.db, work)
            return call(self.db, *args, **kwargs)

        self._later = []
        return await uninterrupted(loop.run_in_executor(self._thread, hop))

    def later(self, *work: Work) -> None:
        """Write with the next hop of this transaction: a read, or its end."""
        self._later.extend(work)

    @asynccontextmanager
    async def transaction(self, begin: str) -> AsyncIterator[Lane]:
        """Hold the turn and a transaction; commit on a normal exit, roll back on any other.

        Raises:
            UnavailableError: the database did not say that it committed. Nothing is known; a repeat is safe.
        """
        async with self.turn:
            try:
                self.heads = await self.run(_begin, begin)
                yield self
            except BaseException:  # also when cancelled while it began: the turn never ends inside a transaction
                self._later = []
                await self.run(_roll_back)
                raise
            work, self._later = self._later, []
            await self.run(_finish, work)

    def close(self) -> None:
        """Wait for the thread, then close the connection."""
        self._thread.shutdown(wait=True)
        self.db.close()


async def uninterrupted(work: Awaitable[T]) -> T:
    """Wait for ``work`` to its end even when cancelled, then let the cancellation go on (RELIABILITY §5.1)."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):  # a second cancellation waits like the first
                await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error from error.__cause__  # what the disk said outweighs that nobody waits for it any more
        raise


def migrate(path: Path) -> None:
    """Bring the schema to the newest version, each step in one transaction; newer than known is refused.

    Raises:
        ConfigurationError: the database was written by a newer Seinpost.
    """
    db = apsw.Connection(str(path))
    try:
        db.execute("PRAGMA journal_mode=WAL").fetchall()
        db.execute("PRAGMA synchronous=FULL").fetchall()
        ((version,),) = db.execute("PRAGMA user_version").fetchall()
        if not isinstance(version, int):
            raise ConfigurationError("this is not a database of Seinpost")
        steps = migrations()
        if version > len(steps):
            raise ConfigurationError("this database belongs to a newer Seinpost; upgrade the program, not the file")
        for number, sql in enumerate(steps[version:], start=version + 1):
            with db:
                db.execute(sql).fetchall()
                db.execute(f"PRAGMA user_version={number}").fetchall()
    finally:
        db.close()


def migrations() -> list[str]:
    """The numbered steps, oldest first."""
    folder = resources.files("gateway.store.sqlite") / "migrations"
    return [item.read_text() for item in sorted(folder.iterdir(), key=lambda i: i.name) if item.name.endswith(".sql")]


def _execute(db: apsw.Connection, sql: str) -> None:
    db.execute(sql).fetchall()


def _many(db: apsw.Connection, work: Iterable[Work]) -> None:
    for sql, rows in work:
        db.executemany(sql, rows)


def _begin(db: apsw.Connection, sql: str) -> Rows:
    """Begin, and give the heads of both logs as this transaction sees them."""
    _execute(db, sql)
    return db.execute(SQL["heads"]).fetchall()


def _finish(db: apsw.Connection, work: Iterable[Work]) -> None:
    """Write what waits and commit, in one hop; whatever fails, no transaction is left behind."""
    try:
        _many(db, work)
    except BaseException:
        _roll_back(db)
        raise
    try:
        _commit(db)
    except apsw.Error as error:
        raise UnavailableError("the outcome of a commit is unknown") from error


def _commit(db: apsw.Connection) -> None:
    """Commit, or leave no transaction behind, in one hop: a cancelled caller cannot come between."""
    try:
        db.execute("COMMIT").fetchall()
    except apsw.Error:
        _roll_back(db)
        raise


def _roll_back(db: apsw.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK").fetchall()
