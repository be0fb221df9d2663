"""The tree grows into the very roots and nodes that RFC 6962 defines."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from gateway.errors import EvidenceError
from gateway.tlog import tree
from gateway.tlog.tree import EMPTY_ROOT, Head, append, leaf_hash, node_hash
from tests.unit.tlog import reference
from tests.unit.tlog.forest import grow, grown

VECTORS = Path(__file__).parents[3] / "schemas" / "published" / "vectors" / "merkle-tree.json"


def check_vectors() -> None:
    """Hold the product against the eight roots that certificate-transparency logs test with."""
    head = Head.empty()
    vector = json.loads(VECTORS.read_text())
    assert head.root.hex() == vector["roots"][0]
    for body, root in zip(vector["bodies"], vector["roots"][1:], strict=True):
        head, _ = append(head, [leaf_hash(bytes.fromhex(body))])
        assert head.root.hex() == root


def test_published_roots() -> None:
    """The roots of the published example are ours too."""
    check_vectors()


@pytest.mark.parametrize(
    "planted",
    [
        lambda data=b"": sha256(data.removeprefix(b"\x01") if len(data) == 65 else data),
        lambda data=b"": sha256(data[1:] if data[:1] == b"\x00" else data),
        lambda data=b"": sha256(data[:1] + data[33:] + data[1:33] if len(data) == 65 else data),
    ],
    ids=["node without prefix", "leaf without prefix", "children swapped"],
)
def test_planted_hashing_is_seen(planted: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    """The vectors would not pass a tree that hashes otherwise."""
    monkeypatch.setattr(tree, "sha256", planted)
    with pytest.raises(AssertionError):
        check_vectors()


def test_every_size_by_single_appends() -> None:
    """Growing one by one gives the reference root at every size up to 1100."""
    head = Head.empty()
    assert head.root == EMPTY_ROOT == reference.root(0, 0)
    for size in range(1, 1101):
        head, _ = append(head, [reference.leaf(size - 1)])
        assert (head.size, head.root) == (size, reference.root(0, size))
        assert len(head.frontier) == size.bit_count()


def test_nodes_are_the_roots_of_their_subtrees() -> None:
    """Each node is MTH of its 256**level leaves, and every complete one is there."""
    size = 70_000
    _, levels = grown(size)
    assert {level: len(row) for level, row in levels.items()} == {0: 70_000, 1: 273, 2: 1}
    for level in (1, 2):
        width = 256**level
        for index, found in enumerate(levels[level]):
            assert found == reference.root(index * width, (index + 1) * width)


def test_appending_nothing_changes_nothing() -> None:
    """No leaves: the same head, no nodes."""
    head, _ = grown(300)
    assert append(head, []) == (head, [])


def test_one_run_or_many() -> None:
    """How appends are batched does not show in head or nodes."""
    assert grow(1000) == grow(1000, [1, 255, 256, 257, 512, 999])


@pytest.mark.parametrize(
    "altered",
    [
        lambda head: replace(head, size=head.size + 1),
        lambda head: replace(head, size=-1),
        lambda head: replace(head, root=bytes(32)),
        lambda head: replace(head, frontier=head.frontier[:-1]),
        lambda head: replace(head, frontier=head.frontier[::-1]),
        lambda head: replace(head, frontier=(head.frontier[0][:-1], *head.frontier[1:])),
    ],
)
def test_an_altered_head_is_not_appended_to(altered: Callable[[Head], Head]) -> None:
    """A stored head that was changed stops the log instead of forking it."""
    head, _ = grown(300)
    with pytest.raises(EvidenceError):
        append(altered(head), [reference.leaf(300)])


def test_a_node_never_passes_for_a_leaf() -> None:
    """The prefixes keep the two kinds of hash apart."""
    left, right = reference.leaf(0), reference.leaf(1)
    assert node_hash(left, right) != leaf_hash(left + right)
