"""An exchange that stays silent is noticed: what should have come by itself and did not becomes an alarm."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from gateway.connector.connector import Connector
from gateway.errors import UnavailableError
from tests.unit.connector.exchange import HUUR
from tests.unit.connector.region import Region, amounts, kinds, message, state_of
from tests.unit.connector.test_evil_exchange import offered


async def pass_time(region: Region, connector: Connector, hours: int) -> None:
    """Work on, hour after hour, whatever the exchange answers."""
    for _ in range(hours):
        region.exchange.publish()
        with suppress(UnavailableError):
            await connector.step(region.line.dial)
        region.clock.tick(3600)


@pytest.mark.parametrize("path", ["/log/verkeer/checkpoint", "/log/register/checkpoint"])
async def test_withheld_checkpoint(region: Region, corporatie: Connector, path: str) -> None:
    """Promises that no checkpoint is shown for are an alarm, which settles when one comes; traffic is not stopped."""
    corporatie.spool_message(message())
    await corporatie.step(region.line.dial)
    down = {"status": 503, "code": "niet-beschikbaar"}
    region.exchange.mischief = lambda where, answer: down if where == path else answer
    await pass_time(region, corporatie, 3)
    assert [(r.alarm.kind, r.alarm.grave) for r in corporatie.overview().alarms] == [("onbevestigd", False)]
    region.exchange.mischief = lambda _, answer: answer
    await region.settle(corporatie, rounds=2)
    assert corporatie.overview().alarms == []


async def test_message_that_never_ends(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """An accepted message of which nothing is heard after its verlooptijd is an alarm until something is."""
    sent = corporatie.spool_message(message())
    await region.step(corporatie)
    await pass_time(region, corporatie, 2)
    assert list(kinds(corporatie)) == []
    region.clock.tick(400 * 86_400)
    await pass_time(region, corporatie, 3)
    (raised,) = [one for one in corporatie.overview().alarms if one.alarm.kind != "termijn"]
    assert (raised.alarm.kind, raised.alarm.subject, raised.alarm.grave) == ("zonder-einde", sent.id, False)
    region.exchange.expire(HUUR, sent.id)
    await region.settle(corporatie, gemeente, rounds=2)
    assert state_of(corporatie, sent.id) == "niet-afgeleverd"
    assert corporatie.overview().alarms == []


async def test_message_that_keeps_others_waiting(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A withheld message is an alarm, as a missing number and as what the next one waits for, until it comes."""
    corporatie.spool_messages([message(1), message(2), message(3)])
    await region.step(corporatie)

    def withhold(messages: list[dict[str, Any]]) -> None:
        if len(messages) == 3:
            del messages[0]

    region.exchange.mischief = offered(withhold)
    await region.step(gemeente)
    region.exchange.mischief = offered(list.clear)
    await pass_time(region, gemeente, 3)
    assert sorted(kinds(gemeente)) == ["nummer-ontbreekt", "wacht-op-vorige"]
    region.exchange.mischief = lambda _, answer: answer
    await region.settle(gemeente, rounds=2)
    assert amounts(gemeente) == [1, 2, 3]
    assert gemeente.overview().alarms == []


async def test_settled_stays_settled(region: Region, corporatie: Connector) -> None:
    """What a person settled does not come back while it lasts."""
    corporatie.spool_message(message())
    await region.step(corporatie)
    region.clock.tick(400 * 86_400)
    await pass_time(region, corporatie, 3)
    for raised in corporatie.overview().alarms:
        assert corporatie.settle_alarm(raised.place)
    await pass_time(region, corporatie, 3)
    assert corporatie.overview().alarms == []


async def test_absence_is_no_silence(region: Region, corporatie: Connector) -> None:
    """A connector that was off for a long time catches up before it raises an alarm."""
    sent = corporatie.spool_message(message())
    await region.step(corporatie)
    region.clock.tick(400 * 86_400)
    region.exchange.expire(HUUR, sent.id)
    await region.settle(corporatie, rounds=3)
    assert corporatie.overview().alarms == []
