"""What a connector tells the people it works for: what was refused and why, what is an alarm, and how one ends."""

from __future__ import annotations

from gateway.clock import system_clock
from gateway.connector import ledger
from gateway.connector.connector import Connector
from tests.e2e.command import VROEG, World, deliver


def test_alarm_is_listed_and_settled(served: World) -> None:
    """A grave alarm stops a party, is listed with its number, and is over when that number is settled."""
    with Connector.open(served.root / "corporatie") as connector, connector.spool.record() as db:
        ledger.raise_alarm(db, ledger.Alarm("tegenspraak", "iets", "twee dingen", grave=True), system_clock())
    assert served("connector", "run", "corporatie").code == 5
    (alarm,) = served("connector", "alarms", "corporatie", "--json").json
    assert (alarm["ernstig"], alarm["soort"]) == (True, "tegenspraak")
    number = str(alarm["nummer"])
    assert f"✗ {number} (" in served("connector", "alarms", "corporatie").out
    assert served("connector", "settle", "corporatie").code == 2
    assert served("connector", "settle", "corporatie", number, "--all").code == 2
    assert served("connector", "settle", "corporatie", number).code == 0
    assert served("connector", "settle", "corporatie", number).code == 1
    assert served("connector", "alarms", "corporatie", "--json").json == []
    deliver(served, 3)


def test_refusal_is_shown(served: World) -> None:
    """A refused message is listed with its code and what that means, and the doctor counts it without complaint."""
    deliver(served, 3)
    with Connector.open(served.root / "corporatie") as connector:
        first = connector.sent()[-1]
        with connector.spool.record() as db:
            db.execute("UPDATE outgoing SET state = 'geweigerd', code = 'opent-niet' WHERE id = ?", (first.id,))
    (told,) = served("connector", "show", "corporatie", "--json").json["geweigerd"]
    assert (told["id"], told["ontvanger"], told["code"]) == (first.id, VROEG, "opent-niet")
    assert told["titel"] != "opent-niet"
    assert (
        f"✗ {first.id} {first.type} to {VROEG}: opent-niet: {told['titel']}"
        in served("connector", "show", "corporatie").out
    )
    doctor = served("doctor", "corporatie")
    assert doctor.code == 0
    assert "refused: 1 " in doctor.out


def test_messages_are_shown(served: World) -> None:
    """The list of what was sent has ids and dossiers, newest first and no more than asked for."""
    deliver(served, 8)
    listed = served("connector", "show", "corporatie", "--messages", "--limit", "2", "--json").json["berichten"]
    assert len(listed) == 2
    assert listed[0]["id"] > listed[1]["id"]
    shown = served("connector", "show", "corporatie", "--messages", "--limit", "2").out
    assert all(one["id"] in shown and one["dossier"] in shown for one in listed)
