"""Nobody is refused for what is under way, or for what only we lost; and nothing waits unseen, or for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gateway.connector import contents, outbox, receiving
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from schemas.values import Digest, MessageId
from tests.unit.connector.exchange import HUUR, VROEG
from tests.unit.connector.region import BERICHT, DOSSIER, Region, amounts, kinds, message, state_of
from tests.unit.connector.story import BSN, HULP, Story, code
from tests.unit.connector.test_covenant_receiving import NOWHERE, feedback, offer_again
from tests.unit.connector.test_lasting import pass_time

WEEKEND = 3 * 86_400
"""Longer than a working day, whatever the day."""


def only(*places: int) -> Callable[[str, Any], Any]:
    """Offer the messages at these places alone: the others are lent to a round trip whose answer was lost."""

    def cut(path: str, answer: Any) -> Any:
        if path == "/v1/postvak/_ophalen":
            answer["berichten"][:] = [one for at, one in enumerate(answer["berichten"]) if at in places]
        return answer

    return cut


def free(_: str, answer: Any) -> Any:
    return answer


def change(signal: MessageId, bedrag: int) -> NewMessage:
    told = {"signaalId": signal, "reden": "BEDRAG_GEWIJZIGD", "achterstand": message(bedrag).bericht["achterstand"]}
    return NewMessage(code("wijziging"), VROEG, told, DOSSIER)


async def test_grandparent_under_way(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A change is not refused while its signal is under way, although the message right before it came."""
    signal = corporatie.spool_message(message(1))
    corporatie.spool_message(message(2))
    last = corporatie.spool_message(change(signal.id, 3))
    await region.step(corporatie)
    region.exchange.mischief = only(1, 2)
    await region.settle(gemeente, corporatie, rounds=2)
    region.exchange.mischief = free
    await region.settle(gemeente, corporatie, rounds=4)
    assert state_of(corporatie, last.id) == "ontvangen"
    assert amounts(gemeente) == [1, 2, 3]
    assert list(kinds(gemeente)) == []


async def test_grandparent_under_way_behind_a_refusal(
    region: Region, corporatie: Connector, gemeente: Connector
) -> None:
    """A message that the exchange refused names nothing before it; the numbers tell that more is to come."""
    signal = corporatie.spool_message(message(1))
    await region.step(corporatie)
    region.exchange.refuse_next = 1
    corporatie.spool_message(message(2))
    await region.step(corporatie)
    last = corporatie.spool_message(change(signal.id, 3))
    await region.step(corporatie)
    region.exchange.mischief = only(1)
    await region.settle(gemeente, corporatie, rounds=2)
    region.exchange.mischief = free
    await region.settle(gemeente, corporatie, rounds=4)
    assert state_of(corporatie, last.id) == "ontvangen"


async def test_message_to_a_third_party_holds_up_nothing(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A municipality judges a corporation's message although its own referral to debt help did not go yet."""
    await story.help_accepted()
    tenant = {"referentieCorporatie": "H-2026-00123", "achternaam": "Voorbeeld", "bsn": BSN}
    asked = {"huurder": tenant, "doel": "SCHULDHULP", "urgentie": "NORMAAL", "toestemming": "JA"}
    story.spool(story.gemeente, "verwijzing", HULP, asked)
    story.region.exchange.mischief = lambda path, answer: (
        {"uitkomsten": [{"probleem": {"code": "te-vroeg", "status": 409}}]} if path == "/v1/berichten" else answer
    )
    await story.region.step(story.gemeente)
    story.region.exchange.mischief = free
    sent = bogus(story, monkeypatch)
    await story.region.step(story.corporatie)
    await story.gemeente.agent(story.region.line).collecting[0]()
    assert story.gemeente.overview().outgoing["gespoold"] == 1
    standing = story.gemeente.status(sent)
    assert standing is not None
    assert standing.stand == "geweigerd"


def bogus(story: Story, monkeypatch: pytest.MonkeyPatch, vorige: Digest | None = None) -> MessageId:
    """Let the corporation send a change of a signal that never was, past its own connector's checks."""
    real = outbox.take_place
    with monkeypatch.context() as patched:
        patched.setattr(contents, "objections", lambda *_, **__: [])
        if vorige is not None:
            patched.setattr(outbox, "take_place", lambda *a: replace(real(*a), vorige=vorige))
        told = {"signaalId": NOWHERE, "reden": "BETAALD"}
        return story.spool(story.corporatie, "wijziging", VROEG, told).id


async def test_invented_vorige_is_seen_and_judged(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who names a ``vorige`` that never was waits in sight of people, and is judged when a working day is over."""
    await story.signal()
    sent = bogus(story, monkeypatch, Digest.of(b"never"))
    await story.settle()
    assert state_of(story.corporatie, sent) == "aanvaard"
    assert story.gemeente.overview().waiting == 1
    await pass_time(story.region, story.gemeente, 2)
    assert [(r.alarm.kind, r.alarm.subject) for r in story.gemeente.overview().alarms] == [("wacht-op-vorige", sent)]
    story.region.clock.tick(WEEKEND)
    await story.settle()
    assert state_of(story.corporatie, sent) == "geweigerd"
    assert story.gemeente.overview().waiting == 0
    assert [kind for kind in kinds(story.gemeente) if kind != "termijn"] == ["niet-volgens-convenant"]


def restore(region: Region, connector: Connector, copy: bytes) -> Connector:
    """Put an old copy of a spool back, and take up work with it."""
    connector.close()
    region.open_now.remove(connector)
    for path in connector.directory.root.glob("*.db*"):
        path.unlink()
    connector.directory.spool_file.write_bytes(copy)
    again = region.open(connector.settings.oin)
    again.after_restore()
    return again


async def test_answer_after_a_restore(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A new answer to a signal that was lost in a restore is received, with an alarm for the dossier; for good."""
    corporatie.spool.wipe()
    copy = corporatie.directory.spool_file.read_bytes()
    story = Story(region, corporatie, gemeente, gemeente)
    sent = corporatie.spool_message(message())
    await region.settle(corporatie, gemeente)
    corporatie = restore(region, corporatie, copy)
    await region.step(corporatie)
    offer_again(region.exchange)
    await corporatie.collect_again(0, region.line.dial)
    await region.settle(gemeente, corporatie)
    for _ in range(2):
        told = story.told(sent.id, status="Opgepakt")
        answer = gemeente.spool_message(NewMessage(code("terugkoppeling"), HUUR, told, DOSSIER, sent.id))
        await region.settle(gemeente, corporatie, rounds=3)
        assert state_of(gemeente, answer.id) == "ontvangen"
    assert [(r.alarm.kind, r.alarm.subject) for r in corporatie.overview().alarms] == [
        ("eigen-deel-ontbreekt", DOSSIER)
    ]


async def test_restore_with_more_than_a_batch(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """All that is offered again is taken in, however much: each answer to what was lost."""
    corporatie.spool.wipe()
    copy = corporatie.directory.spool_file.read_bytes()
    story = Story(region, corporatie, gemeente, gemeente)
    sent = corporatie.spool_messages([message(i, dossier=None) for i in range(5)])
    await region.settle(corporatie, gemeente)
    for one in sent:
        told = replace(feedback(story, one.id), dossier=one.envelope.dossier)
        gemeente.spool_message(told)
    await region.settle(gemeente, corporatie)
    corporatie = restore(region, corporatie, copy)
    await region.step(corporatie)
    offer_again(region.exchange)
    region.exchange.mischief = two_at_a_time
    await corporatie.collect_again(0, region.line.dial)
    await region.settle(corporatie)
    assert corporatie.overview().incoming == {"ontvangen": 5}
    assert set(kinds(corporatie)) == {"eigen-deel-ontbreekt"}


def two_at_a_time(path: str, answer: Any) -> Any:
    if path == "/v1/postvak/_ophalen":
        answer["meer"] = len(answer["berichten"]) > 2
        del answer["berichten"][2:]
    return answer


async def test_party_that_never_was_restored_is_strict(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """What refers to nothing is refused when the past was collected again and the mailbox is empty since."""
    await story.signal()
    story.gemeente.after_restore()
    offer_again(story.region.exchange)
    await story.gemeente.collect_again(0, story.region.line.dial)
    await story.settle()
    sent = bogus(story, monkeypatch)
    await story.settle()
    assert state_of(story.corporatie, sent) == "geweigerd"


async def test_what_stands_alone_is_refused_after_a_restore_too(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule for which the message itself suffices is not eased by what we lost."""
    story.gemeente.after_restore()
    with monkeypatch.context() as patched:
        patched.setattr(contents, "objections", lambda *_, **__: [])
        duty = BERICHT["incassoVerantwoording"] | {"aanbodGegevensdelingOp": story.day(5)}
        signal = await story.signal(incassoVerantwoording=duty)
    assert state_of(story.corporatie, signal) == "geweigerd"


async def test_most_messages_of_one_sender(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound a sender's messages in a dossier are refused without being judged, and people are told."""
    monkeypatch.setattr(receiving, "MOST_OF_ONE_SENDER", 2)
    sent = [await story.signal() for _ in range(3)]
    assert [state_of(story.corporatie, one) for one in sent] == ["ontvangen", "ontvangen", "geweigerd"]
    assert list(kinds(story.gemeente)) == ["te-veel-berichten"]
