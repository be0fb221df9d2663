"""Escalate: whoever must answer and did not is told, and after that those whom the covenant names besides (I9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.flow.bells import Bells
from gateway.flow.notary import Notary
from gateway.flow.registry import Registry
from gateway.rules.rows import Log
from gateway.rules.watch import Sweep, tell
from gateway.store.port import Store
from schemas.values import Salt, to_milliseconds

BATCH = 256


@dataclass(frozen=True, slots=True)
class Escalate:
    """Tell of reply terms that ended without an answer, a batch at a time."""

    store: Store
    registry: Registry
    notary: Notary
    bells: Bells
    clock: Clock
    salt: Callable[[], Salt]

    async def __call__(self) -> int:
        """Log and post a notice for every level of a term that is due; gives how many.

        Each level of each term is told once for ever, across restarts and clock changes, never before its moment, and
        no later than the first run after it. Notice, entry and the term's next moment are one commit.

        Raises:
            EvidenceError: what was due would be due again at once; nothing of that batch is kept.
        """
        total = 0
        while (told := await self._batch()) is not None:
            total += told
        return total

    async def _batch(self) -> int | None:
        """Tell of the first so many terms; nothing if none is due."""
        now = to_milliseconds(self.clock())
        async with self.store.read() as view:
            if not await view.due_terms(now, 1):
                return None
        async with self.store.record() as tx:
            due = await tx.due_terms(now, BATCH)
            messages = {m.idx: m for m in await tx.by_index(list({term.message for term in due}))}
            head = await tx.head(Log.VERKEER)
            sweep = Sweep(
                register=await self.registry.at(tx),
                now=now,
                moment=max(now, head.moment),
                next_index=head.head.size,
                receipt_kid=self.notary.active,
            )
            tell(due, messages, sweep, iter(self.salt, None))
            await tx.append(Log.VERKEER, sweep.moment, sweep.bodies)
            await tx.notify(sweep.notices, sweep.readers)
            await tx.keep_terms(sweep.terms)
        self.bells.ring({box for boxes in sweep.readers for box in boxes})
        return len(sweep.notices)
