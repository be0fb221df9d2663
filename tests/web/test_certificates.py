"""Who is at the other end: on every request, also on a connection that is open already (T8, T9)."""

from __future__ import annotations

import asyncio
import socket
import ssl
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from gateway.clock import system_clock
from gateway.web.peers import server_context
from keys.certificates import Authority, RevocationList, load_ec_key, make_request
from keys.identity import load_identity
from schemas.values import Oin
from tests.exchange import DE_SLEUTELS, ONS_DOEL, House, Party
from tests.web.answers import problem, unmoved
from tests.web.conftest import join


async def refused(house: House, party: Party | None, status: int, code: str) -> None:
    """Expect that a message of this party is refused for its certificate, and nothing is kept."""
    async with unmoved(house):
        problem(await house.ask("POST", "/v1/berichten", party, {"envelop": "x", "lading": "y"}), status, code)
        problem(await house.ask("GET", "/v1/deelnemers", party), status, code)


async def test_no_certificate(exchange: House) -> None:
    """Whoever shows none is nobody."""
    await refused(exchange, None, 401, "certificaat-ontbreekt")


def issued(authority: Authority, party: Party, oin: Oin = ONS_DOEL, days: int = 30, ago: int = 0) -> Party:
    """Give the party another certificate."""
    moment = system_clock() - timedelta(days=ago)
    return replace(party, certificate=authority.issue(make_request(party.tls, "x"), oin, "X", moment, days))


async def test_a_certificate_of_ours_that_the_register_does_not_know(exchange: House, sender: Party) -> None:
    """What the authority signed counts only once it is in the register."""
    await refused(exchange, issued(exchange.gateway.onboard.authority, sender), 403, "certificaat-onbekend")


WRONG: dict[str, Callable[[Authority, Party], Party]] = {
    "another authority": lambda _, p: issued(Authority.create("Seinpost elders", system_clock()), p),
    "the same name, another key": lambda a, p: issued(
        Authority.create(a.certificate.subject.rfc4514_string().removeprefix("CN="), system_clock()), p
    ),
    "expired": lambda a, p: issued(a, p, days=1, ago=2),
    "not yet valid": lambda a, p: issued(a, p, days=30, ago=-2),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_certificate_that_does_not_hold(exchange: House, sender: Party, name: str) -> None:
    """The handshake itself fails: not one byte of HTTP is read."""
    stranger = WRONG[name](exchange.gateway.onboard.authority, sender)
    async with unmoved(exchange):
        with pytest.raises((aiohttp.ClientError, ssl.SSLError)):
            await exchange.ask("GET", "/health/live", stranger)


async def test_the_servers_own_certificate_is_no_partys(exchange: House, sender: Party) -> None:
    """A certificate that was made for a server opens no door for a client."""
    context = exchange.context()
    key, certificate = exchange.gateway.onboard.authority.issue_server(("localhost",), system_clock())
    load_identity(context, certificate, load_ec_key(key.encode()))
    async with aiohttp.ClientSession() as session:
        with pytest.raises((aiohttp.ClientError, ssl.SSLError)):
            await session.get(f"https://localhost:{exchange.port}/v1/deelnemers", ssl=context)
    assert (await sender.get("/v1/deelnemers")).status == 200


async def test_revoked_while_the_connection_is_open(exchange: House, sender: Party, recipient: Party) -> None:
    """The next request on the same connection is refused; the party that is left goes on."""
    assert (await sender.get("/v1/deelnemers")).status == 200
    message = sender.message(recipient)
    registry = exchange.gateway.registry
    registry.current = replace(registry.current, revoked=frozenset({sender.peer.serial}))
    async with unmoved(exchange):
        problem(await sender.post("/v1/berichten", message), 403, "certificaat-ingetrokken")
        problem(await sender.get("/v1/deelnemers"), 403, "certificaat-ingetrokken")
    assert (await recipient.get("/v1/deelnemers")).status == 200


async def test_suspended_while_the_connection_is_open(exchange: House, sender: Party, recipient: Party) -> None:
    """A suspended party is told that it is, also on a connection that was open before."""
    assert (await sender.get("/v1/deelnemers")).status == 200
    message = sender.message(recipient)
    await exchange.gateway.onboard.suspend(sender.oin)
    async with unmoved(exchange):
        problem(await sender.post("/v1/berichten", message), 403, "deelnemer-geschorst")
    assert (await recipient.get("/v1/deelnemers")).status == 200


async def test_a_certificate_that_ends_while_the_connection_is_open(exchange: House, sender: Party) -> None:
    """A connection does not outlive its certificate."""
    assert (await sender.get("/v1/deelnemers")).status == 200
    exchange.clock.tick(days=396)
    assert (await sender.get("/v1/deelnemers")).status == 200
    exchange.clock.tick(days=2)
    problem(await sender.get("/v1/deelnemers"), 403, "certificaat-onbekend")


async def test_the_revocation_list_names_who_was_revoked(exchange: House, sender: Party) -> None:
    """Everybody can read the list; it is signed, and it grows with a suspension."""
    issuer = exchange.gateway.onboard.authority.certificate
    serial = int(sender.peer.serial, 16)
    for revoked in (False, True):
        text = (await exchange.ask("GET", "/v1/intrekkingslijst")).body
        assert RevocationList.parse(text, issuer).revoked(serial) is revoked
        await exchange.gateway.onboard.suspend(sender.oin)


async def test_two_parties_are_not_mixed_up(exchange: House, sender: Party) -> None:
    """Each connection is its own certificate's, however they alternate."""
    other = await join(exchange, DE_SLEUTELS)
    for _ in range(3):
        for party, stranger in ((sender, other), (other, sender)):
            ask = {"postvak": party.mailbox}
            assert (await party.post("/v1/postvak/_ophalen", ask)).status == 200
            problem(await stranger.post("/v1/postvak/_ophalen", ask), 404, "niet-gevonden")


def handshake(house: House, context: ssl.SSLContext, session: ssl.SSLSession | None = None) -> ssl.SSLSocket:
    """Connect and ask something, so that whatever the server sends after the handshake has come in."""
    raw = socket.create_connection(("127.0.0.1", house.port), timeout=10)
    tls = context.wrap_socket(raw, server_hostname="localhost", session=session)
    tls.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert tls.recv(4096).startswith(b"HTTP/1.1 200")
    return tls


def limited(context: ssl.SSLContext, highest: ssl.TLSVersion, ciphers: str) -> ssl.SSLContext:
    """Let a client speak no better than this."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = highest
    context.set_ciphers(ciphers)
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
async def test_old_tls_is_refused(exchange: House, version: ssl.TLSVersion) -> None:
    """Below TLS 1.2 there is no handshake."""
    context = limited(exchange.context(), version, "ALL:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.to_thread(handshake, exchange, context)


@pytest.mark.parametrize(
    "ciphers", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AECDH-AES128-SHA", "NULL-SHA256"]
)
async def test_weak_ciphers_are_refused(exchange: House, ciphers: str) -> None:
    """No CBC, no static RSA, no anonymous and no empty cipher (NCSC)."""
    try:
        context = limited(exchange.context(), ssl.TLSVersion.TLSv1_2, f"{ciphers}:@SECLEVEL=0")
    except ssl.SSLError:
        return  # this OpenSSL does not even know it
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.to_thread(handshake, exchange, context)


@pytest.mark.parametrize(
    ("highest", "cipher"),
    [
        (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-GCM-SHA256"),
        (ssl.TLSVersion.TLSv1_3, "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ],
)
async def test_good_tls_is_spoken(exchange: House, highest: ssl.TLSVersion, cipher: str) -> None:
    """TLS 1.2 with a good cipher and TLS 1.3 both work: the refusals above mean something."""
    context = limited(exchange.context(), highest, cipher)
    with await asyncio.to_thread(handshake, exchange, context) as tls:
        assert tls.version() == highest.name.replace("_", ".")


@pytest.mark.parametrize("highest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_no_session_is_resumed_from_a_ticket(exchange: House, sender: Party, highest: ssl.TLSVersion) -> None:
    """The server gives no tickets, and a second connection is a whole handshake with its certificate."""
    context = sender.context
    context.maximum_version = highest
    with await asyncio.to_thread(handshake, exchange, context) as first:
        session = first.session
        assert session is None or not session.has_ticket
    with await asyncio.to_thread(handshake, exchange, context, session) as second:
        assert not second.session_reused


def test_the_context_is_what_the_tests_above_saw() -> None:
    """No tickets and no renegotiation, whatever OpenSSL's defaults become."""
    authority = Authority.create("Seinpost", system_clock())
    key, certificate = authority.issue_server(("localhost",), system_clock())
    context = server_context(certificate, load_ec_key(key.encode()), authority.certificate_pem)
    assert context.num_tickets == 0
    assert context.options & ssl.OP_NO_TICKET
    assert context.options & ssl.OP_NO_RENEGOTIATION
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
