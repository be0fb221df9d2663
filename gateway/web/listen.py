"""Listening: the sockets, and the watch over connections that say nothing.

aiohttp has no time limit for a request's head (RELIABILITY §0.4), so a watch closes every connection that has
not completed a head in time; bodies have their own limit in ``server``, what is left of a refused body a short one,
idle connections aiohttp's keep-alive limit, and a stalled handshake that of ``ssl``. All are under 15 seconds.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from gateway.config import socket_name
from gateway.errors import RejectedError
from gateway.web.problems import respond
from gateway.web.server import dress
from schemas.problems import Problem

HEAD_SECONDS = 12.0
WATCH_SECONDS = 1.0
HANDSHAKE_SECONDS = 10.0
IDLE_SECONDS = 14.0
LINGER_SECONDS = 2.0


class Connection(web.RequestHandler):
    """One connection, which answers bytes that are no HTTP with a problem document, and keeps them out of our logs."""

    __slots__ = ()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what aiohttp itself could not read or finish; the connection ends after it."""
        if status >= 500 or request.writer.output_size > 0:
            return dress(super().handle_error(request, status, exc, message))
        response = respond(RejectedError(Problem.ONGELDIGE_INVOER, "no HTTP"), request)
        response.force_close()
        return dress(response)


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, tls: ssl.SSLContext) -> AsyncIterator[int]:
    """Serve ``app`` over TLS while inside; gives the port. On leaving, running requests may finish."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=10.0)
    await runner.setup()
    if (server_of_app := runner.server) is None:
        raise RuntimeError("aiohttp set up no server")
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {
        "access_log": None,
        "auto_decompress": False,
        "keepalive_timeout": IDLE_SECONDS,
        "lingering_time": LINGER_SECONDS,
    }
    server = await loop.create_server(
        lambda: Connection(server_of_app, loop=loop, **options),
        host,
        port,
        ssl=tls,
        ssl_handshake_timeout=HANDSHAKE_SECONDS,
        ssl_shutdown_timeout=2.0,
        backlog=512,
    )
    watch = asyncio.create_task(_watch(server_of_app))
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        server.close()
        await runner.cleanup()


@asynccontextmanager
async def listening_locally(app: web.Application, path: Path) -> AsyncIterator[None]:
    """Serve ``app`` on a unix socket that only this user can open; who can open it is the administrator."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        with socket_name(path) as name:
            await web.UnixSite(runner, name).start()
    finally:
        os.umask(before)
    try:
        yield
    finally:
        await runner.cleanup()
        path.unlink(missing_ok=True)


async def _watch(server: web.Server) -> None:
    """Close connections that have not completed one request head in time."""
    loop = asyncio.get_running_loop()
    since: dict[web.RequestHandler, float] = {}
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        now = loop.time()
        since = {connection: since.get(connection, now) for connection in server.connections if _silent(connection)}
        for connection, begun in since.items():
            if now - begun > HEAD_SECONDS:
                connection.force_close()


def _silent(connection: web.RequestHandler) -> bool:
    """Tell whether a connection has not yet completed its first request head; aiohttp says so nowhere publicly."""
    return not (connection._request_count or connection._request_in_progress)  # noqa: SLF001 - as above
