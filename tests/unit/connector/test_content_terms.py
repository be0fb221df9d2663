"""Terms that rest on content: begun and met by what is accepted, told to a person once a level, at both ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.connector import agent, contents
from gateway.connector.connector import Connector
from schemas.values import MessageId, Oin
from tests.unit.connector.exchange import CORPORATIE, GEMEENTE, HUUR, VROEG
from tests.unit.connector.region import BERICHT, kinds
from tests.unit.connector.story import SHV, Story

DAY = 86_400


def owed(connector: Connector) -> list[tuple[str, Oin, bool, bool]]:
    return [(one.code, one.debtor, one.met is not None, one.late) for one in connector.obligations()]


async def test_begun_and_met(story: Story) -> None:
    """A signal obliges the municipality to a talk and an end result, as both see it; the end result meets them."""
    signal = story.spool(story.corporatie, "vroegsignaal", VROEG, BERICHT)
    assert owed(story.corporatie) == []  # nothing is accepted yet
    await story.settle()
    begun = [("eerste-gesprek", GEMEENTE, False, False), ("eindresultaat", GEMEENTE, False, False)]
    assert owed(story.corporatie) == owed(story.gemeente) == begun
    await story.feedback(signal.id, status="Opgepakt")
    assert owed(story.gemeente) == begun
    ended = await story.feedback(signal.id, status="Afgerond", resultaat="GEEN_CONTACT")
    for connector in (story.corporatie, story.gemeente):
        assert {one.met for one in connector.obligations()} == {ended}
        assert not any(one.late for one in connector.obligations())
    assert owed(story.hulp) == []


async def test_crisis_is_due_in_three_working_days(story: Story) -> None:
    """A crisis signal has the short term (Wgs art. 4, second paragraph); open terms come before those met."""
    await story.signal(crisissignaal=True)
    first, second = story.corporatie.obligations()
    assert (first.code, second.code) == ("eerste-gesprek-crisis", "eindresultaat")
    assert (first.due.date().isoformat(), first.due.hour) == ("2026-11-25", 23)  # Sunday the 22nd plus three days


async def test_each_level_is_told_once(story: Story) -> None:
    """One warning and one alarm a level, over restarts and whatever a person settled; meeting it settles the alarm."""
    signal = await story.signal(crisissignaal=True)
    with capture_logs() as logged:
        for _ in range(12):
            story.region.clock.tick(DAY)
            story.corporatie = story.region.reopen(story.corporatie)
            await story.settle(1)
            for raised in story.corporatie.overview().alarms:
                story.corporatie.settle_alarm(raised.place)
    told = [(e["termijn"], e["trede"]) for e in logged if e["event"] == "a term is over"]
    assert sorted(told) == [("eerste-gesprek-crisis", 1)] * 2 + [("eerste-gesprek-crisis", 2)] * 2  # at both ends
    assert BERICHT["huurder"]["achternaam"] not in str(logged)
    assert list(kinds(story.corporatie)) == []
    assert list(kinds(story.gemeente)) == ["termijn"]
    assert [one.late for one in story.gemeente.obligations()] == [True, False]
    await story.feedback(signal, status="Opgepakt")
    await story.feedback(signal, status="Afgerond", resultaat="GEEN_CONTACT")
    assert list(kinds(story.gemeente)) == []
    assert {one.code: one.late for one in story.gemeente.obligations()} == {
        "eerste-gesprek-crisis": True,
        "eindresultaat": False,
    }


async def test_connector_that_was_off_catches_up_first(story: Story) -> None:
    """Feedback that came while this connector was off meets the term before anybody is told that it is over."""
    signal = await story.signal(crisissignaal=True)
    story.spool(story.gemeente, "terugkoppeling", HUUR, story.told(signal, status="Opgepakt"), signal)
    told = story.told(signal, status="Afgerond", resultaat="GEEN_CONTACT")
    story.spool(story.gemeente, "terugkoppeling", HUUR, told, signal)
    await story.region.step(story.gemeente)
    story.region.clock.tick(5 * DAY)
    with capture_logs() as logged:
        await story.settle()
    assert [e for e in logged if e["event"] == "a term is over"] == []


async def test_refused_answer_reopens(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """An end result that the corporation refuses does not meet the term, at either end."""
    signal = await story.signal()
    await story.feedback(signal, status="Opgepakt")
    told = story.told(MessageId("019a9f3e-7c00-7abc-8def-0123456789ab"), status="Afgerond", resultaat="GEEN_CONTACT")
    with monkeypatch.context() as patched:
        patched.setattr(contents, "objections", lambda *_, **__: [])
        story.spool(story.gemeente, "terugkoppeling", HUUR, told, signal)
    await story.region.step(story.gemeente)
    assert all(one.met for one in story.gemeente.obligations())
    await story.settle()
    for connector in (story.corporatie, story.gemeente):
        assert not any(one.met for one in connector.obligations())


async def test_undelivered_message_obliges_nobody(story: Story) -> None:
    """A signal that never reached the municipality begins nothing that anybody is told of."""
    sent = story.spool(story.corporatie, "vroegsignaal", VROEG, BERICHT)
    await story.region.step(story.corporatie)
    assert len(story.corporatie.obligations()) == 2
    story.region.exchange.expire(HUUR, sent.id)
    await story.settle()
    assert owed(story.corporatie) == []


async def test_each_sees_its_own(story: Story) -> None:
    """Debt help owes the municipality progress; the corporation never learns of it."""
    await story.help_accepted()
    await story.referred()
    progress = ("voortgang-traject", SHV, False, False)
    assert progress in owed(story.gemeente)
    assert owed(story.hulp) == [progress]
    assert {debtor for _, debtor, _, _ in owed(story.corporatie)} <= {GEMEENTE, CORPORATIE}
    only: list[Any] = story.gemeente.obligations()
    assert only == story.gemeente.obligations(only[0].dossier)


async def test_running_connector_tells(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop sweeps as well, once its mailboxes were found empty."""
    await story.signal(crisissignaal=True)
    story.region.clock.tick(4 * DAY)
    monkeypatch.setattr(agent, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(agent, "IDLE_SECONDS", 0.01)
    stop = asyncio.Event()
    with capture_logs() as logged:
        running = asyncio.create_task(story.gemeente.run(stop, story.region.line.dial))
        async with asyncio.timeout(20):
            while "termijn" not in kinds(story.gemeente):
                await asyncio.sleep(0.01)
        stop.set()
        await running
    assert [e["trede"] for e in logged if e["event"] == "a term is over"] == [1]
