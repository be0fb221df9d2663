"""The ordinary way: joined, confirmed, sent, opened, receipted, promised, read."""

from __future__ import annotations

import pytest

from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.spool import rows
from gateway.errors import RejectedError
from tests.unit.connector.exchange import CORPORATIE, GEMEENTE, HUUR, VROEG
from tests.unit.connector.region import DOSSIER, Region, amounts, message, state_of


async def test_message_and_receipt(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A message is spooled, accepted, opened by its recipient, and its signed receipt comes back."""
    sent = corporatie.spool_message(message())
    assert state_of(corporatie, sent.id) == "gespoold"
    await region.step(corporatie)
    assert state_of(corporatie, sent.id) == "aanvaard"
    await region.settle(gemeente, corporatie)
    assert state_of(corporatie, sent.id) == "ontvangen"
    assert amounts(gemeente) == [84550]
    standing = corporatie.status(sent.id)
    assert standing is not None
    assert len(standing.proofs) == 3
    for connector in (corporatie, gemeente):
        overview = connector.overview()
        assert overview.alarms == []
        assert overview.covered == overview.promised >= 1


async def test_order_and_numbers(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """Messages of one dossier are numbered without gaps, chained by vorige, and handed over in order."""
    sent = corporatie.spool_messages([message(n) for n in range(1, 30)])
    assert [one.envelope.volgnummer for one in sent] == list(range(1, 30))
    assert [one.envelope.vorige for one in sent] == [None, *(one.digest for one in sent[:-1])]
    await region.settle(corporatie, gemeente)
    assert amounts(gemeente) == list(range(1, 30))
    assert gemeente.overview().missing == []


async def test_mark_read(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A message that the application marked as read is no longer unread, and stays in the inbox."""
    corporatie.spool_messages([message(1), message(2)])
    await region.settle(corporatie, gemeente)
    first = gemeente.inbox()[0]
    assert gemeente.mark_read(first.envelope.source, first.envelope.id)
    assert [got.turn for got in gemeente.inbox(unread=True)] == [2]
    assert len(gemeente.inbox()) == 2
    assert not gemeente.mark_read(VROEG, first.envelope.id)


async def test_nothing_in_the_clear(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """Neither spool holds anything that the payload says."""
    corporatie.spool_message(message())
    await region.settle(corporatie, gemeente)
    for connector in (corporatie, gemeente):
        for file in connector.directory.root.glob("spool.db*"):
            data = file.read_bytes()
            assert b"Voorbeeld" not in data
            assert b"84650" not in data


async def test_records_hold_what_evidence_needs(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """Both sides can open the payload again, and hold the envelope, aanvaard, the receipt and geboekt."""
    sent = corporatie.spool_message(message())
    await region.settle(corporatie, gemeente)
    ours, theirs = corporatie.records(DOSSIER), gemeente.records(DOSSIER)
    assert [r.direction for r in (*ours, *theirs)] == ["uit", "in"]
    assert ours[0].payload == theirs[0].payload
    assert ours[0].payload is not None
    assert ours[0].envelop == theirs[0].envelop == sent.envelop
    assert ours[0].proofs == theirs[0].proofs


async def test_join_again_changes_nothing(bare: Region) -> None:
    """Joining again gives the same settings, keys and mailboxes, and asks the exchange nothing."""
    before = {f: f.read_bytes() for f in bare.directory(CORPORATIE).root.rglob("*") if f.is_file()}
    calls = len(bare.exchange.calls)
    await bare.join(CORPORATIE, "huur")
    assert {f: f.read_bytes() for f in before} == before
    assert len(bare.exchange.calls) == calls


async def test_held_until_confirmed(bare: Region) -> None:
    """A message of a sender whose key nobody compared is held without a receipt, and taken in once it is."""
    corporatie, gemeente = bare.open(CORPORATIE), bare.open(GEMEENTE)
    await bare.settle(corporatie, gemeente, rounds=1)
    for shown in corporatie.fingerprints():
        corporatie.confirm(shown.mailbox, shown.fingerprint)
    sent = corporatie.spool_message(message())
    await bare.settle(corporatie, gemeente)
    assert state_of(gemeente, sent.id) == "aangehouden"
    assert state_of(corporatie, sent.id) == "aanvaard"
    assert amounts(gemeente) == []
    gemeente.confirm(HUUR, next(s.fingerprint for s in gemeente.fingerprints() if s.mailbox == HUUR))
    await bare.settle(gemeente, corporatie)
    assert amounts(gemeente) == [84550]
    assert state_of(corporatie, sent.id) == "ontvangen"


async def test_gap_is_explained(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A refused message spends its number; the recipient learns why and hands over what comes after."""
    region.exchange.refuse_next = 1
    sent = corporatie.spool_messages([message(1), message(2)])
    await region.settle(corporatie, gemeente)
    assert [state_of(corporatie, one.id) for one in sent] == ["afgewezen", "ontvangen"]
    assert amounts(gemeente) == [2]
    assert gemeente.overview().missing == []
    assert list(gemeente.overview().alarms) == []


async def test_undelivered_settles_both_sides(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A notice of non-delivery ends the wait: the sender knows, and the recipient goes on with what follows."""
    first = corporatie.spool_message(message(1))
    await region.step(corporatie)
    region.exchange.expire(first.envelope.source, first.id)
    corporatie.spool_message(message(2))
    await region.settle(corporatie, gemeente)
    assert state_of(corporatie, first.id) == "niet-afgeleverd"
    assert amounts(gemeente) == [2]
    assert gemeente.overview().missing == []


async def test_new_reeks_after_restore(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """After a restore numbering begins again at 1 in a new reeks that names the one before."""
    before = corporatie.spool_message(message(1))
    corporatie.after_restore()
    after = corporatie.spool_message(message(2))
    assert (after.envelope.volgnummer, after.envelope.vorigereeks) == (1, before.envelope.reeks)
    await region.settle(corporatie, gemeente)
    assert amounts(gemeente) == [1, 2]


async def test_bericht_that_does_not_fit(corporatie: Connector) -> None:
    """A bericht that does not fit its schema, or of an unknown type, is refused with every fault; nothing is kept."""
    for new in (
        message(-70_000),
        NewMessage("nl.huurschuld.onbekend.v1", VROEG, {}),
        NewMessage(message().type, VROEG, {}),
    ):
        with pytest.raises(RejectedError) as refusal:
            corporatie.spool_message(new)
        assert refusal.value.faults
    with pytest.raises(RejectedError):
        corporatie.spool_message(message(postvak=VROEG))
    assert corporatie.overview().outgoing == {}


async def test_expired_message_that_still_comes(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """What is collected again after it expired is handed over as late, with an alarm; the rest is in order."""
    first, second = corporatie.spool_messages([message(1), message(2)])
    await region.step(corporatie)
    region.exchange.expire(HUUR, first.id)
    await region.settle(gemeente, rounds=2)
    region.exchange.carried[HUUR, first.id].done = False  # what vanaf asks for
    await region.settle(gemeente, corporatie, rounds=2)
    corporatie.spool_message(message(3))
    await region.settle(corporatie, gemeente, rounds=2)
    shown = [(got.envelope.id, got.late) for got in gemeente.inbox()]
    assert shown[:2] == [(second.id, False), (first.id, True)]
    assert [late for _, late in shown] == [False, True, False]
    alarms = [raised.alarm for raised in gemeente.overview().alarms]
    assert [(alarm.kind, alarm.subject, alarm.grave) for alarm in alarms] == [("nagekomen", first.id, False)]
    assert state_of(corporatie, first.id) == "ontvangen"
    assert amounts(gemeente) == [2, 1, 3]


async def test_messages_are_found_by_id(corporatie: Connector) -> None:
    """Looking a message up by its id reads one row, however full the spool is."""
    with corporatie.spool.read() as db:
        for table in ("outgoing", "incoming"):
            plan = rows(db, f"EXPLAIN QUERY PLAN SELECT place FROM {table} WHERE id = ?", ("x",))  # noqa: S608 - two words
            assert f"INDEX {table}_id" in plan[0][3]


async def test_spool_of_an_older_version(region: Region, corporatie: Connector) -> None:
    """A spool that an older version made gets what is new when it is opened, and keeps what it holds."""
    sent = corporatie.spool_message(message())
    with corporatie.spool.record() as db:
        db.execute("DROP INDEX outgoing_id; DROP INDEX outgoing_next; DROP TABLE quotes; PRAGMA user_version=1")
        db.execute("CREATE INDEX outgoing_unsent ON outgoing (place) WHERE state = 'gespoold'")
    again = region.reopen(corporatie)
    assert state_of(again, sent.id) == "gespoold"
    with again.spool.read() as db:
        assert rows(db, "SELECT 1 FROM sqlite_schema WHERE name = 'quotes'")
