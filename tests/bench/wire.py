"""A client that costs little, so that the server is what is measured: one request at a time on one kept connection."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import NamedTuple, cast

_END = b"\r\n\r\n"


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    body: bytes


class Line(asyncio.Protocol):
    """One connection. It reads as much of HTTP as our own servers speak: a status and ``Content-Length``."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length = 0
        self._waiting: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclasses

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._length:
            end = self._buffer.find(_END)
            if end < 0:
                return
            self._length = end + len(_END) + _content_length(bytes(self._buffer[:end]).lower())
        if len(self._buffer) >= self._length and self._waiting is not None:
            answer, self._buffer, self._length = bytes(self._buffer), bytearray(), 0
            self._waiting.set_result(Answer(int(answer[9:12]), answer[answer.index(_END) + len(_END) :]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("the server closed the connection"))

    async def ask(self, request: bytes) -> Answer:
        """Send one request and wait for its answer."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def dial(port: int, tls: ssl.SSLContext) -> Line:
    """Connect to a server on this machine."""
    _, line = await asyncio.get_running_loop().create_connection(
        Line, "127.0.0.1", port, ssl=tls, server_hostname="localhost"
    )
    return line


def post(path: str, body: bytes) -> bytes:
    """Spell a request once, long before it is sent."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + _END + body


def party_tls(folder: Path) -> ssl.SSLContext:
    """Mutual TLS with ``certificate.pem`` (key included) and ``authority.pem`` of a party's folder."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(folder / "authority.pem"))
    context.load_cert_chain(str(folder / "certificate.pem"))
    return context


def _content_length(head: bytes) -> int:
    _, found, rest = head.partition(b"content-length:")
    if not found:
        raise ValueError("an answer without a length")
    return int(rest.split(b"\r\n", 1)[0])
