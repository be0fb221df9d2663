"""Sending and reading messages: send, inbox, status."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from gateway.cli.speech import Exit, emit, fail, out, table

Party = Annotated[Path, typer.Option("--dir", help="The folder of the party.", envvar="SEINPOST_DIR")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(send)
    app.command()(inbox)
    app.command()(status)


def send(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A monthly file (.csv) or one message (.json).",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ],
    folder: Party = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Send without asking.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only judge the monthly file; send nothing.")] = False,
    language: Annotated[
        Literal["nl", "en"], typer.Option("--lang", help="The language of the report, and of objections.")
    ] = "nl",
    as_json: Json = False,
) -> None:
    """Send a monthly arrears file, or one message.

    What is sent is signed and kept here; a running connector does the rest. Interrupted, run it again: it goes on
    where it was.

    A message that does not follow the covenant, or what happened in its dossier, is not signed; every objection is
    named. What the covenant only warns of is shown, and sent. Feedback may hold eindresultaat, the municipality's own
    end result, instead of status and resultaat: only what the corporation may see of it is sent.

    With any error in a monthly file nothing is sent, and the report names every error. Rows that are not to be reported
    are left out, with the reason; the rest is sent after confirmation.

    Example:

      seinpost send maandbestand.csv --dir corporatie --yes
    """
    from gateway.cli.sending import send_message, send_monthly_file

    if file.suffix.lower() == ".json":
        code = send_message(file, folder, language, as_json=as_json)
    else:
        code = send_monthly_file(file, folder, yes=yes, check=check, language=language, as_json=as_json)
    raise typer.Exit(code)


def inbox(
    folder: Party = Path(),
    after: Annotated[int, typer.Option(help="Only messages handed over after this turn.")] = 0,
    unread: Annotated[bool, typer.Option("--unread", help="Only messages not read before.")] = False,
    mark: Annotated[bool, typer.Option("--mark-read", help="Mark what is shown as read.")] = False,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=1000)] = 50,
    as_json: Json = False,
) -> None:
    """Show received messages, in order.

    They are verified, opened and receipted. Erased: the tenant objected, and the content was destroyed. With --json
    they hold personal data: mind who looks along.

    Example:

      seinpost inbox --dir gemeente --json
    """
    from gateway.connector.connector import Connector

    with Connector.open(folder) as connector:
        found = connector.inbox(after, limit, unread)
        names = {oin: party.naam for oin, party in connector.trust.register.parties.items()}
        if mark:
            for item in found:
                connector.mark_read(item.envelope.source, item.envelope.id)
    if as_json:
        emit([_spelled(item) for item in found])
        return
    rows = [
        (
            i.turn,
            ("read" if i.read_at else "new") + (", late" if i.late else "") + (", erased" if i.bericht is None else ""),
            i.envelope.id,
            i.envelope.type.split(".")[2],
            names.get(i.envelope.source.oin, i.envelope.source.oin),
        )
        for i in found
    ]
    table(f"{len(rows)} messages in {folder}", ("turn", "", "id", "type", "from"), rows)


def _spelled(item: Any) -> dict[str, object]:  # noqa: ANN401 - a message as gateway.connector.reading gives it
    return {
        "beurt": item.turn,
        "id": item.envelope.id,
        "source": item.envelope.source,
        "type": item.envelope.type,
        "dossier": item.envelope.dossier,
        "antwoordop": item.envelope.antwoordop,
        "gelezen": item.read_at,
        "nagekomen": item.late,
        "bericht": item.bericht and dict(item.bericht),
        "gewist": item.bericht is None,
    }


def status(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The message's id.")],
    folder: Party = Path(),
    as_json: Json = False,
) -> None:
    """Tell where a message stands, sent or received.

    Example:

      seinpost status "$(cat bericht.id)" --dir corporatie
    """
    from gateway.connector.connector import Connector
    from schemas.values import MessageId

    try:
        message = MessageId(identifier)
    except ValueError as error:
        fail(f"ID: {error}.", Exit.USE)
    with Connector.open(folder) as connector:
        found = connector.status(message)
    if found is None:
        fail(f"No message {message} was sent or received here.", Exit.REFUSED)
    if as_json:
        emit(
            {
                "id": found.id,
                "richting": found.direction,
                "source": found.source,
                "ontvanger": found.ontvanger,
                "dossier": found.dossier,
                "type": found.type,
                "stand": found.stand,
                "code": found.code,
                "bewijzen": list(found.proofs),
            }
        )
        return
    out.print(f"{found.id}: {found.stand}{f' ({found.code})' if found.code else ''}")
    out.print(f"  {found.type} {found.source} -> {found.ontvanger}", soft_wrap=True)
    out.print(f"  dossier {found.dossier}, {len(found.proofs)} signed proofs")
