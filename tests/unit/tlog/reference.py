"""The Merkle tree as RFC 6962 section 2.1 writes it: recursive, slow, and written apart from the product."""

from __future__ import annotations

import hashlib
from functools import cache


@cache
def leaf(number: int) -> bytes:
    return hashlib.sha256(b"\x00" + b"entry %d" % number).digest()


def leaves(size: int) -> list[bytes]:
    return [leaf(i) for i in range(size)]


def split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


@cache
def root(start: int, end: int) -> bytes:
    """Return MTH(D[start:end])."""
    if start == end:
        return hashlib.sha256().digest()
    if end - start == 1:
        return leaf(start)
    middle = start + split(end - start)
    return hashlib.sha256(b"\x01" + root(start, middle) + root(middle, end)).digest()


def inclusion(index: int, start: int, end: int) -> list[bytes]:
    """Return PATH(index, D[start:end]), section 2.1.1."""
    if end - start == 1:
        return []
    middle = start + split(end - start)
    if index < middle - start:
        return [*inclusion(index, start, middle), root(middle, end)]
    return [*inclusion(index - (middle - start), middle, end), root(start, middle)]


def consistency(old: int, start: int, end: int, whole: bool = True) -> list[bytes]:
    """Return SUBPROOF(old, D[start:end], whole), section 2.1.2."""
    if old == end - start:
        return [] if whole else [root(start, end)]
    middle = start + split(end - start)
    if old <= middle - start:
        return [*consistency(old, start, middle, whole), root(middle, end)]
    return [*consistency(old - (middle - start), middle, end, False), root(start, middle)]
