"""A refusal is not silent: it is told once, and listed with its reason for as long as the spool lives."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from gateway.client import compose
from gateway.connector.connector import Connector
from keys import sealing
from tests.unit.connector.exchange import HUUR, VROEG
from tests.unit.connector.region import BERICHT, Region, message


async def test_every_refusal_is_told_once(
    region: Region, corporatie: Connector, gemeente: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the exchange, by the recipient, and by the clock: one warning each, with ids and codes only, and listed."""
    with capture_logs() as logged:
        region.exchange.refuse_next = 1
        turned_down = corporatie.spool_message(message(1))
        await region.step(corporatie)
        with monkeypatch.context() as patched:
            patched.setattr(compose, "spell_payload", lambda *_: sealing.pad(b"{}"))
            poisoned = corporatie.spool_message(message(2))
        await region.settle(corporatie, gemeente)
        late = corporatie.spool_message(message(3))
        await region.step(corporatie)
        region.exchange.expire(HUUR, late.id)
        await region.settle(corporatie, gemeente)
    told = [(e["id"], e["stand"], e["code"]) for e in logged if e["log_level"] == "warning"]
    assert [(identifier, stand) for identifier, stand, _ in told] == [
        (turned_down.id, "afgewezen"),
        (poisoned.id, "geweigerd"),
        (late.id, "niet-afgeleverd"),
    ]
    assert BERICHT["huurder"]["achternaam"] not in str(logged)
    listed = corporatie.refused()
    assert [(one.id, one.state.value, one.code) for one in reversed(listed)] == told
    assert {one.ontvanger for one in listed} == {VROEG}


async def test_messages_are_listed_newest_first(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """What was sent is found back with its dossier, at most as many as asked for; none of it counts as refused."""
    sent = corporatie.spool_messages([message(1), message(2), message(3)])
    await region.settle(corporatie, gemeente)
    assert [(one.id, one.dossier) for one in corporatie.sent(2)] == [
        (one.id, one.envelope.dossier) for one in (sent[2], sent[1])
    ]
    assert corporatie.refused() == []
