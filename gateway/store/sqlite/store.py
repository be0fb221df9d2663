"""The embedded store behind the port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import apsw

from gateway.errors import UnavailableError
from gateway.store.port import Keeping, Reading, Transaction
from gateway.store.sqlite.engine import Lane, migrate
from gateway.store.sqlite.reading import SqliteReading
from gateway.store.sqlite.writing import SqliteKeeping, SqliteTransaction


class SqliteStore:
    """A store in one file. One process at a time may serve it."""

    def __init__(self, path: Path) -> None:
        migrate(path)
        self._writer = Lane(path, writes=True)
        self._reader = Lane(path, writes=False)
        self._broken: str | None = None

    @property
    def broken(self) -> str | None:
        """Why nothing can be written any more: after a failed flush, nothing in memory can be believed."""
        return self._broken

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reading]:
        """See the port."""
        try:
            async with self._reader.transaction("BEGIN DEFERRED") as lane:
                yield SqliteReading(lane)
        except (apsw.IOError, apsw.BusyError, apsw.CorruptError) as error:
            raise UnavailableError("the store could not read") from error

    @asynccontextmanager
    async def record(self) -> AsyncIterator[Transaction]:
        """See the port."""
        async with self._writing() as lane:
            transaction = SqliteTransaction(lane)
            yield transaction
            transaction.demand_told()

    @asynccontextmanager
    async def keep(self) -> AsyncIterator[Keeping]:
        """See the port."""
        async with self._writing() as lane:
            yield SqliteKeeping(lane)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Lane]:
        if self._broken:
            raise UnavailableError("the store stopped writing")
        try:
            async with self._writer.transaction("BEGIN IMMEDIATE") as lane:
                yield lane
        except UnavailableError as error:
            self._judge(error.__cause__)
            raise
        except (apsw.IOError, apsw.FullError, apsw.BusyError, apsw.CorruptError) as error:
            self._judge(error)
            raise UnavailableError("the store could not write") from error

    def _judge(self, error: BaseException | None) -> None:
        """A failed flush is final: the kernel may have dropped the pages, so never try again (RELIABILITY §2)."""
        if isinstance(error, (apsw.IOError, apsw.CorruptError)):
            self._broken = f"the disk failed: {type(error).__name__}"

    async def close(self) -> None:
        """See the port."""
        for lane in (self._reader, self._writer):
            async with lane.turn:
                lane.close()
