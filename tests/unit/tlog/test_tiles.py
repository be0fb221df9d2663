"""Tile paths have one spelling (C2SP tlog-tiles)."""

from __future__ import annotations

import pytest

from gateway.tlog.errors import TileError
from gateway.tlog.tiles import Tile, TileSpan, entries_path, parse_tile_path, tile_path

SPELLED = [
    (0, 0, 256, "tile/0/000"),
    (0, 1234067, 256, "tile/0/x001/x234/067"),
    (3, 999, 1, "tile/3/999.p/1"),
    (63, 1000, 255, "tile/63/x001/000.p/255"),
]


@pytest.mark.parametrize(("level", "n", "width", "path"), SPELLED)
def test_paths(level: int, n: int, width: int, path: str) -> None:
    """Spelling and reading are each other's inverse, and the specification's example holds."""
    assert tile_path(level, n, width) == path == Tile(level, n, width).path
    assert parse_tile_path(path) == (level, n, width)


def test_entries_path() -> None:
    """Bundles of entries are served beside the tiles."""
    assert entries_path(1234067, 5) == "tile/entries/x001/x234/067.p/5"


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/\u0660\u0660\u0660",
        "tile/0/0", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/x000/001", "tile/0/001/001", "tile/0/x001",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000/", "/tile/0/000",
        "tile/0/000\n", "tile/entries/000", "tile/0/x000/x000/000", "tile/0/000.p/1.p/1", "tile/0/../000",
    ],
)  # fmt: skip
def test_other_spellings_are_refused(path: str) -> None:
    """One tile, one address."""
    with pytest.raises(TileError):
        parse_tile_path(path)


@pytest.mark.parametrize(("level", "n", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_no_such_tile(level: int, n: int, width: int) -> None:
    """Coordinates outside the specification have no path."""
    with pytest.raises(TileError):
        tile_path(level, n, width)


def test_the_width_of_tiles_follows_from_the_size() -> None:
    """The specification's example: 70,000 entries."""
    assert TileSpan(0, 272 * 256, 273 * 256).tile(70_000) == Tile(0, 272, 256)
    assert TileSpan(0, 273 * 256, 273 * 256 + 16).tile(70_000) == Tile(0, 273, 112)
    assert TileSpan(1, 256, 272).tile(70_000) == Tile(1, 1, 17)
    assert TileSpan(2, 0, 1).tile(70_000) == Tile(2, 0, 1)
