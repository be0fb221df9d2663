"""An exchange in a folder of its own, with parties that joined it: what the tests of flows, store and web stand on.

Keys, certificates, database and logs are real. What a message seals is any text, because the exchange cannot open it.
"""

from __future__ import annotations

import asyncio
import io
import json
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from gateway.app import Gateway, found, opened, serving
from gateway.clock import system_clock
from gateway.flow.accept import Receipted, Verdict
from gateway.flow.collect import Collected, Handed, Request
from gateway.flow.gate import Peer
from gateway.flow.onboard import Joining, NewKey
from gateway.rules.register import key_statement
from gateway.rules.rows import Content, Log
from keys import signing
from keys.certificates import load_ec_key, make_request, make_tls_key, serial_hex
from keys.identity import load_identity
from keys.jwk import PrivateSealingKey, PrivateSigningKey
from schemas.covenants import leidse_regio
from schemas.envelope import Envelope
from schemas.receipts import Geweigerd, Ontvangen
from schemas.values import Digest, Mailbox, Oin, Salt, spell_instant, spell_second

BEURS = "localhost/leidse-regio"
ONS_DOEL = Oin("00000099000000001000")
DE_SLEUTELS = Oin("00000099000000002000")
LEIDEN = Oin("00000099000000101000")
LEIDERDORP = Oin("00000099000000102000")
KREDIETBANK = Oin("00000099000000201000")
WIJKTEAM = Oin("00000099000000202000")
SIGNAAL = "nl.huurschuld.vroegsignaal.v1"
ANTWOORD = "nl.huurschuld.terugkoppeling.v1"
WIJZIGING = "nl.huurschuld.wijziging.v1"
VERWIJZING = "nl.huurschuld.verwijzing.v1"
DREIGING = "nl.huurschuld.dreigende-ontruiming.v1"


class Ticking:
    """A clock that a test moves. It starts now, because TLS looks at the computer's own clock."""

    def __init__(self) -> None:
        self.now = system_clock()

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Party:
    """A participant with its keys; ``context`` holds its certificate."""

    house: House
    oin: Oin
    mailbox: Mailbox
    signing: PrivateSigningKey = field(default_factory=PrivateSigningKey.generate)
    sealing: PrivateSealingKey = field(default_factory=PrivateSealingKey.generate)
    tls: bytes = field(default_factory=make_tls_key)
    certificate: str = ""
    reeks: str = field(default_factory=lambda: str(uuid4()))
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def peer(self) -> Peer:
        return Peer(self.oin, serial_hex(self.certificate))

    def key(self, use: str, key: PrivateSigningKey | PrivateSealingKey) -> dict[str, Any]:
        """Spell a key with its proof, as ``/v1/sleutels`` takes it."""
        jwk = key.public.jwk()
        proof = signing.sign(key_statement(BEURS, self.mailbox, use, jwk), self.signing, signing.KEY_TYP)
        return {"postvak": self.mailbox, "gebruik": use, "jwk": jwk, "bewijs": proof}

    def application(self, secret: bytes) -> dict[str, Any]:
        """Spell the request to join."""
        keys = [self.key("ondertekenen", self.signing), self.key("verzegelen", self.sealing)]
        return {"code": Salt.from_raw(secret), "verzoek": make_request(self.tls, "x"), "sleutels": keys}

    def attributes(self, to: Party, lading: str, **changes: Any) -> dict[str, Any]:
        """Give the envelope of a proper message as JSON; ``changes`` replace members, ``None`` leaves one out."""
        reeks = changes.get("reeks", self.reeks)
        number = self.numbers.get((to.mailbox, reeks), 0) + 1
        now = self.house.clock()
        proper = {
            "specversion": "1.0",
            "id": self.house.message_id(),
            "source": self.mailbox,
            "type": SIGNAAL if self.mailbox.name == "huur" else ANTWOORD,
            "time": spell_second(now),
            "datacontenttype": "application/json",
            "ontvanger": to.mailbox,
            "beurs": BEURS,
            "dossier": str(uuid4()),
            "reeks": reeks,
            "volgnummer": number,
            "verlooptijd": spell_second(now + timedelta(days=14)),
            "data": {"verzegeld": Digest.of(lading.encode()), "inhoud": Digest.of(b"x"), "omvang": len(lading)},
        }
        return {key: value for key, value in (proper | changes).items() if value is not None}

    def compose(self, to: Party, lading: str = "eyJ.verzegeld", **changes: Any) -> dict[str, str]:
        """Make a message as it is handed in, without spending its number."""
        envelope = json.dumps(self.attributes(to, lading, **changes)).encode()
        return {"envelop": signing.sign(envelope, self.signing, signing.ENVELOPE_TYP), "lading": lading}

    def message(self, to: Party, lading: str = "eyJ.verzegeld", **changes: Any) -> dict[str, str]:
        """Make the next message to a party: its number is taken."""
        made = self.compose(to, lading, **changes)
        self.take(made)
        return made

    def take(self, message: dict[str, str]) -> None:
        """Count a message's number as spent."""
        sent = envelope_of(message)
        self.numbers[sent.ontvanger, sent.reeks] = sent.volgnummer

    async def renew(self) -> None:
        """Replace the signing key by the next one, which the one before vouches for."""
        successor = PrivateSigningKey.generate()
        spelled = self.key("ondertekenen", successor)
        await self.house.gateway.onboard.renew_key(self.peer, new_key(spelled))
        self.signing = successor

    async def send(self, *messages: dict[str, str]) -> list[Verdict]:
        """Hand messages to the flow, in one call."""
        return await self.house.gateway.accept(self.peer, [Content(m["envelop"], m["lading"]) for m in messages])

    async def deliver(self, to: Party, **changes: Any) -> Receipted:
        """Send one proper message and expect it to be accepted."""
        (verdict,) = await self.send(self.message(to, **changes))
        assert isinstance(verdict, Receipted), verdict
        return verdict

    async def collect(self, **fields: Any) -> Collected:
        """Go one round of the own mailbox."""
        return await self.house.gateway.collect(self.peer, Request(self.mailbox, **fields))

    def receipt(self, handed: Handed | dict[str, Any], code: str | None = None, **changes: Any) -> str:
        """Sign *ontvangen* (or *geweigerd*, if there is a ``code``) for a message that was handed out."""
        jws = handed.aanvaard if isinstance(handed, Handed) else handed["aanvaard"]
        promise = read(jws)
        facts = {key: promise[key] for key in ("id", "source", "ontvanger", "digest")}
        facts |= {"blad": promise["logboek"]["blad"], "tijd": spell_instant(self.house.clock())} | changes
        made = Ontvangen(**facts) if code is None else Geweigerd(**facts, code=code)
        return signing.sign(made.spell(), self.signing, f"{made.soort}+jws")

    @property
    def context(self) -> ssl.SSLContext:
        return self.house.context(self)

    async def post(self, path: str, body: Any) -> Reply:
        """Ask over the network; ``body`` is JSON unless it is bytes."""
        return await self.house.ask("POST", path, self, body)

    async def get(self, path: str) -> Reply:
        return await self.house.ask("GET", path, self)


class House:
    """An exchange that tests open, close and open again."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, Ticking()
        self.gateway: Gateway
        self.port = 0
        self.parties: dict[Oin, Party] = {}
        self._ids = 0
        self._stack = AsyncExitStack()
        self._sessions: dict[Oin | None, aiohttp.ClientSession] = {}

    async def open(self, *, serve: bool = False, **settings: Any) -> None:
        """Open the exchange (found it first, if it is not there), and serve it on a free port if asked."""
        if not self.path.exists():
            await found(self.path, BEURS, ("localhost", "127.0.0.1"), leidse_regio(), self.clock)
        overrides = {"port": 0, "checkpoint_seconds": 0.05, **settings}
        self.gateway = await self._stack.enter_async_context(opened(self.path, None, overrides, self.clock))
        if serve:
            self.port = await self._stack.enter_async_context(serving(self.gateway))

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
        await self._stack.aclose()

    async def restart(self, *, serve: bool = False) -> None:
        """Stop everything and start from the disk."""
        await self.close()
        await self.open(serve=serve)

    async def join(self, oin: Oin) -> Party:
        """Let a participant of the covenant in, through the flows."""
        body = (party := self.newcomer(oin)).application(await self.gateway.onboard.invite(oin))
        keys = [new_key(spelled) for spelled in body["sleutels"]]
        answer = await self.gateway.onboard.join(Joining(body["code"].raw, body["verzoek"], keys))
        party.certificate = answer["certificaat"]
        return party

    def newcomer(self, oin: Oin) -> Party:
        """Make the keys of a participant that has not joined yet."""
        deelnemer = self.covenant.deelnemer(oin)
        assert deelnemer is not None
        self.parties[oin] = Party(self, oin, deelnemer.postvakken[0])
        return self.parties[oin]

    @property
    def covenant(self) -> Any:
        return self.gateway.registry.current.convenant

    def message_id(self) -> str:
        """Give an id that was not given before."""
        self._ids += 1
        return f"019a9f3e-7c00-7abc-8def-{self._ids:012x}"

    def context(self, party: Party | None = None) -> ssl.SSLContext:
        """Make a TLS context that trusts the exchange, with the party's certificate if there is one."""
        context = ssl.create_default_context(cadata=self.gateway.onboard.authority.certificate_pem)
        if party is not None:
            load_identity(context, party.certificate, load_ec_key(party.tls))
        return context

    async def ask(self, method: str, path: str, party: Party | None = None, body: Any = None, **more: Any) -> Reply:
        """Ask something over the network, as a party or as nobody."""
        if isinstance(body, (bytes, bytearray)) or body is None:
            more |= {"data": None if body is None else io.BytesIO(body)}
        else:
            more |= {"data": io.BytesIO(json.dumps(body).encode())}
            more.setdefault("headers", {"Content-Type": "application/json"})
        async with self.session(party).request(method, f"https://localhost:{self.port}{path}", **more) as answer:
            return Reply(answer.status, dict(answer.headers), await answer.read())

    def session(self, party: Party | None = None) -> aiohttp.ClientSession:
        """Give the party's session: one connection, kept alive."""
        name = party.oin if party else None
        if name not in self._sessions:
            connector = aiohttp.TCPConnector(ssl=self.context(party), limit=1)
            self._sessions[name] = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._sessions[name]

    async def counts(self) -> dict[str, int]:
        async with self.gateway.store.read() as view:
            return dict(await view.counts())

    async def entries(self, log: Log = Log.VERKEER) -> list[dict[str, Any]]:
        """Read a whole log."""
        async with self.gateway.store.read() as view:
            size = (await view.head(log)).head.size
            return [json.loads(body or b"") for body in await view.bodies(log, 0, size)]

    async def kinds(self) -> list[str]:
        """Tell what the traffic log holds, in order."""
        return [entry["soort"] for entry in await self.entries()]


def new_key(spelled: dict[str, Any]) -> NewKey:
    """Read a key as the flow takes it."""
    return NewKey(spelled["postvak"], spelled["gebruik"], spelled["jwk"], spelled["bewijs"])


def read(jws: str) -> dict[str, Any]:
    """Read what a JWS says, whoever signed it."""
    head, _, _ = jws.partition(".")
    typ = json.loads(signing._decode(head))["typ"]
    value: dict[str, Any] = json.loads(signing.read(jws, typ).payload)
    return value


def envelope_of(message: dict[str, str]) -> Envelope:
    """Read the envelope of a message."""
    return Envelope.parse(signing.read(message["envelop"], signing.ENVELOPE_TYP).payload)


async def eventually(condition: Callable[[], Any], tries: int = 400) -> Any:
    """Wait until a condition holds; the exchange's own workers bring it about."""
    for _ in range(tries):
        if found := await condition():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come about")
