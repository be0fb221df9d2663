"""Checking proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2, which hold for RFC 6962 trees alike)."""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest

from gateway.tlog.errors import ProofError
from gateway.tlog.tree import EMPTY_ROOT, node_hash


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return only if ``leaf`` (a leaf hash) is entry ``index`` of the log of ``size`` entries with this root.

    Raises:
        ProofError: it is not shown; nothing may be concluded about the entry.
    """
    if not 0 <= index < size:
        raise ProofError("no such entry in a log of this size")
    _check_hashes((leaf, root, *proof))
    at, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            raise ProofError("the inclusion proof is too long")
        if at & 1 or at == last:
            found = node_hash(beside, found)
            at, last = _climb(at, last)
        else:
            found = node_hash(found, beside)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofError("the inclusion proof is too short")
    if not compare_digest(found, root):
        raise ProofError("the entry is not in the log at this index")


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Return only if the log with the old root is a beginning of the log with the new one.

    An empty log begins every log: its root must be that of the empty tree, and the proof empty.

    Raises:
        ProofError: it is not shown. Two signed heads without a proof show that the log was forked.
    """
    if not 0 <= old_size <= new_size:
        raise ProofError("a log does not shrink")
    _check_hashes((old_root, new_root, *proof))
    if old_size in (0, new_size):
        _check_trivial(old_size, old_root, new_size, new_root, proof)
        return
    hashes = list(proof)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)  # the whole old log is one subtree of the new one
    if not hashes:
        raise ProofError("the consistency proof is too short")
    old, new = _replay(old_size, new_size, hashes)
    if not (compare_digest(old, old_root) and compare_digest(new, new_root)):
        raise ProofError("the new log does not begin with the old one")


def _check_trivial(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise ProofError("the consistency proof is too long")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise ProofError("a log of no entries has another root")
    if old_size == new_size and old_root != new_root:
        raise ProofError("two roots for one size: the log was forked")


def _replay(old_size: int, new_size: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Compute both roots from one proof."""
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            raise ProofError("the consistency proof is too long")
        if at & 1 or at == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            at, last = _climb(at, last)
        else:
            new = node_hash(new, beside)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofError("the consistency proof is too short")
    return old, new


def _climb(at: int, last: int) -> tuple[int, int]:
    """Skip the levels at the right edge where a node has no neighbour."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(part) != 32 for part in hashes):
        raise ProofError("a hash of a proof is 32 bytes")
