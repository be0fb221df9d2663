"""Terms at the exchange: started, met, reopened, lapsed, and told of once a level, to exactly those who are named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gateway.flow.accept import Receipted
from gateway.rules.rows import Term
from gateway.store.port import Transaction
from keys import signing
from schemas.notices import TermijnOverschreden
from schemas.values import from_milliseconds
from tests.exchange import LEIDEN, ONS_DOEL, VERWIJZING, WIJKTEAM, House, Party, eventually, read

DOSSIER = str(uuid4())
CLOSING = "nl.huurschuld.afsluiting.v1"


async def signal(corporatie: Party, gemeente: Party) -> Receipted:
    return await corporatie.deliver(gemeente, dossier=DOSSIER)


async def reply(gemeente: Party, corporatie: Party, asked: Receipted) -> Receipted:
    return await gemeente.deliver(corporatie, dossier=DOSSIER, antwoordop=asked.id)


async def term(house: House, index: int = 0) -> Term:
    """Give the one term of the message at a log index."""
    async with house.gateway.store.read() as view:
        (found,) = (await view.terms([index]))[index]
    return found


async def terms_of(house: House, index: int) -> list[Term]:
    async with house.gateway.store.read() as view:
        return list((await view.terms([index]))[index])


async def receive(party: Party, code: str | None = None) -> None:
    """Collect, and receipt whatever was handed out."""
    handed = (await party.collect()).messages
    booked = await party.collect(receipts=[party.receipt(message, code) for message in handed])
    assert len(booked.booked) == len(handed) > 0


async def told(party: Party) -> list[tuple[Any, ...]]:
    """Give the notices of missed terms that wait in a mailbox."""
    notices = [read(forwarded.receipt) for forwarded in (await party.collect()).receipts]
    return [(n["termijn"], n["trede"]) for n in notices if n["soort"] == "termijn-overschreden"]


def at(house: House, moment: int | None) -> None:
    assert moment is not None
    house.clock.now = from_milliseconds(moment)


async def test_a_message_starts_its_term(house: House, corporatie: Party, gemeente: Party) -> None:
    """The term runs from the pick-up term on at the latest, under the covenant that the acceptance quotes."""
    await signal(corporatie, gemeente)
    running = await term(house)
    assert (running.code, running.state, running.level) == ("terugkoppeling", "loopt", 0)
    assert (running.source, running.ontvanger) == (corporatie.mailbox, gemeente.mailbox)
    assert (running.next_at, running.covenant) == (running.due, house.covenant.digest)
    assert from_milliseconds(running.begun) > house.clock()


async def test_receipt_begins_it_sooner(house: House, corporatie: Party, gemeente: Party) -> None:
    """When *ontvangen* is booked before the pick-up term is over, the term begins then, in the same commit."""
    await signal(corporatie, gemeente)
    await receive(gemeente)
    assert from_milliseconds((await term(house)).begun) <= house.clock()


async def test_an_answer_meets_it(house: House, corporatie: Party, gemeente: Party) -> None:
    """The term is met in the transaction that accepts the answer; nothing is told any more."""
    asked = await signal(corporatie, gemeente)
    due = (await term(house)).due
    await reply(gemeente, corporatie, asked)
    met = await term(house)
    assert (met.state, met.next_at, met.reply) == ("vervuld", None, 1)
    at(house, due + 10**9)
    assert await house.gateway.escalate() == 0


async def test_an_answer_in_the_same_call_meets_it(house: House, corporatie: Party, gemeente: Party) -> None:
    """A batch is judged in order: what it starts, a later message of it can meet."""
    team = await house.join(WIJKTEAM)
    first = await corporatie.deliver(gemeente, dossier=DOSSIER)
    asked = gemeente.message(team, type=VERWIJZING, dossier=DOSSIER)
    answer = gemeente.message(corporatie, dossier=DOSSIER, antwoordop=first.id)
    verdicts = await gemeente.send(asked, answer)
    assert [type(v) for v in verdicts] == [Receipted, Receipted]
    assert ((await term(house)).state, (await term(house, 1)).state) == ("vervuld", "loopt")


@pytest.mark.parametrize("end", ["geweigerd", "niet-afgeleverd"])
async def test_a_refused_answer_reopens_it(house: House, corporatie: Party, gemeente: Party, end: str) -> None:
    """When the answer is refused or not delivered, the term runs on with the due moment that it had."""
    asked = await signal(corporatie, gemeente)
    await receive(gemeente)
    before = await term(house)
    first = await reply(gemeente, corporatie, asked)
    if end == "geweigerd":
        await receive(corporatie, "opent-niet")
    else:
        house.clock.tick(days=15)
        await house.gateway.expire()
    again = await term(house)
    assert again == before._replace(reply=read(first.receipt)["logboek"]["index"])
    await reply(gemeente, corporatie, asked)
    assert (await term(house)).state == "vervuld"


async def test_a_late_receipt_of_the_answer_meets_it_again(house: House, corporatie: Party, gemeente: Party) -> None:
    """An answer that was given up and then received after all meets the term for the second time."""
    asked = await signal(corporatie, gemeente)
    await receive(gemeente)
    await reply(gemeente, corporatie, asked)
    (handed,) = (await corporatie.collect()).messages
    house.clock.tick(days=15)
    await house.gateway.expire()
    assert (await term(house)).state == "loopt"
    await corporatie.collect(receipts=[corporatie.receipt(handed)])
    assert (await term(house)).state == "vervuld"
    assert await house.gateway.escalate() == 0


async def test_a_message_that_came_to_nothing_asks_for_nothing(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """*Geweigerd* annuls the term of the message; nobody is told."""
    await signal(corporatie, gemeente)
    due = (await term(house)).due
    await receive(gemeente, "opent-niet")
    assert (await term(house)).state == "vervallen"
    at(house, due)
    assert await house.gateway.escalate() == 0


async def test_a_late_receipt_lets_it_run_again(house: House, corporatie: Party, gemeente: Party) -> None:
    """Not delivered, the term lapses; received after all, it runs again and tells the levels that passed."""
    await signal(corporatie, gemeente)
    (handed,) = (await gemeente.collect()).messages
    house.clock.tick(days=15)
    await house.gateway.expire()
    assert (await term(house)).state == "vervallen"
    assert await house.gateway.escalate() == 0
    await gemeente.collect(receipts=[gemeente.receipt(handed)])
    assert (await term(house)).state == "loopt"
    assert await house.gateway.escalate() > 0


async def test_each_level_is_told_once_to_whom_it_names(house: House, corporatie: Party, gemeente: Party) -> None:
    """Not before the moment; then the recipient; after the next moment both. Never twice, also after a restart (I9)."""
    await signal(corporatie, gemeente)
    await receive(gemeente)
    running = await term(house)
    at(house, running.due - 1)
    assert await house.gateway.escalate() == 0
    at(house, running.due)
    assert [await house.gateway.escalate() for _ in range(2)] == [1, 0]
    assert (await told(corporatie), await told(gemeente)) == ([], [("terugkoppeling", 1)])
    await house.restart()
    assert await house.gateway.escalate() == 0
    at(house, (await term(house)).next_at)
    assert [await house.gateway.escalate() for _ in range(2)] == [1, 0]
    assert await told(corporatie) == [("terugkoppeling", 2)]
    assert await told(gemeente) == [("terugkoppeling", 1), ("terugkoppeling", 2)]
    last = await term(house)
    assert (last.state, last.level, last.next_at) == ("loopt", 2, None)
    assert (await house.kinds()).count("termijn-overschreden") == 2


async def test_levels_that_passed_while_it_was_down_are_each_told(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """After an outage every level that passed is told once, in order, in one run."""
    await signal(corporatie, gemeente)
    await receive(gemeente)
    await house.close()
    house.clock.tick(days=60)
    await house.open()
    assert [await house.gateway.escalate() for _ in range(2)] == [2, 0]
    assert await told(gemeente) == [("terugkoppeling", 1), ("terugkoppeling", 2)]


async def test_a_notice_is_the_same_to_the_byte(house: House, corporatie: Party, gemeente: Party) -> None:
    """A lost answer or a restart gives the same signed notice; it names message, term, level and log entry."""
    await signal(corporatie, gemeente)
    running = await term(house)
    at(house, running.due)
    await house.gateway.escalate()
    first = await gemeente.collect()
    await house.restart()
    assert (await gemeente.collect()).receipts == first.receipts
    (forwarded,) = first.receipts
    notice = TermijnOverschreden.parse(signing.read(forwarded.receipt, "termijn-overschreden+jws").payload)
    assert forwarded.geboekt is None
    assert (notice.source, notice.trede, notice.convenant) == (corporatie.mailbox, 1, running.covenant)
    assert notice.uiterlijk == from_milliseconds(running.due)
    entry = (await house.entries())[notice.logboek.index]
    assert (entry["soort"], entry["aanvaard"], entry["trede"]) == ("termijn-overschreden", 0, 1)
    assert (await gemeente.collect(seen=[forwarded.number])).receipts == []


async def test_a_crash_before_the_commit_tells_nobody(house: House, corporatie: Party, gemeente: Party) -> None:
    """Entry, notice and the term's next moment are one fact: without the commit none of them is there (I2, I9)."""
    await signal(corporatie, gemeente)
    at(house, (await term(house)).due)
    store = house.gateway.store

    class Crashing:
        read = store.read

        @asynccontextmanager
        async def record(self) -> AsyncIterator[Transaction]:
            async with store.record() as tx:
                yield tx
                raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        await replace(house.gateway.escalate, store=Crashing())()
    assert (await house.kinds(), await told(gemeente)) == (["aanvaard"], [])
    assert [await house.gateway.escalate() for _ in range(2)] == [1, 0]


async def test_a_clock_that_goes_back_tells_nothing_twice(house: House, corporatie: Party, gemeente: Party) -> None:
    """Whatever the clock does, a level that was told is not told again (I10)."""
    await signal(corporatie, gemeente)
    due = (await term(house)).due
    at(house, due)
    await house.gateway.escalate()
    at(house, due - 86_400_000)
    assert await house.gateway.escalate() == 0
    at(house, due)
    assert await house.gateway.escalate() == 0


async def test_a_third_party_learns_of_nothing(house: House, corporatie: Party, gemeente: Party) -> None:
    """Of the term between municipality and partner the corporation of the same dossier hears nothing (I11)."""
    team = await house.join(WIJKTEAM)
    await signal(corporatie, gemeente)
    await gemeente.deliver(team, dossier=DOSSIER, type=VERWIJZING)
    await receive(gemeente)
    await receive(team)
    house.clock.tick(days=60)
    assert await house.gateway.escalate() == 4
    assert await told(corporatie) == [("terugkoppeling", 2)]
    assert sorted(await told(team)) == [("verwijzingsantwoord", 1), ("verwijzingsantwoord", 2)]
    assert sorted(await told(gemeente)) == [
        ("terugkoppeling", 1), ("terugkoppeling", 2), ("verwijzingsantwoord", 2),
    ]  # fmt: skip


async def test_many_are_told_in_batches(house: House, corporatie: Party, gemeente: Party) -> None:
    """More terms than one batch are all told, each once."""
    for _ in range(3):
        await corporatie.send(*(corporatie.message(gemeente) for _ in range(100)))
        await receive(gemeente)
    house.clock.tick(days=60)
    assert [await house.gateway.escalate() for _ in range(2)] == [600, 0]


async def test_the_exchange_sweeps_by_itself(tmp_path: Path) -> None:
    """While it serves, the job that runs by the clock tells of what is due."""
    house = House(tmp_path / "beurs")
    await house.open(serve=True, term_seconds=0.05)
    try:
        corporatie, gemeente = await house.join(ONS_DOEL), await house.join(LEIDEN)
        await signal(corporatie, gemeente)
        at(house, (await term(house)).due)
        assert await eventually(lambda: told(gemeente)) == [("terugkoppeling", 1)]
    finally:
        await house.close()


@pytest.mark.parametrize("end", ["geweigerd", "niet-afgeleverd"])
@pytest.mark.parametrize("first", [0, 1])
async def test_any_answer_that_counts_keeps_it_met(
    house: House, corporatie: Party, gemeente: Party, first: int, end: str
) -> None:
    """Of two answers one is received; whatever becomes of the other, and in whatever order: nobody is told."""
    asked = await signal(corporatie, gemeente)
    await receive(gemeente)
    await reply(gemeente, corporatie, asked)
    await reply(gemeente, corporatie, asked)
    handed = (await corporatie.collect()).messages
    codes = [("opent-niet", None), (None, "opent-niet")][first] if end == "geweigerd" else (None, None)
    given = [corporatie.receipt(message, code) for message, code in zip(handed, codes, strict=True)]
    await corporatie.collect(receipts=given if end == "geweigerd" else given[first : first + 1])
    house.clock.tick(days=60)
    await house.gateway.expire()
    assert (await term(house)).state == "vervuld"
    assert await house.gateway.escalate() == 0
    assert await told(gemeente) == []


@pytest.mark.parametrize("end", ["", "geweigerd", "niet-afgeleverd"])
async def test_what_closes_a_dossier_ends_its_terms(house: House, corporatie: Party, gemeente: Party, end: str) -> None:
    """After an afsluiting nobody can answer any more; if it comes to nothing, the terms run again."""
    await signal(corporatie, gemeente)
    await receive(gemeente)
    running = await term(house)
    await corporatie.deliver(gemeente, dossier=DOSSIER, type=CLOSING)
    assert await term(house) == running._replace(state="vervallen", next_at=None)
    if end == "geweigerd":
        await receive(gemeente, "opent-niet")
    elif end:
        house.clock.tick(days=15)
        await house.gateway.expire()
    else:
        await receive(gemeente)
    assert await term(house) == (running if end else running._replace(state="vervallen", next_at=None))


async def test_a_late_signal_of_a_closed_dossier_asks_for_nothing(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """Collected together with what closed it, or another dossier's: only what was closed lapses."""
    await signal(corporatie, gemeente)
    await corporatie.deliver(gemeente)
    await corporatie.deliver(gemeente, dossier=DOSSIER, type=CLOSING)
    await receive(gemeente)
    assert [(await term(house, index)).state for index in (0, 1)] == ["vervallen", "loopt"]


async def test_a_refused_answer_reopens_whatever_its_own_version_says(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """The term is of the question's covenant: one in which the answer meets nothing does not keep it closed."""
    asked = await signal(corporatie, gemeente)
    await receive(gemeente)
    text = house.covenant.text.replace('"2.0.0"', '"2.0.1"', 1)
    tables = text.split("[[termijn]]")
    keeps = [table for table in tables[1:] if "terugkoppeling.v1" not in table.split("[[")[0]]
    tail = next((table[table.index("[[") :] for table in tables[1:] if "[[" in table), "")
    assert len(keeps) < len(tables) - 1
    ends = "" if keeps and "[[" in keeps[-1] else tail
    await house.gateway.adopt("[[termijn]]".join([tables[0], *keeps]).encode() + ends.encode())
    await reply(gemeente, corporatie, asked)
    assert (await term(house)).state == "vervuld"
    await receive(corporatie, "opent-niet")
    assert (await term(house)).state == "loopt"


async def test_one_bad_row_stops_nobody(house: House, corporatie: Party, gemeente: Party) -> None:
    """It is passed over and named; everybody else is told, once, and messages are still taken."""
    for _ in range(3):
        await corporatie.deliver(gemeente)
    first = [handed.content.envelop for handed in (await gemeente.collect()).messages]
    house.clock.tick(minutes=1)
    await receive(gemeente)
    async with house.gateway.store.record() as tx:
        (row,) = (await tx.terms([0]))[0]
        await tx.keep_terms([row._replace(next_at=row.due - 1), row._replace(code="onbekend", next_at=row.due - 1)])
    at(house, row.due)
    assert [await house.gateway.escalate() for _ in range(2)] == [3, 0]
    (warning,) = house.gateway.warnings()
    assert "onbekend of entry 0" in warning
    (asked, *_) = [read(handed) for handed in first]
    await gemeente.deliver(corporatie, dossier=asked["dossier"], antwoordop=asked["id"])
    assert [t.state for t in await terms_of(house, 0)] == ["loopt", "vervuld"]


@pytest.mark.parametrize("first", ["escalate", "expire"])
async def test_the_order_of_workers_makes_no_difference(
    house: House, corporatie: Party, gemeente: Party, first: str
) -> None:
    """After an outage beyond its verlooptijd, what nobody received is given up; no level of its term is told."""
    await signal(corporatie, gemeente)
    house.clock.tick(days=40)
    workers = [house.gateway.escalate, house.gateway.expire]
    for worker in workers if first == "escalate" else reversed(workers):
        await worker()
    assert (await term(house)).state == "vervallen"
    assert (await told(corporatie), await told(gemeente)) == ([], [])
    assert (await house.kinds()).count("termijn-overschreden") == 0
