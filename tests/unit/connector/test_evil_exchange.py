"""An exchange that lies: each lie is detected, recorded with its bytes, and never acted upon."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from gateway.connector.connector import Connector
from gateway.errors import EvidenceError, RejectedError
from gateway.rules.register import key_statement
from keys import signing
from keys.encoding import decode, encode
from keys.jwk import PrivateSealingKey, PrivateSigningKey
from schemas.entries import SleutelEntry
from schemas.values import Mailbox, Oin
from tests.unit.connector.exchange import HUUR, VROEG, Exchange
from tests.unit.connector.region import Region, amounts, kinds, message, state_of


def at(path: str, change: Callable[[Any], Any]) -> Callable[[str, Any], Any]:
    """Change what the exchange answers at a path."""
    return lambda where, answer: change(copy.deepcopy(answer)) if where == path else answer


def offered(change: Callable[[list[dict[str, Any]]], Any]) -> Callable[[str, Any], Any]:
    """Change the messages that the exchange offers."""

    def alter(answer: dict[str, Any]) -> dict[str, Any]:
        change(answer["berichten"])
        return answer

    return at("/v1/postvak/_ophalen", alter)


def flip(jws: str) -> str:
    """Change one bit of a JWS payload."""
    header, payload, signature = jws.split(".")
    raw = bytearray(decode(payload))
    raw[20] ^= 1
    return f"{header}.{encode(bytes(raw))}.{signature}"


def swap(messages: list[dict[str, Any]], name: str) -> None:
    """Exchange one part of the first two messages."""
    if len(messages) > 1:
        messages[0][name], messages[1][name] = messages[1][name], messages[0][name]


CHANGES: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "envelope": lambda ms: [m.update(envelop=flip(m["envelop"])) for m in ms],
    "payload of another message": lambda ms: swap(ms, "lading"),
    "aanvaard of another message": lambda ms: swap(ms, "aanvaard"),
    "aanvaard changed": lambda ms: [m.update(aanvaard=flip(m["aanvaard"])) for m in ms],
    "payload cut short": lambda ms: [m.update(lading=m["lading"][:-4]) for m in ms],
    "no JWS at all": lambda ms: [m.update(envelop="x") for m in ms],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_changed_message(
    region: Region, corporatie: Connector, gemeente: Connector, change: Callable[[Any], Any]
) -> None:
    """A changed message is not taken in, gets no receipt, and raises an alarm; the true one is taken in later."""
    sent = corporatie.spool_messages([message(1), message(2)])
    region.exchange.mischief = offered(change)
    await region.settle(corporatie, gemeente, rounds=2)
    assert amounts(gemeente) == []
    assert set(kinds(gemeente)) == {"bericht"}
    assert [state_of(corporatie, one.id) for one in sent] == ["aanvaard", "aanvaard"]
    region.exchange.mischief = lambda _, answer: answer
    await region.settle(gemeente, corporatie)
    assert amounts(gemeente) == [1, 2]


async def test_aanvaard_by_another_key(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A receipt under a key that the register does not have is no receipt: the message stays spooled."""
    thief, sent = PrivateSigningKey.generate(), corporatie.spool_message(message())

    def forge(answer: dict[str, Any]) -> dict[str, Any]:
        for item in answer["uitkomsten"]:
            payload = signing.read(item["aanvaard"], signing.AANVAARD_TYP).payload
            item["aanvaard"] = signing.sign(payload, thief, signing.AANVAARD_TYP)
        return answer

    region.exchange.mischief = at("/v1/berichten", forge)
    await region.step(corporatie)
    assert state_of(corporatie, sent.id) == "gespoold"
    assert list(kinds(corporatie)) == ["ontvangstbewijs"]
    region.exchange.mischief = lambda _, answer: answer
    region.clock.tick(61)
    await region.settle(corporatie, gemeente)
    assert state_of(corporatie, sent.id) == "ontvangen"


async def test_receipts_in_another_order(region: Region, corporatie: Connector) -> None:
    """Receipts that belong to other messages of the batch are not booked."""
    sent = corporatie.spool_messages([message(1), message(2)])
    region.exchange.mischief = at("/v1/berichten", lambda answer: {"uitkomsten": answer["uitkomsten"][::-1]})
    await region.step(corporatie)
    assert [state_of(corporatie, one.id) for one in sent] == ["gespoold", "gespoold"]


@pytest.mark.parametrize("name", ["bewijs", "geboekt"])
async def test_changed_receipt(region: Region, corporatie: Connector, gemeente: Connector, name: str) -> None:
    """A recipient's receipt, or its booking, that was changed on the way back is kept as evidence and not believed."""
    sent = corporatie.spool_message(message())

    def alter(answer: dict[str, Any]) -> dict[str, Any]:
        for item in answer["ontvangstbewijzen"]:
            item[name] = flip(item[name])
        return answer

    region.exchange.mischief = at("/v1/postvak/_ophalen", alter)
    await region.settle(corporatie, gemeente)
    assert state_of(corporatie, sent.id) == "aanvaard"
    alarms = corporatie.overview().alarms
    assert [raised.alarm.kind for raised in alarms] == ["ontvangstbewijs"]
    assert alarms[0].alarm.material


async def test_withheld_message_is_missed(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A dropped message shows as a missing number, and what follows it in its dossier is not handed over."""
    corporatie.spool_messages([message(1), message(2), message(3)])
    region.exchange.mischief = offered(lambda ms: ms.__delitem__(slice(0, 1)) if len(ms) == 3 else None)
    await region.step(corporatie)
    region.exchange.publish()
    await gemeente.step(region.line.dial)
    missing = gemeente.overview().missing
    assert [(one.first, one.last) for one in missing] == [(1, 1)]
    assert amounts(gemeente) == []
    region.exchange.mischief = lambda _, answer: answer
    await region.settle(gemeente)
    assert amounts(gemeente) == [1, 2, 3]
    assert gemeente.overview().missing == []


async def test_replay_and_reorder(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """Messages offered twice and backwards are handed over once, in order, and get the same receipt again."""
    corporatie.spool_messages([message(n) for n in range(1, 9)])
    seen: list[dict[str, Any]] = []

    def replay(answer: dict[str, Any]) -> dict[str, Any]:
        seen.extend(answer["berichten"])
        answer["berichten"] = list(reversed(seen)) + seen
        return answer

    region.exchange.mischief = at("/v1/postvak/_ophalen", replay)
    await region.settle(corporatie, gemeente, rounds=4)
    assert amounts(gemeente) == list(range(1, 9))
    assert len(region.exchange.booked) == 8
    assert list(kinds(gemeente)) == []


async def test_key_of_a_stranger_for_a_party(region: Region, corporatie: Connector) -> None:
    """A sealing key that the party's signing key did not sign stops the replay: nothing is sealed for it."""
    thief, signer = PrivateSealingKey.generate(), PrivateSigningKey.generate()
    before = corporatie.trust.register.sealing_key(VROEG)
    plant(region.exchange, VROEG, thief, signer)
    with pytest.raises(EvidenceError):
        await corporatie.step(region.line.dial)
    assert corporatie.reload().register.sealing_key(VROEG) == before
    assert [raised.alarm.grave for raised in corporatie.overview().alarms] == [True]
    calls = len(region.exchange.calls)
    with pytest.raises(EvidenceError):
        await corporatie.step(region.line.dial)
    assert len(region.exchange.calls) == calls


def plant(exchange: Exchange, mailbox: Mailbox, key: PrivateSealingKey, signer: PrivateSigningKey) -> None:
    """Put a key into the register log that its owner never signed for."""
    jwk = key.public.jwk()
    proof = signing.sign(key_statement(exchange.state.beurs, mailbox, "verzegelen", jwk), signer, signing.KEY_TYP)
    facts = {"postvak": mailbox, "gebruik": "verzegelen", "kid": key.kid, "jwk": jwk, "bewijs": proof}
    exchange.register.published = exchange.register.add(exchange.salted(SleutelEntry, **facts)) + 1


async def test_register_rewritten(region: Region, corporatie: Connector) -> None:
    """A register log that is not a continuation of the one replayed is refused, whole."""
    other = Exchange(region.clock)
    other.key, other.register.signer = region.exchange.key, region.exchange.register.signer
    region.exchange.register, region.exchange.state = other.register, other.state
    with pytest.raises(EvidenceError):
        await corporatie.step(region.line.dial)


async def test_split_view(region: Region, corporatie: Connector) -> None:
    """A checkpoint of another history, larger or as large, contradicts the one kept: a grave alarm."""
    corporatie.spool_messages([message(n) for n in range(5)])
    await region.settle(corporatie, rounds=2)
    region.exchange.verkeer.bodies[2] = b"another history"
    region.exchange.verkeer.add(b"and more of it")
    with pytest.raises(EvidenceError, match="contradict"):
        await region.step(corporatie)
    assert [raised.alarm.grave for raised in corporatie.overview().alarms] == [True]


async def test_rolled_back_log(region: Region, corporatie: Connector) -> None:
    """An older checkpoint of the same history is no progress and no lie; of another history it is."""
    corporatie.spool_messages([message(n) for n in range(5)])
    await region.settle(corporatie, rounds=2)
    older = region.exchange.verkeer.checkpoint(3)
    region.exchange.mischief = at("/log/verkeer/checkpoint", lambda _: older)
    await corporatie.step(region.line.dial)
    region.exchange.verkeer.bodies[0] = b"another history"
    forked = region.exchange.verkeer.checkpoint(3)
    region.exchange.mischief = at("/log/verkeer/checkpoint", lambda _: forked)
    with pytest.raises(EvidenceError):
        await corporatie.step(region.line.dial)


async def test_leaf_that_is_not_there(region: Region, corporatie: Connector) -> None:
    """A promised leaf that the signed log does not hold at its index convicts the exchange."""
    corporatie.spool_message(message())
    await corporatie.step(region.line.dial)
    region.exchange.verkeer.bodies[0] = b"something else"
    with pytest.raises(EvidenceError, match="leaf promised"):
        await region.step(corporatie)


async def test_promise_not_kept_in_time(region: Region, corporatie: Connector) -> None:
    """A promise that no checkpoint covers after 60 seconds is an alarm, once a second look agrees."""
    corporatie.spool_message(message())
    await corporatie.step(region.line.dial)
    for seconds in (61, 10):
        region.clock.tick(seconds)
        await corporatie.step(region.line.dial)
    region.clock.tick(10)
    with pytest.raises(EvidenceError, match="no checkpoint covers"):
        await corporatie.step(region.line.dial)


async def test_seals_only_for_confirmed(bare: Region) -> None:
    """Nothing is sealed for a mailbox whose fingerprint nobody compared, nor for one that is not in the register."""
    corporatie = bare.open(Oin("00000099000000001000"))
    await bare.step(corporatie)
    with pytest.raises(RejectedError) as refusal:
        corporatie.spool_message(message())
    assert refusal.value.code == "sleutel-onbekend"
    with pytest.raises(RejectedError):
        corporatie.confirm(VROEG, "0000 0000")
    with pytest.raises(RejectedError):
        corporatie.confirm(Mailbox.of(Oin("00000099000000999000"), "x"), "0000")
    assert corporatie.overview().outgoing == {}


async def test_sealed_for_another(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A message that the recipient cannot open is refused with its own signed receipt that says why."""
    stranger = PrivateSealingKey.generate()
    own = corporatie.keys[HUUR].signing
    jwk = stranger.public.jwk()
    vroeg = gemeente.keys[VROEG].signing
    proof = signing.sign(key_statement(region.exchange.state.beurs, VROEG, "verzegelen", jwk), vroeg, signing.KEY_TYP)
    facts = {"postvak": VROEG, "gebruik": "verzegelen", "kid": stranger.kid, "jwk": jwk, "bewijs": proof}
    region.exchange.note(SleutelEntry, **facts)
    await region.step(corporatie)
    sent = corporatie.spool_message(message())
    await region.settle(corporatie, gemeente)
    standing = corporatie.status(sent.id)
    assert standing is not None
    assert (standing.stand, standing.code) == ("geweigerd", "niet-voor-ons-verzegeld")
    assert amounts(gemeente) == []
    assert own.kid != vroeg.kid
