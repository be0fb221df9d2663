"""The load of one corporation, in a process of its own: hands messages to the connector's spool, keeps a journal.

Run as ``python -m tests.faults.driver DIR JOURNAL SEED POSTVAK...``. It says *invoke* before it asks, *ok* only
when the spool said so, *acked* when it saw the exchange's *aanvaard*, *settled* when it saw the recipient's
receipt. Killed in between it does not know what became of a batch, never asks again, and goes on behind it.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.connector import outbox
from gateway.connector.composing import NewMessage, random_id
from gateway.connector.connector import Connector
from gateway.errors import RejectedError
from schemas.values import Mailbox, MessageId, RandomId
from tests.faults import journal
from tests.faults.berichten import VROEGSIGNAAL, WIJZIGING, fingerprint, vroegsignaal, wijziging
from tests.faults.chance import Chance

IN_FLIGHT = 40
"""Most messages of one corporation that are under way at a time: the load is a closed loop."""
OPEN_DOSSIERS = 6
DOSSIER_LENGTH = 8
BATCH = 10
PAUSE_SECONDS = 0.3


@dataclass(slots=True)
class Dossier:
    """One dossier under way: whose it is, its first message, and the next sequence number."""

    ontvanger: Mailbox
    signaal: MessageId
    following: int


@dataclass(slots=True)
class Memory:
    """What the journal says so far."""

    batch: int = 0
    dossiers: dict[RandomId, Dossier] = field(default_factory=dict)
    unacked: set[MessageId] = field(default_factory=set)
    unsettled: set[MessageId] = field(default_factory=set)

    def invoked(self, line: dict[str, Any]) -> None:
        """A batch was asked for: its sequence numbers are spent, whatever becomes of it."""
        self.batch = max(self.batch, line["batch"])
        for item in line["messages"]:
            if (dossier := self.dossiers.get(item["dossier"])) is not None:
                dossier.following = item["volgorde"] + 1

    def answered(self, line: dict[str, Any]) -> None:
        """A batch was kept by the spool."""
        for item in line["messages"]:
            identifier = MessageId(item["id"])
            self.unacked.add(identifier)
            self.unsettled.add(identifier)
            if item["volgorde"] == 1:
                dossier = Dossier(Mailbox(item["ontvanger"]), identifier, 2)
                self.dossiers[RandomId(item["dossier"])] = dossier

    def close_long_dossiers(self) -> None:
        """Nothing more is said in a dossier that is long enough."""
        self.dossiers = {key: d for key, d in self.dossiers.items() if d.following <= DOSSIER_LENGTH}


def remember(path: Path) -> Memory:
    """Read the journal back after a kill."""
    memory = Memory()
    for line in journal.read(path):
        match line["op"]:
            case "invoke":
                memory.invoked(line)
            case "ok":
                memory.answered(line)
            case "acked":
                memory.unacked.discard(line["id"])
            case "settled":
                memory.unsettled.discard(line["id"])
    memory.close_long_dossiers()
    return memory


class Driver:
    """Works until told to stop."""

    def __init__(self, connector: Connector, path: Path, chance: Chance, recipients: Sequence[Mailbox]) -> None:
        self._connector, self._chance, self._recipients = connector, chance, recipients
        self._source = connector.settings.mailboxes[0]
        self._memory = remember(path)
        self._journal = journal.Journal(path)
        self.stopped = False

    def run(self) -> None:
        """Send and look what became of it."""
        while not self.stopped:
            self._look()
            if len(self._memory.unsettled) < IN_FLIGHT:
                self._send()
            time.sleep(PAUSE_SECONDS)
        self._look()

    def _send(self) -> None:
        self._memory.batch += 1
        batch = self._memory.batch
        messages = [self._message() for _ in range(1 + self._chance.below(BATCH))]
        described = [self._describe(message, volgorde) for message, volgorde in messages]
        line = {"op": "invoke", "batch": batch, "messages": described}
        self._journal.write([line])
        self._memory.invoked(line)
        try:
            composed = self._connector.spool_messages([message for message, _ in messages])
        except RejectedError as error:
            self._journal.write([{"op": "fail", "batch": batch, "why": error.code.value}])
            return
        told = [{**d, "id": c.id, "digest": c.digest} for d, c in zip(described, composed, strict=True)]
        line = {"op": "ok", "batch": batch, "messages": told}
        self._journal.write([line])
        self._memory.answered(line)
        self._memory.close_long_dossiers()

    def _message(self) -> tuple[NewMessage, int]:
        dossiers = self._memory.dossiers
        if len(dossiers) < OPEN_DOSSIERS or self._chance.fraction() < 0.1:
            recipient = self._chance.one_of(self._recipients)
            dossier = random_id(os.urandom)
            return NewMessage(VROEGSIGNAAL, recipient, vroegsignaal(f"P-{dossier[:8]}", 1), dossier), 1
        key = self._chance.one_of(sorted(dossiers))
        found = dossiers[key]
        volgorde = found.following
        found.following += 1
        return NewMessage(WIJZIGING, found.ontvanger, wijziging(found.signaal, volgorde), key), volgorde

    def _describe(self, message: NewMessage, volgorde: int) -> dict[str, Any]:
        return {
            "source": self._source,
            "ontvanger": message.ontvanger,
            "dossier": message.dossier,
            "volgorde": volgorde,
            "vingerafdruk": fingerprint(message.bericht),
        }

    def _look(self) -> None:
        """Write down every acknowledgement that our connector holds by now."""
        seen: list[dict[str, Any]] = []
        memory = self._memory
        with self._connector.spool.read() as db:
            found = [outbox.find(db, self._source, one) for one in sorted(memory.unsettled)]
        for message in found:
            if message is None:
                continue
            identifier = message.subject.id
            if message.aanvaard is not None and identifier in memory.unacked:
                digest = hashlib.sha256(message.aanvaard.encode()).hexdigest()
                seen.append({"op": "acked", "id": identifier, "aanvaard": digest})
                memory.unacked.discard(identifier)
            if message.state in outbox.SETTLED:
                seen.append({"op": "settled", "id": identifier, "stand": message.state.value})
                memory.unsettled.discard(identifier)
        if seen:
            self._journal.write(seen)


def main(folder: str, path: str, seed: str, *recipients: str) -> None:
    """Drive until SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connector.open(Path(folder)) as connector:
        driver = Driver(connector, Path(path), Chance(seed), [Mailbox(r) for r in recipients])

        def stop(*_: object) -> None:
            driver.stopped = True

        signal.signal(signal.SIGTERM, stop)
        driver.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
