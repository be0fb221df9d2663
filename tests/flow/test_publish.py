"""Publishing: what was promised is signed, one history, never a shorter one (I7, I12, T5)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.app import serving
from gateway.errors import EvidenceError, RejectedError, UnavailableError
from gateway.flow.publish import Publish, SignedHeads
from gateway.rules.rows import Log
from gateway.tlog.checkpoints import Checkpoint, open_checkpoint
from gateway.tlog.notes import NoteVerifier
from gateway.tlog.proofs import verify_consistency, verify_inclusion
from gateway.tlog.tiles import Plan, ProofPlan
from gateway.workers import Workers
from schemas.values import Digest
from tests.exchange import House, Party, eventually, read


async def published(house: House, log: Log = Log.VERKEER) -> Checkpoint:
    await house.gateway.publish()
    register = house.gateway.registry.current
    verifier = NoteVerifier.parse(register.vkeys[[*Log].index(log)])
    return open_checkpoint(await house.gateway.publish.checkpoint(log), verifier)


async def prove(house: House, plan: ProofPlan) -> Sequence[bytes]:
    async with house.gateway.store.read() as view:
        return plan.prove({s: await view.hashes(Log.VERKEER, s.level, s.start, s.end) for s in plan.tiles})


async def test_every_promise_is_in_a_signed_checkpoint(house: House, corporatie: Party, gemeente: Party) -> None:
    """Each index with its leaf hash that a receipt promised appears in the next checkpoint (I7)."""
    promises = [read((await corporatie.deliver(gemeente)).receipt)["logboek"] for _ in range(5)]
    (refused,) = await corporatie.send(corporatie.message(gemeente, type="nl.huurschuld.onbekend.v1"))
    assert isinstance(refused, RejectedError)
    promises.append(read(refused.receipt or "")["logboek"])
    handed = (await gemeente.collect()).messages
    answer = await gemeente.collect(receipts=[gemeente.receipt(h) for h in handed[:3]])
    promises += [read(jws)["logboek"] for jws in answer.booked if isinstance(jws, str)]
    house.clock.tick(days=15)
    await house.gateway.expire()
    promises += [read(sent.receipt)["logboek"] for sent in (await gemeente.collect()).receipts]
    assert len(promises) == 5 + 1 + 3 + 2
    head = await published(house)
    for promise in promises:
        assert promise["oorsprong"] == head.origin
        proof = await prove(house, Plan.inclusion(promise["index"], head.size))
        verify_inclusion(Digest(promise["blad"]).raw, promise["index"], head.size, proof, head.root)


async def test_any_two_checkpoints_are_consistent(house: House, corporatie: Party, gemeente: Party) -> None:
    """Every pair of signed heads is one history, restarts included; one size has one root (I7)."""
    heads = [await published(house)]
    for turn in range(6):
        await corporatie.deliver(gemeente)
        if turn == 3:
            await house.restart()
        heads += [await published(house), await published(house)]
    for i, old in enumerate(heads):
        for new in heads[i:]:
            proof = await prove(house, Plan.consistency(old.size, new.size))
            verify_consistency(old.size, old.root, new.size, new.root, proof)


async def test_a_kill_between_remembering_and_keeping_skips_no_checkpoint(
    house: House, corporatie: Party, gemeente: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head that was remembered but not kept is published by the next run, also when nothing was logged since."""
    before = await published(house)
    await corporatie.deliver(gemeente)
    heads, store = house.gateway.publish.heads, house.gateway.store
    remember = heads.remember

    def killed(log: Log, size: int, root: Digest) -> None:
        remember(log, size, root)
        raise KeyboardInterrupt

    monkeypatch.setattr(heads, "remember", killed)
    with pytest.raises(KeyboardInterrupt):
        await house.gateway.publish()
    monkeypatch.undo()
    assert store is house.gateway.store
    assert (await published(house)).size == before.size + 1


async def restore(house: House, copy: Path) -> None:
    """Put an earlier database back, as an operator would: while the exchange is closed, all files of it."""
    await house.close()
    for old in house.path.joinpath("data").glob("seinpost.db*"):
        old.unlink()
    shutil.copy(copy, house.path / "data" / "seinpost.db")
    await house.open()


@pytest.fixture
async def yesterday(house: House, corporatie: Party, gemeente: Party, tmp_path: Path) -> Path:
    """A copy of the database, made while the exchange was closed; after it one more message was signed for."""
    await corporatie.deliver(gemeente)
    await house.gateway.publish()
    await house.close()
    copy = tmp_path / "gisteren.db"
    shutil.copy(house.path / "data" / "seinpost.db", copy)
    await house.open()
    await corporatie.deliver(gemeente)
    await house.gateway.publish()
    return copy


async def test_yesterdays_database_is_not_signed(
    house: House, corporatie: Party, gemeente: Party, yesterday: Path
) -> None:
    """A restored backup is shorter than what was signed: nothing is signed, and nothing is accepted (T5, I12)."""
    await restore(house, yesterday)
    note = await house.gateway.publish.checkpoint(Log.VERKEER)
    with pytest.raises(EvidenceError, match="shorter"):
        await house.gateway.publish()
    assert await house.gateway.publish.checkpoint(Log.VERKEER) == note
    workers = Workers({"controlepunten": (house.gateway.publish, 0.02)}, house.gateway.hindrances)
    workers.start()

    async def hindered() -> bool:
        return bool(house.gateway.hindrances())

    await eventually(hindered)
    with pytest.raises(UnavailableError):
        await corporatie.send(corporatie.compose(gemeente))
    await workers.stop()
    assert await house.kinds() == ["aanvaard"]


async def test_yesterdays_database_is_not_served(house: House, yesterday: Path) -> None:
    """An exchange whose log is shorter than what it signed does not start."""
    await restore(house, yesterday)
    with pytest.raises(EvidenceError, match="shorter"):
        async with serving(house.gateway):
            raise AssertionError("it serves")


async def test_a_fork_is_not_signed(house: House, corporatie: Party, gemeente: Party, yesterday: Path) -> None:
    """A restored database that grew past what was signed has another history: it is refused all the same."""
    await restore(house, yesterday)
    for number in (2, 3):
        await corporatie.deliver(gemeente, lading="een ander verhaal", volgnummer=number)
        with pytest.raises(EvidenceError, match="history"):
            await house.gateway.publish()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"verkeer": 3}', '{"verkeer": [1]}', '{"verkeer": ["1", "x"]}', "null"]
)
async def test_a_damaged_memory_stops_the_signer(house: House, corporatie: Party, gemeente: Party, text: str) -> None:
    """If it is unknown what was signed last, nothing is signed."""
    await house.gateway.publish()
    house.gateway.folder.signed_heads.write_text(text)
    await corporatie.deliver(gemeente)
    with pytest.raises(EvidenceError):
        await house.gateway.publish()


async def test_a_lost_memory_stops_the_signer(house: House, corporatie: Party, gemeente: Party) -> None:
    """Without the memory a restored backup could not be told from the truth: nothing is signed."""
    await house.gateway.publish()
    house.gateway.folder.signed_heads.unlink()
    await corporatie.deliver(gemeente)
    with pytest.raises(EvidenceError, match="gone"):
        await house.gateway.publish()


def test_what_was_signed_is_on_disk_before_it_is_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory is replaced whole: a draft that was cut off is not looked at."""
    heads = SignedHeads(tmp_path / "ondertekend.json")
    assert heads.last(Log.VERKEER) is None
    heads.remember(Log.VERKEER, 3, Digest.of(b"wortel"))
    (tmp_path / "ondertekend.nieuw").write_text("{")
    assert heads.last(Log.VERKEER) == (3, Digest.of(b"wortel"))
    heads.remember(Log.REGISTER, 1, Digest.of(b"ander"))
    assert json.loads((tmp_path / "ondertekend.json").read_text()).keys() == {"verkeer", "register"}

    def full(*_: object) -> None:
        raise OSError(28, "schijf vol")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="vol"):
        heads.remember(Log.VERKEER, 4, Digest.of(b"nieuw"))
    assert heads.last(Log.VERKEER) == (3, Digest.of(b"wortel"))


async def test_a_signer_that_fails_for_any_reason_shows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk under the memory stops acceptance until the next run succeeds (I12)."""

    def full(*_: object) -> None:
        raise OSError(28, "schijf vol")

    workers = Workers({"controlepunten": (house.gateway.publish, 1)}, house.gateway.hindrances)
    monkeypatch.setattr(SignedHeads, "remember", full)
    await workers._once("controlepunten", house.gateway.publish)
    assert house.gateway.hindrances() == ["controlepunten: OSError"]
    monkeypatch.undo()
    await workers._once("controlepunten", house.gateway.publish)
    assert house.gateway.hindrances() == []


async def test_only_what_is_there_is_served(house: House) -> None:
    """A tile wider than the log, or an entry that is not there, is not found."""
    publish: Publish = house.gateway.publish
    size = house.gateway.registry.current.size
    assert len(await publish.tile(Log.REGISTER, 0, 0, size)) == 32 * size
    for level, number, width in ((0, 0, size + 1), (0, 1, 1), (1, 0, 1)):
        with pytest.raises(RejectedError):
            await publish.tile(Log.REGISTER, level, number, width)
    with pytest.raises(RejectedError):
        await publish.register_entries(0, size + 1)
    with pytest.raises(RejectedError):
        await publish.checkpoint(Log.VERKEER)
