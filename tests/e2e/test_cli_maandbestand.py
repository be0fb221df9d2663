"""Sending a monthly file with the command: all of it or nothing, each row once, whatever comes in between."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from io import StringIO

import pytest

from gateway.cli import sending
from gateway.cli.sending import CHUNK
from gateway.connector.connector import Connector
from schemas.values import Mailbox
from tests.e2e.command import GEM, OTHER, VROEG, World, join, monthly_file, stop

pytestmark = [pytest.mark.xdist_group("cli"), pytest.mark.timeout(240)]

SEND = ("send", "maandbestand.csv", "--dir", "corporatie")


def test_file_with_errors_sends_nothing(world: World) -> None:
    """One error is enough to send nothing at all, and the report names every error with line and column, in Dutch."""
    (world.root / "maandbestand.csv").write_bytes(monthly_file(8, fouten=True))
    done = world(*SEND, "--yes")
    assert done.code == 1
    assert "Fout (6). Er wordt niets verzonden" in done.out
    assert done.out.count(", kolom ") == 6
    assert not world.counts("corporatie")
    assert len(world(*SEND, "--yes", "--json").json["fouten"]) == 6
    assert "column" in world(*SEND, "--check", "--lang", "en").out


def test_nothing_is_sent_without_a_yes(world: World) -> None:
    """Without --yes and without a terminal to ask at, nothing is sent and the exit code is 2; --check never sends."""
    (world.root / "maandbestand.csv").write_bytes(monthly_file(16))
    done = world(*SEND)
    assert done.code == 2
    assert "--yes" in done.err
    assert world(*SEND, "--check").code == 0
    assert not world.counts("corporatie")


def test_the_same_file_twice_sends_nothing_new(world: World) -> None:
    """What was sent is recognised; the same row with another content is an error that points to wijziging."""
    file = world.root / "maandbestand.csv"
    file.write_bytes(monthly_file(16))
    assert world(*SEND, "--yes").code == 0
    again = world(*SEND, "--yes")
    assert again.code == 0
    assert "Al gemeld, overgeslagen (14)" in again.out
    assert world.counts("corporatie") == {"gespoold": 14}
    lines = file.read_text().splitlines()
    columns = lines[0].split(";")
    cells = lines[1].split(";")
    cells[columns.index("achternaam")] = "Anders"
    file.write_text("\n".join([lines[0], ";".join(cells), *lines[2:]]))
    changed = world(*SEND, "--yes")
    assert changed.code == 1
    assert "wijziging" in changed.out
    assert world.counts("corporatie") == {"gespoold": 14}


@pytest.mark.parametrize("rows", [1, 200, 450])
def test_killed_send_completes_with_each_row_once(world: World, rows: int) -> None:
    """Killed at any point and run again, every row is sent exactly once."""
    (world.root / "maandbestand.csv").write_bytes(monthly_file(800))
    process = world.begin(*SEND, "--yes")
    wait_for_rows(world, rows)
    process.kill()
    process.communicate()
    assert rows <= sum(world.counts("corporatie").values()) < 700
    completes(world, 700)


def wait_for_rows(world: World, rows: int) -> None:
    """Wait until so many rows are kept."""
    with closing(sqlite3.connect(f"file:{world.root}/corporatie/spool.db?mode=ro", uri=True)) as db:
        while db.execute("SELECT count(*) FROM outgoing").fetchone()[0] < rows:
            pass


def completes(world: World, rows: int) -> None:
    """Run it again: all rows are there, each as one message of a dossier of its own."""
    assert world(*SEND, "--yes").code == 0
    with Connector.open(world.root / "corporatie") as connector:
        assert dict(connector.overview().outgoing) == {"gespoold": rows}
        assert len(connector.reported_rows()) == rows


def test_recipient_that_nobody_confirmed(served: World) -> None:
    """When a recipient is not confirmed, or is gone, nothing is sent at all; it says what to do about which."""
    join(served, "andere", Mailbox.of(OTHER, "huur"))

    def known(count: int) -> bool:
        return len(served("connector", "fingerprints", "andere", "--json").json) == count

    served.settle(lambda: known(3), "andere")
    (served.root / "maandbestand.csv").write_bytes(monthly_file(16))
    done = served("send", "maandbestand.csv", "--dir", "andere", "--yes")
    assert done.code == 1
    assert f"{VROEG} is not confirmed" in done.err
    assert "seinpost connector fingerprints" in done.err
    assert not served.counts("andere")
    assert served("party", "suspend", "beurs", GEM).code == 0
    send = ("send", "maandbestand.csv", "--dir", "andere", "--yes")
    served.settle(lambda: "is not confirmed" not in served(*send).err, "andere")
    gone = served(*send)
    assert gone.code == 1
    assert "has not joined, or is suspended" in gone.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_send_is_130_and_goes_on(world: World, number: int) -> None:
    """Told to stop in the middle of a monthly file it ends with 130 and says how many are kept; again, it completes."""
    (world.root / "maandbestand.csv").write_bytes(monthly_file(800))
    process = world.begin(*SEND, "--yes")
    wait_for_rows(world, 1)
    done = stop(process, number)
    assert done.code == 130
    kept = sum(world.counts("corporatie").values())
    assert kept % CHUNK == 0
    assert done.err == (
        f"✗ Interrupted: {kept} of 700 messages signed and kept. Running it again goes on from there.\n"
    )
    completes(world, 700)


def test_json_tells_which_row_became_which_message(world: World) -> None:
    """For a program: line, reference, id and dossier of each message; for people: how to find them."""
    (world.root / "maandbestand.csv").write_bytes(monthly_file(16))
    sent = world(*SEND, "--yes", "--json").json["verstuurd"]
    assert len({row["regel"] for row in sent}) == len(sent) == 14
    lines = (world.root / "maandbestand.csv").read_text(encoding="utf-8").splitlines()
    for row in sent:
        assert lines[row["regel"] - 1].startswith(f"{row['referentie']};")
        assert world("status", row["id"], "--dir", "corporatie", "--json").json["dossier"] == row["dossier"]
    (world.root / "maandbestand.csv").write_bytes(monthly_file(16, days_ago=1))
    assert "  seinpost connector show --messages corporatie\n" in world(*SEND, "--yes").out


@pytest.mark.parametrize(
    ("language", "answer", "agreed"),
    [
        ("nl", "j", True),
        ("nl", "Ja", True),
        ("en", "y", True),
        ("nl", "yes", True),
        ("nl", "", False),
        ("en", "n", False),
    ],
)
def test_question_is_in_the_language_of_the_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, answer: str, agreed: bool
) -> None:
    """The question is asked in the report's language; a yes in either language is a yes, anything else is not."""
    terminal = StringIO(f"{answer}\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    assert sending._agreed(528, language) is agreed
    question = "528 berichten versturen? [j/N]" if language == "nl" else "Send 528 messages? [y/N]"
    assert question in capsys.readouterr().err
