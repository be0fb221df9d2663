"""The exchange's hand: signs receipts from stored rows, in a small thread pool, outside any transaction."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from gateway.rules.receipts import (
    spell_aanvaard,
    spell_afgewezen,
    spell_geboekt,
    spell_niet_afgeleverd,
    spell_termijn_overschreden,
    spell_waarschuwing,
)
from gateway.rules.rows import Message, Notice, Refusal, Settlement
from keys import signing
from keys.jwk import PrivateSigningKey
from schemas.receipts import ReceiptKind
from schemas.values import Digest

T = TypeVar("T")
R = TypeVar("R")

_REMEMBERED = 4096


class Crypto:
    """A pool of threads for signatures; ``cryptography`` lets go of the interpreter while it works."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="crypto")

    async def each(self, call: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Apply ``call`` to every item, one hop for them all; an exception in one fails the call."""
        if not items:
            return []
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: [call(item) for item in items])

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=True)


class Notary:
    """Signs receipts with the key that the stored row names, so that a repeat gives the same bytes.

    ES256 is deterministic here and the spelling depends on the row alone; the memory of what was signed
    lately saves work and nothing else.
    """

    def __init__(self, origin: str, keys: Mapping[str, PrivateSigningKey], active: str, crypto: Crypto) -> None:
        self.origin = origin
        self.active = active
        self._keys = keys
        self._crypto = crypto
        self._signed: OrderedDict[Hashable, str] = OrderedDict()

    async def aanvaard(self, rows: Sequence[Message]) -> list[str]:
        """Sign the acceptance of messages."""
        return await self._sign([(("a", r.idx), partial(self._aanvaard, r)) for r in rows])

    async def afgewezen(self, rows: Sequence[Refusal]) -> list[str]:
        """Sign refusals, for those who were refused."""
        return await self._sign([(("r", r.idx), partial(self._afgewezen, r, why=True)) for r in rows])

    async def gaten(self, rows: Sequence[Refusal]) -> list[str]:
        """Sign refusals as they fill a recipient's gaps: without the code, which is not for it."""
        return await self._sign([(("g", r.idx), partial(self._afgewezen, r, why=False)) for r in rows])

    async def geboekt(self, rows: Sequence[tuple[Message, Settlement]]) -> list[str]:
        """Sign the booking of recipients' receipts."""
        return await self._sign([(("s", s.idx), partial(self._geboekt, m, s)) for m, s in rows])

    async def niet_afgeleverd(self, rows: Sequence[tuple[Message, Settlement]]) -> list[str]:
        """Sign notices of non-delivery."""
        return await self._sign([(("s", s.idx), partial(self._niet_afgeleverd, m, s)) for m, s in rows])

    async def notices(self, rows: Sequence[tuple[Message, Notice]]) -> list[str]:
        """Sign notices of missed terms, and warnings."""
        return await self._sign([(("n", n.idx), partial(self._notice, m, n)) for m, n in rows])

    async def _sign(self, work: list[tuple[Hashable, Callable[[], str]]]) -> list[str]:
        known = {name: self._signed[name] for name, _ in work if name in self._signed}
        missing = [(name, call) for name, call in work if name not in known]
        signed = await self._crypto.each(lambda item: item[1](), missing)
        fresh = dict(zip((name for name, _ in missing), signed, strict=True))
        self._signed.update(fresh)
        while len(self._signed) > _REMEMBERED:
            self._signed.popitem(last=False)
        return [known.get(name) or fresh[name] for name, _ in work]

    def _aanvaard(self, row: Message) -> str:
        return self._jws(spell_aanvaard(row, self.origin), row.receipt_kid, ReceiptKind.AANVAARD)

    def _afgewezen(self, row: Refusal, *, why: bool) -> str:
        return self._jws(spell_afgewezen(row, self.origin, why=why), row.receipt_kid, ReceiptKind.AFGEWEZEN)

    def _geboekt(self, message: Message, row: Settlement) -> str:
        proof: Digest = signing.digest(row.receipt or "")
        return self._jws(spell_geboekt(message, row, proof, self.origin), row.receipt_kid, ReceiptKind.GEBOEKT)

    def _niet_afgeleverd(self, message: Message, row: Settlement) -> str:
        return self._jws(spell_niet_afgeleverd(message, row, self.origin), row.receipt_kid, ReceiptKind.NIET_AFGELEVERD)

    def _notice(self, message: Message, row: Notice) -> str:
        kind = ReceiptKind(row.soort)
        spell = spell_waarschuwing if kind is ReceiptKind.WAARSCHUWING else spell_termijn_overschreden
        return self._jws(spell(message, row, self.origin), row.receipt_kid, kind)

    def _jws(self, payload: bytes, kid: str, kind: ReceiptKind) -> str:
        return signing.sign(payload, self._keys[kid], kind.typ)
