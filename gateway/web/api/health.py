"""Health: is it alive, can it take work, and why not."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from gateway.web.api.messages import answer
from gateway.web.server import Call, Route, Who


def routes(hindrances: Callable[[], list[str]], warnings: Callable[[], list[str]]) -> list[Route]:
    """The rows of this module; ``hindrances`` keep the exchange from taking work, ``warnings`` want a person."""

    async def live(_: Call) -> web.Response:
        return answer({"status": "leeft"})

    async def ready(_: Call) -> web.Response:
        why = hindrances()
        status = "niet gereed" if why else "gereed"
        return answer({"status": status, "redenen": why, "waarschuwingen": warnings()}, 503 if why else 200)

    return [Route("GET", "/health/live", Who.PUBLIC, live), Route("GET", "/health/ready", Who.PUBLIC, ready)]
