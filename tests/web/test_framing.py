"""Framing: what two readers could read differently is refused, and noise gets a problem document (T13)."""

from __future__ import annotations

import json

import pytest

from tests.exchange import House, Party
from tests.web.answers import dressed, problem, unmoved
from tests.web.raw import request, talk

SMUGGLED = {
    "two lengths": ["Content-Length: 2", "Content-Length: 40"],
    "the same length twice": ["Content-Length: 2", "Content-Length: 2"],
    "a list of lengths": ["Content-Length: 2, 2"],
    "length and chunked": ["Content-Length: 2", "Transfer-Encoding: chunked"],
    "chunked and length": ["Transfer-Encoding: chunked", "Content-Length: 2"],
    "chunked twice": ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
    "chunked before gzip": ["Transfer-Encoding: chunked, gzip"],
    "chunked by another name": ["Transfer-Encoding: xchunked"],
    "a length with a sign": ["Content-Length: +2"],
    "a length below zero": ["Content-Length: -2"],
    "a length in hex": ["Content-Length: 0x2"],
    "a length with an underscore": ["Content-Length: 1_0"],
    "a blank before the colon": ["Content-Length : 2"],
    "a folded header": ["X-A: b\r\n Content-Length: 40"],
    "a header without a name": [": x"],
    "a NUL": ["X-A: b\0c"],
    "a bare CR": ["X-A: b\rContent-Length: 40"],
}


@pytest.mark.parametrize("name", SMUGGLED)
async def test_ambiguous_framing_is_refused(exchange: House, sender: Party, name: str) -> None:
    """One problem, the connection ends, and what followed is not read as another request."""
    data = request("POST /v1/berichten HTTP/1.1", "Content-Type: application/json", *SMUGGLED[name], body=b"{}")
    async with unmoved(exchange):
        reply, rest = await talk(exchange, data + request("GET /health/live HTTP/1.1"), sender)
        problem(reply, 400, "ongeldige-invoer")
        assert rest == b""


@pytest.mark.parametrize(
    "data",
    [
        b"geen HTTP\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"G\xcbT / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
        request("GET /" + "x" * 9000 + " HTTP/1.1"),
        request("GET / HTTP/1.1", "X-A: " + "x" * 9000),
        request("GET / HTTP/1.1", *(f"X-{i}: x" for i in range(200))),
    ],
)
async def test_noise_gets_a_problem(exchange: House, data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Bytes that are no HTTP get a problem document as all others do, and do not reach our logs."""
    reply, rest = await talk(exchange, data)
    assert reply.status == 400
    problem(reply, 400, "ongeldige-invoer")
    assert rest == b""
    assert "Error handling request" not in caplog.text


@pytest.mark.parametrize("chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}xx0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n"])
async def test_a_broken_chunk_is_refused(exchange: House, sender: Party, chunks: bytes) -> None:
    """A body that is not framed as it says is the sender's fault, not an error of ours."""
    headers = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    async with unmoved(exchange):
        reply, rest = await talk(exchange, request("POST /v1/berichten HTTP/1.1", *headers, body=chunks), sender)
        problem(reply, 400, "ongeldige-invoer")
        assert rest == b""


async def test_a_compressed_body_is_not_opened(exchange: House, sender: Party) -> None:
    """Nothing is inflated: there is no bomb to go off (T15)."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    reply = await exchange.ask("POST", "/v1/berichten", sender, b"\x1f\x8b\x08\0\0\0\0\0\0\x03", headers=headers)
    problem(reply, 400, "geen-json")


async def test_what_is_expected(exchange: House, sender: Party) -> None:
    """A client that waits for ``100 Continue`` gets it; one that expects anything else is refused."""
    body = json.dumps({"envelop": "x", "lading": "y"}).encode()
    headers = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    waits = request("POST /v1/berichten HTTP/1.1", *headers, "Expect: 100-continue", body=body)
    first, rest = await talk(exchange, waits, sender)
    assert first.status == 100
    assert rest.startswith(b"HTTP/1.1 401 ")
    strange = request("POST /v1/berichten HTTP/1.1", *headers, "Expect: 200-maybe", body=body)
    problem((await talk(exchange, strange, sender))[0], 400, "ongeldige-invoer")


async def test_an_answer_is_dressed_whatever_it_is(exchange: House) -> None:
    """Also an answer of health carries what every answer carries."""
    reply, _ = await talk(exchange, request("GET /health/live HTTP/1.1"))
    assert reply.status == 200
    dressed(reply)
