"""The two logs for everybody: checkpoints and tiles (C2SP tlog-tiles); bodies only for those who may read them."""

from __future__ import annotations

from aiohttp import web

from gateway.errors import RejectedError
from gateway.flow.inspect import Inspect
from gateway.flow.publish import Publish
from gateway.rules.rows import Log
from gateway.tlog.tiles import parse_tile_path
from gateway.web.server import Call, Route, Who
from schemas.problems import Problem

_LAST_TILE = 2**45
"""No log gets this far; a larger number would not fit a database's integer."""


def routes(publish: Publish, inspect: Inspect) -> list[Route]:
    """The rows of this module."""

    async def checkpoint(call: Call) -> web.Response:
        return web.Response(text=await publish.checkpoint(_log(call)), content_type="text/plain", charset="utf-8")

    async def tile(call: Call) -> web.Response:
        level, number, width = _tile("tile/" + call.request.match_info["path"])
        return _bytes(await publish.tile(_log(call), level, number, width))

    async def entries(call: Call) -> web.Response:
        _, number, width = _tile("tile/0/" + call.request.match_info["path"])
        return _bytes(await publish.register_entries(number, width))

    async def entry(call: Call) -> web.Response:
        index = call.request.match_info["index"]
        if not index.isascii() or not index.isdigit() or len(index) > 15:
            raise RejectedError(Problem.NIET_GEVONDEN)
        body = await inspect.entry(call.party, int(index))
        return web.Response(body=body, content_type="application/json")

    return [
        Route("GET", "/log/{log}/checkpoint", Who.PUBLIC, checkpoint),
        Route("GET", "/log/register/tile/entries/{path:.+}", Who.PARTY, entries),
        Route("GET", "/log/{log}/tile/{path:.+}", Who.PUBLIC, tile),
        Route("GET", "/log/verkeer/logregel/{index}", Who.PARTY, entry),
    ]


def _log(call: Call) -> Log:
    try:
        return Log(call.request.match_info["log"])
    except ValueError:
        raise RejectedError(Problem.NIET_GEVONDEN) from None


def _tile(path: str) -> tuple[int, int, int]:
    try:
        level, number, width = parse_tile_path(path)
    except ValueError:
        raise RejectedError(Problem.NIET_GEVONDEN) from None
    if number > _LAST_TILE:
        raise RejectedError(Problem.NIET_GEVONDEN)
    return level, number, width


def _bytes(data: bytes) -> web.Response:
    return web.Response(body=data, content_type="application/octet-stream")
