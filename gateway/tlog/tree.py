"""The growing tree: leaves in, a new head and the complete nodes of the tiles out (RFC 6962 section 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from gateway.errors import EvidenceError

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """Hash an entry; the prefix keeps a leaf from ever passing for a node."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into their parent."""
    return sha256(b"\x01" + left + right).digest()


def fold(subtrees: Sequence[bytes]) -> bytes:
    """Return the root over neighbouring perfect subtrees, largest first; of none, the empty tree's root."""
    if not subtrees:
        return EMPTY_ROOT
    root = subtrees[-1]
    for left in subtrees[-2::-1]:
        root = node_hash(left, root)
    return root


@dataclass(frozen=True, slots=True)
class Node:
    """One hash of a tile above the leaves.

    ``level`` is at least 1; ``hash`` is the root of the perfect subtree over the 256**level leaves from
    ``index`` * 256**level on. Level 0 are the leaf hashes themselves, which the store keeps with the entries.
    """

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """A log of ``size`` entries: its root, and the roots of its perfect subtrees, largest first.

    The frontier is all that is needed to go on appending: one hash for each 1 in ``size``.
    """

    size: int
    root: bytes
    frontier: tuple[bytes, ...]

    @classmethod
    def empty(cls) -> Head:
        """Return the head of a log without entries."""
        return cls(0, EMPTY_ROOT, ())

    @classmethod
    def from_frontier(cls, size: int, frontier: Sequence[bytes]) -> Head:
        """Return the head with this frontier, its root computed.

        Raises:
            EvidenceError: a tree of this size has another number of perfect subtrees, or one is no SHA-256 hash.
        """
        parts = tuple(frontier)
        if size < 0 or len(parts) != size.bit_count() or any(len(part) != 32 for part in parts):
            raise EvidenceError("size and frontier of the log head do not fit together")
        return cls(size, fold(parts), parts)

    def check(self) -> None:
        """Raise ``EvidenceError`` unless size, root and frontier belong together."""
        if Head.from_frontier(self.size, self.frontier).root != self.root:
            raise EvidenceError("root and frontier of the log head do not fit together")


def append(head: Head, leaves: Sequence[bytes]) -> tuple[Head, list[Node]]:
    """Append leaf hashes; return the new head and the nodes of level 1 and above that became complete.

    Nodes come in the order in which they were completed. About one hash per leaf; the root is
    computed once, at the end.

    Raises:
        EvidenceError: ``head`` contradicts itself; appending to it would fork the log.
    """
    head.check()
    stack, size, nodes = list(head.frontier), head.size, list[Node]()
    for leaf in leaves:
        size += 1
        subtree, height, rest = leaf, 0, size
        while not rest & 1:
            subtree = sha256(b"\x01" + stack.pop() + subtree).digest()
            height += 1
            rest >>= 1
            if not height % TILE_HEIGHT:
                nodes.append(Node(height // TILE_HEIGHT, rest - 1, subtree))
        stack.append(subtree)
    return Head.from_frontier(size, stack), nodes
