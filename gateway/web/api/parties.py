"""Participants, keys, covenant, joining."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, TypeAdapter

from gateway.clock import Clock
from gateway.errors import RejectedError
from gateway.flow.onboard import Joining, NewKey, Onboard
from gateway.flow.registry import Registry
from gateway.rules.register import Party, Register, Version
from gateway.web.api.messages import answer, valid
from gateway.web.server import Call, Route, Who
from schemas.problems import Problem
from schemas.values import Digest, Mailbox, Salt, spell_instant


class Sleutel(BaseModel):
    """A key that is handed in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    postvak: Mailbox
    gebruik: Literal["ondertekenen", "verzegelen"]
    jwk: dict[str, str]
    bewijs: str

    def new_key(self) -> NewKey:
        """As the flow takes it."""
        return NewKey(self.postvak, self.gebruik, self.jwk, self.bewijs)


class Aanmelding(BaseModel):
    """A request to join."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    code: Salt
    verzoek: str
    sleutels: list[Sleutel]


_KEY = TypeAdapter(Sleutel)
_JOIN = TypeAdapter(Aanmelding)


def routes(onboard: Onboard, registry: Registry, clock: Clock) -> list[Route]:
    """The rows of this module."""

    async def parties(_: Call) -> web.Response:
        return answer(listing(registry.current))

    async def renew(call: Call) -> web.Response:
        key = valid(_KEY, await call.json())
        logged = await onboard.renew_key(call.party, key.new_key())
        return answer({"index": logged.idx, "blad": Digest.from_raw(logged.leaf)}, 201)

    async def covenant(_: Call) -> web.Response:
        return answer(in_force(registry.current, clock()))

    async def join(call: Call) -> web.Response:
        body = valid(_JOIN, await call.json())
        joining = Joining(body.code.raw, body.verzoek, [key.new_key() for key in body.sleutels])
        return answer(await onboard.join(joining), 201)

    async def authority(_: Call) -> web.Response:
        return answer({"beurs": registry.current.beurs, "autoriteit": onboard.authority.certificate_pem})

    async def revocations(_: Call) -> web.Response:
        return web.Response(text=await onboard.revocation_list(), content_type="application/x-pem-file")

    return [
        Route("GET", "/v1/deelnemers", Who.PARTY, parties),
        Route("POST", "/v1/sleutels", Who.PARTY, renew),
        Route("GET", "/v1/convenant", Who.PARTY, covenant),
        Route("POST", "/v1/aanmeldingen", Who.PUBLIC, join),
        Route("GET", "/v1/autoriteit", Who.PUBLIC, authority),
        Route("GET", "/v1/intrekkingslijst", Who.PUBLIC, revocations),
    ]


def in_force(register: Register, now: datetime) -> dict[str, Any]:
    """The covenant that holds now, and the versions after it that begin later.

    Raises:
        RejectedError: none holds yet, and none is announced.
    """
    holds, coming = register.version_at(now), register.announced(now)
    if holds is None and not coming:
        raise RejectedError(Problem.NIET_GEVONDEN)
    return ({} if holds is None else _version(holds)) | {"aangekondigd": [_version(version) for version in coming]}


def _version(version: Version) -> dict[str, Any]:
    """Of a version that this program cannot read only digest and moment are told; its text stands in the register."""
    told = {"digest": version.digest, "vanaf": spell_instant(version.vanaf)}
    convenant = version.convenant
    return told if convenant is None else told | {"versie": convenant.versie, "tekst": convenant.text}


def listing(register: Register) -> dict[str, Any]:
    """All participants with their active keys, as of this register state."""
    parties = sorted(register.parties.values(), key=lambda party: party.oin)
    return {
        "omvang": register.size,
        "wortel": register.root,
        "deelnemers": [describe(register, party) for party in parties],
    }


def describe(register: Register, party: Party) -> dict[str, Any]:
    """One participant."""
    return {
        "oin": party.oin,
        "naam": party.naam,
        "geschorst": party.geschorst,
        "postvakken": [
            {"postvak": box}
            | ({"ondertekenen": key.jwk()} if (key := register.signing_key(box)) else {})
            | ({"verzegelen": seal.jwk()} if (seal := register.sealing_key(box)) else {})
            for box in party.postvakken
        ],
    }
