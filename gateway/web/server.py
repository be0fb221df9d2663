"""The server: one application from a table of routes, mutual TLS, limits, and what every answer carries."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from gateway.errors import EvidenceError, GatewayError, RejectedError, UnavailableError
from gateway.flow.gate import Peer
from gateway.web.peers import PeerCheck
from gateway.web.problems import respond
from schemas.problems import Problem
from schemas.strict import NotStrictJsonError, parse_json

API_VERSION = "1.0.0"
BODY_SECONDS = 12.0
"""How long a body may stand still."""

WHOLE_BODY_SECONDS = 60.0
MAX_VALUES = 50_000
"""Most values in a body, counted roughly: a full batch with its receipts has a few thousand."""

MAX_BODY = 16 * 2**20
MAX_PUBLIC_BODY = 2**19
"""Longest body of somebody without a certificate: a request to join with the keys of twenty mailboxes."""

SECURITY_HEADERS = {
    "API-Version": API_VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Server": "Seinpost",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Who(StrEnum):
    """Who may use a route. A route without one cannot be made (T7)."""

    PUBLIC = "public"
    PARTY = "party"
    ADMIN = "admin"
    """Whoever can open the local socket; the server on the network refuses such routes."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a handler sees it: the peer is known to be an active participant on a ``PARTY`` route."""

    request: web.Request
    peer: Peer | None

    @property
    def party(self) -> Peer:
        """The participant; only on ``PARTY`` routes."""
        if self.peer is None:
            raise RejectedError(Problem.CERTIFICAAT_ONTBREEKT)
        return self.peer

    def count(self, errors: Iterable[GatewayError]) -> None:
        """Count what is answered with a problem inside an answer."""
        self.request.app[COUNTS].update(error.code.value for error in errors)

    async def json(self) -> Any:  # noqa: ANN401 - JSON is any of six things
        """Read the body: strict JSON, bounded in size and time."""
        if self.request.content_type != "application/json":
            raise RejectedError(Problem.MEDIATYPE_ONBEKEND)
        try:
            return parse_json(await self._body())
        except NotStrictJsonError as error:
            raise RejectedError(Problem.GEEN_JSON, str(error), [("#", str(error))]) from None

    async def _body(self) -> bytes:
        """Read the body: it may be slow, but not stand still, nor go on for ever, nor hold more values than a batch."""
        limit = MAX_BODY if self.peer else MAX_PUBLIC_BODY
        try:
            body = await _whole(self.request, limit)
        except TimeoutError:
            raise RejectedError(Problem.TE_LANGZAAM) from None
        except (web.RequestPayloadError, HttpProcessingError):
            raise RejectedError(Problem.ONGELDIGE_INVOER, "the body is not framed as HTTP demands") from None
        if len(body) > MAX_VALUES and body.count(b",") + body.count(b"[") + body.count(b"{") > MAX_VALUES:
            raise RejectedError(Problem.GEEN_JSON, "too many values")  # parsing them would stop everybody else (T15)
        return body


async def _whole(request: web.Request, limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise RejectedError(Problem.TE_GROOT)
    if request.content.is_eof():  # all of it came with the head: no clock is needed
        body: bytes = request.content.read_nowait()
        if len(body) > limit:
            raise RejectedError(Problem.TE_GROOT)
        return body
    async with asyncio.timeout(WHOLE_BODY_SECONDS):
        return b"".join([chunk async for chunk in _chunks(request, limit)])


async def _chunks(request: web.Request, limit: int) -> AsyncIterator[bytes]:
    size = 0
    while True:
        async with asyncio.timeout(BODY_SECONDS):
            chunk = await request.content.readany()
        if not chunk:
            return
        size += len(chunk)
        if size > limit:
            raise RejectedError(Problem.TE_GROOT)
        yield chunk


Handler = Callable[[Call], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table."""

    method: str
    path: str
    who: Who
    handler: Handler


PEERS = web.AppKey("peers", PeerCheck)
COUNTS = web.AppKey("counts", Counter[str])
ROUTES = web.AppKey("routes", list[Route])


def make_app(routes: Sequence[Route], peers: PeerCheck, stopping: Callable[[], None]) -> web.Application:
    """Build the application for the network; ``stopping`` runs when it begins to shut down, so that long polls end."""
    if any(route.who is Who.ADMIN for route in routes):
        raise ValueError("administration is never served on the network")
    return _app(routes, peers, stopping)


def make_local_app(routes: Sequence[Route], peers: PeerCheck) -> web.Application:
    """Build the application for the local socket."""
    return _app(routes, peers, lambda: None)


def _app(routes: Sequence[Route], peers: PeerCheck, stopping: Callable[[], None]) -> web.Application:
    app = web.Application(middlewares=[_edge], client_max_size=MAX_BODY, handler_args={"auto_decompress": False})
    app[PEERS] = peers
    app[COUNTS] = Counter()
    app[ROUTES] = list(routes)
    for route in routes:
        for method in ("GET", "HEAD") if route.method == "GET" else (route.method,):
            app.router.add_route(method, route.path, _guarded(route), expect_handler=_expect)

    async def on_shutdown(_: web.Application) -> None:
        stopping()

    app.on_shutdown.append(on_shutdown)
    return app


def _guarded(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        peer = request.app[PEERS].peer(request) if route.who is Who.PARTY else None
        return await route.handler(Call(request, peer))

    return handle


async def _expect(request: web.Request) -> web.StreamResponse | None:
    """Tell a client that waits for it to go on with its body; what else it may expect, nobody here does."""
    if request.headers.get("Expect", "").lower() != "100-continue":
        return dress(respond(RejectedError(Problem.ONGELDIGE_INVOER), request))
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return None


def dress(response: web.StreamResponse) -> web.StreamResponse:
    """Put on an answer what every answer carries."""
    response.headers.update(SECURITY_HEADERS)
    return response


@web.middleware
async def _edge(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        response = respond(RejectedError(Problem.NIET_GEVONDEN), request)
    except web.HTTPMethodNotAllowed as error:
        response = respond(RejectedError(Problem.METHODE_ONBEKEND), request)
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
    except (RejectedError, UnavailableError) as error:
        request.app[COUNTS][error.code.value] += 1
        response = respond(error, request)
    except GatewayError as error:
        structlog.get_logger().error("evidence", kind=type(error).__name__, detail=error.detail)
        response = respond(error, request)
    except Exception:  # noqa: BLE001 - the last edge: a bare 500, and the reason in the log only
        structlog.get_logger().exception("unexpected", route=str(request.match_info.route.resource))
        response = respond(EvidenceError(), request)
    if response.status in (408, 413):  # the rest of the body may still be on its way
        response.force_close()
    return dress(response)
