"""Evidence for the court: export a dossier, verify a file offline."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.speech import Exit, emit, fail, local, out

if TYPE_CHECKING:
    from gateway.evidence.verifier import Report

app = typer.Typer(help="Evidence: export a dossier, verify a file offline.", no_args_is_help=True)
OUTCOMES = {
    "aanvaard": "accepted by the exchange, no more is shown",
    "afgewezen": "refused by the exchange",
    "ontvangen": "received",
    "geweigerd": "refused by the recipient",
    "niet-afgeleverd": "not delivered",
}
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
    from gateway.cli.proving import anchor_of, export_file, keep_file
    from schemas.values import RandomId

    try:
        identifier = RandomId(dossier)
    except ValueError as error:
        fail(f"DOSSIER: {error}.", Exit.USE)
    data = asyncio.run(export_file(folder, identifier))
    keep_file(output, data)
    anchor = anchor_of(folder)
    out.print(f"Wrote {len(data)} bytes to {output}. The reader needs its anchor, the register log's key:")
    out.print(f"  {anchor}", soft_wrap=True)
    out.print("It is worth most if the reader has it from the exchange's administrator, not with the file. Then:")
    out.print(f"  seinpost evidence verify {output} --anchor '{anchor}'", soft_wrap=True)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The evidence file.", exists=True, dir_okay=False)],
    anchor: Annotated[
        list[str] | None, typer.Option(help="The register log's key (vkey) that you trust; may be repeated.")
    ] = None,
    unanchored: Annotated[
        bool, typer.Option("--unanchored", help="Only tell whether the file agrees with itself; it proves no more.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Verify an evidence file offline, against the register log's key.

    Nothing is fetched; no database or exchange is needed. The key (the anchor) comes from the exchange's
    administrator, or is register_vkey in the connector.toml of a party that you trust. Exit code 5 if
    anything does not hold, or nothing vouches for the log keys in the file.

    Example:

      seinpost evidence verify dossier.bewijs
      --anchor "$(cat beurs.anker)"
    """
    from gateway.cli.proving import verify_file

    report = verify_file(file.read_bytes(), anchor or [])
    if as_json:
        emit(_as_json(report))
    else:
        _show(report)
    if not report.ok or not (report.anchored or unanchored):
        raise typer.Exit(Exit.EVIDENCE)


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "verankerd": report.anchored,
        "controles": [{"naam": c.name, "onderwerp": c.subject, "ok": c.ok, "tekst": c.tekst} for c in report.checks],
        "berichten": [message._asdict() for message in report.messages] if report.ok else [],
        "opmerkingen": [{"tekst": remark.tekst, "text": remark.text} for remark in report.remarks],
    }


def _show(report: Report) -> None:
    for message in report.messages if report.ok else ():
        between = " to ".join(mailbox.split(":")[3] for mailbox in (message.source, message.ontvanger))
        _say(f"{local(message.moment)}  from {between}  {message.type}: {OUTCOMES[message.uitkomst]}")
    for check in report.checks:
        if not check.ok:
            _say(f"✗ {check.name} {check.subject}: {check.text}")
    for remark in report.remarks:
        _say(f"· {remark.text[:1].upper()}{remark.text[1:]}.")
    good = sum(check.ok for check in report.checks)
    anchored = report.ok and report.anchored
    _say(f"{'✓' if anchored else '·' if report.ok else '✗'} {good} of {len(report.checks)} checks hold.")
    if report.ok and not report.anchored:
        _say("✗ Not anchored: nothing vouches for the log keys in the file, so anybody can have made it.")
        _say("  Ask the exchange's administrator for the register log's key, or take register_vkey from the")
        _say("  connector.toml of a party that you trust, and give it with --anchor.")


def _say(text: str) -> None:
    """Print a line; what stands in the file cannot write to the terminal beyond it."""
    out.print("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text), soft_wrap=True)
