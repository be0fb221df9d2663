"""The database itself refuses to rewrite what is for ever, and its tiles are those of the tree."""

from __future__ import annotations

from hashlib import sha256

import apsw
import pytest

from gateway.rules.rows import Log
from gateway.store.sqlite import SqliteStore
from gateway.tlog.proofs import verify_consistency, verify_inclusion
from gateway.tlog.tiles import Plan, ProofPlan
from gateway.tlog.tree import Head, append, leaf_hash
from tests.store.facts import HUUR, accept, body, entries, notice, refusal, settlement, term

FOR_EVER = {
    "entry": "leaf = x'00'",
    "node": "hash = x'00'",
    "checkpoint": "note = ''",
    "message": "digest = ''",
    "settlement": "outcome = ''",
    "refusal": "code = ''",
    "offer": "idx = 0",
    "member": "oin = ''",
    "body": "body = x'00'",
    "payload": "lading = ''",
    "notice": "level = 9",
    "told": "mailbox = ''",
    "term": "covenant = ''",
}
MAY_GO = {"body", "payload"}
"""Bodies and payloads end with their term of retention; nothing may rewrite them."""


async def fill(store: SqliteStore) -> None:
    """Put at least one row in every table."""
    async with store.record() as tx:
        await accept(tx, 1)
        ended, offered, refused, told = await entries(tx, 4)
        await tx.offer([(0, offered)])
        await tx.settle([settlement(ended, 0)], [[HUUR]])
        await tx.refuse([refusal(refused, 2)])
        await tx.notify([notice(told, 0)], [[HUUR]])
        await tx.keep_terms([term(0, level=1)])
        await tx.keep_checkpoint(Log.VERKEER, 1, "een")
        await entries(tx, 256)


async def run(store: SqliteStore, *words: str) -> int:
    sql = " ".join(words)

    def work(db: apsw.Connection) -> int:
        db.execute(sql).fetchall()
        return db.changes()

    return await store._writer.run(work)


@pytest.mark.parametrize("table", FOR_EVER)
async def test_nothing_is_rewritten(store: SqliteStore, table: str) -> None:
    """UPDATE is refused by a trigger of the table."""
    await fill(store)
    with pytest.raises(apsw.ConstraintError):
        await run(store, "UPDATE", table, "SET", FOR_EVER[table])


@pytest.mark.parametrize("table", sorted(FOR_EVER.keys() - MAY_GO))
async def test_nothing_is_deleted(store: SqliteStore, table: str) -> None:
    """DELETE is refused, and REPLACE, which deletes, too."""
    await fill(store)
    with pytest.raises(apsw.ConstraintError):
        await run(store, "DELETE FROM", table)
    with pytest.raises(apsw.ConstraintError):
        await run(store, "REPLACE INTO", table, "SELECT * FROM", table)


@pytest.mark.parametrize(
    "change", ["size = size - 1", "size = 0", "moment = moment - 1", "root = x'00'", "log = 'ander'"]
)
async def test_a_head_only_grows(store: SqliteStore, change: str) -> None:
    """A head becomes larger and later; it does not shrink, change in place, move or go."""
    await fill(store)
    with pytest.raises(apsw.ConstraintError):
        await run(store, "UPDATE head SET", change, "WHERE log = 'verkeer'")
    with pytest.raises(apsw.ConstraintError):
        await run(store, "DELETE FROM head")


async def test_a_number_is_spent_once(store: SqliteStore) -> None:
    """A reeks does not turn back."""
    await fill(store)
    with pytest.raises(apsw.ConstraintError):
        await run(store, "UPDATE reeks SET last = last - 1")


async def test_what_was_told_of_a_term_stays_told(store: SqliteStore) -> None:
    """A term moves, but the levels that were told are not taken back (I9)."""
    await fill(store)
    assert await run(store, "UPDATE term SET state = 'vervuld', next_at = NULL") == 1
    with pytest.raises(apsw.ConstraintError):
        await run(store, "UPDATE term SET level = level - 1")


async def test_the_checks_above_can_fail(store: SqliteStore) -> None:
    """The same changes pass where nothing forbids them."""
    await fill(store)
    assert await run(store, "UPDATE delivery SET leased = 9") == 0
    assert await run(store, "UPDATE head SET size = size + 1, moment = moment + 1 WHERE log = 'verkeer'") == 1
    assert await run(store, "DELETE FROM body WHERE idx = 1") == 1


async def hashes(store: SqliteStore, plan: ProofPlan) -> list[bytes]:
    """Fulfil a plan from the store's tiles."""
    async with store.read() as view:
        return plan.prove({s: await view.hashes(Log.VERKEER, s.level, s.start, s.end) for s in plan.tiles})


@pytest.mark.parametrize("sizes", [(1, 255, 256, 257), (256, 511, 513), (255, 768, 1025)])
async def test_tiles_are_those_of_the_tree(store: SqliteStore, sizes: tuple[int, ...]) -> None:
    """Whatever the batches, head, nodes and proofs are those of the naive tree, across the edges of tiles."""
    heads = [Head.empty()]
    for size in sizes:
        async with store.record() as tx:
            await entries(tx, size - heads[-1].size)
        head, _ = append(heads[-1], [leaf_hash(body(i)) for i in range(heads[-1].size, size)])
        async with store.read() as view:
            assert (await view.head(Log.VERKEER)).head == head
        heads.append(head)
    last = heads[-1]
    for index in {0, 254, 255, 256, 257, last.size - 1} & set(range(last.size)):
        proof = await hashes(store, Plan.inclusion(index, last.size))
        verify_inclusion(leaf_hash(body(index)), index, last.size, proof, last.root)
    for old in heads:
        proof = await hashes(store, Plan.consistency(old.size, last.size))
        verify_consistency(old.size, old.root, last.size, last.root, proof)


async def test_tiles_of_the_second_level(store: SqliteStore) -> None:
    """At 65,536 entries the first tile of level 1 is complete, and the node above it stands on level 2."""
    leaves = [sha256(i.to_bytes(4)).digest() for i in range(65_530)]
    head, nodes = append(Head.empty(), leaves)

    def plant(db: apsw.Connection) -> None:
        with db:
            db.executemany("INSERT INTO entry VALUES ('verkeer', ?, ?)", enumerate(leaves))
            rows = [(n.level, n.index, n.hash) for n in nodes]
            db.executemany("INSERT INTO node VALUES ('verkeer', ?, ?, ?)", rows)
            frontier = b"".join(head.frontier)
            db.execute(
                "UPDATE head SET size = ?, root = ?, frontier = ? WHERE log = 'verkeer'",
                (head.size, head.root, frontier),
            )

    await store._writer.run(plant)
    async with store.record() as tx:
        await entries(tx, 10)
    async with store.read() as view:
        found = (await view.head(Log.VERKEER)).head
        (top,) = await view.hashes(Log.VERKEER, 2, 0, 9)
        assert len(await view.hashes(Log.VERKEER, 1, 0, 999)) == 256
    whole, complete = append(Head.empty(), [*leaves, *(leaf_hash(body(i)) for i in range(65_530, 65_540))])
    assert found == whole
    assert top == next(n.hash for n in complete if n.level == 2)
    for index in (0, 65_529, 65_535, 65_536, 65_539):
        leaf = leaves[index] if index < 65_530 else leaf_hash(body(index))
        verify_inclusion(leaf, index, whole.size, await hashes(store, Plan.inclusion(index, whole.size)), whole.root)
    proof = await hashes(store, Plan.consistency(head.size, whole.size))
    verify_consistency(head.size, head.root, whole.size, whole.root, proof)
