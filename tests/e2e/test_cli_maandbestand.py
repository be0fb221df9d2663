"""Sending a monthly file with the command: all of it or nothing, each row once, whatever comes in between."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing

import pytest

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


def test_interrupted_send_is_130_and_goes_on(world: World) -> None:
    """Ctrl-C in the middle of a monthly file ends with 130; run again, it completes."""
    (world.root / "maandbestand.csv").write_bytes(monthly_file(800))
    process = world.begin(*SEND, "--yes")
    wait_for_rows(world, 1)
    done = stop(process, signal.SIGINT)
    assert done.code == 130
    assert "Traceback" not in done.err
    completes(world, 700)
