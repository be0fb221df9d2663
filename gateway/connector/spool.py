"""The durable spool of one party: one SQLite file, written in short transactions that survive a power cut.

`seinpost send` in one process writes while `connector run` in another reads: hence WAL, a busy
timeout, and write locks taken at the beginning. ``synchronous=FULL``: a promise made after a commit
holds after a power cut (RELIABILITY §0.2). Only this module knows the driver.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

import apsw

from gateway.errors import UnavailableError
from keys.encoding import decode
from schemas.strict import parse_json
from schemas.values import parse_instant, spell_instant

Db: TypeAlias = apsw.Connection

SCHEMA_VERSION = 5
"""Raised with every change of ``spool.sql``: a spool of an older version gets what is new when it is opened."""
BUSY_MILLISECONDS = 10_000
WIPE_MILLISECONDS = 100
"""How long a wipe waits for who is reading: it is tried again every round, and holds up nothing."""
WIPE_OWED = "wissen"
"""The mark that content was destroyed and may still stand in the write-ahead log (marks.py)."""
_PASSES = (apsw.BusyError, apsw.FullError, apsw.IOError)
"""What another process, or room on the disk, may put right: nothing was written, and the same may be tried again."""

Row: TypeAlias = tuple[Any, ...]


def rows(db: Db, query: str, values: Sequence[str | int | bytes | None] = ()) -> list[Row]:
    """Give every row of a query."""
    return list(db.execute(query, tuple(values)))


def first(db: Db, query: str, values: Sequence[str | int | bytes | None] = ()) -> Row | None:
    """Give the first row of a query, or nothing."""
    found = rows(db, query, values)
    return found[0] if found else None


class SpoolError(Exception):
    """The spool cannot be used as it is; the text says why."""


class Spool:
    """One open spool. Threads take turns; processes take turns at writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = threading.RLock()
        self._db = _open(path)
        self.wipe_if_owed()

    @contextmanager
    def record(self) -> Iterator[Db]:
        """Give a transaction: on leaving, everything in it is on disk, or after any exception nothing is.

        Raises:
            UnavailableError: the disk is full, or another process keeps the spool to itself; try again later.
        """
        with self._turn, _told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[Db]:
        """Give a snapshot: what is read inside belongs together.

        Raises:
            UnavailableError: the disk does not answer; try again later.
        """
        with self._turn, _told():
            self._db.execute("BEGIN DEFERRED")
            try:
                yield self._db
            finally:
                self._db.execute("ROLLBACK")

    def wipe_if_owed(self) -> None:
        """Let nothing that was destroyed linger in the write-ahead log, if something was; call it every round.

        While another process reads what was before, or is about to, it stays owed.
        """
        with self._turn, _told():
            if first(self._db, "SELECT 1 FROM marks WHERE kind = ?", (WIPE_OWED,)) is not None and self._wiped():
                self._db.execute("DELETE FROM marks WHERE kind = ?", (WIPE_OWED,))

    def wipe(self) -> bool:
        """Empty the write-ahead log into the file; false while another process is reading from it."""
        with self._turn, _told():
            return self._wiped()

    def _wiped(self) -> bool:
        self._db.set_busy_timeout(WIPE_MILLISECONDS)
        try:
            return not rows(self._db, "PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        except apsw.BusyError:
            return False
        finally:
            self._db.set_busy_timeout(BUSY_MILLISECONDS)

    def close(self) -> None:
        """Close the file; the spool cannot be used after this."""
        with self._turn:
            self._db.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except _PASSES as error:
        raise UnavailableError(f"the spool cannot be used now ({error})") from error


def _open(path: Path) -> Db:
    fresh = not path.exists()
    if fresh:
        path.touch(mode=0o600)
    db = apsw.Connection(str(path))
    db.set_busy_timeout(BUSY_MILLISECONDS)
    db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF")
    db.execute("PRAGMA secure_delete=ON")  # what is destroyed is overwritten, not only forgotten
    version = int(db.pragma("user_version"))
    if version > SCHEMA_VERSION:
        db.close()
        raise SpoolError(f"the spool is of a newer version ({version}) than this program ({SCHEMA_VERSION})")
    if version < SCHEMA_VERSION:
        _create(db)
    return db


def _create(db: Db) -> None:
    script = resources.files("gateway.connector").joinpath("spool.sql").read_text("utf-8")
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute(script)
        _await_ends(db)
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _await_ends(db: Db) -> None:
    """Version 3 notices a message without an end: look up when those end that an older version spooled."""
    found = rows(
        db,
        "SELECT place, envelop FROM outgoing WHERE state IN ('gespoold', 'aanvaard')"
        " AND place NOT IN (SELECT place FROM awaited)",
    )
    ends = [(place, parse_json(decode(envelop.split(".")[1]))["verlooptijd"]) for place, envelop in found]
    db.executemany(
        "INSERT INTO awaited (place, verlooptijd) VALUES (?, ?)",
        [(place, spell_instant(parse_instant(end))) for place, end in ends],
    )
