"""Examples in help: shown on lines of their own, so that what is shown can be pasted into a shell."""

from __future__ import annotations

import inspect

import typer

MARK = "Example:\n"


def keep_examples(app: typer.Typer) -> None:
    """Keep the lines of every command's example as they are written; each but the last then ends in a backslash."""
    for command in app.registered_commands:
        if command.callback is not None:
            command.help = _kept(inspect.getdoc(command.callback) or "")
    for group in app.registered_groups:
        if group.typer_instance is not None:
            keep_examples(group.typer_instance)


def _kept(doc: str) -> str:
    text, mark, example = doc.partition(MARK)
    lines = [line.strip() for line in example.strip().splitlines()]
    return f"{text}{mark}\n\b\n  " + " \\\n    ".join(lines) if mark else doc
