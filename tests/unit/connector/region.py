"""Two parties at a small exchange, and what tests do with them."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.connector.collecting import Gain
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.directory import Directory
from gateway.connector.join import Applicant, join
from keys.encoding import encode
from keys.keyring import KeyFile, make_key_file
from schemas.values import Mailbox, MessageId, Oin, RandomId
from tests.unit.connector.exchange import VROEG, Exchange, Line, Ticking

DOSSIER = RandomId("5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10")
BASE = 60_000
BERICHT: dict[str, Any] = {
    "huurder": {
        "referentieCorporatie": "H-2026-00123",
        "voorletters": "T.E.",
        "achternaam": "Voorbeeld",
        "postcode": "2311AA",
        "huisnummer": 1,
        "woonplaats": "Leiden",
        "email": "t.voorbeeld@example.org",
    },
    "achterstand": {
        "bedragCent": 84550,
        "peildatum": "2026-11-20",
        "ontstaansdatum": "2026-10-01",
        "aantalMaanden": 1.2,
    },
    "incassoVerantwoording": {
        "contactpogingen": [{"datum": "2026-11-03", "soort": "Huisbezoek", "bereikt": False}],
        "gewezenOpSchuldhulpOp": "2026-10-24",
        "herinneringen": ["2026-10-10", "2026-10-24"],
        "aanbodGegevensdelingOp": "2026-10-24",
        "reactieHuurder": "GEEN_REACTIE",
    },
    "crisissignaal": False,
    "warmeOverdracht": False,
    "regelingLoopt": False,
    "convenantUitsluiting": "GEEN",
}


def message(bedrag: int = 84550, dossier: RandomId | None = DOSSIER, **more: Any) -> NewMessage:
    """A signal whose amount tells it from the others."""
    bericht = BERICHT | {"achterstand": BERICHT["achterstand"] | {"bedragCent": bedrag + BASE}}
    return NewMessage("nl.huurschuld.vroegsignaal.v1", VROEG, bericht, dossier, **more)


def amounts(connector: Connector) -> list[int]:
    """What the application got, in order, told by amount."""
    return [got.bericht["achterstand"]["bedragCent"] - BASE for got in connector.inbox(limit=1000)]


def invitation(exchange: Exchange, code: bytes) -> str:
    der = ssl.PEM_cert_to_DER_cert(exchange.authority.certificate_pem)
    return f"SP1.{encode(code.ljust(16, b'-'))}.{encode(hashlib.sha256(der).digest())}"


@dataclass
class Region:
    """An exchange, a corporation and a municipality that confirmed one another."""

    root: Path
    clock: Ticking
    exchange: Exchange
    line: Line
    open_now: list[Connector] = field(default_factory=list)

    def directory(self, oin: Oin) -> Directory:
        return Directory(self.root / oin)

    async def join(self, oin: Oin, *names: str) -> None:
        directory = self.directory(oin)
        directory.make()
        secret = KeyFile(directory.key_file) if directory.key_file.exists() else make_key_file(directory.key_file)
        await join(
            "https://proef.example",
            invitation(self.exchange, oin[-7:].encode()),
            Applicant(oin, names, directory, secret),
            self.line.dial,
        )

    def open(self, oin: Oin) -> Connector:
        connector = Connector.open(self.root / oin, clock=self.clock)
        self.open_now.append(connector)
        return connector

    def reopen(self, connector: Connector) -> Connector:
        connector.close()
        self.open_now.remove(connector)
        return self.open(connector.settings.oin)

    async def step(self, connector: Connector) -> Gain:
        self.exchange.publish()
        gain = await connector.agent(self.line).step()
        self.clock.tick()
        return gain

    async def settle(self, *connectors: Connector, rounds: int = 6) -> None:
        for _ in range(rounds):
            for connector in connectors:
                await self.step(connector)


def confirm(connector: Connector, mailbox: Mailbox) -> None:
    """Compare a fingerprint as two people on the telephone do."""
    shown = next(one for one in connector.fingerprints() if one.mailbox == mailbox)
    connector.confirm(mailbox, shown.fingerprint)


def state_of(connector: Connector, identifier: MessageId) -> str:
    """Where a message stands."""
    standing = connector.status(identifier)
    assert standing is not None
    return standing.stand


def kinds(connector: Connector) -> Iterator[str]:
    """The kinds of the open alarms."""
    return (raised.alarm.kind for raised in connector.overview().alarms)
