"""Whoever stalls is closed: the handshake, the head, the body, the rest of a refused body, and silence (T14)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from gateway.web import listen, server
from tests.exchange import LEIDEN, ONS_DOEL, House, Party
from tests.web.answers import problem, unmoved
from tests.web.conftest import join
from tests.web.raw import answered, connected, request

LIMIT = 15.0


def test_the_limits_of_production() -> None:
    """Each way to stall ends within fifteen seconds, its slowest course included."""
    head = listen.HEAD_SECONDS + 2 * listen.WATCH_SECONDS
    body = server.BODY_SECONDS + listen.LINGER_SECONDS
    assert max(head, body, listen.HANDSHAKE_SECONDS, listen.IDLE_SECONDS) < LIMIT
    assert server.WHOLE_BODY_SECONDS <= 60  # one that goes on, if slowly, has a minute (RELIABILITY T14)


@pytest.fixture
async def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """An exchange with the same limits, only shorter."""
    for module, name, seconds in (
        (listen, "HEAD_SECONDS", 0.6),
        (listen, "WATCH_SECONDS", 0.1),
        (listen, "HANDSHAKE_SECONDS", 0.6),
        (listen, "IDLE_SECONDS", 0.6),
        (listen, "LINGER_SECONDS", 0.2),
        (server, "BODY_SECONDS", 0.6),
        (server, "WHOLE_BODY_SECONDS", 1.5),
    ):
        monkeypatch.setattr(module, name, seconds)
    house = House(tmp_path / "beurs")
    await house.open(serve=True)
    yield house
    await house.close()


BODY = ("Content-Type: application/json", "Content-Length: 1000")


async def stalled_handshake(house: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(b"\x16\x03\x01")
    with suppress(ConnectionError):  # reset or ended: closed it is
        await _until_closed(reader)
    writer.close()


async def silent(house: House) -> None:
    async with connected(house) as (reader, _):
        assert await _until_closed(reader) == b""


async def stalled_head(house: House) -> None:
    async with connected(house) as (reader, writer):
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: local")
        assert await _until_closed(reader) == b""


async def dripping_head(house: House) -> None:
    async with connected(house) as (reader, writer):
        writer.write(b"GET /health/live HTTP/1.1\r\n")
        drip = asyncio.create_task(_drip(writer, b"X-A: x\r\n"))
        assert await _until_closed(reader) == b""
        drip.cancel()


async def stalled_second_head(house: House) -> None:
    async with connected(house) as (reader, writer):
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /health")
        assert (await answered(reader)).status == 200
        drip = asyncio.create_task(_drip(writer, b"x"))
        assert await _until_closed(reader) == b""
        drip.cancel()


async def stalled_body(house: House) -> None:
    async with connected(house, house.parties[ONS_DOEL]) as (reader, writer):
        writer.write(request("POST /v1/berichten HTTP/1.1", *BODY, body=b'{"envelop"'))
        problem(await answered(reader), 408, "te-langzaam")
        assert await _until_closed(reader) == b""


async def dripping_body(house: House) -> None:
    async with connected(house, house.parties[ONS_DOEL]) as (reader, writer):
        writer.write(request("POST /v1/berichten HTTP/1.1", *BODY))
        drip = asyncio.create_task(_drip(writer, b" "))
        problem(await answered(reader), 408, "te-langzaam")
        assert await _until_closed(reader) == b""
        drip.cancel()


async def refused_body(house: House) -> None:
    async with connected(house) as (reader, writer):
        writer.write(request("POST /v1/berichten HTTP/1.1", *BODY).replace(b"Connection: close\r\n", b""))
        problem(await answered(reader), 401, "certificaat-ontbreekt")
        assert await _until_closed(reader) == b""


async def _drip(writer: asyncio.StreamWriter, drop: bytes) -> None:
    while not writer.is_closing():
        writer.write(drop)
        await asyncio.sleep(0.1)


async def _until_closed(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(LIMIT):
        return await reader.read()


WAYS = (
    stalled_handshake, silent, stalled_head, dripping_head, stalled_second_head,
    stalled_body, dripping_body, refused_body,
)  # fmt: skip


async def test_whoever_stalls_is_closed(hasty: House) -> None:
    """All at once they are closed, while a party beside them sends and is answered."""
    sender, recipient = await join(hasty, ONS_DOEL), await join(hasty, LEIDEN)
    async with unmoved(hasty):
        await asyncio.gather(*(way(hasty) for way in WAYS))
    assert (await sender.post("/v1/berichten", sender.message(recipient))).status == 202


async def test_a_long_poll_is_no_stall(hasty: House) -> None:
    """Whoever waits for post is not closed: the exchange is the one that is silent."""
    party: Party = await join(hasty, ONS_DOEL)
    reply = await party.post("/v1/postvak/_ophalen", {"postvak": party.mailbox, "wachten": 2})
    assert (reply.status, reply.json["berichten"]) == (200, [])
