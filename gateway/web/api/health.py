"""Health: is it alive, can it take work, and why not."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from gateway.web.api.messages import answer
from gateway.web.server import Call, Route, Who


def routes(hindrances: Callable[[], list[str]]) -> list[Route]:
    """The rows of this module; ``hindrances`` names what keeps the exchange from taking work."""

    async def live(_: Call) -> web.Response:
        return answer({"status": "leeft"})

    async def ready(_: Call) -> web.Response:
        why = hindrances()
        return answer({"status": "niet gereed" if why else "gereed", "redenen": why}, 503 if why else 200)

    return [Route("GET", "/health/live", Who.PUBLIC, live), Route("GET", "/health/ready", Who.PUBLIC, ready)]
