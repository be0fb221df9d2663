"""Fixtures for all tests: an exchange that is open, one that serves, and two parties that joined."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.exchange import LEIDEN, ONS_DOEL, House, Party


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An open exchange without a network; its workers do not run."""
    house = House(tmp_path / "beurs")
    await house.open()
    yield house
    await house.close()


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[House]:
    """An exchange that serves on loopback over TLS, with its workers."""
    house = House(tmp_path / "beurs")
    await house.open(serve=True)
    yield house
    await house.close()


@pytest.fixture
async def corporatie(house: House) -> Party:
    """A corporation at the open exchange."""
    return await house.join(ONS_DOEL)


@pytest.fixture
async def gemeente(house: House) -> Party:
    """A municipality at the open exchange."""
    return await house.join(LEIDEN)
