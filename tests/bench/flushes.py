"""Counting a server's flushes from inside its process, and reading the count from outside.

Nothing in the product knows of this: apsw calls a hook for every connection, and SQLite one for every commit. A commit
flushes once in WAL mode with ``synchronous=FULL``; the flushes of checkpoints are read from the WAL by ``gauges``.
``strace -f -c -e trace=fsync,fdatasync`` gives the same count.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path

import apsw

_SIZE = 16


class FlushPage:
    """Two counters in a file that two processes map: commits that SQLite flushed, and calls of ``os.fsync``."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _SIZE)
        self.cells = memoryview(self._map).cast("q")


def count_flushes(page: FlushPage) -> None:
    """Count on ``page`` from here on, for the whole process."""
    cells, fsync = page.cells, os.fsync

    def committed() -> bool:
        cells[0] += 1
        return False

    def opened(db: apsw.Connection) -> None:
        db.set_commit_hook(committed)

    def counted(file: int) -> None:
        cells[1] += 1
        fsync(file)

    apsw.connection_hooks.append(opened)
    os.fsync = counted
