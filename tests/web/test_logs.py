"""The logs from the outside: with the promises in receipts, public tiles and the register alone (I7)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.rules.register import Register
from gateway.tlog.checkpoints import Checkpoint, open_checkpoint
from gateway.tlog.notes import NoteVerifier
from gateway.tlog.proofs import verify_consistency, verify_inclusion
from gateway.tlog.tiles import Plan, ProofPlan, entries_path
from gateway.tlog.tree import leaf_hash
from schemas.values import Digest
from tests.exchange import House, Party, eventually, read


async def hashes(house: House, log: str, plan: ProofPlan, size: int) -> list[bytes]:
    """Fulfil a plan over HTTP, as anybody can."""
    found = {}
    for span in plan.tiles:
        reply = await house.ask("GET", f"/log/{log}/{span.tile(size).path}")
        assert reply.status == 200
        row = [reply.body[i : i + 32] for i in range(0, len(reply.body), 32)]
        found[span] = span.cut(row)
    return plan.prove(found)


async def register(party: Party) -> Register:
    """Replay the register from its served entries, and hold it against its checkpoint."""
    listed = (await party.get("/v1/deelnemers")).json
    bundle = (await party.get(f"/log/register/{entries_path(0, listed['omvang'])}")).body
    bodies = []
    while bundle:
        length = int.from_bytes(bundle[:2])
        bodies.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    state = Register.fold(bodies)
    assert state.root == listed["wortel"]
    return state


async def checkpoint(house: House, log: str, state: Register, least: int) -> Checkpoint:
    """Wait for a signed head of at least so many entries."""
    verifier = NoteVerifier.parse(state.vkeys[("register", "verkeer").index(log)])

    async def large_enough() -> Checkpoint | None:
        note = (await house.ask("GET", f"/log/{log}/checkpoint")).body.decode()
        found = open_checkpoint(note, verifier)
        return found if found.size >= least else None

    found: Checkpoint = await eventually(large_enough)
    return found


@pytest.mark.parametrize("count", [3, 300])
async def test_an_outsider_can_hold_the_exchange_to_its_word(
    exchange: House, sender: Party, recipient: Party, count: int
) -> None:
    """Every promised index has its leaf under a signed head; the served body is that leaf's; heads are one history."""
    state = await register(sender)
    first = await checkpoint(exchange, "verkeer", state, 0)
    promises = []
    while len(promises) < count:
        batch = [sender.message(recipient) for _ in range(min(100, count - len(promises)))]
        outcomes = (await sender.post("/v1/berichten", batch)).json["uitkomsten"]
        promises += [read(outcome["aanvaard"])["logboek"] for outcome in outcomes]
    last = await checkpoint(exchange, "verkeer", state, count)
    proof = await hashes(exchange, "verkeer", Plan.consistency(first.size, last.size), last.size)
    verify_consistency(first.size, first.root, last.size, last.root, proof)
    for promise in (promises[0], promises[count // 2], promises[-1]):
        assert promise["oorsprong"] == last.origin
        leaf = Digest(promise["blad"]).raw
        proof = await hashes(exchange, "verkeer", Plan.inclusion(promise["index"], last.size), last.size)
        verify_inclusion(leaf, promise["index"], last.size, proof, last.root)
        for party in (sender, recipient):
            entry = await party.get(f"/log/verkeer/logregel/{promise['index']}")
            assert leaf_hash(entry.body) == leaf


async def test_the_register_is_the_same_for_everybody(exchange: House, sender: Party, recipient: Party) -> None:
    """Both parties replay one register, and its signed head is of that one (DESIGN, Two logs)."""
    one, two = await register(sender), await register(recipient)
    assert one == two
    head = await checkpoint(exchange, "register", one, one.size)
    assert (head.size, head.root) == (one.size, one.head.root)
    assert one.signing_key(sender.mailbox) == sender.signing.public
    assert one.sealing_key(recipient.mailbox) == recipient.sealing.public


SERVES = """
import asyncio, sys
from pathlib import Path
from tests.exchange import House
async def main():
    house = House(Path(sys.argv[1]) / "beurs")
    await house.open(serve=True)
    status = (await house.ask("GET", "/health/ready")).status
    await house.close()
    loaded = "keys.sealing" in sys.modules
    print(status, loaded)
asyncio.run(main())
"""


def test_a_serving_exchange_has_not_loaded_the_sealing(tmp_path: Path) -> None:
    """Law 1: the process that serves holds no code that could open a sealed message."""
    done = subprocess.run(
        [sys.executable, "-c", SERVES, str(tmp_path)],
        capture_output=True, text=True, check=True, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.split() == ["200", "False"]


def test_the_check_above_can_fail(tmp_path: Path) -> None:
    """With the sealing loaded, the same process says so."""
    done = subprocess.run(
        [sys.executable, "-c", "import keys.sealing\n" + SERVES, str(tmp_path)],
        capture_output=True, text=True, check=True, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.split()[1] == "True"
