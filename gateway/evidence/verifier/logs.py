"""The two logs: their signed heads, and the lines that are proved to stand in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .reading import fail, unbase64

CheckNote = Callable[[str, bytes, bytes], bool]
"""(note key, note text, 64 bytes) -> is it a good Ed25519 signature. Answers False, never raises."""

_HEAD = re.compile(r"([!-~]{1,200})\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")
_ROW = re.compile(r"— ([!-~]{1,200}) ([A-Za-z0-9+/=]{1,8000})\n")


class Head(NamedTuple):
    """A log as its checkpoint has it; the origin is that of the exchange, a slash and the log's name."""

    vkey: str
    origin: str
    size: int
    root: bytes


def read_checkpoint(vkey: str, note: str, check_note: CheckNote) -> Head:
    """Return the head that a C2SP checkpoint gives, signed by the log whose note key this is."""
    head = _HEAD.fullmatch(_note_text(vkey, note, check_note))
    if not head or head[1] != vkey.partition("+")[0]:
        fail("geen controlepunt van dit logboek", "no checkpoint of this log")
    return Head(vkey, head[1], int(head[2]), unbase64(head[3]))


def _note_text(vkey: str, note: str, check_note: CheckNote) -> str:
    """Return the text of a C2SP signed note; signatures by others, such as witnesses, are passed over."""
    name, _, rest = vkey.partition("+")
    key_id, _, key = rest.partition("+")
    raw = unbase64(key)
    if len(raw) != 33 or raw[:1] != b"\x01" or key_id != hashlib.sha256(f"{name}\n".encode() + raw).hexdigest()[:8]:
        fail("geen Ed25519-logsleutel", "no Ed25519 log key")
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    rows = [_ROW.fullmatch(row) for row in lines.splitlines(keepends=True)]
    made = [unbase64(row[2]) for row in rows if row and row[1] == name]
    mine = [one[4:] for one in made if one[:4].hex() == key_id]
    if not all(rows) or not mine or not all(len(s) == 64 and check_note(vkey, text.encode(), s) for s in mine):
        fail("de handtekening van het logboek klopt niet", "the log's signature is wrong")
    return text


class Tree:
    """A Merkle tree that grows a leaf at a time (RFC 6962 section 2.1)."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []  # roots of the perfect subtrees, largest first

    def append(self, leaf: bytes) -> None:
        """Take in one leaf hash more."""
        self.size += 1
        rest = self.size
        while not rest & 1:
            leaf = hashlib.sha256(b"\x01" + self._subtrees.pop() + leaf).digest()
            rest >>= 1
        self._subtrees.append(leaf)

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._subtrees:
            return hashlib.sha256(b"").digest()
        found = self._subtrees[-1]
        for left in self._subtrees[-2::-1]:
            found = hashlib.sha256(b"\x01" + left + found).digest()
        return found


def root_of(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a leaf and its inclusion proof give (RFC 9162 section 2.1.3.2), or None."""
    if not 0 <= index < size or any(len(part) != 32 for part in path):
        return None
    at, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = hashlib.sha256(b"\x01" + beside + found).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + beside).digest()
        at, last = at >> 1, last >> 1
    return found if last == 0 else None
