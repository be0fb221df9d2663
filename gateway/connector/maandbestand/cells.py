"""Bytes in, rows of cells out: ``;``-separated UTF-8 as RFC 4180 quotes it, with the file's own line numbers.

Written here because the standard library's reader cannot say in which cell a quote went
wrong, nor go on after it, and the report has to name every error at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CELL = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"|([^";\r\n]*+)')
_END = re.compile(r";|\r\n|\n|\r|\Z")
_NEWLINE = re.compile(r"\r\n|\n|\r")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = "\ufeff"
MAX_BROKEN = 100
"""After so many rows with a broken quote reading stops: an unclosed one costs a look at the rest of the file."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One row as it stands: the physical line where it begins, and its cells.

    ``broken`` is the number (from 0) of the cell whose quotes are wrong; the cells before it are sound.
    """

    regel: int
    cells: tuple[str, ...]
    broken: int | None = None

    @property
    def blank(self) -> bool:
        """Nothing in any cell: an empty line, or what a spreadsheet leaves under its last row."""
        return self.broken is None and not any(cell.strip() for cell in self.cells)


def decode(data: bytes) -> str | None:
    """Read UTF-8, with or without a byte order mark; ``None`` for UTF-16.

    A byte that is no UTF-8 becomes a lone surrogate, so that the cell that holds it can be named.
    """
    if data.startswith(_UTF16):
        return None
    return data.decode("utf-8", errors="surrogateescape").removeprefix(_BOM)


def is_utf8(cell: str) -> bool:
    """Tell whether every byte of a decoded cell was UTF-8."""
    return cell.isascii() or not any("\ud800" <= char <= "\udfff" for char in cell)


def split_rows(text: str) -> Iterator[Cells]:
    """Yield each row with content, in order. Lines end in LF, CRLF or CR, also inside quotes.

    After a broken quote reading goes on at the next physical line.
    """
    position, line, broken = 0, 1, 0
    while position < len(text) and broken < MAX_BROKEN:
        row, position, line = _row(text, position, line)
        broken += row.broken is not None
        if not row.blank:
            yield row


def _row(text: str, position: int, line: int) -> tuple[Cells, int, int]:
    """Read one row; give it with the position and the line after it."""
    first, cells = line, list[str]()
    while True:
        cell = _CELL.match(text, position)
        end = _END.match(text, cell.end()) if cell else None
        if cell is None or end is None:
            return Cells(first, tuple(cells), broken=len(cells)), _next_line(text, position), line + 1
        quoted = cell.group(1)
        cells.append(cell.group(2) if quoted is None else quoted.replace('""', '"'))
        line += len(_NEWLINE.findall(quoted)) if quoted else 0
        position = end.end()
        if end.group() != ";":
            return Cells(first, tuple(cells)), position, line + 1


def _next_line(text: str, position: int) -> int:
    newline = _NEWLINE.search(text, position)
    return newline.end() if newline else len(text)
