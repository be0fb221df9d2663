"""A recipient holds what it opens to the covenant too: a sender that goes around its own connector gains nothing."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.connector import contents
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.errors import UnavailableError
from keys import signing
from schemas.receipts import Geweigerd, ReceiptKind
from tests.unit.connector.exchange import HUUR, VROEG, Exchange, typ_of
from tests.unit.connector.region import BERICHT, DOSSIER, Region, amounts, kinds, message, state_of
from tests.unit.connector.story import Story

NOWHERE = "019a9f3e-7c00-7abc-8def-0123456789ab"


async def bypass(story: Story, monkeypatch: pytest.MonkeyPatch, signal: Any) -> Any:
    """Let the municipality send feedback on a signal that does not exist, past its own connector's checks."""
    with monkeypatch.context() as patched:
        patched.setattr(contents, "objections", lambda *_, **__: [])
        told = story.told(NOWHERE, status="Opgepakt")  # type: ignore[arg-type]
        sent = story.spool(story.gemeente, "terugkoppeling", HUUR, told, signal)
    await story.settle()
    return sent


async def test_recipient_refuses_with_the_code_only(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The receipt says *niet-volgens-convenant* and not which rule; the people of the recipient are told which."""
    signal = await story.signal()
    sent = await bypass(story, monkeypatch, signal)
    standing = story.gemeente.status(sent.id)
    assert standing is not None
    assert (standing.stand, standing.code) == ("geweigerd", "niet-volgens-convenant")
    receipts = [one for one in standing.proofs if typ_of(one) == "geweigerd+jws"]
    (said,) = [Geweigerd.parse(signing.read(one, ReceiptKind.GEWEIGERD.typ).payload) for one in receipts]
    assert said.model_dump(exclude_none=True).keys() == {
        *("soort", "id", "source", "ontvanger", "digest", "blad", "code", "tijd")
    }
    (raised,) = story.corporatie.overview().alarms
    assert (raised.alarm.kind, raised.alarm.grave) == ("niet-volgens-convenant", False)
    assert raised.alarm.subject == f"{sent.id} verwijst-naar-onbekend"
    assert raised.alarm.detail == "nl.huurschuld.terugkoppeling.v1 #/signaalId"
    assert story.corporatie.inbox() == []


async def test_refused_message_has_no_effect(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was refused counts at neither end: the right answer goes through after it, and both agree."""
    signal = await story.signal()
    await bypass(story, monkeypatch, signal)
    assert await story.feedback(signal, status="Opgepakt")
    for connector in (story.corporatie, story.gemeente):
        assert connector.position(DOSSIER).stand["hulp"] == "CONTACT_LOOPT"  # type: ignore[index]
    assert [got.envelope.type for got in story.corporatie.inbox()] == ["nl.huurschuld.terugkoppeling.v1"]


async def test_messages_are_judged_in_the_order_of_the_log(
    region: Region, corporatie: Connector, gemeente: Connector
) -> None:
    """An exchange that hands out a change before its signal does not get the change refused."""
    signal = corporatie.spool_message(message(1))
    bericht = {"signaalId": signal.id, "reden": "BEDRAG_GEWIJZIGD", "achterstand": message(2).bericht["achterstand"]}
    corporatie.spool_message(NewMessage("nl.huurschuld.wijziging.v1", VROEG, bericht, DOSSIER))
    await region.step(corporatie)
    region.exchange.mischief = backwards
    await region.settle(gemeente, corporatie, rounds=2)
    assert amounts(gemeente) == [1, 2]
    assert corporatie.overview().outgoing == {"ontvangen": 2}


async def test_change_without_its_signal_waits(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """While the signal is withheld the change is not refused; when the signal comes both are received, in order."""
    signal = corporatie.spool_message(message(1))
    bericht = {"signaalId": signal.id, "reden": "BEDRAG_GEWIJZIGD", "achterstand": message(2).bericht["achterstand"]}
    corporatie.spool_message(NewMessage("nl.huurschuld.wijziging.v1", VROEG, bericht, DOSSIER))
    await region.step(corporatie)
    region.exchange.mischief = only_the_last
    await region.settle(gemeente, corporatie, rounds=2)
    assert gemeente.overview().incoming == {}
    region.exchange.mischief = lambda _, answer: answer
    await region.settle(gemeente, corporatie, rounds=2)
    assert amounts(gemeente) == [1, 2]
    assert corporatie.overview().outgoing == {"ontvangen": 2}
    assert list(kinds(gemeente)) == []


def only_the_last(path: str, answer: Any) -> Any:
    if path == "/v1/postvak/_ophalen":
        del answer["berichten"][:-1]
    return answer


async def test_answer_to_what_we_do_not_know_is_accepted(story: Story) -> None:
    """Feedback that comes before the exchange's answer to our own signal waits for that, and is not refused."""
    signal = story.spool(story.corporatie, "vroegsignaal", VROEG, BERICHT)
    story.region.line.cut = lose_answers
    with pytest.raises(UnavailableError):
        await story.region.step(story.corporatie)
    story.region.line.cut = lambda *_: None
    await story.region.step(story.gemeente)
    told = story.told(signal.id, status="Opgepakt")
    answer = story.spool(story.gemeente, "terugkoppeling", HUUR, told, signal.id)
    await story.region.step(story.gemeente)
    agent = story.corporatie.agent(story.region.line)
    await agent.collecting[0]()  # the loop that collects does not wait for the one that sends
    assert story.corporatie.overview().incoming == {}
    await story.settle()
    assert state_of(story.gemeente, answer.id) == "ontvangen"
    assert list(kinds(story.corporatie)) == []


def lose_answers(when: str, path: str) -> None:
    if (when, path) == ("after", "/v1/berichten"):
        raise UnavailableError("cut")


def backwards(path: str, answer: Any) -> Any:
    if path == "/v1/postvak/_ophalen":
        answer["berichten"].reverse()
    return answer


async def test_caution_is_an_alarm_that_stops_nothing(story: Story) -> None:
    """The recipient's people are warned as well, by the code; the message is received and work goes on."""
    signal = await story.signal()
    bericht = {
        "fase": "VOORNEMEN_DAGVAARDING",
        "fasedatum": story.day(),
        "signaalIds": [signal],
        "achterstand": BERICHT["achterstand"],
    }
    sent = await story.send(story.corporatie, "dreigende-ontruiming", VROEG, bericht)
    (raised,) = story.gemeente.overview().alarms
    assert (raised.alarm.kind, raised.alarm.subject) == ("waarschuwing", f"{sent} dagvaarding-te-vroeg")
    assert not raised.alarm.grave
    assert state_of(story.corporatie, sent) == "ontvangen"


async def test_restored_party_refuses_nothing_it_took_in_before(
    region: Region, corporatie: Connector, gemeente: Connector
) -> None:
    """A corporation that lost its own signal with its spool collects the feedback again and does not refuse it."""
    corporatie.spool.wipe()  # so that the file alone is a whole backup
    copy = corporatie.directory.spool_file.read_bytes()
    story = Story(region, corporatie, gemeente, gemeente)
    sent = corporatie.spool_message(message())
    await region.settle(corporatie, gemeente)
    gemeente.spool_message(feedback(story, sent.id))
    await region.settle(corporatie, gemeente)
    assert len(corporatie.inbox()) == 1
    corporatie.close()
    region.open_now.remove(corporatie)
    for path in corporatie.directory.root.glob("*.db*"):
        path.unlink()
    corporatie.directory.spool_file.write_bytes(copy)
    corporatie = region.open(corporatie.settings.oin)
    corporatie.after_restore()
    await region.step(corporatie)
    offer_again(region.exchange)
    await corporatie.collect_again(0, region.line.dial)
    assert len(corporatie.inbox()) == 1
    assert list(kinds(corporatie)) == ["eigen-deel-ontbreekt"]


def feedback(story: Story, signal: Any) -> Any:
    told = story.told(signal, status="Opgepakt")
    return NewMessage("nl.huurschuld.terugkoppeling.v1", HUUR, told, DOSSIER, signal)


def offer_again(exchange: Exchange) -> None:
    for carried in exchange.carried.values():
        carried.done = False
