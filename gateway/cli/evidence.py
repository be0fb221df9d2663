"""Evidence for the court: export a dossier, verify a file offline."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.speech import Exit, emit, fail, out

app = typer.Typer(help="Evidence: export a dossier, verify a file offline.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]


@app.command()
def export(
    dossier: Annotated[str, typer.Argument(metavar="DOSSIER", help="The dossier's id.")],
    output: Annotated[Path, typer.Option(help="Where to write the file. It holds personal data.")],
    folder: Annotated[Path, typer.Option("--dir", help="The folder of the party.", envvar="SEINPOST_DIR")] = Path(),
) -> None:
    """Write what this party can prove of a dossier into one file.

    The file is signed; its proofs come from the exchange's logs, so the exchange must be running.

    Example:

      seinpost evidence export "$(cat dossier.id)" --dir corporatie
      --output dossier.bewijs
    """
    from gateway.cli.proving import export_file
    from schemas.values import RandomId

    try:
        identifier = RandomId(dossier)
    except ValueError as error:
        fail(f"DOSSIER: {error}.", Exit.USE)
    data = asyncio.run(export_file(folder, identifier))
    output.touch(mode=0o600)
    output.write_bytes(data)
    out.print(
        f"Wrote {len(data)} bytes to {output}. Verify it anywhere: seinpost evidence verify {output}", soft_wrap=True
    )


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The evidence file.", exists=True, dir_okay=False)],
    anchor: Annotated[
        list[str] | None, typer.Option(help="The register log's key (vkey) that you trust; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Verify an evidence file offline.

    Nothing is fetched; no key, database or exchange is needed. Exit code 5 if anything does not hold.

    Example:

      seinpost evidence verify dossier.bewijs
    """
    from gateway.cli.proving import verify_file

    report = verify_file(file.read_bytes(), anchor or [])
    if as_json:
        emit(
            {
                "ok": report.ok,
                "verankerd": report.anchored,
                "controles": [
                    {"naam": c.name, "onderwerp": c.subject, "ok": c.ok, "tekst": c.tekst} for c in report.checks
                ],
            }
        )
    else:
        for check in report.checks:
            if not check.ok:
                out.print(f"✗ {check.name} {check.subject}: {check.text}", soft_wrap=True)
        for remark in report.remarks:
            out.print(f"· {remark}", soft_wrap=True)
        good = sum(c.ok for c in report.checks)
        out.print(f"{'✓' if report.ok else '✗'} {good} of {len(report.checks)} checks hold.")
    if not report.ok:
        raise typer.Exit(Exit.EVIDENCE)
