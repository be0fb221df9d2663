"""The tenant objects: what was said of him is destroyed at both ends, and what proves that it was withdrawn stays."""

from __future__ import annotations

import pytest

from gateway.connector.connector import Connector
from gateway.connector.exporting import export_dossier
from gateway.connector.spool import rows
from gateway.evidence.checkers import check_note, check_signature
from gateway.evidence.verifier import verify_bundle
from schemas.values import MessageId
from tests.unit.connector.exchange import VROEG
from tests.unit.connector.region import BERICHT, DOSSIER
from tests.unit.connector.story import Story, shown, standen

REASONS = pytest.mark.parametrize("reden", ["BEZWAAR_HUURDER", "VERKEERDE_PERSOON"])


def sealed(connector: Connector) -> list[bytes]:
    """Give every sealed payload in the spool."""
    with connector.spool.read() as db:
        found = rows(
            db, "SELECT lading FROM incoming UNION SELECT own_copy FROM outgoing UNION SELECT lading FROM outgoing"
        )
    return [row[0].encode() for row in found if row[0]]


def pieces(payloads: list[bytes]) -> list[bytes]:
    """Cut the ciphertexts into pieces that stand whole on a page of the file, where a payload does not."""
    texts = [payload.split(b".")[3] for payload in payloads]
    return [text[at : at + 64] for text in texts for at in range(0, len(text) - 63, 64)]


def on_disk(connector: Connector) -> bytes:
    file = connector.directory.spool_file
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


def contents_of(connector: Connector) -> dict[MessageId, bool]:
    return {step.id: not step.erased for step in shown(connector).steps}


@REASONS
async def test_content_is_destroyed_at_both_ends(story: Story, reden: str) -> None:
    """After a withdrawal only the withdrawal can be opened; not a byte of the rest stands in either file."""
    signal = await story.signal()
    answer = await story.feedback(signal, status="Opgepakt")
    before = {id(connector): pieces(sealed(connector)) for connector in (story.corporatie, story.gemeente)}
    for connector in (story.corporatie, story.gemeente):
        disk = on_disk(connector)
        assert sum(one in disk for one in before[id(connector)]) > 0.9 * len(before[id(connector)])
    change = await story.withdraw(signal, reden)
    for connector in (story.corporatie, story.gemeente):
        assert contents_of(connector) == {signal: False, answer: False, change: True}
        disk = on_disk(connector)
        assert not any(one in disk for one in before[id(connector)])
        assert standen(connector)[0] == "INGETROKKEN"
        assert connector.obligations() == []
        assert [(r.payload is None, len(r.proofs) > 0) for r in connector.records(DOSSIER)].count((True, True)) == 2
    (got, last) = story.gemeente.inbox()
    assert got.bericht is None
    assert last.bericht == {"signaalId": signal, "reden": reden}


async def test_sender_waits_for_the_receipt(story: Story) -> None:
    """The corporation keeps its copies until the municipality's *ontvangen* for the withdrawal is booked."""
    signal = await story.signal()
    told = {"signaalId": signal, "reden": "BEZWAAR_HUURDER"}
    story.spool(story.corporatie, "wijziging", VROEG, told)
    await story.region.step(story.corporatie)
    assert contents_of(story.corporatie)[signal]
    await story.region.step(story.gemeente)
    assert not contents_of(story.gemeente)[signal]
    assert contents_of(story.corporatie)[signal]
    await story.settle()
    assert not contents_of(story.corporatie)[signal]


@REASONS
async def test_accepted_help_goes_on(story: Story, reden: str) -> None:
    """Where help was accepted nothing is destroyed (DOMAIN 3.5)."""
    signal = await story.help_accepted()
    await story.withdraw(signal, reden)
    for connector in (story.corporatie, story.gemeente):
        assert all(contents_of(connector).values())


async def test_other_changes_destroy_nothing(story: Story) -> None:
    """Paid, or a plan: the content stays until its term."""
    signal = await story.signal()
    await story.withdraw(signal, "BETAALD")
    for connector in (story.corporatie, story.gemeente):
        assert all(contents_of(connector).values())


async def test_evidence_without_content_verifies(story: Story) -> None:
    """The file still proves who sent what when, and that it was received, and holds no word of the signal."""
    signal = await story.signal()
    await story.withdraw(signal)
    story.region.exchange.publish()
    for connector in (story.corporatie, story.gemeente):
        data = await export_dossier(connector, story.region.line, DOSSIER, "2026-11-22T10:00:00.000Z")
        report = verify_bundle(data, check_signature, check_note, [])
        assert report.ok, [check for check in report.checks if not check.ok]
        assert (data.count(b'"envelop"'), data.count(b'"inhoud":"{')) == (2, 1)
        assert b"Voorbeeld" not in data


async def test_a_threatened_eviction_stays(story: Story) -> None:
    """What was told of an eviction is kept, with what it obliges to; where collection stands does not change."""
    signal = await story.signal()
    announced = {"fase": "VOORNEMEN_DAGVAARDING", "fasedatum": story.day(), "signaalIds": [signal]}
    threat = await story.send(
        story.corporatie, "dreigende-ontruiming", VROEG, announced | {"achterstand": BERICHT["achterstand"]}
    )
    change = await story.withdraw(signal)
    for connector in (story.corporatie, story.gemeente):
        assert contents_of(connector) == {signal: False, threat: True, change: True}
        assert standen(connector)[1] == "VOORNEMEN_DAGVAARDING"
        assert {one.message for one in connector.obligations()} == {threat}


async def test_an_objection_after_the_end_is_heeded(story: Story) -> None:
    """A tenant may object when the dossier is closed already; what was said is destroyed, and closed it stays."""
    signal = await story.signal()
    end = {"uitkomst": "GESLOTEN_ANDERS", "datum": story.day(), "bewarenTot": story.day(180)}
    closed = await story.send(story.corporatie, "afsluiting", VROEG, end)
    change = await story.withdraw(signal)
    for connector in (story.corporatie, story.gemeente):
        assert contents_of(connector) == {signal: False, closed: True, change: True}
        assert standen(connector)[2] == "GESLOTEN_ANDERS"


async def test_dossier_can_still_be_closed(story: Story) -> None:
    """After the withdrawal the corporation closes the dossier as withdrawn, and both ends agree; nothing follows."""
    signal = await story.signal()
    await story.withdraw(signal)
    end = {"uitkomst": "INGETROKKEN", "datum": story.day(), "bewarenTot": story.day(180)}
    await story.send(story.corporatie, "afsluiting", VROEG, end)
    for connector in (story.corporatie, story.gemeente):
        assert standen(connector)[2] == "INGETROKKEN"
        assert shown(connector).following == ()
