"""Two parties at a small exchange."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.connector.connector import Connector
from tests.unit.connector.exchange import CORPORATIE, GEMEENTE, HUUR, VROEG, Exchange, Line, Ticking
from tests.unit.connector.region import Region, confirm
from tests.unit.connector.story import Story, begin


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Region]:
    """A corporation and a municipality that joined, and confirmed nobody yet."""
    clock = Ticking()
    exchange = Exchange(clock)
    region = Region(tmp_path, clock, exchange, Line(exchange))
    await region.join(CORPORATIE, "huur")
    await region.join(GEMEENTE, "vroegsignalering")
    yield region
    for connector in region.open_now:
        connector.close()


@pytest.fixture
async def region(bare: Region) -> Region:
    """A corporation and a municipality that confirmed one another's first key."""
    for oin, other in ((CORPORATIE, VROEG), (GEMEENTE, HUUR)):
        connector = bare.open(oin)
        await bare.step(connector)
        confirm(connector, other)
    return bare


@pytest.fixture
def corporatie(region: Region) -> Connector:
    """The corporation's open connector."""
    return region.open_now[0]


@pytest.fixture
def gemeente(region: Region) -> Connector:
    """The municipality's open connector."""
    return region.open_now[1]


@pytest.fixture
async def story(region: Region) -> Story:
    """A corporation, a municipality and its debt help, with one dossier."""
    return await begin(region)
