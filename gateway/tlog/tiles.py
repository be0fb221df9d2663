"""Tiles (C2SP tlog-tiles): where hashes stand, and which of them a proof needs.

A proof is planned first and computed afterwards, so that the caller can fetch between: from the
store's tables, or over HTTP from somebody who need not be trusted. Whatever the size of the log,
a plan names at most two tiles a level: one around the leaf, one at the right edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gateway.tlog.errors import TileError
from gateway.tlog.tree import TILE_HEIGHT, TILE_WIDTH, fold, node_hash

_PATH = re.compile(r"tile/([0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """Coordinates of a tile; ``width`` is 256, or less for a partial one at the right edge."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """Where the tile is served, below the log's prefix."""
        return tile_path(self.level, self.index, self.width)


class TileSpan(NamedTuple):
    """Hashes ``start`` up to, not including, ``end`` of a level (0: leaf hashes); never across two tiles."""

    level: int
    start: int
    end: int

    def tile(self, size: int) -> Tile:
        """Return the tile that holds the span when the log has ``size`` entries."""
        index = self.start // TILE_WIDTH
        width = min(TILE_WIDTH, (size >> (TILE_HEIGHT * self.level)) - index * TILE_WIDTH)
        if self.end > index * TILE_WIDTH + width:
            raise TileError("the log is too short to have these hashes")
        return Tile(self.level, index, width)

    def cut(self, tile: Sequence[bytes]) -> Sequence[bytes]:
        """Take the span out of the hashes of its whole (or partial) tile."""
        offset = self.start % TILE_WIDTH
        return tile[offset : offset + self.end - self.start]


@dataclass(frozen=True, slots=True)
class _Subtree:
    """The perfect subtree over 2**height leaves from index * 2**height on."""

    height: int
    index: int

    @property
    def span(self) -> TileSpan:
        level, inside = divmod(self.height, TILE_HEIGHT)
        return TileSpan(level, self.index << inside, (self.index + 1) << inside)


@dataclass(frozen=True, slots=True)
class ProofPlan:
    """What to read for a proof, and how to combine it.

    ``parts`` are the hashes of the proof, each as the perfect subtrees it covers, left to right.
    """

    parts: tuple[tuple[_Subtree, ...], ...]
    tiles: tuple[TileSpan, ...]

    def prove(self, hashes: Mapping[TileSpan, Sequence[bytes]]) -> list[bytes]:
        """Return the proof, in the order of RFC 6962, from the hashes of every span in ``tiles``.

        The result is only as true as the hashes: verify it against a signed root.

        Raises:
            TileError: a span is missing, or has another number of hashes than asked for.
        """
        for span in self.tiles:
            found = hashes.get(span, ())
            if len(found) != span.end - span.start or any(len(part) != 32 for part in found):
                raise TileError("a tile does not hold the hashes that the log must have")
        at = {(span.level, span.start // TILE_WIDTH): span for span in self.tiles}
        return [fold([_perfect(subtree.span, at, hashes) for subtree in part]) for part in self.parts]


class Plan:
    """Which proof is wanted."""

    @staticmethod
    def inclusion(index: int, size: int) -> ProofPlan:
        """Plan the proof that entry ``index`` is in the log of ``size`` entries (RFC 6962 section 2.1.1)."""
        if not 0 <= index < size:
            raise TileError("no such entry in a log of this size")
        return _plan([part for part, _ in _siblings(index, size)])

    @staticmethod
    def consistency(old: int, new: int) -> ProofPlan:
        """Plan the proof that the log of ``old`` entries begins the one of ``new`` (RFC 6962 section 2.1.2).

        From an empty log, or to the same size, the proof is empty.
        """
        if not 0 <= old <= new:
            raise TileError("a log does not shrink")
        if old in (0, new):
            return _plan([])
        whole = old & -old  # the last perfect subtree of the old log: the proof starts there
        parts = [part for part, ends in _siblings(old - 1, new) if ends > whole]
        return _plan(parts if whole == old else [_subtrees(old - whole, old), *parts])


def root_plan(size: int) -> ProofPlan:
    """Plan the root of the log as it was with ``size`` entries: ``prove`` returns that one hash."""
    if size < 0:
        raise TileError("a log does not shrink")
    return _plan([_subtrees(0, size)])


def tile_path(level: int, n: int, width: int) -> str:
    """Spell where tile ``n`` of a level is served, such as ``tile/0/x001/234.p/5``."""
    if not 0 <= level <= 63:
        raise TileError("expected a tile level from 0 to 63")
    return f"tile/{level}/{_number(n, width)}"


def entries_path(n: int, width: int) -> str:
    """Spell where the ``n``-th bundle of entries is served, such as ``tile/entries/x001/234``."""
    return f"tile/entries/{_number(n, width)}"


def parse_tile_path(path: str) -> tuple[int, int, int]:
    """Read (level, n, width) from a tile's path.

    Raises:
        TileError: the path is not the one spelling of a tile, so that no tile has two addresses.
    """
    match = _PATH.fullmatch(path)
    if not match:
        raise TileError("expected a path such as tile/0/x001/234 or tile/0/x001/234.p/5")
    n = int(match[2].replace("x", "").replace("/", ""))
    tile = Tile(int(match[1]), n, int(match[3] or TILE_WIDTH))
    if tile.path != path:
        raise TileError("expected the canonical path of a tile")
    return tile.level, tile.index, tile.width


def _number(n: int, width: int) -> str:
    if n < 0 or not 1 <= width <= TILE_WIDTH:
        raise TileError("expected a tile number from 0 and a width from 1 to 256")
    digits = f"{n:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]]) + (
        f".p/{width}" if width < TILE_WIDTH else ""
    )


def _siblings(index: int, size: int) -> Iterator[tuple[tuple[_Subtree, ...], int]]:
    """Yield what stands beside the way from a leaf up to the root, with how many leaves both cover together."""
    start, end, found = 0, size, []
    while end - start > 1:
        half = 1 << ((end - start - 1).bit_length() - 1)
        middle = start + half
        if index < middle:
            found.append((_subtrees(middle, end), end - start))
            end = middle
        else:
            found.append((_subtrees(start, middle), end - start))
            start = middle
    return reversed(found)


def _subtrees(start: int, end: int) -> tuple[_Subtree, ...]:
    """Split a range, aligned as RFC 6962 splits, into its perfect subtrees, largest first."""
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        found.append(_Subtree(height, start >> height))
        start += 1 << height
    return tuple(found)


def _plan(parts: Sequence[tuple[_Subtree, ...]]) -> ProofPlan:
    """Gather what the parts need into one span a tile."""
    spans: dict[tuple[int, int], TileSpan] = {}
    for part in parts:
        for level, start, end in (subtree.span for subtree in part):
            known = spans.get((level, start // TILE_WIDTH), TileSpan(level, start, end))
            spans[level, start // TILE_WIDTH] = TileSpan(level, min(known.start, start), max(known.end, end))
    return ProofPlan(tuple(parts), tuple(sorted(spans.values())))


def _perfect(
    span: TileSpan, at: Mapping[tuple[int, int], TileSpan], hashes: Mapping[TileSpan, Sequence[bytes]]
) -> bytes:
    around = at[span.level, span.start // TILE_WIDTH]
    row = hashes[around][span.start - around.start : span.end - around.start]
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]
