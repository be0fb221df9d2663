"""The evidence file of a dossier that has not run smoothly: it still verifies, and shows only what is proved."""

from __future__ import annotations

import pytest

from gateway.client import compose
from gateway.connector.connector import Connector
from gateway.connector.exporting import export_dossier
from gateway.evidence.checkers import check_note, check_signature
from gateway.evidence.verifier import Report, verify_bundle
from keys import sealing
from tests.unit.connector.region import DOSSIER, Region, message, state_of

MOMENT = "2026-11-22T10:00:00.000Z"


async def exported(region: Region, connector: Connector) -> Report:
    region.exchange.publish()
    data = await export_dossier(connector, region.line, DOSSIER, MOMENT)
    return verify_bundle(data, check_signature, check_note, [])


async def test_receipt_that_is_not_booked_yet(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A receipt that the exchange has not logged yet is left out, and what is there verifies."""
    corporatie.spool_message(message())
    await region.step(corporatie)
    await region.step(gemeente)
    report = await exported(region, gemeente)
    assert report.ok, [check for check in report.checks if not check.ok]


@pytest.mark.parametrize("payload", [b"\xff\xfe", b"{}"], ids=["no text", "other fields"])
async def test_payload_that_was_refused(
    region: Region, corporatie: Connector, gemeente: Connector, monkeypatch: pytest.MonkeyPatch, payload: bytes
) -> None:
    """A payload that this party refused, whatever its bytes, does not keep the dossier from being exported."""
    corporatie.spool_message(message(1))
    with monkeypatch.context() as patched:
        patched.setattr(compose, "spell_payload", lambda *_: sealing.pad(payload))
        poisoned = corporatie.spool_message(message(2))
    await region.settle(corporatie, gemeente)
    assert state_of(corporatie, poisoned.id) == "geweigerd"
    data = await export_dossier(gemeente, region.line, DOSSIER, MOMENT)
    assert data


async def test_messages_that_the_exchange_refused(region: Region, corporatie: Connector) -> None:
    """A refusal is evidence as well: alone, and beside a message that was accepted."""
    region.exchange.refuse_next = 1
    refused = corporatie.spool_message(message(1))
    await region.step(corporatie)
    assert state_of(corporatie, refused.id) == "afgewezen"
    report = await exported(region, corporatie)
    assert report.ok, [check for check in report.checks if not check.ok]
    corporatie.spool_message(message(2))
    await region.step(corporatie)
    report = await exported(region, corporatie)
    assert report.ok, [check for check in report.checks if not check.ok]
    data = await export_dossier(corporatie, region.line, DOSSIER, MOMENT)
    assert data.count(b'"envelop"') == 2
