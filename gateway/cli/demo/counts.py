"""Counting at the end of the demo: does everything add up, seen from every side?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.cli.auditing import Result
from gateway.cli.demo.acts import ANSWER, CHANGE, SIGNAL, Account
from gateway.cli.demo.dossiers import Ending, Played, cast
from gateway.cli.demo.stage import Stage
from gateway.cli.demo.stories import COR, DOSSIERS
from schemas.covenants import Soort


@dataclass(slots=True)
class Tally:
    """The counts of the demo, and what does not add up."""

    accounts: dict[str, Account]
    answers: int
    played: Played
    endings: list[Ending] = field(default_factory=list)
    changes: int = 1
    promised: int = 0
    covered: int = 0
    logs: list[Result] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """Signals sent."""
        return sum(len(a.sent) for a in self.accounts.values())

    def expect(self, what: str, found: int, wanted: int) -> None:
        """Note a count that is not what it must be."""
        if found != wanted:
            self.faults.append(f"{what}: {found}, expected {wanted}")


def count(stage: Stage, tally: Tally, exchange: dict[str, int], logs: list[Result]) -> None:
    """Count on every side: senders, recipients, exchange, logs."""
    arrived = _at_municipalities(stage, tally)
    _at_corporations(stage, tally, arrived)
    _at_partners(stage, tally)
    everything = tally.sent + tally.answers + tally.changes + len(tally.played.sent)
    tally.expect("messages that the exchange accepted", exchange.get("aanvaard", 0), everything)
    tally.expect("messages that ended as received", exchange.get("ontvangen", 0), everything)
    tally.expect("messages that the exchange refused", exchange.get("afgewezen", 0), 0)
    tally.expect("messages still waiting", exchange.get("wacht", 0), 0)
    tally.expect("promised log entries proved", tally.covered, tally.promised)
    _dossiers(tally)
    tally.logs = logs
    tally.faults += [f"log {r.log}: {r.fault}" for r in logs if r.fault]
    traffic = next(r for r in logs if r.log == "verkeer")
    tally.expect("entries in the traffic log (accepted, offered, received)", traffic.size, 3 * everything)


def _at_municipalities(stage: Stage, tally: Tally) -> set[str]:
    arrived: set[str] = set()
    for party in stage.parties(Soort.GEM):
        with stage.open(party) as connector:
            got = [item for item in connector.inbox(limit=100_000) if item.envelope.type in (SIGNAL, CHANGE)]
            _own(tally, party.naam, connector.overview())
        signals = [i for i in got if i.envelope.type == SIGNAL and i.envelope.id not in tally.played.sent]
        arrived |= {item.envelope.id for item in signals}
        for item in signals:
            tally.accounts[item.envelope.source.oin].received += 1
        wrong = [
            i for i in signals if not i.bericht or _home(stage, i.bericht["huurder"]["postcode"]) not in party.gebied
        ]
        tally.expect(f"signals at {party.naam} about dwellings elsewhere", len(wrong), 0)
    return arrived


def _at_corporations(stage: Stage, tally: Tally, arrived: set[str]) -> None:
    for party in stage.parties(Soort.COR):
        account = tally.accounts[party.oin]
        with stage.open(party) as connector:
            answers = [i for i in connector.inbox(limit=100_000) if i.envelope.type == ANSWER]
            _own(tally, party.naam, connector.overview())
        account.answered = len({item.envelope.antwoordop for item in answers} & set(account.sent))
        left_out = sum(account.left_out.values())
        tally.expect(f"rows of {account.naam} sent or left out", len(account.sent) + left_out, account.rows)
        tally.expect(f"signals of {account.naam} that arrived", account.received, len(account.sent))
        tally.expect(
            f"signals of {account.naam} that arrived once", len(arrived & set(account.sent)), len(account.sent)
        )
        tally.expect(f"answers to {account.naam}", account.answered, len(account.sent))


def _at_partners(stage: Stage, tally: Tally) -> None:
    roles = {party.oin: role for role, party in cast(stage).items()}
    for party in stage.parties(Soort.SWT, Soort.SHV, Soort.MZO):
        wanted = sum(step.naar == roles.get(party.oin) for story in DOSSIERS for step in story.steps)
        with stage.open(party) as connector:
            tally.expect(f"messages at {party.naam}", len(connector.inbox()), wanted)


def _dossiers(tally: Tally) -> None:
    for ending in tally.endings:
        if ending.found != ending.wanted:
            tally.faults.append(f"{ending.title} ends as {ending.found} at the {ending.role}, not as {ending.wanted}")
        tally.expect(f"contents kept of: {ending.title}, at the {ending.role}", ending.unerased, 0)
    for refusal in tally.played.refusals:
        if refusal.reason is None:
            tally.faults.append(f"not refused: {refusal.title}")
        elif not refusal.meant:
            tally.faults.append(f"refused for another reason: {refusal.title}: {refusal.reason}")
    shown = [number for ending in tally.endings if ending.role == COR for number in (ending.foreign,)]
    tally.expect("messages of others that a corporation sees in its dossiers", sum(shown), 0)


def _own(tally: Tally, naam: str, seen: Any) -> None:  # noqa: ANN401 - the connector's overview
    tally.promised += seen.promised
    tally.covered += seen.covered
    tally.expect(f"alarms at {naam}", sum(item.alarm.kind != "waarschuwing" for item in seen.alarms), 0)
    tally.expect(f"numbers missing at {naam}", len(seen.missing), 0)
    tally.expect(
        f"messages of {naam} without a receipt", sum(seen.outgoing.values()) - seen.outgoing.get("ontvangen", 0), 0
    )


def _home(stage: Stage, postcode: Any) -> str:  # noqa: ANN401 - a postcode that a schema checked
    gemeente = stage.convenant.gemeente_van(postcode)
    return gemeente.code if gemeente else ""
