"""One dossier from first signal to evidence, with real connectors; and what its evidence is worth."""

from __future__ import annotations

import json
from pathlib import Path

from gateway.connector.composing import NewMessage
from gateway.connector.exporting import export_dossier
from gateway.evidence.checkers import check_note, check_signature
from gateway.evidence.verifier import verify_bundle
from gateway.rules.rows import Log
from schemas.values import RandomId
from tests.e2e.conftest import Pair

EXAMPLES = Path(__file__).parents[2] / "schemas" / "published" / "examples"
SIGNAL = "nl.huurschuld.vroegsignaal.v1"
ANSWER = "nl.huurschuld.terugkoppeling.v1"
CHANGE = "nl.huurschuld.wijziging.v1"


def example(name: str) -> dict[str, object]:
    """Give a published example."""
    found = sorted((EXAMPLES / name).glob("*.json"))
    bericht: dict[str, object] = json.loads(found[0].read_text())
    bericht.pop("behandelaarContact", None)  # the connector fills in the covenant's
    if isinstance(huurder := bericht.get("huurder"), dict):
        huurder["postcode"] = "2312AB"  # in Leiden, whose connector plays
    return bericht


def tenant() -> dict[str, object]:
    """Give a signal about somebody whose name and reference are found nowhere else."""
    bericht = example("vroegsignaal")
    huurder = bericht["huurder"]
    assert isinstance(huurder, dict)
    return {**bericht, "huurder": {**huurder, "achternaam": "Kanariegeel", "referentieCorporatie": "KANARIE-4711"}}


async def play(pair: Pair) -> RandomId:
    """Signal, answer, change: three messages, all received."""
    corporation, municipality = pair.boxes
    signal = pair.corporation.spool_message(NewMessage(SIGNAL, municipality, tenant()))
    await pair.rounds()
    (got,) = pair.municipality.inbox()
    answer = {**example("terugkoppeling"), "signaalId": got.envelope.id}
    pair.municipality.spool_message(NewMessage(ANSWER, corporation, answer, None, got.envelope.id))
    await pair.rounds()
    change = {"signaalId": signal.id, "reden": "BETAALD"}
    pair.corporation.spool_message(NewMessage(CHANGE, municipality, change, signal.envelope.dossier))
    await pair.rounds(4)
    return signal.envelope.dossier


async def test_dossier_is_carried_and_proved(pair: Pair) -> None:
    """Every message arrives once, with the recipient's own receipt, and every promise is proved in a checkpoint."""
    await play(pair)
    assert [m.envelope.type for m in pair.municipality.inbox()] == [SIGNAL, CHANGE]
    assert [m.envelope.type for m in pair.corporation.inbox()] == [ANSWER]
    for connector in (pair.corporation, pair.municipality):
        seen = connector.overview()
        assert set(seen.outgoing) == {"ontvangen"}
        assert seen.covered == seen.promised > 0
        assert not seen.alarms
        assert not seen.missing
    async with pair.house.gateway.store.read() as view:
        assert dict(await view.counts()) == {"aanvaard": 3, "afgewezen": 0, "wacht": 0, "ontvangen": 3}


async def test_nothing_readable_reaches_the_exchange(pair: Pair) -> None:
    """The tenant's name, address and amount stand nowhere in the exchange's folder, nor in a spool (I6, T18)."""
    await play(pair)
    secrets = [b"Kanariegeel", b"KANARIE-4711"]
    folder = pair.house.path.parent
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(secret in data for secret in secrets), path


async def test_both_sides_export_the_same_story(pair: Pair) -> None:
    """Sender and recipient each make evidence that verifies offline under the register's key."""
    dossier = await play(pair)
    for connector in (pair.corporation, pair.municipality):
        async with connector.dial() as transport:
            data = await export_dossier(connector, transport, dossier, "2026-11-22T12:00:00.000Z")
        report = verify_bundle(data, check_signature, check_note, [connector.settings.register_vkey])
        assert report.ok, [check for check in report.checks if not check.ok]
        assert report.anchored
        assert len(json.loads(data)["delen"]["berichten"]) == 3


async def test_any_changed_byte_shows(pair: Pair) -> None:
    """Evidence in which any one byte of any part is changed does not verify: every byte is tried."""
    signal = pair.corporation.spool_message(NewMessage(SIGNAL, pair.boxes[1], example("vroegsignaal")))
    await pair.rounds(4)
    dossier = signal.envelope.dossier
    async with pair.corporation.dial() as transport:
        data = await export_dossier(pair.corporation, transport, dossier, "2026-11-22T12:00:00.000Z")
    anchors = [pair.corporation.settings.register_vkey]
    assert verify_bundle(data, check_signature, check_note, anchors).ok
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x01
        assert not verify_bundle(bytes(changed), check_signature, check_note, anchors).ok, place


async def test_a_stranger_key_is_no_anchor(pair: Pair) -> None:
    """Evidence of another exchange does not verify under the key that the reader trusts."""
    dossier = await play(pair)
    async with pair.corporation.dial() as transport:
        data = await export_dossier(pair.corporation, transport, dossier, "2026-11-22T12:00:00.000Z")
    vkey = pair.house.gateway.publish.signers[Log.VERKEER].vkey
    assert not verify_bundle(data, check_signature, check_note, [vkey]).ok
