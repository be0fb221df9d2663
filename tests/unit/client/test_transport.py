"""Real TLS on loopback: the one authority is trusted and nobody else, answers are bounded, redirects not followed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from gateway.client.tls import anchored_context, client_context, unanchored_context
from gateway.client.transport import HttpTransport
from gateway.clock import system_clock
from gateway.errors import ConfigurationError, RejectedError, UnavailableError
from keys.authority import Authority
from keys.certificates import load_ec_key, make_request, make_tls_key, oin_of
from keys.identity import load_identity
from schemas.values import Oin

OIN = Oin("00000099000000001000")


@dataclass
class Served:
    """An exchange's TLS front on loopback, with a party's certificate."""

    url: str
    authority: Authority
    certificate: str
    key: bytes
    seen: list[str]

    def transport(self) -> HttpTransport:
        return HttpTransport(self.url, client_context(self.authority.certificate_pem, self.certificate, self.key))


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """A server that demands a certificate and answers in several ways."""
    now = system_clock()
    authority, key = Authority.create("Proef", now), make_tls_key()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=authority.certificate_pem)
    server_key, certificate = authority.issue_server(["127.0.0.1", "localhost"], now)
    load_identity(context, certificate, load_ec_key(server_key.encode()))
    seen: list[str] = []
    app = web.Application()

    async def handle(request: web.Request) -> web.StreamResponse:
        return await answer(request, seen)

    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    client = authority.issue(make_request(key, "partij"), OIN, "Partij", now)
    yield Served(f"https://127.0.0.1:{port}", authority, client, key, seen)
    await runner.cleanup()


async def answer(request: web.Request, seen: list[str]) -> web.StreamResponse:
    tls: Any = request.transport.get_extra_info("ssl_object") if request.transport else None
    seen.append(oin_of(ssl.DER_cert_to_PEM_cert(tls.getpeercert(True))))
    match request.path:
        case "/echo":
            return web.json_response(await request.json())
        case "/elders":
            raise web.HTTPFound("/echo")
        case "/lang":
            return web.Response(body=b"x" * 100_000)
        case "/weg":
            return web.json_response({"code": "niet-gevonden", "status": 404}, status=404)
        case "/stuk":
            return web.Response(text="Oops", status=500)
        case "/traag":
            await asyncio.sleep(30)
    return web.Response(text="geen json")


async def test_mutual_tls(served: Served) -> None:
    """Both ends show a certificate under the one authority; the party's names its OIN."""
    async with served.transport() as transport:
        assert await transport.post("/echo", {"é": 1}) == {"é": 1}
    assert served.seen == [OIN]


async def test_answers_that_are_none(served: Served) -> None:
    """Too long, not JSON, a redirect, a server error: the outcome is unknown; a problem is a refusal."""
    async with served.transport() as transport:
        with pytest.raises(UnavailableError, match="longer"):
            await transport.get("/lang", 1000)
        assert len(await transport.get("/lang", 100_000)) == 100_000
        with pytest.raises(UnavailableError, match="JSON"):
            await transport.post("/tekst", {})
        for path in ("/elders", "/stuk"):
            with pytest.raises(UnavailableError):
                await transport.get(path)
        with pytest.raises(RejectedError):
            await transport.get("/weg")
    assert len(served.seen) == 6


async def test_impatient(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange that does not answer in time is not available."""
    monkeypatch.setattr("gateway.client.transport.ANSWER_SECONDS", 0.1)
    async with served.transport() as transport:
        with pytest.raises(UnavailableError):
            await transport.get("/traag")


async def test_other_authority(served: Served) -> None:
    """A server under any other authority is nobody, whatever the machine trusts."""
    other = Authority.create("Ander", system_clock())
    async with HttpTransport(served.url, anchored_context(other.certificate_pem)) as transport:
        with pytest.raises(UnavailableError):
            await transport.get("/echo")
    assert served.seen == []


async def test_environment_is_not_asked(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is not used."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with served.transport() as transport:
        assert await transport.post("/echo", {"a": 1}) == {"a": 1}


async def test_configuration_mistakes(served: Served) -> None:
    """Plain HTTP, a key of another certificate, and an authority that is none are mistakes at the start."""
    pem = served.authority.certificate_pem
    with pytest.raises(ConfigurationError):
        HttpTransport("http://127.0.0.1", anchored_context(pem))
    with pytest.raises(ConfigurationError):
        client_context(pem, served.certificate, make_tls_key())
    with pytest.raises(ConfigurationError):
        anchored_context("no PEM")
    with pytest.raises(UnavailableError):
        await HttpTransport(served.url, anchored_context(pem)).get("/echo")
    assert unanchored_context().verify_mode is ssl.CERT_NONE
