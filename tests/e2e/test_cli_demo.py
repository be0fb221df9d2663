"""The demo: kept, it can be looked around in and ends without a trace; counting, it finds what is wrong."""

from __future__ import annotations

import re
import shlex
import signal
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest

from gateway.cli.auditing import Result
from gateway.cli.demo import acts, dossiers, play
from gateway.cli.demo import counts as counting
from gateway.cli.demo.counts import Tally, count
from gateway.cli.demo.dossiers import Ending, Played, Refusal
from gateway.cli.demo.stage import Stage
from gateway.cli.demo.stories import ATTEMPTS, DOSSIERS, Attempt
from gateway.cli.speech import Exit
from gateway.errors import RejectedError
from schemas.bsn import no_bsn
from schemas.covenants import leidse_regio, load_covenant
from schemas.problems import Problem
from tests.e2e.command import World, free_port, stop

pytestmark = [pytest.mark.xdist_group("cli-demo"), pytest.mark.timeout(300)]


def test_kept_demo_is_looked_around_in_and_ends(tmp_path: Path) -> None:
    """Kept, it prints commands that work, and Ctrl-C ends it with 0 and every process that it started."""
    world, home = World(tmp_path, free_port()), tmp_path / "demo"
    process = world.begin("demo", "--rows", "40", "--keep", "--dir", str(home))
    try:
        said = read_until(process, "Ctrl-C ends everything.")
        assert "Everything adds up" in said
        printed = [line.strip() for line in said.splitlines() if line.startswith("  seinpost ")]
        assert {"inbox", "doctor"} <= {shlex.split(line)[1] for line in printed}
        looked = next(line for line in printed if "seinpost log verify" in line)
        done = world(*shlex.split(looked)[1:])
        assert done.code == 0, done.err
        assert "✓ verkeer: " in done.out
        assert len(processes_of(home)) == 5
    finally:
        ended = stop(process, signal.SIGINT)
    assert ended.code == 0, ended.err
    assert not processes_of(home)


def read_until(process: Any, words: str) -> str:
    """Read what a process prints up to a line."""
    said = ""
    while line := process.stdout.readline():
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended before it said '{words}': {said}{process.stderr.read()}")


def processes_of(home: Path) -> list[str]:
    """Give the command lines that name a folder; one that just ended gets a moment to be gone."""
    time.sleep(0.1)
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(home) in line:
            found.append(line)
    return found


# Counting


def counted(
    promised: int = 4,
    covered: int = 4,
    played: Played | None = None,
    endings: list[Ending] | None = None,
    **exchange: int,
) -> Tally:
    """Count two signals, two answers and a change, with what a side says put in place of what is true."""
    account = acts.Account("Ons Doel", rows=2, received=2, answered=2)
    account.sent.extend(cast("list[Any]", ["one", "two"]))
    tally = Tally({"oin": account}, 2, played or Played([]), endings or [], promised=promised, covered=covered)
    said = {"aanvaard": 5, "ontvangen": 5, "afgewezen": 0, "wacht": 0} | exchange
    size = said.pop("traffic", 15)
    logs = [Result("verkeer", size, "all hold", None)]
    stage = cast("Stage", SimpleNamespace(parties=lambda *_kinds: []))
    with mock.patch.object(counting, "_at_corporations"), mock.patch.object(counting, "cast", return_value={}):
        count(stage, tally, said, logs)
    return tally


def test_what_adds_up_gives_no_fault() -> None:
    """When every side says the same, nothing is noted."""
    assert counted().faults == []


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ({"aanvaard": 4}, "messages that the exchange accepted: 4, expected 5"),
        ({"ontvangen": 4}, "messages that ended as received: 4, expected 5"),
        ({"afgewezen": 1}, "messages that the exchange refused: 1, expected 0"),
        ({"wacht": 1}, "messages still waiting: 1, expected 0"),
        ({"covered": 3}, "promised log entries proved: 3, expected 4"),
        ({"traffic": 14}, "entries in the traffic log (accepted, offered, received): 14, expected 15"),
    ],
    ids=str,
)
def test_planted_wrong_count_is_a_fault(planted: dict[str, int], told: str) -> None:
    """One count that is wrong on any side is one fault, with what was found and what was expected."""
    assert counted(**planted).faults == [told]


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        (
            {"endings": [Ending("moved", "gemeente", "OPGELOST", "OPEN", 0)]},
            "moved ends as OPEN at the gemeente, not as OPGELOST",
        ),
        (
            {"endings": [Ending("moved", "corporatie", "OPGELOST", "OPGELOST", 2)]},
            "messages of others that a corporation sees in its dossiers: 2, expected 0",
        ),
        (
            {"endings": [Ending("objects", "gemeente", "INGETROKKEN", "INGETROKKEN", 0, unerased=1)]},
            "contents kept of: objects, at the gemeente: 1, expected 0",
        ),
        ({"played": Played([], [], [Refusal("a lie", None)])}, "not refused: a lie"),
        (
            {"played": Played([], [], [Refusal("a lie", "no covenant", meant=False)])},
            "refused for another reason: a lie: no covenant",
        ),
    ],
    ids=["another end", "partner traffic", "content kept", "let through", "another reason"],
)
def test_planted_wrong_dossier_is_a_fault(planted: dict[str, Any], told: str) -> None:
    """A dossier that ends otherwise, that shows others' messages, or that lets a forbidden one pass, is a fault."""
    assert counted(**planted).faults == [told]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.title)
def test_planted_other_refusal_of_an_attempt_is_noticed(attempt: Attempt) -> None:
    """Another problem, no fault, a fault elsewhere or another objection is not what the attempt must be refused for."""
    because = attempt.because
    faults = [(because.pointer, because.told)] if because.told else []
    assert because.holds(because.code, faults)
    assert not because.holds(Problem.ONTVANGER_ONBEKEND, faults)
    if because.told:
        assert not because.holds(because.code, [])
        assert not because.holds(because.code, [("#/elders", because.told)])
        assert not because.holds(because.code, [(because.pointer, "something else")])


def test_attempt_refused_for_another_reason_is_not_as_meant() -> None:
    """Planted: a connector that knows no covenant refuses everything, which shows nothing of what is forbidden."""
    for error, meant in (
        (RejectedError(Problem.TYPE_ONBEKEND), False),
        (RejectedError(ATTEMPTS[0].because.code), True),
    ):
        company = mock.Mock()
        company.send.side_effect = error
        assert dossiers.try_attempt(company, [mock.Mock()], ATTEMPTS[0]).meant is meant


def test_the_tenant_who_objects_is_forgotten() -> None:
    """The story of the objection says that its signal is erased; one still there, or not there at all, counts."""
    (story,) = [one for one in DOSSIERS if one.erased]
    assert ("objects" in story.title, story.erased) == (True, ("VSM",))
    item = SimpleNamespace(envelope=SimpleNamespace(id="one"), bericht=None)
    company = dossiers.Company(mock.Mock(), mock.Mock(), {})
    for found, kept in (([item], 0), ([], 1), ([SimpleNamespace(envelope=item.envelope, bericht={"a": 1})], 1)):
        with mock.patch.object(dossiers.Company, "connector") as connector:
            connector.return_value.inbox.return_value = found
            assert company.unerased("gemeente", cast("list[Any]", ["one"])) == kept


def test_there_are_ten_attempts() -> None:
    """The demo tries at least ten things that the covenant forbids, each another."""
    assert len({attempt.title for attempt in ATTEMPTS}) == len(ATTEMPTS) >= 10


def test_expect_notes_only_what_differs() -> None:
    """A count that is as it must be is not noted."""
    tally = Tally({}, 0, Played([]))
    tally.expect("apples", 3, 3)
    tally.expect("pears", 2, 3)
    assert tally.faults == ["pears: 2, expected 3"]


@pytest.mark.parametrize(("planted", "code"), [({}, Exit.DONE), ({"ontvangen": 4}, Exit.REFUSED)])
def test_demo_ends_with_1_if_a_count_is_wrong(
    tmp_path: Path, planted: dict[str, int], code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    """The demo's exit code follows its counts, and the table's verdict says so."""
    evidence = tmp_path / "dossier.bewijs"
    evidence.write_bytes(b"{}")
    before = signal.getsignal(signal.SIGTERM)
    try:
        with mock.patch("gateway.cli.demo.play._perform", return_value=(counted(**planted), evidence)):
            assert play(8, keep=False, folder=tmp_path, as_json=False) == code
    finally:
        signal.signal(signal.SIGTERM, before)
    said = capsys.readouterr().out
    assert ("1 counts do not add up" in said) == bool(planted)
    assert "Left out, and why" not in said


def test_nobody_has_the_telephone_number_of_the_demo() -> None:
    """The number fits the schema, and no Dutch number begins with 0 after +31."""
    for gemeente in load_covenant(leidse_regio()).gemeenten:
        assert re.fullmatch(r"\+310[0-9]{8}", no_bsn(gemeente.contact.telefoon))
