"""How commands speak: text for people, JSON for programs, errors with whose turn it is, fixed exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import typer
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


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; numbers stand right. What has no spaces, such as an id, is never cut."""
    out.print(title, style="bold" if out.is_terminal else "", soft_wrap=True)
    if not rows:
        return
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for number, column in enumerate(columns):
        cells = [row[number] for row in rows]
        numeric = all(isinstance(cell, int | float) for cell in cells)
        shown.add_column(
            column,
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=not any(" " in str(cell) for cell in cells),
        )
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    where = out if out.is_terminal else Console(file=sys.stdout, width=PIPED_WIDTH, highlight=False, markup=False)
    where.print(shown)


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
