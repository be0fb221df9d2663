"""Holding the exchange to its word: every leaf that it promised must stand in a checkpoint that it signed.

Any two checkpoints that were verified here are consistent, because each is proved against the largest
one before it. The signed notes are kept: two that contradict each other convict whoever signed them
(invariant I7; RELIABILITY T5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from gateway.client.logs import Tiles, fetch_checkpoint
from gateway.client.transport import Transport
from gateway.clock import Clock
from gateway.connector import ledger
from gateway.connector.desk import Desk
from gateway.connector.ledger import KeptCheckpoint, Promise
from gateway.connector.register import read_checkpoint
from gateway.connector.spool import Spool
from gateway.errors import EvidenceError
from gateway.tlog.checkpoints import Checkpoint
from gateway.tlog.errors import ProofError
from gateway.tlog.proofs import verify_consistency, verify_inclusion
from gateway.tlog.tiles import Plan
from schemas.values import Digest

LOG = "verkeer"
DEADLINE = timedelta(seconds=60)
PATIENCE = timedelta(seconds=15)
"""After an outage the first checkpoint seen may be an old one: a promise is broken when a second look agrees."""
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Promises:
    """Checks promised leaves against the traffic log; ``vkey`` is that log's key from the register log."""

    spool: Spool
    desk: Desk
    transport: Transport
    clock: Clock
    vkey: str

    async def __call__(self) -> int:
        """Verify the newest checkpoint and what it must cover; give how many promises were kept.

        Raises:
            EvidenceError: a fork, a broken or a late promise; stop writing and call a human.
            UnavailableError: no answer; ask again later.
        """
        note = await fetch_checkpoint(self.transport, LOG)
        checkpoint = read_checkpoint(note, self.vkey)
        last, promises = await self.desk(self._known, checkpoint)
        tiles = Tiles(self.transport, LOG, max(checkpoint.size, last.size if last else 0))
        if last is not None:
            await self._check_consistent(last, checkpoint, tiles)
        covered = [p for p in promises if await self._is_covered(p, checkpoint, tiles)]
        await self.desk(self._book, checkpoint, note, covered)
        return len(covered)

    def _known(self, checkpoint: Checkpoint) -> tuple[KeptCheckpoint | None, list[Promise]]:
        with self.spool.read() as db:
            return ledger.last_checkpoint(db, LOG), ledger.open_promises(db, LOG, checkpoint.size, BATCH)

    async def _check_consistent(self, last: KeptCheckpoint, new: Checkpoint, tiles: Tiles) -> None:
        old, young = sorted([(last.size, last.root.raw), (new.size, new.root)])
        proof = [] if old == young else await tiles.prove(Plan.consistency(old[0], young[0]))
        try:
            verify_consistency(*old, *young, proof)
        except ProofError as error:
            raise EvidenceError(f"two checkpoints of sizes {old[0]} and {young[0]} contradict each other") from error

    async def _is_covered(self, promise: Promise, checkpoint: Checkpoint, tiles: Tiles) -> bool:
        proof = await tiles.prove(Plan.inclusion(promise.index, checkpoint.size))
        try:
            verify_inclusion(promise.leaf.raw, promise.index, checkpoint.size, proof, checkpoint.root)
        except ProofError as error:
            raise EvidenceError(f"the log does not hold the leaf promised at index {promise.index}") from error
        return True

    def _book(self, checkpoint: Checkpoint, note: str, covered: Sequence[Promise]) -> None:
        now = self.clock()
        kept = KeptCheckpoint(checkpoint.size, Digest.from_raw(checkpoint.root), note)
        with self.spool.record() as db:
            ledger.keep_checkpoint(db, LOG, kept)
            ledger.cover(db, LOG, covered, checkpoint.size)
            late = ledger.overdue_promises(db, LOG, checkpoint.size, now - DEADLINE)
            broken = ledger.doubt(db, LOG, late, now, PATIENCE)
        if broken:
            raise EvidenceError(f"no checkpoint covers index {broken[0].index}, promised at {broken[0].given_at}")
