"""The connector of a party: join, run, compare fingerprints."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.speech import Exit, emit, fail, out, table

app = typer.Typer(help="The connector of a party: join, run, compare keys.", no_args_is_help=True)

Dirs = Annotated[list[Path], typer.Argument(metavar="DIR", help="The folders of the parties to work for.")]
Dir = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the party.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]
Passphrase = Annotated[
    Path | None,
    typer.Option(
        help="Open the key ring with the passphrase in this file, instead of DIR/sleutelbestand.",
        exists=True,
        dir_okay=False,
    ),
]


@app.command()
def join(
    folder: Dir,
    url: Annotated[str, typer.Option(help="Where the exchange is, such as https://localhost:8443.")],
    oin: Annotated[str, typer.Option(help="The OIN of this party.")],
    code_file: Annotated[
        Path | None, typer.Option(help="The file with the one-time code.", exists=True, dir_okay=False)
    ] = None,
    code: Annotated[
        str | None, typer.Option(help="The code itself; a file keeps it out of the shell's history.")
    ] = None,
    postvak: Annotated[list[str] | None, typer.Option(help="A mailbox of this party; may be repeated.")] = None,
    passphrase_file: Passphrase = None,
    as_json: Json = False,
) -> None:
    """Join an exchange: make keys here, get a certificate.

    Safe to run again: what was begun is finished, what is finished stays.

    Without a passphrase the key ring opens with a key file, DIR/sleutelbestand, that is made too.

    Example:

      seinpost connector join corporatie --url https://localhost:8443
      --oin 00000099000000001000 --postvak huur --code-file corporatie.code
    """
    from gateway.cli.joining import join_party
    from schemas.values import Oin

    if (code is None) == (code_file is None):
        fail("Give the code, or the file that it is in: one of --code and --code-file.", Exit.USE)
    if not postvak:
        fail("Name the party's mailboxes with --postvak, as the covenant has them.", Exit.USE)
    try:
        number = Oin(oin)
    except ValueError as error:
        fail(f"--oin: {error}.", Exit.USE)
    text = code or (code_file.read_text(encoding="utf-8") if code_file else "")
    settings = asyncio.run(join_party(folder, url, number, postvak, text, passphrase_file))
    if as_json:
        emit(settings.model_dump(mode="json"))
    else:
        out.print(f"Joined {settings.beurs} as {settings.oin}. Next: seinpost connector run {folder}", soft_wrap=True)


@app.command()
def run(folders: Dirs, passphrase_file: Passphrase = None) -> None:
    """Work for one or several parties until Ctrl-C or SIGTERM.

    Sends, collects, gives receipts, and holds the exchange to its promises.

    Example:

      seinpost connector run corporatie gemeente
    """
    from gateway.cli.running import run_connectors

    if not run_connectors(folders, passphrase_file):
        raise typer.Exit(Exit.EVIDENCE)


@app.command()
def fingerprints(folder: Dir, as_json: Json = False) -> None:
    """Show the fingerprint of every mailbox's first key.

    Compare it with its owner over another channel, such as the telephone, then confirm it.

    Example:

      seinpost connector fingerprints corporatie
    """
    from gateway.connector.connector import Connector

    with Connector.open(folder) as connector:
        found = connector.fingerprints()
    if as_json:
        emit(
            [
                {"postvak": f.mailbox, "naam": f.naam, "vingerafdruk": f.fingerprint, "bevestigd": f.confirmed}
                for f in found
            ]
        )
        return
    for item in found:
        out.print(f"{'✓' if item.confirmed else '·'} {item.naam}: {item.mailbox}", soft_wrap=True)
        out.print(f"    {item.fingerprint}", soft_wrap=True)


@app.command()
def confirm(
    folder: Dir,
    postvak: Annotated[str, typer.Argument(metavar="POSTVAK", help="The mailbox, as urn:nld:oin:…:systeem:….")],
    fingerprint: Annotated[str, typer.Argument(metavar="FINGERPRINT", help="As its owner read it to you.")],
) -> None:
    """Trust a mailbox's first key from here on.

    Do so because its owner gave you the same fingerprint.

    Example:

      seinpost connector confirm corporatie
      urn:nld:oin:00000099000000101000:systeem:vroegsignalering
      "$(cat gemeente.vingerafdruk)"
    """
    from gateway.connector.connector import Connector
    from schemas.values import Mailbox

    try:
        mailbox = Mailbox(postvak)
    except ValueError as error:
        fail(f"POSTVAK: {error}.", Exit.USE)
    with Connector.open(folder) as connector:
        found = {f.mailbox: f.fingerprint for f in connector.fingerprints()}.get(mailbox)
        if found is None:
            fail(f"{mailbox} is not in the register yet: did it join, and this connector run since?", Exit.REFUSED)
        if "".join(found.split()) != "".join(fingerprint.split()):
            fail(f"The register has another fingerprint for {mailbox}. Do not go on: call its owner.", Exit.REFUSED)
        connector.confirm(mailbox, fingerprint)
    out.print(f"Confirmed {mailbox}.", soft_wrap=True)


@app.command()
def show(folder: Dir, as_json: Json = False) -> None:
    """Show what is in a party's spool.

    How many messages are sent, received, waiting or missing, and the alarms.

    Example:

      seinpost connector show corporatie
    """
    from gateway.connector.connector import Connector

    with Connector.open(folder) as connector:
        seen = connector.overview()
    alarms = [{"soort": a.alarm.kind, "onderwerp": a.alarm.subject, "uitleg": a.alarm.detail} for a in seen.alarms]
    if as_json:
        emit(
            {
                "verstuurd": dict(seen.outgoing),
                "ontvangen": dict(seen.incoming),
                "wacht": seen.waiting,
                "beloften": {"bewezen": seen.covered, "gegeven": seen.promised},
                "ontbreekt": len(seen.missing),
                "alarmen": alarms,
            }
        )
        return
    rows = [("out", *pair) for pair in seen.outgoing.items()] + [("in", *pair) for pair in seen.incoming.items()]
    table(f"{sum(n for *_, n in rows)} messages in {folder}", ("way", "stand", "messages"), rows)
    out.print(f"{seen.covered} of {seen.promised} promised log entries proved; {len(seen.missing)} numbers missing.")
    for alarm in alarms:
        out.print(f"✗ {alarm['soort']}: {alarm['onderwerp']}: {alarm['uitleg']}", soft_wrap=True)
