"""Real connectors at a real exchange, on loopback, in one process: joined, compared, ready to send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.cli.joining import join_party
from gateway.connector.connector import Connector
from keys.certificates import authority_fingerprint
from schemas.values import Mailbox, Oin, Salt
from tests.e2e.command import World, copy_of, found_world
from tests.exchange import LEIDEN, ONS_DOEL, House


@dataclass
class Pair:
    """A corporation and a municipality with their connectors."""

    house: House
    corporation: Connector
    municipality: Connector

    @property
    def boxes(self) -> tuple[Mailbox, Mailbox]:
        """The corporation's mailbox, and the municipality's."""
        return next(iter(self.corporation.keys)), next(iter(self.municipality.keys))

    async def rounds(self, count: int = 3) -> None:
        """Let both connectors do some rounds, with checkpoints in between."""
        for _ in range(count):
            for connector in (self.corporation, self.municipality):
                await connector.step()
            await asyncio.sleep(0.12)


async def joined(house: House, oin: Oin, box: str, folder: Path) -> Connector:
    """Join a party as its administrator would."""
    secret = await house.gateway.onboard.invite(oin)
    code = f"SP1.{Salt.from_raw(secret)}.{_fingerprint(house)}"
    await join_party(folder, f"https://localhost:{house.port}", oin, [box], code, None)
    return Connector.open(folder)


def _fingerprint(house: House) -> str:
    return authority_fingerprint(house.gateway.onboard.authority.certificate_pem)


@pytest.fixture
async def pair(exchange: House, tmp_path: Path) -> AsyncIterator[Pair]:
    """Two parties that compared fingerprints."""
    with ExitStack() as stack:
        corporation = stack.enter_context(await joined(exchange, ONS_DOEL, "huur", tmp_path / "corporatie"))
        municipality = stack.enter_context(await joined(exchange, LEIDEN, "vroegsignalering", tmp_path / "gemeente"))
        await asyncio.sleep(0.2)
        made = Pair(exchange, corporation, municipality)
        for connector, other in ((corporation, municipality), (municipality, corporation)):
            async with connector.dial() as transport:
                await connector.refresh(transport)
            box, keys = next(iter(other.keys.items()))
            connector.confirm(box, keys.signing.public.fingerprint())
        yield made


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An exchange with two parties, from which each test takes a copy."""
    return found_world(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(founded: World, tmp_path: Path) -> World:
    """A world of one's own, in which nothing runs."""
    return copy_of(founded, tmp_path)


@pytest.fixture
def served(world: World) -> Iterator[World]:
    """A world whose exchange runs."""
    with world.running("serve", "beurs"):
        yield world
