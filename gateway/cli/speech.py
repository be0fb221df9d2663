"""How commands speak: text for people, JSON for programs, errors with whose turn it is, fixed exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from gateway.errors import ConfigurationError, EvidenceError, GatewayError, UnavailableError
from keys.errors import KeysError
from schemas.texts import text

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

EXIT_CODES = """Exit codes: 0 done; 1 refused, or not everything adds up; 2 wrong use; 3 not available now, try again;
4 configuration; 5 evidence does not verify: stop and call somebody; 130 interrupted."""


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
    """Print a table; numbers stand right."""
    shown = Table(title=title, title_justify="left", header_style="bold")
    for number, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[number], int | float) for row in rows)
        shown.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    out.print(shown)


def fail(text: str, code: Exit) -> NoReturn:
    """Say what is wrong, on standard error, and end."""
    err.print(f"[red]✗[/red] {text}" if err.is_terminal else text, soft_wrap=True)
    raise typer.Exit(code)


def exit_for(error: BaseException) -> tuple[str, Exit]:
    """Turn an error into words and an exit code."""
    match error:
        case ConfigurationError():
            return error.detail, Exit.CONFIGURATION
        case EvidenceError():
            return f"Evidence does not hold: {error.detail}. Stop, and call the administrator.", Exit.EVIDENCE
        case UnavailableError():
            return f"Not available now: {error.detail or error.code.value}. Try again later.", Exit.UNAVAILABLE
        case GatewayError():
            return _words(error), Exit.REFUSED
        case KeysError():
            return str(error), Exit.CONFIGURATION
        case _:
            return str(error), Exit.REFUSED


def _words(error: GatewayError) -> str:
    words = text(error.code.value, "nl")
    return " ".join(part for part in (f"{words.title}.", words.explanation, error.detail, words.next_step) if part)
