"""Connections below HTTP: bytes that no client library would send."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.exchange import House, Party, Reply


@asynccontextmanager
async def connected(
    house: House, party: Party | None = None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a TLS connection, as a party or as nobody."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", house.port, ssl=house.context(party), server_hostname="localhost"
    )
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()


async def answered(reader: asyncio.StreamReader) -> Reply:
    """Read one answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("Content-Length", "0")))
    return Reply(int(head[0].split()[1]), headers, body)


async def talk(house: House, data: bytes, party: Party | None = None) -> tuple[Reply, bytes]:
    """Send bytes; give the first answer, and whatever came after it until the connection ended."""
    async with connected(house, party) as (reader, writer):
        writer.write(data)
        await writer.drain()
        first = await answered(reader)
        return first, await reader.read()


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """Spell a request that asks to close the connection after it."""
    head = [line, "Host: localhost", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body
