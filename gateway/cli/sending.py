"""Sending from the command line: one message, or a monthly file with its report, confirmation and progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from rich.progress import Progress

from gateway.cli.speech import Exit, emit, err, fail, out
from gateway.clock import system_clock
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.maandbestand import Beoordeling, Regels, TeMelden, beoordeel, rapport_json, rapport_tekst
from gateway.connector.monthly import Episode, ReportedRow
from schemas.strict import NotStrictJsonError, parse_json
from schemas.values import Mailbox, MessageId, RandomId

SIGNAL = "nl.huurschuld.vroegsignaal.v1"
CHUNK = 25
"""Rows spooled in one transaction: an interruption costs at most these, and running again goes on there."""


def today() -> date:
    """Give the day it is in the Netherlands."""
    return system_clock().astimezone(ZoneInfo("Europe/Amsterdam")).date()


def send_message(file: Path, folder: Path, *, as_json: bool) -> Exit:
    """Spool one message from a JSON file with type, ontvanger, bericht, and optionally dossier and antwoordop."""
    message = _read_message(file)
    with Connector.open(folder) as connector:
        composed = connector.spool_message(message)
    if as_json:
        emit({"id": composed.id, "dossier": composed.envelope.dossier, "digest": composed.digest})
    else:
        out.print(f"Signed and kept as {composed.id}; the running connector sends it.")
    return Exit.DONE


def _read_message(file: Path) -> NewMessage:
    known = {"type", "ontvanger", "bericht", "dossier", "antwoordop"}
    try:
        value: Any = parse_json(file.read_bytes())
        if not isinstance(value, dict) or not {"type", "ontvanger", "bericht"} <= value.keys() <= known:
            fail(
                "The file holds type, ontvanger and bericht, and may hold dossier and antwoordop; nothing else.",
                Exit.REFUSED,
            )
        return NewMessage(
            str(value["type"]),
            Mailbox(value["ontvanger"]),
            value["bericht"],
            RandomId(value["dossier"]) if "dossier" in value else None,
            MessageId(value["antwoordop"]) if "antwoordop" in value else None,
        )
    except (NotStrictJsonError, ValidationError, ValueError) as error:
        fail(f"{file}: {error}", Exit.REFUSED)


def send_monthly_file(file: Path, folder: Path, *, yes: bool, check: bool, language: Any, as_json: bool) -> Exit:  # noqa: ANN401
    """Judge a monthly file; report; ask; spool every row that is to be reported as a message of its own."""
    with Connector.open(folder) as connector:
        convenant = connector.trust.register.convenant
        if convenant is None:
            fail("The covenant is not known yet: run the connector once, then try again.", Exit.UNAVAILABLE)
        regels = Regels(convenant, today(), connector.settings.referentie_patroon)
        verdict = beoordeel(file.read_bytes(), regels, connector.reported_rows())
        if not as_json:
            out.print(rapport_tekst(verdict, language), soft_wrap=True)
        if verdict.fouten:
            _report(verdict, [], language, as_json=as_json)
            return Exit.REFUSED
        unready = [] if check else _unready(connector, verdict.te_melden)
        if unready:
            fail("Nothing is sent.\n" + "\n".join(unready), Exit.REFUSED)
        if check or not verdict.te_melden or not (yes or _agreed(len(verdict.te_melden))):
            _report(verdict, [], language, as_json=as_json)
            return Exit.DONE
        sent = spool_rows(connector, verdict.te_melden, quiet=as_json)
    _report(verdict, sent, language, as_json=as_json)
    if not as_json:
        out.print(f"{len(sent)} messages signed and kept; the running connector sends them.")
    return Exit.DONE


def _unready(connector: Connector, rows: Sequence[TeMelden]) -> list[str]:
    """Tell for which recipients nothing can be sealed yet, and what is to be done about each."""
    told, trust = [], connector.trust
    for box in sorted({row.ontvanger for row in rows}):
        if not trust.register.owns(box) or trust.register.sealing_key(box) is None:
            told.append(f"  {box} has not joined, or is suspended: ask the administrator of the exchange.")
        elif not trust.is_confirmed(box):
            told.append(
                f"  {box} is not confirmed: compare its fingerprint with its owner (seinpost connector fingerprints),"
                " then: seinpost connector confirm."
            )
    return told


def spool_rows(connector: Connector, rows: Sequence[TeMelden], *, quiet: bool) -> list[MessageId]:
    """Seal, sign and keep rows, in chunks that are all or nothing; gives the message ids in order."""
    sent: list[MessageId] = []
    waiting = iter(rows)
    with Progress(console=err, disable=quiet or not err.is_terminal, transient=True) as progress:
        bar = progress.add_task("sealing and signing", total=len(rows))
        while chunk := list(islice(waiting, CHUNK)):
            messages = [_message(connector, row) for row in chunk]
            sent += [composed.id for composed in connector.spool_messages(messages)]
            progress.advance(bar, len(chunk))
    return sent


def _message(connector: Connector, row: TeMelden) -> NewMessage:
    identity = row.identity
    dossier = connector.dossier_of(Episode(identity.referentie, identity.ontstaansdatum, row.gemeente))
    return NewMessage(
        SIGNAL,
        row.ontvanger,
        json.loads(row.bericht.model_dump_json(by_alias=True, exclude_none=True)),
        dossier,
        row=ReportedRow(identity.referentie, identity.ontstaansdatum, identity.peildatum, row.digest),
    )


def _agreed(count: int) -> bool:
    if not sys.stdin.isatty():
        fail("Nothing is sent without a yes: run it again with --yes.", Exit.USE)
    return typer.confirm(f"Send {count} messages?", err=True)


def _report(verdict: Beoordeling, sent: Sequence[MessageId], language: Any, *, as_json: bool) -> None:  # noqa: ANN401
    if as_json:
        emit({**rapport_json(verdict, language), "verstuurd": list(sent)})
