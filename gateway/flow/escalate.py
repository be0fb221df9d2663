"""Escalate: whoever must answer and did not is told, and after that those whom the covenant names besides (I9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.clock import Clock
from gateway.flow.bells import Bells
from gateway.flow.notary import Notary
from gateway.flow.registry import Registry
from gateway.rules.rows import Log, Term
from gateway.rules.watch import Sweep, tell
from gateway.store.port import Store
from schemas.values import Salt, to_milliseconds

BATCH = 256
MAX_NAMED = 10


@dataclass(frozen=True, slots=True)
class Escalate:
    """Tell of reply terms that ended without an answer, a batch at a time."""

    store: Store
    registry: Registry
    notary: Notary
    bells: Bells
    clock: Clock
    salt: Callable[[], Salt]

    _parked: list[Term] = field(default_factory=list)

    async def __call__(self) -> int:
        """Log and post a notice for every level of a term that is due; gives how many.

        Each level of each term is told once for ever, across restarts and clock changes, never before its moment, and
        no later than the first run after it. Notice, entry and the term's next moment are one commit. A row that is
        not right is passed over, and named by ``warnings`` as long as it is there.
        """
        total, last, parked = 0, None, list[Term]()
        while (batch := await self._batch(last)) is not None:
            sweep, last = batch
            total += len(sweep.notices)
            parked += sweep.parked
        self._parked[:] = parked
        return total

    def warnings(self) -> list[str]:
        """Name the terms that could not be told of in the last run."""
        return [
            f"term {term.code} of entry {term.message} does not agree with its covenant; nothing is told of it"
            for term in self._parked[:MAX_NAMED]
        ]

    async def _batch(self, last: Term | None) -> tuple[Sweep, Term] | None:
        """Tell of the first so many terms behind ``last``; gives the last of them, and nothing if none is due."""
        now = to_milliseconds(self.clock())
        async with self.store.read() as view:
            if not await view.due_terms(now, 1, last):
                return None
        async with self.store.record() as tx:
            due = await tx.due_terms(now, BATCH, last)
            if not due:
                return None
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
        return sweep, due[-1]
