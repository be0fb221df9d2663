"""How commands speak: text for people, JSON for programs, errors with whose turn it is, fixed exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import IntEnum
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from gateway.errors import ConfigurationError, EvidenceError, GatewayError, RejectedError, UnavailableError
from keys.errors import KeysError
from schemas.texts import LANGUAGES, Text, text

out = Console(highlight=False, markup=False)
err = Console(stderr=True, highlight=False, markup=False)

EXIT_CODES = """\b
Exit codes:
  0    done
  1    refused, or not everything adds up
  2    wrong use of the command
  3    not available now; running the same command again is safe
  4    the configuration is not right, or a file cannot be used
  5    evidence does not verify: stop, and call somebody
  130  interrupted"""
PIPED_WIDTH = 200
"""How wide a table may be where nobody looks: an id is never cut."""
GAP = 2
"""Blanks between columns, where there is room."""
NO_BREAK = "\N{NO-BREAK SPACE}"
"""Stands in a table between words that stay on one line."""


class Exit(IntEnum):
    """What a program may rely on."""

    DONE = 0
    REFUSED = 1
    USE = 2
    UNAVAILABLE = 3
    CONFIGURATION = 4
    EVIDENCE = 5
    INTERRUPTED = 130


def emit(value: Any) -> None:  # noqa: ANN401 - JSON is any of six things
    """Print one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], spare: Sequence[str] = ()) -> None:
    """Print a table; numbers stand right. What has no spaces, such as an id, is never cut, and no word is broken.

    On a terminal too narrow for that, the columns ``spare`` are left out, the first of them first, and that is said.
    """
    out.print(title, style="bold" if out.is_terminal else "", soft_wrap=True)
    if not rows:
        return
    where = out if out.is_terminal else Console(file=sys.stdout, width=PIPED_WIDTH, highlight=False, markup=False)
    kept, gone = list(columns), list[str]()
    cells = {column: [row[number] for row in rows] for number, column in enumerate(columns)}
    while len(gone) < len(spare) and not _fits(kept, cells, where.width):
        gone.append(spare[len(gone)])
        kept.remove(gone[-1])
    where.print(_drawn(kept, cells, where.width))
    if gone:
        out.print(f"Too narrow here for: {', '.join(gone)}. A wider terminal or --json shows it.", style="dim")


def _fits(kept: Sequence[str], cells: Mapping[str, Sequence[object]], width: int, gap: int = GAP) -> bool:
    return sum(_least(name, cells[name]) for name in kept) + gap * (len(kept) - 1) <= width


def _drawn(kept: Sequence[str], cells: Mapping[str, Sequence[object]], width: int) -> Table:
    """Give each column the width of its longest word, and what is left to the first that can use it."""
    gap = GAP if _fits(kept, cells, width) else 1
    shown = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="dim")
    left = width - gap * (len(kept) - 1) - sum(_least(name, cells[name]) for name in kept)
    for name in kept:
        least = _least(name, cells[name])
        more = min(max(left, 0), max(cell_len(str(cell)) for cell in (name, *cells[name])) - least)
        numeric = all(isinstance(cell, int | float) for cell in cells[name])
        shown.add_column(
            name,
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=not any(" " in str(cell) for cell in (name, *cells[name])),
            width=least + more if left >= 0 else None,
        )
        left -= more if left >= 0 else 0
    for number in range(len(cells[kept[0]])):
        shown.add_row(*(str(cells[name][number]) for name in kept))
    return shown


def _least(name: str, cells: Sequence[object]) -> int:
    """Give the width under which a word of the column would break; a no-break space does not end a word."""
    return max((cell_len(word) for cell in (name, *cells) for word in str(cell).split(" ")), default=0)


def last_moment(end: datetime) -> str:
    """Spell until when a term runs, as people say it: its last day, or the moment if it does not end with a day.

    ``end`` is the first moment at which the term is over. A moment has its offset, since an hour comes twice a year.
    """
    here = end.astimezone(ZoneInfo("Europe/Amsterdam"))
    if here.time() == time():
        return (here.date() - timedelta(days=1)).strftime("%d-%m-%Y")
    return NO_BREAK.join((f"{here:%d-%m-%Y}", f"{here:%H:%M}", here.isoformat()[-6:]))


def local(moment: str) -> str:
    """Spell a moment as people in the Netherlands read it, to the millisecond and with its offset.

    ``moment`` is an ISO 8601 moment with a zone, as the logs have it (UTC).
    """
    here = datetime.fromisoformat(moment).astimezone(ZoneInfo("Europe/Amsterdam"))
    return here.isoformat(" ", "milliseconds")


def fail(text: str, code: Exit) -> NoReturn:
    """Say what is wrong, on standard error, and end."""
    complain(text)
    raise typer.Exit(code)


def complain(text: str) -> None:
    """Say what is wrong, on standard error; red on a terminal."""
    err.print(f"✗ {text}", soft_wrap=True, style="red" if err.is_terminal else "")


def exit_for(error: GatewayError | KeysError | OSError) -> tuple[str, Exit]:
    """Turn an error into words and an exit code."""
    match error:
        case ConfigurationError():
            return _sentence(error.detail), Exit.CONFIGURATION
        case EvidenceError():
            return f"Evidence does not hold: {_sentence(error.detail)} Stop, and call the administrator.", Exit.EVIDENCE
        case UnavailableError():
            told = _own(error) or text(error.code.value, "en").explanation
            return f"Not available now: {_sentence(told)} Running the same command again is safe.", Exit.UNAVAILABLE
        case GatewayError():
            return _words(error), Exit.REFUSED
        case KeysError():
            return _sentence(str(error)), Exit.CONFIGURATION
    return f"{error.filename or 'The system'}: {error.strerror or error}.", Exit.CONFIGURATION


def _words(error: GatewayError) -> str:
    words, own = text(error.code.value, "en"), _own(error)
    told = f"{words.title}: {_sentence(own)}" if own else _filled(f"{words.title}.", words)
    faults = error.faults if isinstance(error, RejectedError) else ()
    return "\n".join([told, *(f"  {pointer}: {expected}" for pointer, expected in faults)])


def _own(error: GatewayError) -> str:
    """Give what the error says beyond the text of its code, which the exchange may have sent in either language."""
    standard = {_filled("", text(error.code.value, language)) for language in LANGUAGES}
    return "" if error.detail in standard else error.detail


def _filled(start: str, words: Text) -> str:
    return " ".join(part for part in (start, words.explanation, words.next_step) if part)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
