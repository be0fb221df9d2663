"""What is sent next: in order within a reeks, never held up by another reeks, and no more than the line can carry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.connector import outbox, sending
from gateway.connector.connector import Connector
from gateway.connector.spool import Db, rows
from gateway.errors import UnavailableError
from keys import signing
from schemas.envelope import Envelope
from schemas.problems import Problem
from schemas.values import Mailbox
from tests.unit.connector.exchange import GEMEENTE
from tests.unit.connector.region import Region, message, state_of


def envelope_of(item: dict[str, str]) -> Envelope:
    return Envelope.parse(signing.read(item["envelop"], signing.ENVELOPE_TYP).payload)


def submitted(region: Region) -> list[list[int]]:
    """The numbers of each request so far."""
    asked = [json.loads(body) for path, body in region.exchange.calls if path == "/v1/berichten"]
    return [[envelope_of(item).volgnummer for item in items] for items in asked]


async def test_stuck_reeks_starves_nobody(
    region: Region, corporatie: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the head of a reeks is held up only the head is asked again, and another recipient is served at once."""
    monkeypatch.setattr(sending, "BATCH", 4)
    stuck = corporatie.spool_messages([message(n) for n in range(9)])
    honest = region.exchange.submit

    def submit(item: dict[str, str]) -> dict[str, Any]:
        if envelope_of(item).volgnummer == 1:
            return {"probleem": {"code": "sleutel-onbekend", "status": 401}}
        return {"probleem": {"code": "volgnummer-ontbreekt", "status": 409}}

    monkeypatch.setattr(region.exchange, "submit", submit)
    agent = corporatie.agent(region.line)
    for seconds in (0.25, 0.25, 61, 0.25, 0.25):
        await agent.sending()
        region.clock.tick(seconds)
    assert submitted(region) == [[1, 2, 3, 4], [1]]
    with corporatie.spool.record() as db:
        other = move_last(db, Mailbox.of(GEMEENTE, "ander"))
    await agent.sending()
    assert submitted(region)[2:] == [[other]]
    monkeypatch.setattr(region.exchange, "submit", honest)
    region.clock.tick(61)
    for _ in range(4):
        await agent.sending()
    assert [state_of(corporatie, one.id) for one in stuck[:8]] == ["aanvaard"] * 8


def move_last(db: Db, ontvanger: Mailbox) -> int:
    """Let the last spooled message be the first of a reeks to somebody else, as far as the queue can see."""
    place, number = rows(db, "SELECT place, volgnummer FROM outgoing ORDER BY place DESC LIMIT 1")[0]
    db.execute("UPDATE outgoing SET ontvanger = ? WHERE place = ?", (ontvanger, place))
    return int(number)


async def test_queue_reads_its_indexes_only(corporatie: Connector) -> None:
    """What may go next is found without reading the rows of what may not: a stuck reeks can be long."""
    with corporatie.spool.read() as db:
        plan = [str(row[3]) for row in rows(db, f"EXPLAIN QUERY PLAN {outbox._NEXT}", ("2026", 1))]
    assert any("COVERING INDEX outgoing_next" in line for line in plan), plan
    assert any("INDEX outgoing_held" in line for line in plan), plan


async def test_line_that_is_too_slow(region: Region, corporatie: Connector) -> None:
    """After te-langzaam half as much is sent, until it goes; nothing is lost and the order stays."""
    sent = corporatie.spool_messages([message(n) for n in range(7)])

    def cut(when: str, path: str) -> None:
        if when == "before" and path == "/v1/berichten" and agent.sending.portion.messages > 2:
            raise UnavailableError("", Problem.TE_LANGZAAM)

    region.line.cut, agent = cut, corporatie.agent(region.line)
    for _ in range(30):
        try:
            await agent.sending()
        except UnavailableError:
            continue
    assert [number for numbers in submitted(region) for number in numbers] == [1, 2, 3, 4, 5, 6, 7]
    assert [state_of(corporatie, one.id) for one in sent] == ["aanvaard"] * 7


def test_portion_grows_again() -> None:
    """A line that was slow for a while carries whole batches again after some that went well."""
    portion = sending.Portion()
    for _ in range(40):
        portion.too_slow()
    assert portion.messages == 1
    for _ in range(40 * sending.GOOD_IN_A_ROW):
        portion.went_well()
    assert (portion.messages, portion.characters) == (sending.BATCH, sending.BATCH_BYTES)
