"""Whole dossiers between a corporation, a municipality and its debt help, over the small exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gateway.client.compose import Composed
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.connector.dossier import Dossier
from schemas.covenants import Spoornaam
from schemas.values import Mailbox, MessageId, Oin
from tests.unit.connector.exchange import CORPORATIE, GEMEENTE, HUUR, VROEG
from tests.unit.connector.region import BERICHT, DOSSIER, Region, confirm

SHV = Oin("00000099000000201000")
HULP = Mailbox.of(SHV, "hulp")
BSN = "999990019"
CONTACT = {"naam": "Team Vroegsignalering", "telefoon": "+31000000000"}
BOXES = {CORPORATIE: HUUR, GEMEENTE: VROEG, SHV: HULP}


def code(name: str) -> str:
    return f"nl.huurschuld.{name}.v1"


@dataclass
class Story:
    """Three parties that confirmed one another, and one dossier between them."""

    region: Region
    corporatie: Connector
    gemeente: Connector
    hulp: Connector

    @property
    def all(self) -> tuple[Connector, Connector, Connector]:
        return self.corporatie, self.gemeente, self.hulp

    def day(self, shift: int = 0) -> str:
        return str(date.fromisoformat(self.region.clock().date().isoformat()) + timedelta(days=shift))

    def spool(
        self, sender: Connector, name: str, to: Mailbox, bericht: Mapping[str, Any], op: MessageId | None = None
    ) -> Composed:
        return sender.spool_message(NewMessage(code(name), to, bericht, DOSSIER, op))

    async def send(
        self, sender: Connector, name: str, to: Mailbox, bericht: Mapping[str, Any], op: MessageId | None = None
    ) -> MessageId:
        sent = self.spool(sender, name, to, bericht, op)
        await self.settle()
        return sent.id

    async def settle(self, rounds: int = 3) -> None:
        await self.region.settle(*self.all, rounds=rounds)

    async def signal(self, **changes: Any) -> MessageId:
        return await self.send(self.corporatie, "vroegsignaal", VROEG, BERICHT | changes)

    async def feedback(self, signal: MessageId, **says: Any) -> MessageId:
        return await self.send(self.gemeente, "terugkoppeling", HUUR, self.told(signal, **says), signal)

    def told(self, signal: MessageId, **says: Any) -> dict[str, Any]:
        return {"signaalId": signal, "datum": self.day(), "behandelaarContact": CONTACT, **says}

    async def help_accepted(self) -> MessageId:
        signal = await self.signal()
        await self.feedback(signal, status="Opgepakt")
        await self.feedback(signal, status="Afgerond", resultaat="HULP_GEACCEPTEERD")
        return signal

    async def referred(self) -> MessageId:
        tenant = {"referentieCorporatie": "H-2026-00123", "achternaam": "Voorbeeld", "bsn": BSN}
        asked = {"huurder": tenant, "doel": "SCHULDHULP", "urgentie": "NORMAAL", "toestemming": "JA"}
        referral = await self.send(self.gemeente, "verwijzing", HULP, asked)
        answer = {"betreft": referral, "status": "AANGENOMEN", "contactpogingen": [], "datum": self.day()}
        await self.send(self.hulp, "verwijzingsantwoord", VROEG, answer, referral)
        return referral

    async def withdraw(self, signal: MessageId, reden: str = "BEZWAAR_HUURDER") -> MessageId:
        return await self.send(self.corporatie, "wijziging", VROEG, {"signaalId": signal, "reden": reden})


def shown(connector: Connector) -> Dossier:
    found = connector.dossier(DOSSIER)
    assert found is not None
    return found


def standen(connector: Connector) -> tuple[str, str, str]:
    tracks = shown(connector).tracks
    return tracks[Spoornaam.HULP].stand, tracks[Spoornaam.INCASSO].stand, tracks[Spoornaam.UITKOMST].stand


async def begin(region: Region) -> Story:
    """Let debt help join, and everybody confirm everybody."""
    await region.join(SHV, "hulp")
    corporatie, gemeente = region.open_now
    story = Story(region, corporatie, gemeente, region.open(SHV))
    for connector in story.all:
        await region.step(connector)
        for oin, mailbox in BOXES.items():
            if oin != connector.settings.oin:
                confirm(connector, mailbox)
    return story
