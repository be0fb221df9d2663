"""Verifying both logs from the first entry on: whatever was changed underneath is found."""

from __future__ import annotations

import apsw
import pytest

from gateway.flow.operate import VerifyLogs
from gateway.rules.rows import Log
from gateway.tlog.notes import NoteVerifier
from tests.exchange import House, Party

CHANGES = {
    "a leaf": "UPDATE entry SET leaf = zeroblob(32) WHERE log = 'verkeer' AND idx = 3",
    "a body": "UPDATE body SET body = x'7b7d' WHERE log = 'verkeer' AND idx = 3",
    "an entry gone": "DELETE FROM entry WHERE log = 'verkeer' AND idx = 299",
    "a tile": "UPDATE node SET hash = zeroblob(32) WHERE log = 'verkeer' AND level = 1 AND idx = 0",
    "a tile gone": "DELETE FROM node WHERE log = 'verkeer'",
    "the root": "UPDATE head SET root = zeroblob(32) WHERE log = 'verkeer'",
    "a checkpoint": "UPDATE checkpoint SET note = replace(note, 'verkeer', 'verkeeR') WHERE log = 'verkeer'",
    "another log's checkpoint": "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE log = 'register')",
}


@pytest.fixture
async def full(house: House, corporatie: Party, gemeente: Party) -> House:
    """An exchange whose traffic log has more than one tile, published."""
    await corporatie.send(*(corporatie.message(gemeente) for _ in range(300)))
    await house.gateway.publish()
    return house


async def verify(house: House) -> dict[Log, str | None]:
    vkeys = house.gateway.registry.current.vkeys
    verifiers = dict(zip(Log, map(NoteVerifier.parse, vkeys), strict=True))
    return {found.log: found.fault for found in await VerifyLogs(house.gateway.store, verifiers)()}


async def test_an_honest_log_verifies(full: House) -> None:
    """Nothing is found where nothing was changed."""
    assert await verify(full) == {Log.REGISTER: None, Log.VERKEER: None}


@pytest.mark.parametrize("name", CHANGES)
async def test_what_was_changed_is_found(full: House, name: str) -> None:
    """Somebody with the database in hand takes the triggers away and changes one thing: it shows, and only there."""
    db = apsw.Connection(str(full.gateway.folder.database))
    for (trigger,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute(CHANGES[name])
    assert db.changes()
    db.close()
    found = await verify(full)
    assert found[Log.VERKEER]
    assert found[Log.REGISTER] is None
