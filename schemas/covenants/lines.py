"""Where in a TOML file does a value stand? The standard library's reader forgets it once the value is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

_TABLES = re.compile(r"\s*\[\[\s*([A-Za-z0-9_-]+)\s*\]\]")
_TABLE = re.compile(r"\s*\[\s*([A-Za-z0-9_-]+)\s*\]")
_KEY = re.compile(r"""\s*(?:([A-Za-z0-9_-]+)|"([^"\\]*)"|'([^']*)')\s*=(?P<value>.*)""")
_TEXTS = re.compile(r"""("(?:[^"\\]|\\.)*"?|'[^']*'?)|#.*""")

Path = tuple[str | int, ...]


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Give the line, from 1, of the nearest thing around ``path`` that stands on a line of its own.

    ``path`` is as a reader of the value would walk: ``("deelnemer", 3, "oin")``. An item of an array is found
    where it begins, a value in an inline table at its key, a missing key at its table's heading, else line 1.
    """
    known, wanted = _known(text), tuple(path)
    return next((known[wanted[:end]] for end in range(len(wanted), 0, -1) if wanted[:end] in known), 1)


@lru_cache(maxsize=4)
def _known(text: str) -> Mapping[Path, int]:
    """Give the line of everything that has one: whoever asks for one line of a file mostly asks for more."""
    known: dict[Path, int] = {}
    for place, line in _places(text):
        known.setdefault(place, line)
    return known


def _places(text: str) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    count: dict[str, int] = {}
    items = _Items(())
    for number, line in enumerate(text.split("\n"), start=1):
        if items.open:
            yield from ((place, number) for place in items.read(line))
        elif heading := _TABLES.match(line):
            name = heading[1]
            table = (name, count.get(name, 0))
            count[name] = table[1] + 1 if isinstance(table[1], int) else 0
            yield table, number
        elif heading := _TABLE.match(line):
            table = (heading[1],)
            yield table, number
        elif key := _KEY.match(line):
            place = (*table, next(name for name in key.groups() if name is not None))
            yield place, number
            items = _Items(place)
            yield from ((item, number) for item in items.read(key["value"]))


class _Items:
    """The items of one array, counted while its lines are read; ``open`` until its last bracket closed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.depth = 0
        self.begun = 0
        self.between = True

    @property
    def open(self) -> bool:
        return self.depth > 0

    def read(self, line: str) -> Iterator[Path]:
        """Give the places of the items that begin on the next line, or in the text after ``key =``."""
        for mark in _marks(line):
            if not self.open and mark != "[":
                return
            if self.depth == 1 and self.between and mark not in ",]":
                yield (*self.place, self.begun)
                self.begun += 1
                self.between = False
            self.depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
            self.between = self.between or (self.depth == 1 and mark == ",")
            if not self.open:
                return


def _marks(line: str) -> Iterator[str]:
    """Give what matters of a line's values, sign by sign: no blanks, no comment, a text as one letter."""
    bare = _TEXTS.sub(lambda found: "x" if found[1] else "", line)
    return (sign for sign in bare if not sign.isspace())
