"""The spool outlives the program: what an older version made is brought up to date when it is opened."""

from __future__ import annotations

import hashlib
from importlib import resources

from gateway.connector.connector import Connector
from gateway.connector.spool import SCHEMA_VERSION, rows
from tests.unit.connector.region import Region, message

SCHEMAS = {
    3: "1cbb330778cfc2e513eec31c3b95505b86390e1eada4c31c4be428dc6cb7d6f1",
    4: "dea603d632fdd056291cdd40c6c9fd4b8c09b86950fc28d9b24b0a6b9b9abd05",
    5: "611c6be96c8a8b75f5037f7bb80255ff5add5feeb3a3ec9f7d97eb45b0c5256c",
}
"""SHA-256 of ``spool.sql`` by version. A change of it: raise the version, and add a line here."""


def test_a_change_of_the_schema_has_a_new_version() -> None:
    """Opening compares versions only, so a changed schema under an old number would never reach a spool."""
    script = resources.files("gateway.connector").joinpath("spool.sql").read_bytes()
    assert SCHEMAS[SCHEMA_VERSION] == hashlib.sha256(script).hexdigest()
    assert max(SCHEMAS) == SCHEMA_VERSION


async def test_spool_of_version_2(region: Region, corporatie: Connector) -> None:
    """A spool from before the ends of messages were awaited sends again, and awaits those it had sent."""
    corporatie.spool_message(message(1))
    await region.step(corporatie)
    with corporatie.spool.read() as db:
        awaited = rows(db, "SELECT place, verlooptijd FROM awaited")
    with corporatie.spool.record() as db:
        db.execute("DROP TABLE awaited; DROP TABLE lasting; PRAGMA user_version=2")
    corporatie = region.reopen(corporatie)
    with corporatie.spool.read() as db:
        assert rows(db, "SELECT place, verlooptijd FROM awaited") == awaited
    corporatie.spool_message(message(2))
    await region.step(corporatie)
    assert corporatie.overview().outgoing == {"aanvaard": 2}


async def test_spool_of_version_3(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A spool from before the terms on content gets them with the next message of a dossier."""
    corporatie.spool_message(message(1))
    await region.settle(corporatie, gemeente)
    with corporatie.spool.record() as db:
        db.execute("DROP TABLE terms; DROP TABLE notices; PRAGMA user_version=3")
    corporatie = region.reopen(corporatie)
    assert corporatie.obligations() == []
    corporatie.spool_message(message(2))
    await region.settle(corporatie, gemeente)
    assert len(corporatie.obligations()) == 4
