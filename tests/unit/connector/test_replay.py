"""Replaying the register at the same time, in loops, threads and processes, gives one register."""

from __future__ import annotations

import asyncio

from gateway.client.transport import MAX_ANSWER
from gateway.connector.connector import Connector
from gateway.rules.register import key_statement
from keys import signing
from keys.jwk import PrivateSealingKey
from schemas.entries import SleutelEntry
from tests.unit.connector.exchange import BEURS, CORPORATIE, VROEG, Line
from tests.unit.connector.region import Region


def renew_sealing_key(region: Region, owner: Connector) -> None:
    """Let the register log grow by a key that its owner signed for."""
    key, signer = PrivateSealingKey.generate(), owner.keys[VROEG].signing
    jwk = key.public.jwk()
    proof = signing.sign(key_statement(BEURS, VROEG, "verzegelen", jwk), signer, signing.KEY_TYP)
    region.exchange.note(SleutelEntry, postvak=VROEG, gebruik="verzegelen", kid=key.kid, jwk=jwk, bewijs=proof)


class Slow(Line):
    """A line on which others are heard while one waits."""

    async def get(self, path: str, limit: int = MAX_ANSWER) -> bytes:
        await asyncio.sleep(0)
        return await super().get(path, limit)


async def test_refreshes_at_the_same_time(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """Three loops that replay at once fold each entry once, and an honest exchange is not accused."""
    line = Slow(region.exchange)
    for _ in range(3):
        renew_sealing_key(region, gemeente)
        await asyncio.gather(*(corporatie.refresh(line) for _ in range(3)))
        assert corporatie.trust.register.size == region.exchange.state.size
        assert len(corporatie.trust.roots) == region.exchange.state.size + 1
    await corporatie.agent(line).step()
    assert corporatie.overview().alarms == []


async def test_reload_during_a_refresh(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """What another process replayed, and this one took over while it was asking, is not folded again."""
    other = region.open(CORPORATIE)
    renew_sealing_key(region, gemeente)

    class Overtaken(Line):
        async def get(self, path: str, limit: int = MAX_ANSWER) -> bytes:
            answer = await super().get(path, limit)
            if "entries" in path:
                await other.refresh(region.line)
                await asyncio.to_thread(corporatie.reload)
            return answer

    await corporatie.refresh(Overtaken(region.exchange))
    assert corporatie.trust.roots[-1] == region.exchange.state.root
    assert corporatie.trust.register.size == region.exchange.state.size
