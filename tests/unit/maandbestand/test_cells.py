"""Rows, cells and physical lines."""

from __future__ import annotations

import pytest

from gateway.connector.maandbestand.cells import MAX_BROKEN, Cells, decode, is_utf8, split_rows


def rows(text: str) -> list[Cells]:
    return list(split_rows(text))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_physical(newline: str) -> None:
    """A row is named by the physical line where it begins, also after a cell with line ends and after blank lines."""
    text = newline.join(["a;b", f'"een{newline}twee{newline}";x', "", ";;", "c;d", ""])
    found = [Cells(1, ("a", "b")), Cells(2, (f"een{newline}twee{newline}", "x")), Cells(7, ("c", "d"))]
    assert rows(text) == found


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("", []),
        ("a", ["a"]),
        ("a;", ["a", ""]),
        (";a", ["", "a"]),
        ('"a;b";c', ["a;b", "c"]),
        ('"a ""b"" c"', ['a "b" c']),
        ('"";x', ["", "x"]),
        ('""""', ['"']),
        (" a ;b", [" a ", "b"]),
    ],
)
def test_cells(line: str, cells: list[str]) -> None:
    """Quotes as RFC 4180 has them, with or without a line end after the last row."""
    for text in (line, line + "\r\n"):
        assert [cell for row in rows(text) for cell in row.cells] == cells


@pytest.mark.parametrize("bad", ['x;"a"b;y', 'x;a"b;y', 'x; "a";y', 'x;"a;y', 'x;"a""'])
def test_broken_quote_is_found_and_the_next_line_read(bad: str) -> None:
    """A quote out of place is pointed out in its row and cell; reading goes on at the next line."""
    assert rows(f"a;b\n{bad}\nc;d\n") == [Cells(1, ("a", "b")), Cells(2, ("x",), broken=1), Cells(3, ("c", "d"))]


def test_broken_quote_after_embedded_newline() -> None:
    """The line count stays right when the broken cell is not on the row's first line."""
    assert rows('"a\nb";c"d\ne;f') == [Cells(1, ("a\nb",), broken=1), Cells(3, ("e", "f"))]


def test_endless_broken_quotes_end() -> None:
    """Reading stops after so many broken rows: each may cost a look at the rest of the file."""
    assert len(rows('a"\n' * (MAX_BROKEN + 50))) == MAX_BROKEN


def test_decode() -> None:
    """A byte order mark is dropped, UTF-16 is told apart, another byte keeps its place in its cell."""
    assert decode(b"\xef\xbb\xbfa") == decode(b"a") == "a"
    assert decode("a".encode("utf-16")) is None
    text = decode("naam;é".encode() + "\nRené;x".encode("cp1252"))
    assert text is not None
    assert [[is_utf8(cell) for cell in row.cells] for row in rows(text)] == [[True, True], [False, True]]
