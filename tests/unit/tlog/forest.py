"""A log grown by the product, and the tiles that a store or a web server would give of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from gateway.tlog.tiles import ProofPlan, TileSpan, tile_path
from gateway.tlog.tree import TILE_WIDTH, Head, append
from tests.unit.tlog.reference import leaves

Levels = Mapping[int, Sequence[bytes]]


def grow(size: int, cuts: Sequence[int] = ()) -> tuple[Head, dict[int, list[bytes]]]:
    """Append the reference leaves in runs that end at ``cuts``; return the head and the hashes of each level."""
    head, levels, all_leaves = Head.empty(), {0: leaves(size)}, leaves(size)
    for start, end in pairwise(sorted({0, *cuts, size})):
        head, nodes = append(head, all_leaves[start:end])
        for node in nodes:
            row = levels.setdefault(node.level, [])
            assert node.index == len(row)
            row.append(node.hash)
    return head, levels


@cache
def grown(size: int) -> tuple[Head, dict[int, list[bytes]]]:
    return grow(size)


def prove(plan: ProofPlan, levels: Levels) -> list[bytes]:
    """Read what the plan asks as the store does: a range of one level."""
    return plan.prove({span: levels[span.level][span.start : span.end] for span in plan.tiles})


def published(size: int, levels: Levels) -> dict[str, bytes]:
    """Return the tile files of a log published at ``size``: full ones, and partial ones at the right edge."""
    files = {}
    for level, row in levels.items():
        width = size >> (8 * level)
        for n in range(0, width, TILE_WIDTH):
            part = row[n : min(n + TILE_WIDTH, width)]
            files[tile_path(level, n // TILE_WIDTH, len(part))] = b"".join(part)
    return files


def fetch(span: TileSpan, size: int, files: Mapping[str, bytes]) -> Sequence[bytes]:
    """Read one span over the served files, as a connector does."""
    body = files[span.tile(size).path]
    return span.cut([body[i : i + 32] for i in range(0, len(body), 32)])
