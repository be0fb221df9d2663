"""Operate: what an operator asks of the exchange itself: do the logs verify from the first entry on?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.rules.rows import Log
from gateway.store.port import Reading, Store
from gateway.tlog.checkpoints import open_checkpoint
from gateway.tlog.errors import NoteError
from gateway.tlog.notes import NoteVerifier
from gateway.tlog.tiles import root_plan
from gateway.tlog.tree import Head, Node, append, leaf_hash

BATCH = 4096


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of one log: ``fault`` is absent if everything holds."""

    log: Log
    size: int
    bodies: int
    signed: int | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class VerifyLogs:
    """Rebuild both logs from their entries, and hold heads, tiles and checkpoints against the result."""

    store: Store
    verifiers: Mapping[Log, NoteVerifier]

    async def __call__(self, progress: Callable[[int], None] = lambda _: None) -> list[Verified]:
        """Verify every entry; ``progress`` hears how many more were read. Changes nothing."""
        found = []
        for log in Log:
            async with self.store.read() as view:
                found.append(await self._verify(view, log, progress))
        return found

    async def _verify(self, view: Reading, log: Log, progress: Callable[[int], None]) -> Verified:
        stored = (await view.head(log)).head
        head, bodies = Head.empty(), 0
        for start in range(0, stored.size, BATCH):
            end = min(start + BATCH, stored.size)
            leaves = await view.hashes(log, 0, start, end)
            present = await view.bodies(log, start, end)
            if len(leaves) != end - start or len(present) != end - start:
                return Verified(log, stored.size, bodies, None, f"entries are missing between {start} and {end}")
            wrong = next(
                (i for i, (leaf, body) in enumerate(zip(leaves, present, strict=True)) if _differs(leaf, body)), None
            )
            if wrong is not None:
                return Verified(
                    log, stored.size, bodies, None, f"the body of entry {start + wrong} is not what was logged"
                )
            bodies += sum(body is not None for body in present)
            head, nodes = append(head, leaves)
            if not await _in_tiles(view, log, nodes):
                return Verified(
                    log, stored.size, bodies, None, f"a tile over entries {start} to {end} is not of the tree"
                )
            progress(end - start)
        if head != stored:
            return Verified(log, stored.size, bodies, None, "the head is not that of the entries")
        signed, fault = await self._checkpoint(view, log, stored)
        return Verified(log, stored.size, bodies, signed, fault)

    async def _checkpoint(self, view: Reading, log: Log, head: Head) -> tuple[int | None, str | None]:
        note = await view.checkpoint(log)
        if note is None:
            return None, None
        try:
            checkpoint = open_checkpoint(note, self.verifiers[log])
        except NoteError as error:
            return None, f"the last checkpoint: {error}"
        if checkpoint.size > head.size:
            return checkpoint.size, "a checkpoint was signed for more entries than there are"
        plan = root_plan(checkpoint.size)
        hashes = {span: await view.hashes(log, span.level, span.start, span.end) for span in plan.tiles}
        if checkpoint.size and plan.prove(hashes) != [checkpoint.root]:
            return checkpoint.size, "the last checkpoint is of another history"
        return checkpoint.size, None


async def _in_tiles(view: Reading, log: Log, nodes: Sequence[Node]) -> bool:
    """Tell whether the tiles hold these nodes: proofs are made from them, not from the entries."""
    for level in sorted({node.level for node in nodes}):
        row = [node for node in nodes if node.level == level]
        kept = await view.hashes(log, level, row[0].index, row[-1].index + 1)
        if kept != [node.hash for node in row]:
            return False
    return True


def _differs(leaf: bytes, body: bytes | None) -> bool:
    return body is not None and leaf_hash(body) != leaf
