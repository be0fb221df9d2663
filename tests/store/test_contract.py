"""What the port promises, held against every adapter (law 2, I1, I2, I8, I11)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from gateway.errors import EvidenceError
from gateway.rules.rows import Asked, Content, Known, Log, Reeks
from gateway.store.port import Store, Transaction
from schemas.values import Oin
from tests.store.facts import (
    CONTENT,
    DOSSIER,
    HULP,
    HUUR,
    REEKS,
    VROEG,
    accept,
    entries,
    message,
    notice,
    number,
    refusal,
    settlement,
    stray,
)

STREAM = (HUUR, VROEG, REEKS)


async def plant(store: Store, change: Callable[[Transaction], Awaitable[object]]) -> None:
    async with store.record() as tx:
        await change(tx)


PLANTED: dict[str, Callable[[Transaction], Awaitable[object]]] = {
    "accept": lambda tx: tx.accept([message(stray())], [CONTENT]),
    "refuse": lambda tx: tx.refuse([refusal(stray())]),
    "offer": lambda tx: tx.offer([(0, stray())]),
    "settle": lambda tx: tx.settle([settlement(stray(), 0)], [[HUUR]]),
    "notify": lambda tx: tx.notify([notice(stray(), 0)], [[HUUR]]),
    "redeliver": lambda tx: tx.redeliver(VROEG, 0),
}


@pytest.mark.parametrize("change", PLANTED.values(), ids=PLANTED)
async def test_a_change_without_its_entry_is_refused(
    store: Store, change: Callable[[Transaction], Awaitable[object]]
) -> None:
    """Law 2: each change that names no entry of its own transaction is refused, and nothing of it is kept."""
    with pytest.raises(EvidenceError, match="law 2"):
        await plant(store, change)
    async with store.read() as view:
        assert set((await view.counts()).values()) == {0}
        assert (await view.head(Log.VERKEER)).head.size == 0


@pytest.mark.parametrize("change", [*PLANTED][:5])
async def test_an_entry_of_an_earlier_transaction_does_not_count(store: Store, change: str) -> None:
    """The entry must be appended in the same transaction, not be there already."""
    async with store.record() as tx:
        (old,) = await entries(tx)
    later: dict[str, Callable[[Transaction], Awaitable[object]]] = {
        "accept": lambda tx: tx.accept([message(old)], [CONTENT]),
        "refuse": lambda tx: tx.refuse([refusal(old)]),
        "offer": lambda tx: tx.offer([(0, old)]),
        "settle": lambda tx: tx.settle([settlement(old, 0)], [[HUUR]]),
        "notify": lambda tx: tx.notify([notice(old, 0)], [[HUUR]]),
    }
    with pytest.raises(EvidenceError, match="law 2"):
        await plant(store, later[change])


async def test_the_entry_must_be_the_one_at_that_index(store: Store) -> None:
    """A right index with another leaf hash is no entry."""

    async def change(tx: Transaction) -> None:
        (logged,) = await entries(tx)
        await tx.accept([message(logged, leaf=stray().leaf)], [CONTENT])

    with pytest.raises(EvidenceError, match="law 2"):
        await plant(store, change)


async def test_all_of_a_transaction_or_nothing(store: Store) -> None:
    """A second change that is refused takes the first, with its entry, along (I2)."""

    async def change(tx: Transaction) -> None:
        await accept(tx, 1)
        await tx.settle([settlement(stray(), 0)], [[HUUR]])

    with pytest.raises(EvidenceError):
        await plant(store, change)
    async with store.read() as view:
        assert (await view.head(Log.VERKEER)).head.size == 0
        assert not await view.messages([(HUUR, number(1))])


async def test_times_never_decrease(store: Store) -> None:
    """An entry older than the one before it is refused; the same moment is not."""
    async with store.record() as tx:
        await entries(tx, moment=5)
        await entries(tx, moment=5)
    with pytest.raises(EvidenceError, match="older"):
        await plant(store, lambda tx: entries(tx, moment=4))
    async with store.read() as view:
        assert (await view.head(Log.VERKEER)).moment == 5
        assert (await view.head(Log.REGISTER)).moment == 0


async def test_an_accepted_message_is_there_with_all_that_belongs_to_it(store: Store) -> None:
    """Message, strings, due delivery, number and members are one fact (I1, I2)."""
    async with store.record() as tx:
        rows = await accept(tx, 1, 2)
    async with store.read() as view:
        assert await view.messages([(HUUR, number(1)), (HUUR, number(9))]) == {(HUUR, number(1)): rows[0]}
        assert await view.by_index([1, 7, 0]) == [rows[1], rows[0]]
        assert await view.contents([0]) == {0: CONTENT}
        assert [w.message for w in await view.waiting(VROEG, 0, 9)] == [0, 1]
        assert await view.waiting(HUUR, 0, 9) == []
        known = await view.known(Asked([], [], [STREAM], [DOSSIER]))
        assert known == Known({}, {}, {STREAM: Reeks(2, 2)}, {DOSSIER: frozenset((HUUR.oin, VROEG.oin))})


async def test_a_dossier_shows_each_party_its_own(store: Store) -> None:
    """Of a dossier each organisation gets what it sent or is to receive, in log order (I11)."""
    async with store.record() as tx:
        await accept(tx, 1)
        await accept(tx, 2, source=VROEG, ontvanger=HULP)
    async with store.read() as view:
        found = {box: [m.idx for m in await view.dossier_messages(DOSSIER, box.oin)] for box in (HUUR, VROEG, HULP)}
        assert found == {HUUR: [0], VROEG: [0, 1], HULP: [1]}
        assert await view.dossier_messages(DOSSIER, Oin("00000099000000002000")) == []


async def test_refusals_spend_numbers_and_fill_gaps(store: Store) -> None:
    """A spent number moves its reeks on, an unspent one does not; a gap is told in order."""
    async with store.record() as tx:
        first, second, third = await entries(tx, 3)
        await tx.refuse([refusal(first, 1), refusal(second, 9, spent=False), refusal(third, 2)])
    async with store.read() as view:
        known = refusal(first, 1)
        key = (HUUR, known.id, known.digest)
        assert await view.known(Asked([], [key], [STREAM], [])) == Known({}, {key: known}, {STREAM: Reeks(2, 0)}, {})
        assert [r.volgnummer for r in await view.gap(STREAM, 1, 3)] == [1, 2]
        assert [r.volgnummer for r in await view.gap(STREAM, 2, 9)] == [2]
        assert await view.refused([(HUUR, number(9)), (VROEG, number(9))]) == [refusal(second, 9, spent=False)]
        assert (await view.counts())["afgewezen"] == 3


@pytest.mark.parametrize("accepted_first", [True, False])
async def test_a_reeks_never_turns_back(store: Store, *, accepted_first: bool) -> None:
    """Whichever of a batch is written first, the last number is the highest one spent."""
    async with store.record() as tx:
        if accepted_first:
            await accept(tx, 1, 3)
        (logged,) = await entries(tx)
        await tx.refuse([refusal(logged, 2)])
        if not accepted_first:
            await accept(tx, 1, 3)
    async with store.read() as view:
        assert (await view.known(Asked([], [], [STREAM], []))).sequences == {STREAM: Reeks(3, 3)}


async def test_a_lease_hides_a_message_until_it_ends(store: Store) -> None:
    """A leased message is not offered before its lease is over, and then again."""
    async with store.record() as tx:
        await accept(tx, 1, 2)
    async with store.keep() as tx:
        await tx.lease(VROEG, [0], 50)
        await tx.lease(HUUR, [1], 50)  # not its mailbox: means nothing
    async with store.read() as view:
        assert [w.message for w in await view.waiting(VROEG, 49, 9)] == [1]
        assert [w.message for w in await view.waiting(VROEG, 50, 9)] == [0, 1]
        assert [w.message for w in await view.waiting(VROEG, 50, 1)] == [0]


async def test_what_expired_is_offered_no_more(store: Store) -> None:
    """From its ``verlooptijd`` on a message is overdue, and is not handed out even if nobody ended it yet."""
    async with store.record() as tx:
        await accept(tx, 1, expires=100)
    async with store.read() as view:
        assert [w.message for w in await view.waiting(VROEG, 99, 9)] == [0]
        assert await view.expired(99, 9) == []
        assert await view.waiting(VROEG, 100, 9) == []
        assert [w.message for w in await view.expired(100, 9)] == [0]


async def test_a_settlement_ends_the_delivery_and_waits_for_its_readers(store: Store) -> None:
    """A settled message is due no more; each reader gets the settlement until it says that it saw it."""
    async with store.record() as tx:
        await accept(tx, 1)
        (logged,) = await entries(tx)
        row = settlement(logged, 0, "niet-afgeleverd", None)
        await tx.settle([row], [[HUUR, VROEG]])
    async with store.keep() as tx:
        await tx.saw(HUUR, [99])
        await tx.saw(VROEG, [logged.idx])
    async with store.read() as view:
        assert await view.waiting(VROEG, 0, 9) == []
        assert await view.settlements([0, 5]) == {0: [row]}
        assert [(p.number, p.settlement) for p in await view.post(HUUR, 9)] == [(logged.idx, row)]
        assert await view.post(VROEG, 9) == []


async def test_a_first_hand_out_is_noted_once(store: Store) -> None:
    """The first hand-out stays the first."""
    async with store.record() as tx:
        await accept(tx, 1)
        one, two = await entries(tx, 2)
        await tx.offer([(0, one)])
        await tx.offer([(0, two)])
    async with store.read() as view:
        assert await view.offers([0, 3]) == {0: one.idx}
        assert (await view.waiting(VROEG, 0, 9))[0].offered == one.idx


async def test_collecting_again_makes_due_again(store: Store) -> None:
    """After a restore a mailbox gets its messages from an index on again, settled ones too; others get nothing."""
    async with store.record() as tx:
        await accept(tx, 1, 2, 3)
        (logged,) = await entries(tx)
        await tx.settle([settlement(logged, 1)], [[HUUR]])
        await tx.lease(VROEG, [2], 10**9)
    async with store.record() as tx:
        assert await tx.redeliver(VROEG, 1) == 2
        await entries(tx)
    async with store.read() as view:
        assert [w.message for w in await view.waiting(VROEG, 500, 9)] == [0, 1, 2]
        assert [w.message for w in await view.expired(10**15, 9)] == [0, 2]
        assert (await view.counts())["wacht"] == 2
    async with store.keep() as tx:
        await tx.finish([1])
    async with store.read() as view:
        assert [w.message for w in await view.waiting(VROEG, 500, 9)] == [0, 2]


async def test_counts_add_up(store: Store) -> None:
    """Each accepted message waits or stands at one end, a late receipt and a renewed delivery included (I8)."""
    async with store.record() as tx:
        await accept(tx, 1, 2, 3, 4)
        first, second, late = await entries(tx, 3)
        await tx.settle(
            [settlement(first, 0), settlement(second, 1, "niet-afgeleverd", None), settlement(late, 1)],
            [[HUUR], [HUUR, VROEG], [HUUR]],
        )
    async with store.record() as tx:
        await tx.redeliver(VROEG, 0)
        await entries(tx)
    async with store.read() as view:
        assert await view.counts() == {"aanvaard": 4, "afgewezen": 0, "wacht": 2, "ontvangen": 2}


async def test_one_id_of_one_sender_is_stored_once(store: Store) -> None:
    """Another row under the same source and id is refused by the store itself (I3)."""
    async with store.record() as tx:
        await accept(tx, 1)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await plant(store, lambda tx: accept(tx, 1, volgnummer=2))
    async with store.record() as tx:
        await accept(tx, 1, source=VROEG, ontvanger=HUUR)


async def test_an_invitation_is_kept_used_and_withdrawn(store: Store) -> None:
    """An invitation is known by its hash; a used one keeps its answer, an unused one can be withdrawn."""
    async with store.keep() as tx:
        for secret in (b"een", b"twee"):
            await tx.invite(secret, HUUR.oin, "Ons Doel", [HUUR], 99)
        await tx.use_invitation(b"een", "{}")
        await tx.withdraw(HUUR.oin)
        assert await tx.invitation(b"een") == (HUUR.oin, "Ons Doel", (HUUR,), 99, "{}")
        assert await tx.invitation(b"twee") is None


async def test_a_snapshot_does_not_move(store: Store) -> None:
    """What is read in one snapshot belongs together, whatever is recorded meanwhile."""
    async with store.read() as view:
        assert (await view.head(Log.VERKEER)).head.size == 0
        async with store.record() as tx:
            await accept(tx, 1)
        assert (await view.head(Log.VERKEER)).head.size == 0
        assert not await view.messages([(HUUR, number(1))])
    async with store.read() as view:
        assert await view.contents([0]) == {0: Content(*CONTENT)}


async def test_facts_survive_a_restart(store: Store) -> None:
    """A checkpoint is kept under its size and the last one is given; keeping it twice changes nothing."""
    async with store.keep() as tx:
        for size, note in ((1, "een"), (2, "twee"), (2, "anders")):
            await tx.keep_checkpoint(Log.VERKEER, size, note)
    async with store.read() as view:
        assert await view.checkpoint(Log.VERKEER) == "twee"
        assert await view.checkpoint(Log.REGISTER) is None


async def test_an_entry_of_the_register_can_be_published(store: Store) -> None:
    """A bundle spells the length of an entry in two bytes; what is longer is never appended."""
    async with store.record() as tx:
        await tx.append(Log.REGISTER, 1, [bytes(65_535)])
    with pytest.raises(EvidenceError):
        async with store.record() as tx:
            await tx.append(Log.REGISTER, 1, [bytes(65_536)])
    async with store.read() as view:
        assert (await view.head(Log.REGISTER)).head.size == 1
