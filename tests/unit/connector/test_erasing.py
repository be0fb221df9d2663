"""What the tenant objected to is gone, also what comes after, and from the disk; accepted help under way is not cut."""

from __future__ import annotations

from typing import Any

import apsw
import pytest

from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.spool import Spool
from tests.unit.connector.exchange import HUUR, VROEG
from tests.unit.connector.region import DOSSIER, Region, kinds, message
from tests.unit.connector.story import Story, code
from tests.unit.connector.test_incomplete import change, free, only
from tests.unit.connector.test_objection import contents_of, on_disk, pieces, sealed


@pytest.mark.parametrize("changes", [True, False])
async def test_content_that_comes_after_the_withdrawal(
    region: Region, corporatie: Connector, gemeente: Connector, changes: bool
) -> None:
    """What stands before the withdrawal in the log and is offered after it is erased when it comes."""
    signal = corporatie.spool_message(message(1))
    await region.settle(corporatie, gemeente, rounds=2)
    late = corporatie.spool_message(change(signal.id, 3) if changes else message(7))
    told = {"signaalId": signal.id, "reden": "BEZWAAR_HUURDER"}
    corporatie.spool_message(NewMessage(code("wijziging"), VROEG, told, DOSSIER))
    await region.step(corporatie)
    region.exchange.mischief = only(1)
    await region.settle(gemeente, corporatie, rounds=2)
    region.exchange.mischief = free
    await region.settle(gemeente, corporatie, rounds=4)
    for connector in (gemeente, corporatie):
        assert not contents_of(connector)[late.id]


async def test_disk_while_another_process_reads(story: Story) -> None:
    """While somebody reads, the log on disk keeps what was; it is emptied in a round after that."""
    signal = await story.signal()
    before = pieces(sealed(story.gemeente))
    other = apsw.Connection(str(story.gemeente.directory.spool_file))
    other.execute("BEGIN")
    assert other.execute("SELECT count(*) FROM incoming").fetchall()
    await story.withdraw(signal)
    assert any(piece in on_disk(story.gemeente) for piece in before)
    other.execute("ROLLBACK")
    other.close()
    await story.settle(rounds=1)
    assert not any(piece in on_disk(story.gemeente) for piece in before)


async def test_disk_after_a_crash(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies between the commit and the wipe wipes when it is opened again."""
    signal = await story.signal()
    before = pieces(sealed(story.gemeente))
    with monkeypatch.context() as patched:
        patched.setattr(Spool, "wipe_if_owed", lambda _: None)
        await story.withdraw(signal)
    assert any(piece in on_disk(story.gemeente) for piece in before)
    Spool(story.gemeente.directory.spool_file).close()
    assert not any(piece in on_disk(story.gemeente) for piece in before)


async def help_under_way(story: Story) -> Any:
    """Let the municipality accept help while the corporation withdraws, and hear of that before it sends."""
    signal = await story.signal()
    await story.feedback(signal, status="Opgepakt")
    told = story.told(signal, status="Afgerond", resultaat="HULP_GEACCEPTEERD")
    story.spool(story.gemeente, "terugkoppeling", HUUR, told, signal)
    story.spool(story.corporatie, "wijziging", VROEG, {"signaalId": signal, "reden": "BEZWAAR_HUURDER"})
    await story.region.step(story.corporatie)
    await story.gemeente.agent(story.region.line).collecting[0]()
    return signal


async def test_accepted_help_under_way(story: Story) -> None:
    """Where help was accepted before the withdrawal was known nothing is destroyed; a person is told."""
    signal = await help_under_way(story)
    assert contents_of(story.gemeente)[signal]
    await story.settle()
    assert contents_of(story.gemeente)[signal]
    assert list(kinds(story.gemeente)).count("bezwaar-na-hulp") == 1


async def test_accepted_help_that_is_refused(story: Story) -> None:
    """When the exchange refuses the word of accepted help, the withdrawal is heeded after all."""
    signal = await help_under_way(story)
    story.region.exchange.refuse_next = 1
    await story.settle()
    assert not contents_of(story.gemeente)[signal]
