"""Administration over the local socket: the same flows, for whoever may open it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import BaseModel, ConfigDict, TypeAdapter

from gateway.errors import RejectedError
from gateway.flow.adopt import Adopt
from gateway.flow.onboard import Onboard
from gateway.flow.registry import Registry
from gateway.rules.register import Register
from gateway.store.port import Store
from gateway.web.api.messages import answer, valid
from gateway.web.api.parties import describe, listing
from gateway.web.server import Call, Route, Who
from schemas.problems import Problem
from schemas.values import Digest, Oin, spell_instant


class Convenanttekst(BaseModel):
    """A version of the covenant that is handed in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    tekst: str


_TEXT = TypeAdapter(Convenanttekst)


def routes(onboard: Onboard, adopt: Adopt, registry: Registry, store: Store) -> list[Route]:
    """The rows of this module."""

    async def invite(call: Call) -> web.Response:
        secret = await onboard.invite(_oin(call))
        shown = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
        return answer(
            {"uitnodiging": f"SP1.{shown}.{Digest.of(onboard.authority.certificate.public_bytes(Encoding.DER))}"}, 201
        )

    async def parties(_: Call) -> web.Response:
        return answer(listing(registry.current))

    async def party(call: Call) -> web.Response:
        found = registry.current.party(_oin(call))
        if found is None:
            raise RejectedError(Problem.NIET_GEVONDEN)
        return answer(describe(registry.current, found))

    async def suspend(call: Call) -> web.Response:
        await onboard.suspend(_oin(call))
        return answer({"geschorst": _oin(call)})

    async def counts(_: Call) -> web.Response:
        async with store.read() as view:
            return answer(dict(await view.counts()))

    return [
        *_covenant_routes(adopt, registry),
        Route("GET", "/beheer/deelnemers", Who.ADMIN, parties),
        Route("GET", "/beheer/deelnemers/{oin}", Who.ADMIN, party),
        Route("POST", "/beheer/deelnemers/{oin}/_uitnodigen", Who.ADMIN, invite),
        Route("POST", "/beheer/deelnemers/{oin}/_schorsen", Who.ADMIN, suspend),
        Route("GET", "/beheer/tellingen", Who.ADMIN, counts),
    ]


def _covenant_routes(adopt: Adopt, registry: Registry) -> list[Route]:
    async def adopted(call: Call) -> web.Response:
        handed = valid(_TEXT, await call.json())
        found = await adopt(handed.tekst.encode())
        remain = [{"digest": version.digest, "vanaf": spell_instant(version.vanaf)} for version in found.remain]
        facts = {"digest": found.convenant.digest, "versie": found.convenant.versie, "aangekondigd": remain}
        return answer(
            facts | {"vanaf": spell_instant(found.vanaf), "nieuw": not found.again}, 200 if found.again else 201
        )

    async def versions(_: Call) -> web.Response:
        return answer({"versies": _versions(registry.current, adopt.clock())})

    return [
        Route("GET", "/beheer/convenant", Who.ADMIN, versions),
        Route("POST", "/beheer/convenant", Who.ADMIN, adopted),
    ]


def _versions(register: Register, now: datetime) -> list[dict[str, Any]]:
    """Every version, oldest first; one of them holds now, unless none has begun."""
    holds = register.convenant_at(now)
    return [
        {
            "digest": convenant.digest,
            "naam": convenant.naam,
            "versie": convenant.versie,
            "vanaf": spell_instant(vanaf),
            "geldt": convenant is holds,
        }
        for convenant, vanaf in register.convenanten
    ]


def _oin(call: Call) -> Oin:
    try:
        return Oin(call.request.match_info["oin"])
    except ValueError:
        raise RejectedError(Problem.NIET_GEVONDEN) from None
