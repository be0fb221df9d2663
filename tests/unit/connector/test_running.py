"""The loops: they keep on trying, notice what others spool, stop cleanly, and one party's trouble is its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw
import pytest

from gateway.connector import outbox
from gateway.connector.agent import Agent
from gateway.connector.backoff import Backoff
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.desk import Desk
from gateway.connector.directory import Directory, Settings
from gateway.connector.join import Invitation, check_authority
from gateway.connector.many import run_many
from gateway.connector.spool import SCHEMA_VERSION, Spool, SpoolError
from gateway.errors import ConfigurationError, EvidenceError, RejectedError, UnavailableError
from keys.keyring import Passphrase
from schemas.problems import Problem
from tests.unit.connector.exchange import CORPORATIE, GEMEENTE, HUUR, VROEG, Exchange, Ticking
from tests.unit.connector.region import Region, amounts, kinds, message, state_of


async def until(holds: Callable[[], bool]) -> None:
    """Wait for the loops, not for a time."""
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)


async def test_run_until_stopped(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """Both parties run; what is spooled meanwhile travels, and both stop when told to."""
    stop = asyncio.Event()
    region.exchange.mischief = lambda _, answer: region.exchange.publish() or answer
    runs = [asyncio.create_task(c.run(stop, region.line.dial)) for c in (corporatie, gemeente)]
    sent = corporatie.spool_message(message())
    await until(lambda: state_of(corporatie, sent.id) == "ontvangen")
    stop.set()
    await asyncio.gather(*runs)
    assert amounts(gemeente) == [84550]


async def test_outage_is_waited_out(region: Region, corporatie: Connector) -> None:
    """While the exchange does not answer nothing is lost, and sending goes on when it does."""
    down, stop = True, asyncio.Event()

    def cut(*_: str) -> None:
        if down:
            raise UnavailableError("down")

    region.line.cut = cut
    run = asyncio.create_task(corporatie.run(stop, region.line.dial))
    sent = corporatie.spool_message(message())
    await asyncio.sleep(0.3)
    assert state_of(corporatie, sent.id) == "gespoold"
    down = False
    await until(lambda: state_of(corporatie, sent.id) == "aanvaard")
    stop.set()
    await run


async def test_cancelled_run(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A run that is cancelled at any moment leaves a spool that another run completes."""
    corporatie.spool_messages([message(n) for n in range(10)])
    for pause in (0.0, 0.01, 0.02, 0.05):
        run = asyncio.create_task(corporatie.run(asyncio.Event(), region.line.dial))
        await asyncio.sleep(pause)
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run
    await region.settle(corporatie, gemeente)
    assert amounts(gemeente) == list(range(10))


async def test_refused_party(region: Region, corporatie: Connector) -> None:
    """A refusal of the whole party is shown, and the messages stay spooled."""
    sent, stop = corporatie.spool_message(message()), asyncio.Event()

    def cut(_: str, path: str) -> None:
        if path == "/v1/berichten":
            raise RejectedError(Problem.DEELNEMER_GESCHORST)

    region.line.cut = cut
    run = asyncio.create_task(corporatie.run(stop, region.line.dial))
    await until(lambda: "beurs" in kinds(corporatie))
    stop.set()
    await run
    assert state_of(corporatie, sent.id) == "gespoold"


async def test_alarm_ends_a_run(region: Region, corporatie: Connector) -> None:
    """Proof against the exchange ends the run; settling the alarm lets the next one begin."""
    other = Exchange(Ticking())
    region.exchange.register, kept = other.register, region.exchange.register
    with pytest.raises(EvidenceError):
        await corporatie.run(asyncio.Event(), region.line.dial)
    alarm = corporatie.overview().alarms[0]
    assert alarm.alarm.grave
    region.exchange.register = kept
    assert corporatie.settle_alarm(alarm.place)
    assert not corporatie.settle_alarm(alarm.place)
    await region.step(corporatie)


async def test_many_parties(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several directories run in one process; one that fails does not stop the others."""
    done: list[str] = []

    async def run(self: Connector, stop: asyncio.Event) -> None:
        if self.settings.oin == GEMEENTE:
            raise EvidenceError("forked")
        await stop.wait()
        done.append(self.settings.oin)

    monkeypatch.setattr(Connector, "run", run)
    stop, roots = asyncio.Event(), [region.root / CORPORATIE, region.root / GEMEENTE]
    asyncio.get_running_loop().call_later(0.05, stop.set)
    failed = await run_many(roots, stop)
    assert done == [CORPORATIE]
    assert list(failed) == [roots[1]]


async def test_fault_at_one_party(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that nobody foresaw ends the party that has it, and no other."""
    done: list[str] = []

    async def run(self: Connector, stop: asyncio.Event) -> None:
        if self.settings.oin == GEMEENTE:
            raise KeyError("mevrouw Voorbeeld")
        await stop.wait()
        done.append(self.settings.oin)

    monkeypatch.setattr(Connector, "run", run)
    stop, roots = asyncio.Event(), [region.root / CORPORATIE, region.root / GEMEENTE]
    asyncio.get_running_loop().call_later(0.05, stop.set)
    failed = await run_many(roots, stop)
    assert done == [CORPORATIE]
    assert "KeyError" in failed[roots[1]].detail
    assert "Voorbeeld" not in failed[roots[1]].detail


@pytest.mark.parametrize("fault", [KeyError("x"), ZeroDivisionError()])
async def test_fault_in_a_loop(region: Region, gemeente: Connector, fault: Exception) -> None:
    """A fault of this program in one loop is an alarm and is tried again; it does not end the run."""
    stop, failing = asyncio.Event(), True

    def cut(_: str, path: str) -> None:
        if failing and path == "/v1/postvak/_ophalen":
            raise fault

    region.line.cut = cut
    run = asyncio.create_task(gemeente.run(stop, region.line.dial))
    await until(lambda: "programmafout" in kinds(gemeente))
    failing, calls = False, len(region.exchange.calls)
    await until(lambda: any(path == "/v1/postvak/_ophalen" for path, _ in region.exchange.calls[calls:]))
    stop.set()
    await run


@pytest.mark.parametrize("path", ["/v1/postvak/_ophalen", "/v1/berichten"])
async def test_malformed_answers(region: Region, corporatie: Connector, path: str) -> None:
    """An answer with a number that fits no database, or faults that are no list, ends nothing."""
    stop = asyncio.Event()
    corporatie.spool_message(message())

    def change(where: str, answer: Any) -> Any:
        if where != path:
            return answer
        if path == "/v1/berichten":
            return {"status": 403, "code": "niet-toegestaan", "errors": 5}
        return answer | {"ontvangstbewijzen": [{"nummer": 2**70, "bewijs": "x"}]}

    region.exchange.mischief = change
    run = asyncio.create_task(corporatie.run(stop, region.line.dial))
    await until(lambda: sum(where == path for where, _ in region.exchange.calls) > 1)
    stop.set()
    await run
    assert "programmafout" not in kinds(corporatie)


async def test_full_disk(region: Region, corporatie: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the spool cannot be written nothing is lost and nothing ends; sending goes on when there is room."""
    sent, stop, full = corporatie.spool_message(message()), asyncio.Event(), 0
    whole = outbox.accept

    def accept(*args: Any) -> bool:
        nonlocal full
        full += 1
        if full < 3:
            raise apsw.FullError("database or disk is full")
        return whole(*args)

    monkeypatch.setattr(outbox, "accept", accept)
    run = asyncio.create_task(corporatie.run(stop, region.line.dial))
    await until(lambda: state_of(corporatie, sent.id) == "aanvaard")
    stop.set()
    await run
    assert list(kinds(corporatie)) == []


async def test_answer_goes_back(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """An answer takes mailbox and dossier from what it answers, and its own sender reads its copy."""
    asked = corporatie.spool_message(message())
    await region.settle(corporatie, gemeente)
    bericht: dict[str, Any] = {"signaalId": asked.id, "status": "Opgepakt", "datum": "2026-11-25"}
    bericht |= {"behandelaarContact": {"naam": "Team Vroegsignalering", "telefoon": "+31000000000"}}
    reply = NewMessage("nl.huurschuld.terugkoppeling.v1", HUUR, bericht, antwoordop=asked.id)
    answer = gemeente.spool_message(reply).envelope
    assert (answer.source, answer.dossier, answer.antwoordop) == (VROEG, asked.envelope.dossier, asked.id)
    await region.settle(gemeente, corporatie)
    assert [got.envelope.id for got in corporatie.inbox()] == [answer.id]


def test_backoff_grows_and_resets() -> None:
    """Pauses double up to the longest, at least half of each, and begin small again after an answer."""
    backoff = Backoff(lambda: 0.0, longest_seconds=2.0)
    assert [backoff.seconds() for _ in range(6)] == [0.125, 0.25, 0.5, 1.0, 1.0, 1.0]
    backoff.reset()
    assert backoff.seconds() == 0.125


async def test_desk_passes_errors_on() -> None:
    """What goes wrong at the desk goes wrong for the one who asked."""
    desk = Desk()
    with pytest.raises(ZeroDivisionError):
        await desk(lambda: 1 // 0)
    desk.close()


def test_spool_of_a_newer_version(tmp_path: Path) -> None:
    """A spool that a newer version made is left alone."""
    spool = Spool(tmp_path / "spool.db")
    with spool.record() as db:
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    spool.close()
    with pytest.raises(SpoolError):
        Spool(tmp_path / "spool.db")


@pytest.mark.parametrize(
    "text", ["", "SP1.a.b", "SP2.AAAAAAAAAAAAAAAAAAAAAA.x", "SP1.AAAAAAAAAAAAAAAAAAAAAA", "SP1.=.="]
)
def test_invitation_that_is_none(text: str) -> None:
    """An invitation that was copied in part is told apart from one that the exchange refuses."""
    with pytest.raises(ConfigurationError):
        Invitation.parse(text)


async def test_authority_in_between(region: Region) -> None:
    """An authority with another fingerprint than the invitation's is not trusted, nor is a text that is none."""
    for pem in (region.exchange.authority.certificate_pem, "no PEM"):
        with pytest.raises(ConfigurationError):
            check_authority(pem, b"\x00" * 32)


def test_directory_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory without settings, or without a secret, says what to do."""
    directory = Directory(tmp_path)
    with pytest.raises(ConfigurationError, match="join"):
        directory.settings()
    monkeypatch.delenv("SEINPOST_PASSPHRASE", raising=False)
    with pytest.raises(ConfigurationError, match="SEINPOST_PASSPHRASE"):
        directory.secret()
    monkeypatch.setenv("SEINPOST_PASSPHRASE", "drie hele woorden")
    assert directory.secret() == Passphrase("drie hele woorden")
    directory.settings_file.write_text("url = 'http://x'\n")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        directory.settings()


async def test_settings_come_back(region: Region) -> None:
    """Settings are read as they were written."""
    settings = region.directory(CORPORATIE).settings()
    assert Settings.model_validate(settings.model_dump()) == settings
    assert settings.mailboxes == [HUUR]


async def test_agent_step_is_quiet(region: Region, corporatie: Connector) -> None:
    """A round with nothing to do changes nothing."""
    agent = corporatie.agent(region.line)
    assert isinstance(agent, Agent)
    assert not (await agent.step()).anything
