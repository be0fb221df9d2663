"""The connector of a party: join, run, compare fingerprints."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.speech import Exit, emit, fail, out, table
from schemas.texts import text

if TYPE_CHECKING:
    from gateway.connector.connector import Overview
    from gateway.connector.ledger import RaisedAlarm
    from gateway.connector.listing import Sent

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


Limit = Annotated[int, typer.Option(min=1, max=10_000, help="At most so many messages.")]


@app.command()
def show(
    folder: Dir,
    messages: Annotated[bool, typer.Option("--messages", help="List the messages sent, newest first.")] = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """Show what is in a party's spool.

    How many messages are sent, received, waiting or missing, which ones were refused and why, and the alarms.

    Example:

      seinpost connector show corporatie
    """
    from gateway.connector.connector import Connector

    with Connector.open(folder) as connector:
        seen, refused = connector.overview(), connector.refused(limit)
        sent = connector.sent(limit) if messages else []
    if as_json:
        shown = {"geweigerd": [_told(one) for one in refused]} | (
            {"berichten": [_told(one) for one in sent]} if messages else {}
        )
        emit(_counted(seen) | shown)
        return
    rows = [("out", *pair) for pair in seen.outgoing.items()] + [("in", *pair) for pair in seen.incoming.items()]
    table(f"{sum(n for *_, n in rows)} messages in {folder}", ("way", "stand", "messages"), rows)
    out.print(f"{seen.covered} of {seen.promised} promised log entries proved; {len(seen.missing)} numbers missing.")
    if messages:
        columns = ("id", "type", "recipient", "dossier", "stand")
        lines = [(m.id, m.type, m.ontvanger.oin, m.dossier, m.state.value) for m in sent]
        table(f"The last {len(sent)} messages sent", columns, lines)
    for one in refused:
        told = _told(one)
        out.print(f"✗ {one.id} {one.type} to {one.ontvanger}: {told['code']}: {told['titel']}", soft_wrap=True)
    for raised in seen.alarms:
        out.print(f"✗ {_alarm(raised)}", soft_wrap=True)


@app.command()
def alarms(folder: Dir, as_json: Json = False) -> None:
    """List the alarms that nobody settled yet, with their numbers.

    After a grave one nothing more is sent: it shows that the exchange broke a promise.

    Example:

      seinpost connector alarms corporatie
    """
    from gateway.connector.connector import Connector

    with Connector.open(folder) as connector:
        found = connector.overview().alarms
    if as_json:
        emit([{"nummer": a.place, "ernstig": a.alarm.grave, "sinds": a.raised_at, **_worded(a)} for a in found])
        return
    out.print(f"{len(found)} open alarms in {folder}", soft_wrap=True)
    for raised in found:
        grave = ", grave" if raised.alarm.grave else ""
        out.print(f"✗ {raised.place} ({raised.raised_at}{grave}) {_alarm(raised)}", soft_wrap=True)


@app.command()
def settle(
    folder: Dir,
    number: Annotated[int | None, typer.Argument(metavar="[NUMBER]", help="As connector alarms shows it.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Settle every alarm that is open.")] = False,
) -> None:
    """Record that a person dealt with an alarm.

    After the last grave one this party sends again. Call the administrator of the exchange before.

    Example:

      seinpost connector settle corporatie --all
    """
    from gateway.connector.connector import Connector

    if (number is None) != everything:
        fail("Give the number of an alarm, or --all.", Exit.USE)
    with Connector.open(folder) as connector:
        places = [a.place for a in connector.overview().alarms] if number is None else [number]
        settled = [place for place in places if connector.settle_alarm(place)]
    if number is not None and not settled:
        fail(f"Alarm {number} is not open; see: seinpost connector alarms {folder}", Exit.REFUSED)
    out.print(f"Settled {len(settled)} alarms.")


def _counted(seen: Overview) -> dict[str, Any]:
    return {
        "verstuurd": dict(seen.outgoing),
        "ontvangen": dict(seen.incoming),
        "wacht": seen.waiting,
        "beloften": {"bewezen": seen.covered, "gegeven": seen.promised},
        "ontbreekt": len(seen.missing),
        "alarmen": [_worded(a) for a in seen.alarms],
    }


def _worded(raised: RaisedAlarm) -> dict[str, Any]:
    return {"soort": raised.alarm.kind, "onderwerp": raised.alarm.subject, "uitleg": raised.alarm.detail}


def _alarm(raised: RaisedAlarm) -> str:
    return f"{raised.alarm.kind}: {raised.alarm.subject}: {raised.alarm.detail}"


def _told(one: Sent) -> dict[str, Any]:
    """Spell a message in a list; ``code`` says what became of it where no other code does."""
    code = one.code or one.state.value
    return {
        "id": one.id,
        "type": one.type,
        "ontvanger": one.ontvanger,
        "dossier": one.dossier,
        "stand": one.state.value,
        "code": code,
        "titel": text(code, "en").title,
    }
