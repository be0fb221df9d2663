"""Terms and notices, held against every adapter: what is due is found, told once, and only to whom it may concern."""

from __future__ import annotations

import pytest

from gateway.rules.rows import Post, Reached
from gateway.store.port import Store
from schemas.values import Oin
from tests.store.facts import DOSSIER, HULP, HUUR, VROEG, accept, entries, notice, settlement, term


async def test_a_term_is_kept_as_it_moves(store: Store) -> None:
    """A term is known by its message and code; keeping it again moves it, and others of the message stay."""
    async with store.record() as tx:
        await accept(tx, 1, 2)
        await tx.keep_terms([term(0), term(0, code="tweede"), term(1)])
        moved = term(0, state="vervuld", next_at=None, reply=1)
        await tx.keep_terms([moved])
    async with store.read() as view:
        assert await view.terms([0, 1, 7]) == {0: [moved, term(0, code="tweede")], 1: [term(1)]}
        assert await view.touched([0]) == [moved, term(0, code="tweede")]


async def test_every_answer_bears_on_a_term(store: Store) -> None:
    """A term is found by each answer to its message; these come with how they ended last."""
    async with store.record() as tx:
        await accept(tx, 1, 2, 3)
        await tx.keep_terms([term(0)])
        await tx.answer([(0, 1), (0, 2)])
        (logged,) = await entries(tx)
        await tx.settle([settlement(logged, 1, "geweigerd")], [(HUUR,)])
        assert [await tx.touched([i]) for i in (1, 2, 3)] == [[term(0)], [term(0)], []]
        found = await tx.bearings([0])
    assert [(b.how, b.idx, b.outcome) for b in found] == [
        ("vraag", 0, None), ("antwoord", 1, "geweigerd"), ("antwoord", 2, None),
    ]  # fmt: skip


async def test_what_closed_bears_on_terms_before_it_between_its_parties(store: Store) -> None:
    """Not on what came after it, nor on what one of them asked of a third (I11)."""
    async with store.record() as tx:
        first = await accept(tx, 1)
        await accept(tx, 2, ontvanger=HULP)
        closing = await accept(tx, 3)
        await accept(tx, 4)
        await tx.keep_terms([term(n) for n in (0, 1, 2, 3)])
        await tx.close_dossiers(closing)
        assert [t.message for t in await tx.touched([2])] == [0, 2]
        found = await tx.bearings([0, 1, 3])
    assert [(b.message, b.idx) for b in found if b.how == "slot"] == [(0, 2)]
    assert first[0].dossier == closing[0].dossier


async def test_only_what_is_due_is_swept(store: Store) -> None:
    """Running terms whose next level is at hand, the longest due first; not before the moment, none that ended."""
    async with store.record() as tx:
        await accept(tx, 1, 2, 3, 4, 5)
        await tx.keep_terms(
            [
                term(0, next_at=60),
                term(1, next_at=50),
                term(2, next_at=51, state="vervuld"),
                term(3, next_at=51, state="vervallen"),
                term(4, next_at=None),
            ]
        )
    async with store.read() as view:
        assert await view.due_terms(49, 9) == []
        assert [t.message for t in await view.due_terms(50, 9)] == [1]
        assert [t.message for t in await view.due_terms(60, 9)] == [1, 0]
        assert [t.message for t in await view.due_terms(60, 1)] == [1]
        assert [t.message for t in await view.due_terms(60, 9, term(1, next_at=50))] == [0]
        assert await view.due_terms(60, 9, term(0, next_at=60)) == []


async def test_what_nobody_received_in_time_is_not_swept(store: Store) -> None:
    """From its verlooptijd on a message waits to be given up; once received, its terms count again."""
    async with store.record() as tx:
        await accept(tx, 1, 2, expires=60)
        await tx.keep_terms([term(0, next_at=50), term(1, next_at=50)])
        (logged,) = await entries(tx)
        await tx.settle([settlement(logged, 1)], [(HUUR,)])
        assert [t.message for t in await tx.due_terms(59, 9)] == [0, 1]
        assert [t.message for t in await tx.due_terms(60, 9)] == [1]


async def test_open_terms_are_those_of_the_parties(store: Store) -> None:
    """Each organisation sees the running terms of what it sent or is to receive, oldest due first (I11)."""
    async with store.record() as tx:
        await accept(tx, 1, 2, 3)
        await tx.keep_terms(
            [
                term(0, due=70, next_at=None),
                term(1, due=60, source=VROEG, ontvanger=HULP),
                term(2, state="vervuld", next_at=None),
            ]
        )
    async with store.read() as view:
        shown = {box: [t.message for t in await view.open_terms(box.oin, 9)] for box in (HUUR, VROEG, HULP)}
        assert shown == {HUUR: [0], VROEG: [1, 0], HULP: [1]}
        assert [t.message for t in await view.open_terms(VROEG.oin, 1)] == [1]
        assert [t.message for t in await view.open_terms(None, 9)] == [1, 0]
        assert await view.open_terms(Oin("00000099000000002000"), 9) == []


async def test_post_comes_in_the_order_of_the_log(store: Store) -> None:
    """Settlements and notices reach a mailbox in one order, each until it was seen; only named readers get them."""
    async with store.record() as tx:
        await accept(tx, 1, 2)
        first, second, third = await entries(tx, 3)
        warned, settled, late = notice(first, 0, 0, due=None), settlement(second, 0), notice(third, 1)
        await tx.notify([warned, late], [[HUUR, VROEG], [HUUR]])
        await tx.settle([settled], [[HUUR]])
    async with store.keep() as tx:
        await tx.saw(VROEG, [first.idx])
    async with store.read() as view:
        assert await view.post(HUUR, 9) == [
            Post(first.idx, None, warned),
            Post(second.idx, settled),
            Post(third.idx, None, late),
        ]
        assert [p.message for p in await view.post(HUUR, 9)] == [0, 0, 1]
        assert await view.post(VROEG, 9) == []
        assert await view.post(HULP, 9) == []


async def test_a_level_is_told_once(store: Store) -> None:
    """A second notice of the same level of the same term is refused by the store itself (I9)."""
    async with store.record() as tx:
        await accept(tx, 1)
        (logged,) = await entries(tx)
        await tx.notify([notice(logged, 0)], [[HUUR]])

    async def again(level: int) -> None:
        async with store.record() as tx:
            (logged,) = await entries(tx)
            await tx.notify([notice(logged, 0, level)], [[HUUR]])

    with pytest.raises(Exception, match=r"(?i)unique"):
        await again(1)
    await again(2)


async def test_collecting_again_brings_notices_again(store: Store) -> None:
    """After a restore a mailbox gets the notices that it was told from an index on, and nobody else's."""
    async with store.record() as tx:
        await accept(tx, 1)
        first, second, third = await entries(tx, 3)
        notices = [notice(first, 0), notice(second, 0, 2), notice(third, 0, 3)]
        await tx.notify(notices, [[VROEG], [HUUR, VROEG], [HUUR]])
    async with store.keep() as tx:
        await tx.saw(VROEG, [first.idx, second.idx])
    async with store.record() as tx:
        await tx.redeliver(VROEG, second.idx)
        await entries(tx)
    async with store.read() as view:
        assert [p.number for p in await view.post(VROEG, 9)] == [second.idx]


async def test_how_far_earlier_messages_came(store: Store) -> None:
    """Of a dossier each organisation gets its own messages, with the first hand-out and the last outcome (I11)."""
    other = Oin("00000099000000002000")
    async with store.record() as tx:
        await accept(tx, 1, 2)
        await accept(tx, 3, source=VROEG, ontvanger=HULP, type="anders")
        offered, undelivered, received = await entries(tx, 3)
        await tx.offer([(0, offered)])
        await tx.settle(
            [settlement(undelivered, 0, "niet-afgeleverd", None), settlement(received, 0)], [[HUUR], [HUUR]]
        )
    keys = [(DOSSIER, HUUR.oin), (DOSSIER, HULP.oin), (DOSSIER, other)]
    signaal = "nl.huurschuld.vroegsignaal.v1"
    async with store.read() as view:
        assert await view.reached(keys) == {
            keys[0]: [Reached(HUUR, VROEG, signaal, True, "ontvangen"), Reached(HUUR, VROEG, signaal, False, None)],
            keys[1]: [Reached(VROEG, HULP, "anders", False, None)],
            keys[2]: [],
        }
