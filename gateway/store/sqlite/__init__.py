"""The embedded store: SQLite through apsw, one writer, every commit flushed."""

from gateway.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
