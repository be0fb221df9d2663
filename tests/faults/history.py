"""What the clients wrote down, as values: the driver's and consumer's journals, and each party's spool.

Nothing here is the gateway's word. The leaf hashes of the traffic log come over its public interface, but they
count for nothing by themselves: they must add up to roots that clients kept under the log's signature.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gateway.connector import inbox, ledger, outbox
from gateway.connector.connector import Connector
from gateway.connector.spool import rows
from schemas.values import RandomId
from tests.faults import journal
from tests.faults.berichten import sealed_fingerprint

Thread = tuple[str, str, str]
"""Sender, recipient, dossier: within one, order holds."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a driver asked for, and what it knows became of it: *unknown* is neither kept nor failed."""

    thread: Thread
    volgorde: int
    vingerafdruk: str
    outcome: Literal["ok", "fail", "unknown"]
    at: int
    id: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an application took over."""

    thread: Thread
    id: str
    volgorde: int
    vingerafdruk: str
    turn: int
    at: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as its sender's connector holds it at the end; ``proofs`` are (kind, JWS, *geboekt*)."""

    thread: Thread
    id: str
    digest: str
    reeks: str
    volgnummer: int
    aanvaard: str | None
    proofs: tuple[tuple[str, str, str | None], ...]
    vingerafdruk: str | None


@dataclass(frozen=True, slots=True)
class Got:
    """A message as its recipient's connector holds it at the end."""

    thread: Thread
    id: str
    digest: str
    judgement: str
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One checkpoint that a client verified and kept."""

    log: str
    size: int
    note: str


@dataclass(frozen=True, slots=True)
class Promised:
    """One leaf that the exchange signed for."""

    log: str
    index: int
    leaf: str


@dataclass(frozen=True, slots=True)
class Account:
    """What one party's connector holds and says at the end."""

    mailbox: str
    sent: Sequence[Sent] = ()
    got: Sequence[Got] = ()
    checkpoints: Sequence[Kept] = ()
    promises: Sequence[Promised] = ()
    register: Sequence[bytes] = ()
    covered: int = 0
    promised: int = 0
    waiting: int = 0
    missing: int = 0
    alarms: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class History:
    """Everything that the checker reads."""

    attempts: Sequence[Attempt]
    acked: Mapping[str, str]
    """Message id to the SHA-256 of the *aanvaard* that the driver saw first."""
    effects: Sequence[Effect]
    accounts: Sequence[Account]
    leaves: Sequence[bytes]
    """Leaf hashes of the traffic log as it is served."""
    trouble: Sequence[str] = field(default=())
    """What the campaign itself saw go wrong: a process that ended by itself, traffic that stalled."""


def attempts(path: Path) -> Iterator[Attempt]:
    """Read a driver's journal: every message asked for, once."""
    asked: dict[int, dict[str, object]] = {}
    answers: dict[int, dict[str, object]] = {}
    for line in journal.read(path):
        if line["op"] == "invoke":
            asked[line["batch"]] = line
        elif line["op"] in ("ok", "fail"):
            answers[line["batch"]] = line
    for batch, line in asked.items():
        answer = answers.get(batch, {})
        outcome = answer.get("op", "unknown")
        for item in (answer if outcome == "ok" else line)["messages"]:
            thread = (item["source"], item["ontvanger"], item["dossier"])
            known = (item.get("id", ""), item.get("digest", ""))
            yield Attempt(thread, item["volgorde"], item["vingerafdruk"], outcome, line["at"], *known)


def acked(path: Path) -> dict[str, str]:
    """Read from a driver's journal which messages it saw acknowledged."""
    return {line["id"]: line["aanvaard"] for line in journal.read(path) if line["op"] == "acked"}


def effects(path: Path) -> Iterator[Effect]:
    """Read a consumer's journal."""
    for line in journal.read(path):
        thread = (line["source"], line["ontvanger"], line["dossier"])
        yield Effect(thread, line["id"], line["volgorde"], line["vingerafdruk"], line["beurt"], line["at"])


def account(connector: Connector) -> Account:
    """Read a party's spool through its own connector."""
    mailbox = str(connector.settings.mailboxes[0])
    seen = connector.overview()
    with connector.spool.read() as db:
        found = rows(db, "SELECT DISTINCT dossier FROM outgoing UNION SELECT DISTINCT dossier FROM incoming")
        checkpoints = [Kept(*row) for row in rows(db, "SELECT log, size, note FROM checkpoints ORDER BY log, size")]
        promises = [Promised(*row) for row in rows(db, "SELECT log, place, leaf FROM promises ORDER BY log, place")]
        register = ledger.register_bodies(db)
    dossiers = [RandomId(row[0]) for row in found]
    return Account(
        mailbox,
        [sent for dossier in dossiers for sent in _sent(connector, dossier)],
        [got for dossier in dossiers for got in _got(connector, dossier)],
        checkpoints,
        promises,
        register,
        seen.covered,
        seen.promised,
        seen.waiting,
        len(seen.missing),
        [f"{a.alarm.kind}: {a.alarm.subject}: {a.alarm.detail}" for a in seen.alarms],
    )


def _sent(connector: Connector, dossier: RandomId) -> Iterator[Sent]:
    payloads = {r.envelop: r.payload for r in connector.records(dossier) if r.direction == "uit"}
    with connector.spool.read() as db:
        for m in outbox.of_dossier(db, dossier):
            s, payload = m.subject, payloads.get(m.envelop)
            proofs = tuple((p.kind.value, p.bewijs, p.geboekt) for p in outbox.proofs_of(db, m))
            print_ = None if payload is None else sealed_fingerprint(payload)
            thread = (str(s.source), str(s.ontvanger), str(dossier))
            yield Sent(thread, s.id, s.digest, m.reeks, m.volgnummer, m.aanvaard, proofs, print_)


def _got(connector: Connector, dossier: RandomId) -> Iterator[Got]:
    with connector.spool.read() as db:
        for m in inbox.of_dossier(db, dossier):
            s = m.subject
            yield Got((s.source, s.ontvanger, dossier), s.id, s.digest, m.judgement.value, m.receipt)
