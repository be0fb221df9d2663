"""Sending from the command line: one message, or a monthly file with its report, confirmation and progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from rich.progress import Progress

from gateway.cli.heeding import heeding
from gateway.cli.speech import Exit, complain, emit, err, fail, out
from gateway.client.compose import Composed
from gateway.clock import system_clock
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.contents import said
from gateway.connector.maandbestand import Beoordeling, Regels, TeMelden, beoordeel, rapport_json, rapport_tekst
from gateway.connector.monthly import Episode, ReportedRow
from gateway.errors import RejectedError
from schemas.problems import Problem
from schemas.strict import NotStrictJsonError, parse_json
from schemas.texts import Language, text
from schemas.values import Mailbox, MessageId, RandomId

SIGNAL = "nl.huurschuld.vroegsignaal.v1"
YES = frozenset({"j", "ja", "y", "yes"})
CHUNK = 25
"""Rows spooled in one transaction: an interruption costs at most these, and running again goes on there."""


_UNSIGNED: Mapping[Language, str] = {"nl": "Er is niets getekend.", "en": "Nothing is signed."}


def today() -> date:
    """Give the day it is in the Netherlands."""
    return system_clock().astimezone(ZoneInfo("Europe/Amsterdam")).date()


def send_message(file: Path, folder: Path, language: Language, *, as_json: bool) -> Exit:
    """Spool one message from a JSON file with type, ontvanger, bericht, and optionally dossier and antwoordop."""
    message = _read_message(file)
    with Connector.open(folder) as connector:
        try:
            composed = connector.spool_message(message, language)
        except RejectedError as error:
            if error.code is not Problem.NIET_VOLGENS_CONVENANT:
                raise
            faults = "\n".join(f"  {pointer}: {told}" for pointer, told in error.faults)
            fail(f"{text(error.code.value, language).title}. {_UNSIGNED[language]}\n{faults}", Exit.REFUSED)
    if as_json:
        warned = [{"code": c.code, "pointer": f"#{c.pointer}", "tekst": said(c, language)} for c in composed.cautions]
        told = {"id": composed.id, "dossier": composed.envelope.dossier, "digest": composed.digest}
        emit({**told, "waarschuwingen": warned})
    else:
        out.print(f"Signed and kept as {composed.id}; the running connector sends it.")
        for caution in composed.cautions:
            out.print(f"! {said(caution, language)}", soft_wrap=True, style="yellow" if out.is_terminal else "")
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
    """Judge a monthly file; report; ask; spool every row that is to be reported as a message of its own.

    Told to stop, it ends between two chunks of rows with ``Exit.INTERRUPTED``; run again, it goes on there.
    """
    with Connector.open(folder) as connector:
        with heeding() as word:
            verdict = _judge(file, connector)
        if word.stop:
            fail("Interrupted; nothing is sent.", Exit.INTERRUPTED)
        if not as_json:
            out.print(rapport_tekst(verdict, language), soft_wrap=True)
        if verdict.fouten:
            _report(verdict, [], language, as_json=as_json)
            return Exit.REFUSED
        unready = [] if check else _unready(connector, verdict.te_melden)
        if unready:
            fail("Nothing is sent.\n" + "\n".join(unready), Exit.REFUSED)
        if check or not verdict.te_melden or not (yes or _agreed(len(verdict.te_melden), language)):
            _report(verdict, [], language, as_json=as_json)
            return Exit.DONE
        objected = _objected(connector, verdict.te_melden, language)
        if objected:
            fail(f"{_UNSIGNED[language]}\n" + "\n".join(objected), Exit.REFUSED)
        sent = spool_rows(connector, verdict.te_melden, quiet=as_json)
    _report(verdict, sent, language, as_json=as_json)
    return _conclude(len(sent), len(verdict.te_melden), folder, as_json=as_json)


def _judge(file: Path, connector: Connector) -> Beoordeling:
    convenant = connector.trust.register.convenant_at(system_clock())
    if convenant is None:
        fail("The covenant is not known yet: run the connector once, then try again.", Exit.UNAVAILABLE)
    regels = Regels(convenant, today())
    return beoordeel(file.read_bytes(), regels, connector.reported_rows())


def _conclude(sent: int, wanted: int, folder: Path, *, as_json: bool) -> Exit:
    if sent < wanted:
        complain(f"Interrupted: {sent} of {wanted} messages signed and kept. Running it again goes on from there.")
        return Exit.INTERRUPTED
    if not as_json:
        out.print(f"{sent} messages signed and kept; the running connector sends them. What became of each:")
        out.print(f"  seinpost connector show --messages {folder}", soft_wrap=True)
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


def _objected(connector: Connector, rows: Sequence[TeMelden], language: Language) -> list[str]:
    """Tell which rows the covenant objects to, in the dossiers as they are here."""
    found = connector.judge([_message(connector, row) for row in rows], language)
    word = "regel" if language == "nl" else "line"
    return [
        f"  {word} {row.regel}, {row.identity.referentie}: {told}"
        for row, error in zip(rows, found, strict=True)
        if error is not None
        for told in ([words for _, words in error.faults] or [str(error)])
    ]


def spool_rows(connector: Connector, rows: Sequence[TeMelden], *, quiet: bool) -> list[Composed]:
    """Seal, sign and keep rows, in chunks that are all or nothing; gives the messages, in the order of the rows.

    They are fewer than the rows if somebody said to stop (Ctrl-C, SIGTERM): then whole chunks are not there.
    """
    sent: list[Composed] = []
    waiting = iter(rows)
    with Progress(console=err, disable=quiet or not err.is_terminal, transient=True) as progress, heeding() as word:
        bar = progress.add_task("sealing and signing", total=len(rows))
        while not word.stop and (chunk := list(islice(waiting, CHUNK))):
            sent += connector.spool_messages([_message(connector, row) for row in chunk])
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


def _agreed(count: int, language: str) -> bool:
    """Ask in the language of the report; only a yes, in either language, is a yes."""
    if not sys.stdin.isatty():
        fail("Nothing is sent without a yes: run it again with --yes.", Exit.USE)
    question = f"{count} berichten versturen? [j/N] " if language == "nl" else f"Send {count} messages? [y/N] "
    err.print(question, end="")
    return sys.stdin.readline().strip().lower() in YES


def _report(verdict: Beoordeling, sent: Sequence[Composed], language: Any, *, as_json: bool) -> None:  # noqa: ANN401
    if as_json:
        kept = zip(verdict.te_melden, sent, strict=False)  # interrupted, fewer are sent than there are to be reported
        emit({**rapport_json(verdict, language), "verstuurd": [_sent(row, composed) for row, composed in kept]})


def _sent(row: TeMelden, composed: Composed) -> dict[str, object]:
    return {
        "regel": row.regel,
        "referentie": row.identity.referentie,
        "id": composed.id,
        "dossier": composed.envelope.dossier,
    }
