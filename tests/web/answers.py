"""What every answer of the exchange must carry, and what a refusal must not leave behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.web.problems import CONTENT_TYPE
from schemas.problems import ProblemDocument
from schemas.strict import parse_json
from tests.exchange import House, Reply

HEADERS = {
    "API-Version": "1.0.0",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Server": "Seinpost",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def dressed(reply: Reply) -> None:
    """Expect what every answer carries."""
    assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS


def problem(reply: Reply, status: int, code: str) -> ProblemDocument:
    """Expect a whole problem document (RFC 9457) with this status and code."""
    assert (reply.status, reply.json.get("code")) == (status, code), reply.body
    dressed(reply)
    assert reply.headers["Content-Type"].startswith(CONTENT_TYPE)
    document = ProblemDocument.model_validate(parse_json(reply.body))
    assert document.status == status
    assert document.type == f"urn:seinpost:probleem:{code}"
    assert document.title
    assert document.detail
    return document


@asynccontextmanager
async def unmoved(house: House, logged: int = 0) -> AsyncIterator[None]:
    """Expect that inside no message or delivery is stored, and so many refusals are logged and nothing else."""
    counts, kinds = await house.counts(), await house.kinds()
    yield
    assert await house.counts() == counts | {"afgewezen": counts["afgewezen"] + logged}
    assert await house.kinds() == kinds + ["afgewezen"] * logged
