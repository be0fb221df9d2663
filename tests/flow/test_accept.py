"""Accepting: a repeat is the same answer, a refusal is one entry, and one flush serves many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from gateway.errors import EvidenceError, GatewayError, RejectedError, UnavailableError
from gateway.flow.accept import MAX_BATCH, Accept, Receipted, Verdict
from gateway.rules.rows import Content, Log
from gateway.store.port import Store, Transaction
from schemas.covenants import leidse_regio
from schemas.problems import Problem
from schemas.values import Digest
from tests.exchange import House, Party, read


def code_of(verdict: Verdict) -> Problem:
    assert isinstance(verdict, GatewayError)
    return verdict.code


async def test_a_call_after_a_call_is_served(corporatie: Party, gemeente: Party) -> None:
    """A caller that calls again at once, without giving way to anybody, is answered too."""
    async with asyncio.timeout(5):
        await corporatie.deliver(gemeente)
        await corporatie.deliver(gemeente)


async def test_a_repeat_gets_the_first_answer(house: House, corporatie: Party, gemeente: Party) -> None:
    """The same bytes again give the same receipt to the byte, also twenty at once and after a restart (I3)."""
    message = corporatie.message(gemeente)
    first = await asyncio.gather(*(corporatie.send(message) for _ in range(20)))
    await house.restart()
    house.clock.tick(days=40)
    again = [*(await corporatie.send(message, message)), *(verdict for (verdict,) in first)]
    assert len({v.receipt for v in again if isinstance(v, Receipted)}) == 1
    assert all(isinstance(v, Receipted) for v in again)
    assert await house.kinds() == ["aanvaard"]
    assert (await house.counts())["wacht"] == 1


async def test_another_digest_under_one_id_is_a_conflict(house: House, corporatie: Party, gemeente: Party) -> None:
    """The second message under an id is refused, logged once, and spends its number only if that is the next one."""
    first = corporatie.message(gemeente)
    same_id = read_id(first)
    await corporatie.send(first)
    old_number = corporatie.compose(gemeente, lading="anders", id=same_id, volgnummer=1)
    next_number = corporatie.message(gemeente, lading="nog anders", id=same_id)
    verdicts = [*(await corporatie.send(old_number, next_number, old_number)), *(await corporatie.send(next_number))]
    assert {code_of(v) for v in verdicts} == {Problem.ID_BESTAAT}
    assert await house.kinds() == ["aanvaard", "afgewezen", "afgewezen"]
    assert verdicts[0].receipt == verdicts[2].receipt
    assert verdicts[1].receipt == verdicts[3].receipt
    (after,) = await corporatie.send(corporatie.message(gemeente, volgnummer=3))
    assert isinstance(after, Receipted)


def read_id(message: dict[str, str]) -> str:
    return str(read(message["envelop"])["id"])


async def test_a_refusal_is_logged_once_and_told_alike(house: House, corporatie: Party, gemeente: Party) -> None:
    """A refusal is one entry and one receipt, however often the message comes, also after a restart."""
    wrong = corporatie.message(gemeente, type="nl.huurschuld.onbekend.v1")
    verdicts = [*(await corporatie.send(wrong, wrong))]
    await house.restart()
    verdicts += await corporatie.send(wrong)
    assert {code_of(v) for v in verdicts} == {Problem.TYPE_ONBEKEND}
    (receipt,) = {v.receipt for v in verdicts if isinstance(v, RejectedError)}
    told = read(receipt or "")
    assert (told["code"], told["volgnummer"], told["logboek"]["index"]) == ("type-onbekend", 1, 0)
    assert told["convenant"] == Digest.of(leidse_regio())
    assert await house.kinds() == ["afgewezen"]


async def test_refused_numbers_fill_the_gap(house: House, corporatie: Party, gemeente: Party) -> None:
    """The recipient of the next message gets the signed refusals of the numbers before it, and only those."""
    await corporatie.deliver(gemeente)
    for lading in ("fout", "weer fout"):
        await corporatie.send(corporatie.message(gemeente, lading=lading, type="nl.huurschuld.onbekend.v1"))
    await corporatie.deliver(gemeente)
    await corporatie.deliver(gemeente)
    told = [[read(jws) for jws in message.gaps] for message in (await gemeente.collect()).messages]
    assert [[proof["volgnummer"] for proof in gap] for gap in told] == [[], [2, 3], []]
    assert not any("code" in proof for gap in told for proof in gap), "why is for the sender alone"
    await house.restart()
    house.clock.tick(minutes=5)
    gaps = [[read(jws)["volgnummer"] for jws in m.gaps] for m in (await gemeente.collect()).messages]
    assert gaps == [[], [2, 3], []]


async def test_a_refusal_between_two_messages_does_not_turn_the_numbering_back(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """After accepted, refused, accepted in one call the next number is the fourth."""
    wrong = corporatie.compose(gemeente, volgnummer=2, type="nl.huurschuld.onbekend.v1")
    first, third = corporatie.message(gemeente), corporatie.message(gemeente, volgnummer=3)
    verdicts = await corporatie.send(first, wrong, third)
    assert [type(v) for v in verdicts] == [Receipted, RejectedError, Receipted]
    assert (await corporatie.deliver(gemeente, volgnummer=4)).receipt
    assert await house.kinds() == ["aanvaard", "afgewezen", "aanvaard", "aanvaard"]


async def test_a_number_too_far_records_nothing(house: House, corporatie: Party, gemeente: Party) -> None:
    """A message whose predecessor is missing is told so; it may be sent again, so it is no refusal."""
    early = corporatie.compose(gemeente, volgnummer=2)
    (verdict,) = await corporatie.send(early)
    assert isinstance(verdict, RejectedError)
    assert verdict.code is Problem.VOLGNUMMER_ONTBREEKT
    assert verdict.receipt is None
    assert await house.kinds() == []
    await corporatie.deliver(gemeente)
    (verdict,) = await corporatie.send(early)
    assert isinstance(verdict, Receipted)
    assert read(verdict.receipt)["logboek"]["index"] == 1


class Wrapped:
    """A store that counts what is recorded, and lets a test hold or break it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.transactions = 0
        self.before: Callable[[], Awaitable[None]] | None = None
        self.break_accept: Callable[[Any], Exception | None] = lambda _: None

    @asynccontextmanager
    async def record(self) -> AsyncIterator[Transaction]:
        self.transactions += 1
        if self.before:
            await self.before()
        async with self._store.record() as tx:
            real = tx.accept

            async def accept(rows: Any, contents: Any) -> None:
                if error := self.break_accept(rows):
                    raise error
                await real(rows, contents)

            tx.accept = accept  # type: ignore[method-assign]  # the wrapper stands between flow and store
            yield tx


@pytest.fixture
def wrapped(house: House) -> Wrapped:
    """The flow on a store that the test holds in its hand."""
    store = Wrapped(house.gateway.store)
    accept: Accept = replace(
        house.gateway.accept, store=store, _queue=type(house.gateway.accept._queue)(), _drains=set()
    )
    house.gateway = replace(house.gateway, accept=accept)
    return store


async def test_calls_that_wait_share_a_commit(wrapped: Wrapped, corporatie: Party, gemeente: Party) -> None:
    """Calls that come while a commit is under way are committed together: a hundred calls, two transactions."""
    reached, go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        reached.set()
        await go.wait()

    wrapped.before = hold
    first = asyncio.create_task(corporatie.send(corporatie.message(gemeente)))
    await reached.wait()
    rest = [asyncio.create_task(corporatie.send(corporatie.message(gemeente))) for _ in range(99)]
    await asyncio.sleep(0)
    go.set()
    answers = [await first, *(await asyncio.gather(*rest))]
    assert wrapped.transactions == 2
    indexes = [read(v.receipt)["logboek"]["index"] for (v,) in answers if isinstance(v, Receipted)]
    assert indexes == list(range(100))


async def test_a_batch_has_an_end(wrapped: Wrapped, corporatie: Party, gemeente: Party) -> None:
    """No more than so many messages share a commit, or the first would wait for the last."""
    messages = [corporatie.message(gemeente) for _ in range(2 * MAX_BATCH)]
    await asyncio.gather(*(corporatie.send(*messages[i : i + 128]) for i in range(0, len(messages), 128)))
    assert wrapped.transactions >= 2


async def test_a_poisoned_batch_is_run_one_by_one(
    wrapped: Wrapped, house: House, corporatie: Party, gemeente: Party
) -> None:
    """A call that breaks the batch fails alone; the calls beside it are accepted as if it had not been there."""
    good, poison = corporatie.message(gemeente), corporatie.compose(gemeente, reeks=gemeente.reeks)
    bad = read_id(poison)
    wrapped.break_accept = lambda rows: ValueError("bedorven") if any(r.id == bad for r in rows) else None
    outcomes = await asyncio.gather(corporatie.send(good), corporatie.send(poison), return_exceptions=True)
    assert isinstance(outcomes[1], ValueError)
    assert isinstance(outcomes[0], list)
    assert isinstance(outcomes[0][0], Receipted)
    assert await house.kinds() == ["aanvaard"]


@pytest.mark.parametrize("error", [UnavailableError("schijf"), EvidenceError("hoofd")])
async def test_a_store_that_fails_fails_for_all(
    wrapped: Wrapped, house: House, corporatie: Party, gemeente: Party, error: GatewayError
) -> None:
    """Without a commit nobody gets a receipt, nothing is recorded, and the same bytes succeed afterwards."""
    wrapped.break_accept = lambda _: error
    messages = [corporatie.message(gemeente) for _ in range(5)]
    outcomes = await asyncio.gather(*(corporatie.send(m) for m in messages), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {type(error)}
    assert await house.kinds() == []
    wrapped.break_accept = lambda _: None
    assert all(isinstance(v, Receipted) for v in await corporatie.send(*messages))


async def test_who_leaves_disturbs_nobody(wrapped: Wrapped, house: House, corporatie: Party, gemeente: Party) -> None:
    """A caller that is cancelled in the queue or during the commit leaves the others their answers."""
    reached, go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        reached.set()
        await go.wait()

    wrapped.before = hold
    calls = [asyncio.create_task(corporatie.send(corporatie.message(gemeente))) for _ in range(6)]
    await reached.wait()
    calls[0].cancel()
    calls[3].cancel()
    await asyncio.sleep(0)
    go.set()
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(answer, list) for answer in done] == [False, True, True, False, True, True]
    assert await house.kinds() == ["aanvaard"] * 6


async def test_no_audit_no_service(house: House, corporatie: Party, gemeente: Party) -> None:
    """While a worker has an objection nothing is accepted; collecting goes on (I12)."""
    await corporatie.deliver(gemeente)
    house.gateway.hindrances.note("controlepunten", "het logboek is korter")
    with pytest.raises(UnavailableError):
        await corporatie.deliver(gemeente)
    assert len((await gemeente.collect()).messages) == 1
    house.gateway.hindrances.note("controlepunten", None)
    corporatie.numbers.clear()
    await corporatie.deliver(gemeente, volgnummer=2)


async def test_the_register_state_that_is_quoted_never_goes_back(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """Receipts quote the register as it is at that moment, and never an older one after a newer one."""
    quoted = []
    for _ in range(3):
        quoted.append(read((await corporatie.deliver(gemeente)).receipt)["register"])
        await corporatie.renew()
    quoted.append(read((await corporatie.deliver(gemeente)).receipt)["register"])
    sizes = [state["omvang"] for state in quoted]
    assert sizes == sorted(set(sizes))
    async with house.gateway.store.read() as view:
        assert sizes[-1] == (await view.head(Log.REGISTER)).head.size
    assert quoted[-1]["wortel"] == house.gateway.registry.current.root


async def test_after_a_key_change_the_old_key_gets_a_repeat_and_nothing_else(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """What was accepted under the old key is answered again; what is new under it is not accepted or logged."""
    message = corporatie.message(gemeente)
    (first,) = await corporatie.send(message)
    late = corporatie.compose(gemeente)
    await corporatie.renew()
    (again, refused) = await corporatie.send(message, late)
    assert again == first
    assert code_of(refused) is Problem.SLEUTEL_ONBEKEND
    assert await house.kinds() == ["aanvaard"]
    (verdict,) = await corporatie.send(corporatie.message(gemeente))
    assert isinstance(verdict, Receipted)


async def test_a_key_that_changes_between_the_proof_and_the_commit_counts_no_more(
    wrapped: Wrapped, house: House, corporatie: Party, gemeente: Party
) -> None:
    """The register is read again inside the transaction: a signature proved a moment ago is refused there."""
    message = corporatie.message(gemeente)

    async def change() -> None:
        wrapped.before = None
        await corporatie.renew()

    wrapped.before = change
    (verdict,) = await corporatie.send(message)
    assert code_of(verdict) is Problem.SLEUTEL_ONBEKEND
    assert await house.kinds() == []


async def test_a_suspended_party_sends_and_receives_nothing(house: House, corporatie: Party, gemeente: Party) -> None:
    """From the suspension on nothing is accepted from the party, and nothing for it."""
    await house.gateway.onboard.suspend(gemeente.oin)
    (verdict,) = await corporatie.send(corporatie.message(gemeente))
    assert code_of(verdict) is Problem.ONTVANGER_ONBEKEND
    await house.gateway.onboard.suspend(corporatie.oin)
    (verdict,) = await corporatie.send(corporatie.message(gemeente))
    assert code_of(verdict) is Problem.SLEUTEL_ONBEKEND
    assert await house.kinds() == ["afgewezen"]


async def test_content_that_is_stored_is_content_that_came(corporatie: Party, gemeente: Party) -> None:
    """Both strings are stored as they came: the stored bytes are the signed bytes."""
    message = corporatie.message(gemeente, lading="eyJ.iets-anders")
    await corporatie.send(message)
    (handed,) = (await gemeente.collect()).messages
    assert handed.content == Content(message["envelop"], message["lading"])
