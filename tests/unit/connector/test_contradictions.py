"""An exchange that signs two things which cannot both be true convicts itself, and nothing is taken in any more."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.client.compose import Composed
from gateway.connector.connector import Connector
from gateway.errors import EvidenceError
from schemas.entries import AfgewezenEntry
from schemas.receipts import Afgewezen, ReceiptKind
from tests.unit.connector.exchange import HUUR
from tests.unit.connector.region import Region, amounts, message
from tests.unit.connector.test_evil_exchange import offered


def refuse(region: Region, corporatie: Connector, sent: Composed) -> str:
    """A signed refusal of a message that the exchange accepted."""
    e = sent.envelope
    about: dict[str, Any] = {"id": e.id, "source": e.source, "ontvanger": e.ontvanger, "digest": sent.digest}
    facts: dict[str, Any] = {"reeks": e.reeks, "volgnummer": e.volgnummer, "code": "niet-toegestaan"}
    leaf = region.exchange.log(AfgewezenEntry, **about, **facts, sleutel=corporatie.keys[HUUR].signing.kid)
    receipt = Afgewezen(**about, **facts, logboek=leaf, tijd=region.clock())
    return region.exchange.sign(receipt, ReceiptKind.AFGEWEZEN)


async def check_convicted(region: Region, gemeente: Connector, refusal: str) -> None:
    """There is one grave alarm with both receipts, and it ends the work."""
    (raised,) = gemeente.overview().alarms
    assert (raised.alarm.kind, raised.alarm.grave) == ("tegenspraak", True)
    assert refusal in raised.alarm.material.split("\n")
    assert len(raised.alarm.material.split("\n")) == 2
    with pytest.raises(EvidenceError):
        await region.step(gemeente)


async def test_refused_then_delivered(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A message that was said to be refused, so that its successor was handed over, is not handed over after it."""
    one, _ = corporatie.spool_messages([message(1), message(2)])
    await region.step(corporatie)
    lie = refuse(region, corporatie, one)

    def skip_first(messages: list[dict[str, Any]]) -> None:
        if len(messages) == 2:
            del messages[0]
            messages[0]["gaten"] = [lie]

    region.exchange.mischief = offered(skip_first)
    await region.step(gemeente)
    assert amounts(gemeente) == [2]
    region.exchange.mischief = lambda _, answer: answer
    await region.step(gemeente)
    assert amounts(gemeente) == [2]
    await check_convicted(region, gemeente, lie)


async def test_delivered_then_refused(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A refusal of a message that was received before contradicts its aanvaard."""
    one = corporatie.spool_message(message(1))
    await region.step(corporatie)
    await region.step(gemeente)
    lie = refuse(region, corporatie, one)
    corporatie.spool_message(message(2))
    await region.step(corporatie)
    region.exchange.mischief = offered(lambda messages: [m.update(gaten=[lie]) for m in messages])
    await region.step(gemeente)
    await check_convicted(region, gemeente, lie)


async def test_refused_then_expired(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A message cannot have been refused and then have expired: that takes an aanvaard."""
    one, two = corporatie.spool_messages([message(1), message(2)])
    await region.step(corporatie)
    lie = refuse(region, corporatie, one)
    region.exchange.carried[HUUR, two.id].gaten = [lie]
    region.exchange.carried[HUUR, one.id].done = True
    await region.step(gemeente)
    region.exchange.expire(HUUR, one.id)
    await region.step(gemeente)
    await check_convicted(region, gemeente, lie)
