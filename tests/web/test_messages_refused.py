"""Bad messages: each gets a clear problem; a known sender's is one entry and spends its number, noise is counted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.web.api.messages import MAX_BULK
from keys import signing
from keys.encoding import encode
from keys.jwk import PrivateSigningKey
from schemas.envelope import MAX_ENVELOP, MAX_LADING
from schemas.values import Digest, spell_second
from tests.exchange import DE_SLEUTELS, WIJZIGING, House, Party, envelope_of, read
from tests.web.answers import problem, unmoved
from tests.web.conftest import join

Message = dict[str, str]
Maker = Callable[[Party, Party], Message]


def later(party: Party, **amount: float) -> str:
    return spell_second(party.house.clock() + timedelta(**amount))


REFUSED: dict[str, tuple[int, str, Maker]] = {
    "another exchange's": (422, "beurs-onjuist", lambda a, b: a.compose(b, beurs="elders/leidse-regio")),
    "unknown recipient": (
        422,
        "ontvanger-onbekend",
        lambda a, b: a.compose(b, ontvanger="urn:nld:oin:00000099000000105000:systeem:vroegsignalering"),
    ),
    "unknown mailbox of a participant": (
        422,
        "ontvanger-onbekend",
        lambda a, b: a.compose(b, ontvanger=f"urn:nld:oin:{b.oin}:systeem:elders"),
    ),
    "unknown type": (422, "type-onbekend", lambda a, b: a.compose(b, type="nl.huurschuld.onbekend.v1")),
    "newer type": (422, "type-onbekend", lambda a, b: a.compose(b, type="nl.huurschuld.vroegsignaal.v2")),
    "not by the covenant": (403, "niet-toegestaan", lambda a, b: a.compose(b, type="nl.huurschuld.terugkoppeling.v1")),
    "unknown dossier": (422, "dossier-onbekend", lambda a, b: a.compose(b, type=WIJZIGING)),
    "too short": (422, "verlooptijd-onjuist", lambda a, b: a.compose(b, verlooptijd=later(a, days=5, seconds=-2))),
    "too long": (422, "verlooptijd-onjuist", lambda a, b: a.compose(b, verlooptijd=later(a, days=30, seconds=2))),
    "over already": (422, "verlooptijd-onjuist", lambda a, b: a.compose(b, verlooptijd=later(a, days=-1))),
    "another payload": (422, "verzegeling-onjuist", lambda a, b: a.compose(b) | {"lading": "eyJ.verwisseld"[:13]}),
    "a shorter payload": (422, "verzegeling-onjuist", lambda a, b: a.compose(b) | {"lading": "eyJ.verzegel"}),
    "no payload": (422, "verzegeling-onjuist", lambda a, b: a.compose(b) | {"lading": ""}),
    "a payload beyond ASCII": (422, "verzegeling-onjuist", lambda a, b: a.compose(b) | {"lading": "eyJ.verzegelé"}),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_known_senders_message_is_refused_on_the_record(
    exchange: House, sender: Party, recipient: Party, name: str
) -> None:
    """The refusal is a receipt and one entry, repeated alike, and the next message has the next number."""
    status, code, make = REFUSED[name]
    message = make(sender, recipient)
    async with unmoved(exchange, logged=1):
        told = problem(await sender.post("/v1/berichten", message), status, code)
        assert problem(await sender.post("/v1/berichten", message), status, code) == told
    receipt = read(told.ontvangstbewijs or "")
    entry = (await exchange.entries())[-1]
    sent = envelope_of(message)
    for facts in (receipt, entry):
        assert (facts["soort"], facts["code"], facts["id"]) == ("afgewezen", code, sent.id)
        assert facts["digest"] == signing.digest(message["envelop"])
    sender.take(message)
    after = sender.message(recipient) if sent.ontvanger == recipient.mailbox else None
    if after is not None:
        assert (await sender.post("/v1/berichten", after)).status == 202


async def test_another_digest_under_a_used_id(exchange: House, sender: Party, recipient: Party) -> None:
    """A repeated id with another digest is a conflict, on the record, and the number that it used is spent."""
    first = sender.message(recipient)
    assert (await sender.post("/v1/berichten", first)).status == 202
    second = sender.message(recipient, id=envelope_of(first).id)
    async with unmoved(exchange, logged=1):
        assert problem(await sender.post("/v1/berichten", second), 409, "id-bestaat").ontvangstbewijs
    assert (await sender.post("/v1/berichten", sender.message(recipient))).status == 202


async def test_a_used_number_and_a_number_too_far(exchange: House, sender: Party, recipient: Party) -> None:
    """A number that is spent is refused on the record; one that is too far records nothing."""
    assert (await sender.post("/v1/berichten", sender.message(recipient))).status == 202
    async with unmoved(exchange, logged=1):
        used = sender.compose(recipient, volgnummer=1)
        assert problem(await sender.post("/v1/berichten", used), 409, "volgnummer-onjuist").ontvangstbewijs
    async with unmoved(exchange):
        far = sender.compose(recipient, volgnummer=3)
        assert not problem(await sender.post("/v1/berichten", far), 409, "volgnummer-ontbreekt").ontvangstbewijs
    assert (await sender.post("/v1/berichten", sender.message(recipient))).status == 202


def header(message: Message, key: PrivateSigningKey, **members: Any) -> Message:
    """Sign the same payload under another header."""
    head = {"alg": "ES256", "kid": key.kid, "typ": signing.ENVELOPE_TYP} | members
    rest = {name: value for name, value in head.items() if value is not None}
    data = f"{encode(json.dumps(rest).encode())}.{message['envelop'].split('.')[1]}"
    return message | {"envelop": f"{data}.{encode(key.sign(data.encode()))}"}


def payload(a: Party, text: bytes) -> Message:
    """Sign a payload that is no envelope."""
    return {"envelop": signing.sign(text, a.signing, signing.ENVELOPE_TYP), "lading": "x"}


def altered(a: Party, b: Party, old: str, new: str) -> Message:
    """Sign an envelope whose text was changed."""
    text = json.dumps(a.attributes(b, "x"))
    assert old in text
    return payload(a, text.replace(old, new, 1).encode())


def parts(message: Message, change: Callable[[list[str]], None]) -> Message:
    """Change the three parts of the JWS."""
    found = message["envelop"].split(".")
    change(found)
    return message | {"envelop": ".".join(found)}


def loose_end(text: str) -> str:
    """Give the other spelling of the same bytes: the bits after the last one set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) | 1]


def put(index: int, change: Callable[[str], str]) -> Callable[[list[str]], None]:
    def work(found: list[str]) -> None:
        found[index] = change(found[index])

    return work


def signature_of(message: Message, spell: Callable[[bytes], str]) -> Message:
    return parts(message, put(2, lambda text: spell(base64.urlsafe_b64decode(text + "=="))))


OTHER = PrivateSigningKey.generate()
HEADS = {
    "zip": "DEF", "jku": "https://example.org/k", "jwk": OTHER.public.jwk(), "x5u": "https://example.org/c",
    "x5c": ["MII"], "crit": ["exp"], "b64": False, "cty": "json", "iss": "x",
}  # fmt: skip

UNPROVED = (401, "handtekening-ongeldig")
MALFORMED = (400, "ongeldige-invoer")

NOISE: dict[str, tuple[int, str, Maker]] = {
    "unsigned": (*UNPROVED, lambda a, b: parts(a.compose(b), put(2, lambda _: ""))),
    "two parts": (*UNPROVED, lambda a, b: a.compose(b) | {"envelop": "YQ.YQ"}),
    "no JWS": (*UNPROVED, lambda a, b: a.compose(b) | {"envelop": json.dumps(a.attributes(b, "x"))}),
    "nothing": (*UNPROVED, lambda a, b: a.compose(b) | {"envelop": ""}),
    "signed by another key": (*UNPROVED, lambda a, b: header(a.compose(b), OTHER, kid=a.signing.kid)),
    "an unknown key": (401, "sleutel-onbekend", lambda a, b: header(a.compose(b), OTHER)),
    "the recipient's key": (401, "sleutel-onbekend", lambda a, b: header(a.compose(b), b.signing)),
    "signature zero": (*UNPROVED, lambda a, b: parts(a.compose(b), put(2, lambda _: encode(bytes(64))))),
    "signature in DER": (*UNPROVED, lambda a, b: signature_of(a.compose(b), lambda s: encode(s + b"\0"))),
    "another payload": (
        *UNPROVED,
        lambda a, b: parts(a.compose(b), put(1, lambda _: a.compose(b)["envelop"].split(".")[1])),
    ),
    "another source": (403, "afzender-onjuist", lambda a, b: a.compose(b, source=b.mailbox, ontvanger=a.mailbox)),
    "padding": (*UNPROVED, lambda a, b: parts(a.compose(b), put(2, lambda t: t + "=="))),
    "newline": (*UNPROVED, lambda a, b: parts(a.compose(b), put(2, lambda t: t[:9] + "\n" + t[9:]))),
    "blank": (*UNPROVED, lambda a, b: parts(a.compose(b), put(2, lambda t: t + " "))),
    "loose bits": (*UNPROVED, lambda a, b: parts(a.compose(b), put(2, loose_end))),
    "plain base64": (
        *UNPROVED,
        lambda a, b: signature_of(a.compose(b), lambda s: base64.b64encode(b"\xff\xef" + s[2:]).decode().rstrip("=")),
    ),
    "not JSON": (*MALFORMED, lambda a, _: payload(a, b"geen JSON")),
    "not UTF-8": (*MALFORMED, lambda a, _: payload(a, b'{"id":"\xff"}')),
    "an array": (*MALFORMED, lambda a, _: payload(a, b"[]")),
    "deep": (*MALFORMED, lambda a, _: payload(a, b'{"id":' + b"[" * 2000 + b"]" * 2000 + b"}")),
    "a key twice": (*MALFORMED, lambda a, b: altered(a, b, '{"specversion"', '{"reeks":"x","specversion"')),
    "NaN": (*MALFORMED, lambda a, b: altered(a, b, '"volgnummer": 1', '"volgnummer": NaN')),
    "a number as text": (*MALFORMED, lambda a, b: altered(a, b, '"volgnummer": 1', '"volgnummer": "1"')),
    "number zero": (*MALFORMED, lambda a, b: altered(a, b, '"volgnummer": 1', '"volgnummer": 0')),
    "an unknown member": (*MALFORMED, lambda a, b: altered(a, b, '{"spec', '{"subject":"huurder","spec')),
    "no dossier": (*MALFORMED, lambda a, b: a.compose(b, dossier=None)),
    "to itself": (*MALFORMED, lambda a, b: a.compose(b, ontvanger=a.mailbox)),
    "an id of version 4": (*MALFORMED, lambda a, b: a.compose(b, id="019a9f3e-7c00-4abc-8def-000000000001")),
    "an OIN that is none": (*MALFORMED, lambda a, b: a.compose(b, source="urn:nld:oin:1:systeem:x")),
    "omvang beyond all": (*MALFORMED, lambda a, b: altered(a, b, '"omvang": 1', f'"omvang": {MAX_LADING + 1}')),
    "large envelop": (413, "te-groot", lambda a, b: a.compose(b) | {"envelop": "x" * (MAX_ENVELOP + 1)}),
    "large lading": (413, "te-groot", lambda a, b: a.compose(b) | {"lading": "x" * (MAX_LADING + 1)}),
    "receipt for an envelope": (
        400,
        "kop-onbekend",
        lambda a, b: a.compose(b) | {"envelop": signing.sign(b"{}", a.signing, signing.ONTVANGEN_TYP)},
    ),
    "no kid": (400, "kop-onbekend", lambda a, b: header(a.compose(b), a.signing, kid=None)),
    "kid as a path": (400, "kop-onbekend", lambda a, b: header(a.compose(b), a.signing, kid="../../sleutels")),
    **{
        f"alg {alg}": (400, "algoritme-onbekend", lambda a, b, alg=alg: header(a.compose(b), a.signing, alg=alg))  # type: ignore[misc]
        for alg in ("none", "None", "HS256", "RS256", "ES384", "EdDSA", "es256", "")
    },
    **{
        f"header {name}": (400, "kop-onbekend", lambda a, b, n=name: header(a.compose(b), a.signing, **{n: HEADS[n]}))  # type: ignore[misc]
        for name in HEADS
    },
}  # fmt: skip


@pytest.mark.parametrize("name", NOISE)
async def test_what_proves_no_sender_is_counted_and_nothing_more(
    exchange: House, sender: Party, recipient: Party, name: str
) -> None:
    """Noise gets a problem without a receipt; nothing is stored or logged, and no number is spent."""
    status, code, make = NOISE[name]
    message = make(sender, recipient)
    async with unmoved(exchange):
        assert not problem(await sender.post("/v1/berichten", message), status, code).ontvangstbewijs
        (outcome,) = (await sender.post("/v1/berichten", [message])).json["uitkomsten"]
        assert outcome["probleem"]["code"] == code
    assert (await sender.post("/v1/berichten", sender.message(recipient))).status == 202


NOT_ACCEPTED: dict[str, tuple[int, str, bytes]] = {
    "empty": (400, "geen-json", b""),
    "not JSON": (400, "geen-json", b"<bericht/>"),
    "not UTF-8": (400, "geen-json", b'{"envelop":"\xff"}'),
    "deep": (400, "geen-json", b"[" * 100_000 + b"]" * 100_000),
    "a little deep": (400, "geen-json", b"[" * 40 + b"]" * 40),
    "a key twice": (400, "geen-json", b'{"envelop":"a","envelop":"b","lading":"c"}'),
    "NaN": (400, "geen-json", b'{"envelop":NaN,"lading":"c"}'),
    "Infinity": (400, "geen-json", b'{"envelop":Infinity,"lading":"c"}'),
    "a lone surrogate": (400, "geen-json", b'{"envelop":"\\ud800","lading":"c"}'),
    "more after it": (400, "geen-json", b'{"envelop":"a","lading":"c"} {}'),
    "a number too long": (400, "geen-json", b"1" * 10_000),
    "null": (400, "ongeldige-invoer", b"null"),
    "text": (400, "ongeldige-invoer", b'"envelop"'),
    "no lading": (400, "ongeldige-invoer", b'{"envelop":"a"}'),
    "an unknown member": (400, "ongeldige-invoer", b'{"envelop":"a","lading":"b","afzender":"c"}'),
    "a number for text": (400, "ongeldige-invoer", b'{"envelop":1,"lading":"b"}'),
    "no messages": (400, "ongeldige-invoer", b"[]"),
    "too many": (400, "ongeldige-invoer", json.dumps([{"envelop": "a", "lading": "b"}] * (MAX_BULK + 1)).encode()),
    "many faults": (400, "ongeldige-invoer", json.dumps([{"x" * 900: 1}] * MAX_BULK).encode()),
    "too large": (413, "te-groot", b" " * (16 * 2**20 + 1)),
}


@pytest.mark.parametrize("name", NOT_ACCEPTED)
async def test_a_body_that_is_no_message(exchange: House, sender: Party, name: str) -> None:
    """A body of another form is refused whole, in a problem of bounded size that repeats nothing of it."""
    status, code, body = NOT_ACCEPTED[name]
    async with unmoved(exchange):
        reply = await exchange.ask(
            "POST", "/v1/berichten", sender, body, headers={"Content-Type": "application/json"}
        )  # fmt: skip
        problem(reply, status, code)
        assert len(reply.body) < 64_000


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/x", ""]
)
async def test_another_content_type(exchange: House, sender: Party, recipient: Party, kind: str) -> None:
    """Only JSON is read, under its own name."""
    body = json.dumps(sender.compose(recipient)).encode()
    async with unmoved(exchange):
        reply = await exchange.ask("POST", "/v1/berichten", sender, body, headers={"Content-Type": kind})
        problem(reply, 415, "mediatype-onbekend")


async def test_one_bad_message_does_not_fail_its_array(exchange: House, sender: Party, recipient: Party) -> None:
    """Each message of an array has its own verdict, in order."""
    good, noise = sender.message(recipient), sender.compose(recipient) | {"envelop": "x"}
    refused, last = sender.message(recipient, type="nl.huurschuld.onbekend.v1"), sender.message(recipient)
    outcomes = (await sender.post("/v1/berichten", [good, noise, refused, last, good])).json["uitkomsten"]
    assert [list(outcome) for outcome in outcomes] == [
        ["aanvaard"], ["probleem"], ["probleem"], ["aanvaard"], ["aanvaard"],
    ]  # fmt: skip
    assert outcomes[0] == outcomes[4]
    assert await exchange.kinds() == ["aanvaard", "afgewezen", "aanvaard"]
    assert read(outcomes[2]["probleem"]["ontvangstbewijs"])["volgnummer"] == 2


async def test_another_partys_envelope_is_not_ours_to_send(exchange: House, sender: Party, recipient: Party) -> None:
    """A message that another party signed properly is refused: the certificate is not its source's."""
    other = await join(exchange, DE_SLEUTELS)
    message = sender.compose(recipient)
    async with unmoved(exchange):
        problem(await other.post("/v1/berichten", message), 403, "afzender-onjuist")
    assert (await sender.post("/v1/berichten", message)).json["aanvaard"]


async def test_problems_speak_the_readers_language(sender: Party) -> None:
    """Dutch, unless English is asked."""
    texts = []
    for language in ("nl", "en-GB,en"):
        headers = {"Accept-Language": language, "Content-Type": "application/json"}
        reply = await sender.house.ask("POST", "/v1/berichten", sender, b"x", headers=headers)
        texts.append(problem(reply, 400, "geen-json").title)
    assert len(set(texts)) == 2


def test_the_digest_of_a_message_is_that_of_its_signing_input() -> None:
    """What the tests above compare with is what the receipts name."""
    jws = signing.sign(b"{}", OTHER, signing.ENVELOPE_TYP)
    assert signing.digest(jws) == Digest.of(jws.rpartition(".")[0].encode())
