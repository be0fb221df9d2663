"""Expire: what was not received by its ``verlooptijd`` comes back as a signed notice; nothing ends silently (I1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.flow.bells import Bells
from gateway.flow.notary import Notary
from gateway.flow.registry import Registry
from gateway.flow.watched import move_terms
from gateway.rules.deliveries import Ledger, expire
from gateway.rules.rows import Log
from gateway.store.port import Store
from schemas.values import Salt, to_milliseconds

BATCH = 256


@dataclass(frozen=True, slots=True)
class Expire:
    """End what is overdue, a batch at a time."""

    store: Store
    registry: Registry
    notary: Notary
    bells: Bells
    clock: Clock
    salt: Callable[[], Salt]

    async def __call__(self) -> int:
        """Settle every overdue message as *niet-afgeleverd*; gives how many. Running twice settles none twice (I9)."""
        total = 0
        while (ended := await self._batch()) == BATCH:
            total += ended
        return total + ended

    async def _batch(self) -> int:
        now = to_milliseconds(self.clock())
        async with self.store.read() as view:
            if not await view.expired(now, 1):
                return 0
        async with self.store.record() as tx:
            waiting = await tx.expired(now, BATCH)
            messages = {m.idx: m for m in await tx.by_index([w.message for w in waiting])}
            settled = await tx.settlements(list(messages))
            head = await tx.head(Log.VERKEER)
            ledger = Ledger(
                register=await self.registry.at(tx),
                moment=max(now, head.moment),
                next_index=head.head.size,
                receipt_kid=self.notary.active,
                messages={},
                settled=dict(settled),
                offers={},
            )
            expire(waiting, messages, ledger, iter(self.salt, None))
            await tx.append(Log.VERKEER, ledger.moment, ledger.bodies)
            await tx.settle(ledger.settlements, ledger.readers)
            await move_terms(tx, [end.message for end in ledger.settlements], ledger.register, ledger.settlements)
        self.bells.ring({box for boxes in ledger.readers for box in boxes})
        return len(waiting)
