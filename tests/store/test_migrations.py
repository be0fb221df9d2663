"""Migrations go one way, a whole step at a time, and all roads lead to one schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import apsw
import pytest

from gateway.errors import ConfigurationError
from gateway.store.sqlite import SqliteStore, engine
from gateway.store.sqlite.queries import SQL


def test_migrations_lead_from_nothing_to_the_newest(tmp_path: Path) -> None:
    """An empty file becomes the newest schema; a second time nothing is left to do."""
    path = tmp_path / "proef.db"
    engine.migrate(path)
    before = schema(path)
    engine.migrate(path)
    assert schema(path) == before
    assert version(path) == len(engine.migrations()) >= 2


@pytest.mark.parametrize("steps", range(len(engine.migrations())))
def test_each_older_schema_becomes_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """A database of any earlier version ends with the schema that a new one has."""
    old, new = tmp_path / "oud.db", tmp_path / "nieuw.db"
    known = engine.migrations()
    monkeypatch.setattr(engine, "migrations", lambda: known[:steps])
    engine.migrate(old)
    monkeypatch.undo()
    engine.migrate(old)
    engine.migrate(new)
    assert schema(old) == schema(new)


def test_members_of_older_dossiers_stay_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent before members stood at each message is found under its dossier by both parties."""
    path, known = tmp_path / "oud.db", engine.migrations()
    sender, recipient = (f"urn:nld:oin:0000009900000000{n}000:systeem:x" for n in (1001, 1002))
    monkeypatch.setattr(engine, "migrations", lambda: known[:2])
    engine.migrate(path)
    with apsw.Connection(str(path)) as db:
        row = (0, b"", sender, "id", recipient, "dossier", "", "", "", 1, None, 0, 0, 0, "", "", "", "")
        db.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    db.close()
    monkeypatch.undo()
    engine.migrate(path)
    with apsw.Connection(str(path)) as db:
        found = db.execute("SELECT oin, idx FROM member WHERE dossier = 'dossier' ORDER BY oin").fetchall()
    db.close()
    assert found == [(sender[12:32], 0), (recipient[12:32], 0)]


def test_post_that_waited_still_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A settlement that was on its way when the program was renewed reaches its mailbox under the same number."""
    path, known = tmp_path / "oud.db", engine.migrations()
    monkeypatch.setattr(engine, "migrations", lambda: known[:3])
    engine.migrate(path)
    with apsw.Connection(str(path)) as db:
        row = (4, b"", "bus", "id", "bus", "dossier", "", "", "", 1, None, 0, 0, 0, "", "", "", "")
        db.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.execute("INSERT INTO settlement VALUES (7, x'', 4, 'ontvangen', 'jws', NULL, 1, 'kid')")
        db.execute("INSERT INTO post VALUES ('bus', 7)")
    db.close()
    monkeypatch.undo()
    engine.migrate(path)
    with apsw.Connection(str(path)) as db:
        found = db.execute(SQL["post"], ("bus", 9)).fetchall()
    db.close()
    assert [row[:5] for row in found] == [(7, 7, b"", 4, "ontvangen")]


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    """A file from a newer program is left as it is."""
    path = tmp_path / "proef.db"
    engine.migrate(path)
    with apsw.Connection(str(path)) as db:
        db.execute(f"PRAGMA user_version={len(engine.migrations()) + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="newer"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step is done whole or not at all."""
    path = tmp_path / "proef.db"
    engine.migrate(path)
    before, steps = schema(path), engine.migrations()
    monkeypatch.setattr(engine, "migrations", lambda: [*steps, "CREATE TABLE half (x); SELECT * FROM nowhere;"])
    with pytest.raises(apsw.SQLError):
        engine.migrate(path)
    assert (schema(path), version(path)) == (before, len(steps))


def schema(path: Path) -> list[tuple[Any, ...]]:
    db = apsw.Connection(str(path))
    try:
        return db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
    finally:
        db.close()


def version(path: Path) -> int:
    db = apsw.Connection(str(path))
    try:
        ((found,),) = db.execute("PRAGMA user_version").fetchall()
        return int(found)
    finally:
        db.close()
