"""What happens in the demo: monthly files are sent, municipalities answer, one dossier goes on to its end."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from gateway.cli.demo.stage import Stage, command
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.maandbestand.voorbeeld import voorbeeld_bestand
from gateway.connector.reading import Received
from gateway.errors import UnavailableError
from schemas.covenants import Deelnemer, Soort
from schemas.values import MessageId, RandomId

T = TypeVar("T")

SIGNAL = "nl.huurschuld.vroegsignaal.v1"
ANSWER = "nl.huurschuld.terugkoppeling.v1"
CHANGE = "nl.huurschuld.wijziging.v1"
PATIENCE_SECONDS = 120
ANSWERS: tuple[Mapping[str, str], ...] = (
    {"status": "Opgepakt"},
    {"status": "Afgerond", "resultaat": "HULP_LOOPT"},
    {"status": "Opgepakt"},
    {"status": "Niet opgepakt", "resultaat": "NIET_OPGEPAKT"},
)


@dataclass(slots=True)
class Account:
    """What one corporation's month came to."""

    naam: str
    rows: int = 0
    sent: list[MessageId] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    received: int = 0
    answered: int = 0


def send_files(stage: Stage, rows: int, today: date, tell: Callable[[int], None]) -> dict[str, Account]:
    """Let each corporation send its file with the command, as its own people would; gives the accounts by OIN."""
    corporations = stage.parties(Soort.COR)
    accounts: dict[str, Account] = {}
    for number, party in enumerate(corporations):
        share = rows // len(corporations) + (number < rows % len(corporations))
        path = stage.home(party) / f"maandbestand-{today:%Y-%m}.csv"
        path.write_bytes(voorbeeld_bestand(party.naam, 1, share, stage.convenant, today - timedelta(days=2)))
        accounts[party.oin] = _send(stage, party, str(path))
        tell(share)
    return accounts


def _send(stage: Stage, party: Deelnemer, path: str) -> Account:
    done = subprocess.run(  # noqa: S603 - our own command
        command("send", path, "--dir", stage.home(party), "--yes", "--json"), check=False, capture_output=True
    )
    if done.returncode != 0:
        raise UnavailableError(f"{party.naam} could not send: {done.stderr.decode().strip()}")
    report: dict[str, Any] = json.loads(done.stdout)
    account = Account(party.naam, report["rijen"], [MessageId(sent["id"]) for sent in report["verstuurd"]])
    for row in report["nietTeMelden"]:
        reason = row["teksten"][0]
        account.left_out[reason] = account.left_out.get(reason, 0) + 1
    return account


def answer_signals(stage: Stage, expected: int, today: date, tell: Callable[[int], None]) -> int:
    """Let each municipality's software read its inbox and answer every signal; gives how many it answered."""
    turns: dict[str, int] = {}
    answered, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    while answered < expected:
        for party in stage.parties(Soort.GEM):
            with stage.open(party) as connector:
                found = connector.inbox(turns.get(party.oin, 0), 500)
                signals = [item for item in found if item.envelope.type == SIGNAL]
                connector.spool_messages([_answer(item, number, today) for number, item in enumerate(signals)])
            turns[party.oin] = max([turns.get(party.oin, 0), *(item.turn for item in found)])
            answered += len(signals)
            tell(len(signals))
        if time.monotonic() > deadline:
            raise UnavailableError(f"only {answered} of {expected} signals arrived in {PATIENCE_SECONDS} seconds")
        time.sleep(0.2)
    return answered


def _answer(signal: Received, number: int, today: date) -> NewMessage:
    bericht = {
        "signaalId": signal.envelope.id,
        **ANSWERS[number % len(ANSWERS)],
        "datum": today.isoformat(),
    }
    return NewMessage(ANSWER, signal.envelope.source, bericht, signal.envelope.dossier, signal.envelope.id)


def close_one_dossier(stage: Stage) -> tuple[Deelnemer, RandomId]:
    """Let a corporation tell that one tenant paid after all: the dossier whose evidence is shown."""
    party = stage.parties(Soort.COR)[0]
    with stage.open(party) as connector:
        first = wait_for(lambda: _first_answer(connector), "an answer for the first corporation")
        bericht = {"signaalId": first.envelope.antwoordop, "reden": "BETAALD"}
        connector.spool_message(NewMessage(CHANGE, first.envelope.source, bericht, first.envelope.dossier))
    return party, first.envelope.dossier


def _first_answer(connector: Connector) -> Received | None:
    return next((item for item in connector.inbox() if item.envelope.type == ANSWER), None)


def settle(stage: Stage, tell: Callable[[int, int], None]) -> None:
    """Wait until every message of every party has its receipt and every promise is proved; tells the promises."""

    def settled() -> bool | None:
        waiting, promised, covered = 0, 0, 0
        for party in stage.parties():
            with stage.open(party) as connector:
                seen = connector.overview()
            promised, covered = promised + seen.promised, covered + seen.covered
            waiting += sum(n for state, n in seen.outgoing.items() if state in ("gespoold", "aanvaard")) + seen.waiting
        tell(covered, promised)
        return True if waiting == 0 and covered == promised else None

    wait_for(settled, "every receipt and every proof", pause=0.5)


def wait_for(look: Callable[[], T | None], what: str, pause: float = 0.2) -> T:
    """Look until there is something.

    Raises:
        UnavailableError: it did not come in two minutes.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise UnavailableError(f"{what} did not come in {PATIENCE_SECONDS} seconds")
        time.sleep(pause)
    return found
