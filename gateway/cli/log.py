"""The logs: verify from the first entry on, show entries."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer

from gateway.cli.speech import Exit, emit, local, out

app = typer.Typer(help="The two logs: verify them, show entries.", no_args_is_help=True)

Dir = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of an exchange, or of a connector.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]


@app.command()
def verify(folder: Dir, as_json: Json = False) -> None:
    """Verify both logs, from the first entry on.

    Of an exchange: every entry, head and checkpoint. Of a connector: the register, and every promise it was given.
    Exit code 5 if anything does not hold.

    Example:

      seinpost log verify beurs
    """
    from gateway.cli.auditing import verify_logs

    results = asyncio.run(verify_logs(folder))
    if as_json:
        emit([r.as_json() for r in results])
    else:
        for result in results:
            out.print(f"{'✗' if result.fault else '✓'} {result.text()}", soft_wrap=True)
    if any(result.fault for result in results):
        raise typer.Exit(Exit.EVIDENCE)


@app.command()
def show(
    folder: Dir,
    log: Annotated[Literal["register", "verkeer"], typer.Option(help="Which log.")] = "verkeer",
    start: Annotated[int, typer.Option("--from", help="The first index.", min=0)] = 0,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=100_000)] = 50,
    as_json: Json = False,
) -> None:
    """Show log entries.

    They hold ids, parties, digests and codes, and nothing about a tenant. Times are Dutch, with their offset;
    --json has them in UTC, as they were logged.

    Example:

      seinpost log show beurs --log register --limit 5
    """
    from gateway.cli.auditing import entries_of

    entries = asyncio.run(entries_of(folder, log, start, limit))
    if as_json:
        emit([{"index": index, "regel": entry} for index, entry in entries])
        return
    for index, entry in entries:
        if entry is None:
            out.print(f"{index:>8}  (body deleted at its term)")
            continue
        about = entry.get("id") or entry.get("postvak") or entry.get("oin") or entry.get("beurs") or ""
        out.print(f"{index:>8}  {local(entry['tijd'])}  {entry['soort']:<16} {about}", soft_wrap=True)
