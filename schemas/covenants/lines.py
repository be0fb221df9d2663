"""Where in a TOML file does a value stand? The standard library's reader forgets it once the value is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_TABLES = re.compile(r"\s*\[\[\s*([A-Za-z0-9_-]+)\s*\]\]")
_TABLE = re.compile(r"\s*\[\s*([A-Za-z0-9_-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")

Path = tuple[str | int, ...]


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Give the line, from 1, of the nearest thing around ``path`` that stands on a line of its own.

    ``path`` is as a reader of the value would walk: ``("deelnemer", 3, "oin")``. A value inside an
    array or an inline table is found at its key, a missing key at its table's heading, else line 1.
    """
    known: dict[Path, int] = {}
    for place, line in _places(text):
        known.setdefault(place, line)
    wanted = tuple(path)
    return next((known[wanted[:end]] for end in range(len(wanted), 0, -1) if wanted[:end] in known), 1)


def _places(text: str) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    count: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if heading := _TABLES.match(line):
            name = heading[1]
            table = (name, count.get(name, 0))
            count[name] = table[1] + 1 if isinstance(table[1], int) else 0
            yield table, number
        elif heading := _TABLE.match(line):
            table = (heading[1],)
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, key[1]), number
