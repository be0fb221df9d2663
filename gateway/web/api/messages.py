"""Sending, collecting and looking up messages."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gateway.errors import GatewayError, RejectedError
from gateway.flow.accept import Accept, Receipted, Verdict
from gateway.flow.collect import Collect, Collected, Handed, Request
from gateway.flow.inspect import Inspect, Standing
from gateway.rules.rows import Content
from gateway.web.problems import problem
from gateway.web.server import Call, Route, Who
from schemas.problems import Problem
from schemas.strict import canonical_json
from schemas.values import Mailbox, MessageId, Oin, RandomId

MAX_BULK = 500
MAX_FAULTS = 100
MAX_POINTER = 200
T = TypeVar("T")


class Bericht(BaseModel):
    """A message as it is handed in: two strings."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    envelop: str
    lading: str


class Ophaalverzoek(BaseModel):
    """One round of a mailbox."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    postvak: Mailbox
    ontvangstbewijzen: Annotated[list[str], Field(max_length=MAX_BULK)] = []
    gezien: Annotated[list[Annotated[int, Field(ge=0, lt=2**63)]], Field(max_length=MAX_BULK)] = []
    maximum: Annotated[int, Field(ge=1, le=MAX_BULK)] = 100
    wachten: Annotated[float, Field(ge=0, le=30, strict=False)] = 0
    vanaf: Annotated[int, Field(ge=0, lt=2**53)] | None = None


_ONE = TypeAdapter(Bericht)
_MANY = TypeAdapter(Annotated[list[Bericht], Field(min_length=1, max_length=MAX_BULK)])
_ROUND = TypeAdapter(Ophaalverzoek)


def routes(accept: Accept, collect: Collect, inspect: Inspect) -> list[Route]:
    """The rows of this module."""
    return [*_exchanging(accept, collect), *_looking_up(inspect)]


def _exchanging(accept: Accept, collect: Collect) -> list[Route]:
    async def send(call: Call) -> web.Response:
        body = await call.json()
        if isinstance(body, list):
            items = valid(_MANY, body)
            verdicts = await accept(call.party, [Content(b.envelop, b.lading) for b in items])
            call.count(v for v in verdicts if isinstance(v, GatewayError))
            return answer({"uitkomsten": [_verdict(v) for v in verdicts]})
        item = valid(_ONE, body)
        (verdict,) = await accept(call.party, [Content(item.envelop, item.lading)])
        if isinstance(verdict, GatewayError):
            raise verdict
        return answer({"aanvaard": verdict.receipt}, 202, {"Location": _location(verdict)})

    async def fetch(call: Call) -> web.Response:
        body = valid(_ROUND, await call.json())
        request = Request(body.postvak, body.ontvangstbewijzen, body.gezien, body.maximum, body.wachten, body.vanaf)
        collected = await collect(call.party, request)
        call.count(b for b in collected.booked if isinstance(b, GatewayError))
        return answer(_collected(collected))

    return [
        Route("POST", "/v1/berichten", Who.PARTY, send),
        Route("POST", "/v1/postvak/_ophalen", Who.PARTY, fetch),
    ]


def _looking_up(inspect: Inspect) -> list[Route]:
    async def message(call: Call) -> web.Response:
        match = call.request.match_info
        try:
            oin, message_id = Oin(match["oin"]), MessageId(match["id"])
        except ValueError:
            raise RejectedError(Problem.NIET_GEVONDEN) from None
        return answer(_standing(await inspect.message(call.party, oin, message_id)))

    async def dossier(call: Call) -> web.Response:
        try:
            dossier = RandomId(call.request.match_info["id"])
        except ValueError:
            raise RejectedError(Problem.NIET_GEVONDEN) from None
        found = await inspect.dossier(call.party, dossier)
        return answer({"dossier": dossier, "berichten": [_standing(s) for s in found]})

    return [
        Route("GET", "/v1/berichten/{oin}/{id}", Who.PARTY, message),
        Route("GET", "/v1/dossiers/{id}", Who.PARTY, dossier),
    ]


def valid(adapter: TypeAdapter[T], body: Any) -> T:  # noqa: ANN401 - JSON is any of six things
    """Parse a body, or raise ``RejectedError`` with every fault at once, up to a hundred."""
    try:
        return adapter.validate_python(body)
    except ValidationError as error:
        faults = [
            ("#" + "".join(f"/{part}" for part in e["loc"])[:MAX_POINTER], e["msg"].removeprefix("Value error, "))
            for e in error.errors(include_url=False, include_input=False)[:MAX_FAULTS]
        ]
        raise RejectedError(Problem.ONGELDIGE_INVOER, "", faults) from None


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:  # noqa: ANN401
    """Answer with JSON."""
    return web.Response(body=canonical_json(value), status=status, content_type="application/json", headers=headers)


def _location(verdict: Receipted) -> str:
    return f"/v1/berichten/{verdict.source.oin}/{verdict.id}"


def _verdict(verdict: Verdict) -> dict[str, Any]:
    if isinstance(verdict, Receipted):
        return {"aanvaard": verdict.receipt}
    return {"probleem": problem(verdict)}


def _collected(answer: Collected) -> dict[str, Any]:
    return {
        "uitkomsten": [{"geboekt": b} if isinstance(b, str) else {"probleem": problem(b)} for b in answer.booked],
        "berichten": [_handed(m) for m in answer.messages],
        "ontvangstbewijzen": [
            {"nummer": r.number, "bewijs": r.receipt} | ({"geboekt": r.geboekt} if r.geboekt else {})
            for r in answer.receipts
        ],
        "meer": answer.more,
    }


def _handed(message: Handed) -> dict[str, Any]:
    value: dict[str, Any] = {
        "envelop": message.content.envelop,
        "lading": message.content.lading,
        "aanvaard": message.aanvaard,
    }
    return value | {"gaten": list(message.gaps)} if message.gaps else value


def _standing(standing: Standing) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": standing.id,
        "source": standing.source,
        "ontvanger": standing.ontvanger,
        "stand": standing.state,
    }
    if standing.type is not None:
        value |= {"type": standing.type, "dossier": standing.dossier}
    value[standing.receipt_kind] = standing.receipt
    value["bewijzen"] = [{"bewijs": r.receipt} | ({"geboekt": r.geboekt} if r.geboekt else {}) for r in standing.proofs]
    return value
