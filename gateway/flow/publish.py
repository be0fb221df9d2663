"""Publish: sign the heads of the logs, so that every promise can be held against a checkpoint (I7).

The signer keeps the last size and root that it signed in a file outside the database. It refuses a log that is
shorter or has another history: a restored backup must never fork the log (T5, RELIABILITY §5.13).
"""

from __future__ import annotations

import asyncio
import json
import operator
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.errors import EvidenceError, RejectedError
from gateway.rules.rows import Log
from gateway.store.port import Reading, Store
from gateway.tlog.checkpoints import Checkpoint, parse_checkpoint, sign_checkpoint
from gateway.tlog.notes import NoteSigner, split_note
from gateway.tlog.tiles import root_plan
from schemas.problems import Problem
from schemas.values import Digest


class SignedHeads:
    """The last size and root signed of each log, in one small file that is replaced atomically and flushed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self, log: Log) -> tuple[int, Digest] | None:
        """The last head signed, or nothing."""
        return self._read().get(log)

    def remember(self, log: Log, size: int, root: Digest) -> None:
        """Put a head on disk before it is signed."""
        value = {**self._read(), log: (size, root)}
        draft = self._path.with_suffix(".nieuw")
        with draft.open("w") as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _read(self) -> dict[Log, tuple[int, Digest]]:
        try:
            value = json.loads(self._path.read_text())
            return {Log(name): (operator.index(size), Digest(root)) for name, (size, root) in value.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as error:
            raise EvidenceError(f"{self._path.name} is damaged: what was signed last is unknown") from error


@dataclass(frozen=True, slots=True)
class Publish:
    """Sign and keep checkpoints; serve them, the tiles and the register's entries."""

    store: Store
    signers: Mapping[Log, NoteSigner]
    heads: SignedHeads

    async def __call__(self) -> None:
        """Sign a checkpoint of each log that grew since the last one.

        Raises:
            EvidenceError: the log is shorter than, or contradicts, what was signed before. Nothing is signed.
        """
        for log in Log:
            await self._publish(log)

    async def _publish(self, log: Log) -> None:
        async with self.store.read() as view:
            head = (await view.head(log)).head
            last, kept = await asyncio.to_thread(self.heads.last, log), _size(await view.checkpoint(log))
            if last is None and kept is not None:
                raise EvidenceError(
                    f"what was signed last of the {log.value} log is gone; without it nothing is signed"
                )
            if last is not None and last[0] == head.size == kept:
                return
            if last is not None:
                await _demand_same_history(view, log, last, head.size)
        root = Digest.from_raw(head.root)
        await asyncio.to_thread(self.heads.remember, log, head.size, root)
        signer = self.signers[log]
        note = sign_checkpoint(Checkpoint(signer.name, head.size, head.root), signer)
        async with self.store.keep() as tx:
            await tx.keep_checkpoint(log, head.size, note)

    async def checkpoint(self, log: Log) -> str:
        """Give the last signed checkpoint; raises ``RejectedError`` before the first."""
        async with self.store.read() as view:
            note = await view.checkpoint(log)
        if note is None:
            raise RejectedError(Problem.NIET_GEVONDEN)
        return note

    async def tile(self, log: Log, level: int, number: int, width: int) -> bytes:
        """Give a tile of exactly ``width`` hashes; raises ``RejectedError`` if the log has no such tile."""
        async with self.store.read() as view:
            hashes = await view.hashes(log, level, number * 256, number * 256 + width)
        if len(hashes) != width:
            raise RejectedError(Problem.NIET_GEVONDEN)
        return b"".join(hashes)

    async def register_entries(self, number: int, width: int) -> bytes:
        """Give ``width`` entries of the register log, each preceded by its length in two bytes (C2SP tlog-tiles)."""
        async with self.store.read() as view:
            bodies = await view.bodies(Log.REGISTER, number * 256, number * 256 + width)
        if len(bodies) != width or None in bodies:
            raise RejectedError(Problem.NIET_GEVONDEN)
        return b"".join(len(body).to_bytes(2) + body for body in bodies if body is not None)


def _size(note: str | None) -> int | None:
    """Give how many entries a kept checkpoint covers: a kill may come between remembering a head and keeping it."""
    return None if note is None else parse_checkpoint(split_note(note)[0]).size


async def _demand_same_history(view: Reading, log: Log, last: tuple[int, Digest], size: int) -> None:
    if size < last[0]:
        raise EvidenceError(f"the {log.value} log is shorter than what was signed before; was a backup restored?")
    if last[0] == 0:
        return
    plan = root_plan(last[0])
    hashes = {span: await view.hashes(log, span.level, span.start, span.end) for span in plan.tiles}
    if plan.prove(hashes) != [last[1].raw]:
        raise EvidenceError(f"the {log.value} log has another history than what was signed before")
