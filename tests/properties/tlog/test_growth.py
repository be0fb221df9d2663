"""Whatever the sizes and however entries arrive, tree, tiles and proofs agree with the reference."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.tlog.errors import ProofError
from gateway.tlog.proofs import verify_consistency, verify_inclusion
from gateway.tlog.tiles import Plan, root_plan
from tests.unit.tlog.forest import fetch, grow, grown, prove, published
from tests.unit.tlog.reference import consistency, inclusion, leaf, root

LARGE = 100_000


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1100), st.lists(st.integers(0, 1100), max_size=12))
def test_batches_do_not_show(size: int, cuts: list[int]) -> None:
    """Any split into appends gives the reference root, the same frontier and the same nodes."""
    head, levels = grow(size, [cut for cut in cuts if cut < size])
    assert head.root == root(0, size)
    assert (head, levels) == grow(size)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_inclusion_up_to_100_000(data: st.DataObject) -> None:
    """A proof from served tiles is the reference's, and verifies for that entry only."""
    size = data.draw(st.integers(1, LARGE))
    index = data.draw(st.integers(0, size - 1))
    _, levels = grown(LARGE)
    proof = prove(Plan.inclusion(index, size), levels)
    assert proof == inclusion(index, 0, size)
    verify_inclusion(leaf(index), index, size, proof, root(0, size))
    other = data.draw(st.integers(0, size - 1))
    assume(other != index)
    with pytest.raises(ProofError):
        verify_inclusion(leaf(index), other, size, proof, root(0, size))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_consistency_up_to_100_000(data: st.DataObject) -> None:
    """Any two sizes of one log are shown consistent (invariant I7), and no changed proof passes."""
    new = data.draw(st.integers(1, LARGE))
    old = data.draw(st.integers(1, new))
    _, levels = grown(LARGE)
    proof = prove(Plan.consistency(old, new), levels)
    assert proof == consistency(old, 0, new)
    verify_consistency(old, root(0, old), new, root(0, new), proof)
    assert prove(root_plan(old), levels) == [root(0, old)]
    assume(proof)
    at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    changed = bytearray(proof[at])
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ProofError):
        verify_consistency(old, root(0, old), new, root(0, new), [*proof[:at], bytes(changed), *proof[at + 1 :]])


@settings(max_examples=30, deadline=None)
@given(st.integers(1, LARGE), st.integers(0, LARGE))
def test_partial_tiles_suffice(size: int, at: int) -> None:
    """What is published at one size is enough for every proof at that size."""
    _, levels = grown(LARGE)
    files = published(size, levels)
    for plan, expected in (
        (Plan.inclusion(at % size, size), inclusion(at % size, 0, size)),
        (Plan.consistency(at % size + 1, size), consistency(at % size + 1, 0, size)),
    ):
        assert plan.prove({span: fetch(span, size, files) for span in plan.tiles}) == expected


@settings(deadline=None)
@given(st.binary(max_size=40), st.integers(-2, 300), st.integers(-2, 300), st.lists(st.binary(max_size=40), max_size=9))
def test_noise_is_refused_cleanly(noise: bytes, one: int, other: int, proof: list[bytes]) -> None:
    """Whatever is handed over as a proof, the answer is a ProofError or a proof that holds."""
    with pytest.raises(ProofError):
        verify_inclusion(leaf(0), one, other, proof, noise)
    with pytest.raises(ProofError):
        verify_consistency(one, noise, other, leaf(0) if one != 0 else noise, [*proof, noise])
