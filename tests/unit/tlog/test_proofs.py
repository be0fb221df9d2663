"""Proofs from tiles equal the reference, verify, and every changed one is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.tlog.errors import ProofError, TileError
from gateway.tlog.proofs import verify_consistency, verify_inclusion
from gateway.tlog.tiles import Plan, root_plan
from gateway.tlog.tree import EMPTY_ROOT
from tests.unit.tlog.forest import fetch, grown, prove, published
from tests.unit.tlog.reference import consistency, inclusion, leaf, root

SIZES = (*range(1, 70), 127, 128, 129, 255, 256, 257, 300)


@pytest.mark.parametrize("size", SIZES)
def test_every_inclusion_proof(size: int) -> None:
    """For each entry the planned proof is that of the RFC, and it verifies."""
    _, levels = grown(300)
    for index in range(size):
        proof = prove(Plan.inclusion(index, size), levels)
        assert proof == inclusion(index, 0, size)
        verify_inclusion(leaf(index), index, size, proof, root(0, size))


@pytest.mark.parametrize("size", SIZES)
def test_every_consistency_proof(size: int) -> None:
    """For each earlier size the planned proof is that of the RFC, and it verifies."""
    _, levels = grown(300)
    for old in range(1, size + 1):
        proof = prove(Plan.consistency(old, size), levels)
        assert proof == consistency(old, 0, size)
        verify_consistency(old, root(0, old), size, root(0, size), proof)


def test_every_reference_proof_up_to_300_verifies() -> None:
    """The verifier takes each proof that RFC 6962 defines, whoever made it."""
    for size in range(1, 301):
        for at in range(size):
            verify_inclusion(leaf(at), at, size, inclusion(at, 0, size), root(0, size))
            verify_consistency(at + 1, root(0, at + 1), size, root(0, size), consistency(at + 1, 0, size))


def test_every_root() -> None:
    """The root of any earlier size can be computed again from the tiles."""
    _, levels = grown(1100)
    for size in range(1101):
        assert prove(root_plan(size), levels) == [root(0, size)]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])
def test_proofs_over_served_tiles(size: int) -> None:
    """A client that has only full and partial tile files of that size can make each proof."""
    _, levels = grown(70_000)
    files = published(size, levels)
    for at in {0, size // 3, size // 2, size - 1}:
        plan = Plan.inclusion(at, size)
        proof = plan.prove({span: fetch(span, size, files) for span in plan.tiles})
        verify_inclusion(leaf(at), at, size, proof, root(0, size))
        plan = Plan.consistency(at, size)
        proof = plan.prove({span: fetch(span, size, files) for span in plan.tiles})
        verify_consistency(at, root(0, at), size, root(0, size), proof)


def test_a_proof_reads_a_handful_of_tiles() -> None:
    """Two tiles a level at most, in a log of ten thousand million entries too, and none is crossed."""
    size = 10**10 + 12_345
    for at in (0, 1, 256, 65_535, size // 3, size - 1):
        for plan in (Plan.inclusion(at, size), Plan.consistency(at, size)):
            assert len(plan.tiles) <= 2 * 5
            assert all(span.start // 256 == (span.end - 1) // 256 for span in plan.tiles)


def flips(proof: list[bytes]) -> Iterator[list[bytes]]:
    for i, part in enumerate(proof):
        for j in range(32):
            changed = part[:j] + bytes([part[j] ^ 1]) + part[j + 1 :]
            yield [*proof[:i], changed, *proof[i + 1 :]]


def others(proof: list[bytes]) -> Iterator[list[bytes]]:
    yield proof[:-1]
    yield proof[1:]
    yield [*proof, bytes(32)]
    yield [bytes(32), *proof]
    yield [*proof, proof[-1]]
    yield [*proof[:-1], proof[-1][:-1]]
    yield [*proof[:-1], proof[-1] + b"\x00"]
    for i in range(len(proof) - 1):
        yield [*proof[:i], proof[i + 1], proof[i], *proof[i + 2 :]]


@pytest.mark.parametrize(("index", "size"), [(0, 2), (1, 3), (2, 3), (6, 7), (5, 8), (99, 200), (255, 257), (256, 257)])
def test_a_changed_inclusion_proof_is_refused(index: int, size: int) -> None:
    """Each flipped byte, lost, added or swapped hash, other leaf, index or root."""
    proof, head = inclusion(index, 0, size), root(0, size)
    for changed in (*flips(proof), *others(proof)):
        with pytest.raises(ProofError):
            verify_inclusion(leaf(index), index, size, changed, head)
    for other in {*range(-1, size + 2)} - {index}:
        with pytest.raises(ProofError):
            verify_inclusion(leaf(index), other, size, proof, head)
        with pytest.raises(ProofError):
            verify_inclusion(leaf(other + 1000), index, size, proof, head)
    with pytest.raises(ProofError):
        verify_inclusion(leaf(index), index, size, proof, root(0, size + 1))


@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 4), (3, 7), (4, 7), (6, 8), (100, 200), (256, 257)])
def test_a_changed_consistency_proof_is_refused(old: int, new: int) -> None:
    """Each flipped byte, lost, added or swapped hash, and other roots or sizes."""
    proof, before, after = consistency(old, 0, new), root(0, old), root(0, new)
    for changed in (*flips(proof), *others(proof)):
        with pytest.raises(ProofError):
            verify_consistency(old, before, new, after, changed)
    for other in {*range(1, new + 1)} - {old}:
        with pytest.raises(ProofError):
            verify_consistency(old, root(0, other), new, after, proof)
    with pytest.raises(ProofError):
        verify_consistency(old, before, new, root(0, new + 1), proof)
    with pytest.raises(ProofError):
        verify_consistency(new, after, old, before, proof)


def test_rules_for_empty_and_equal_logs() -> None:
    """An empty log begins every log; equal sizes need equal roots; neither takes a proof."""
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    verify_consistency(0, EMPTY_ROOT, 5, root(0, 5), [])
    verify_consistency(5, root(0, 5), 5, root(0, 5), [])
    wrong = [
        (0, bytes(32), 5, root(0, 5), []),
        (0, EMPTY_ROOT, 5, root(0, 5), [bytes(32)]),
        (0, EMPTY_ROOT, 0, bytes(32), []),
        (5, root(0, 5), 5, root(0, 6), []),
        (5, root(0, 5), 5, root(0, 5), [bytes(32)]),
        (5, root(0, 5), 6, root(0, 6), []),
        (-1, EMPTY_ROOT, 6, root(0, 6), []),
    ]
    for case in wrong:
        with pytest.raises(ProofError):
            verify_consistency(*case)


def test_a_plan_refuses_what_no_log_has() -> None:
    """No entry beyond the end, no shrinking, no tile that is short or missing."""
    for wrong in (lambda: Plan.inclusion(5, 5), lambda: Plan.inclusion(-1, 5), lambda: Plan.consistency(6, 5)):
        with pytest.raises(TileError):
            wrong()
    with pytest.raises(TileError):
        root_plan(-1)
    plan = Plan.inclusion(3, 5)
    with pytest.raises(TileError):
        plan.prove({})
    with pytest.raises(TileError):
        plan.prove({span: [bytes(32)] for span in plan.tiles})
    with pytest.raises(TileError):
        plan.prove({span: [bytes(31)] * (span.end - span.start) for span in plan.tiles})
    with pytest.raises(TileError):
        plan.tiles[0].tile(4)
