"""A dossier written down message by message: real berichten, after the published examples, between the demo parties."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from gateway.covenant.content import cautions, objections
from gateway.covenant.passage import Passed
from gateway.covenant.tracks import Position, follow, out_of_turn
from schemas.berichten.berichttype import code_of
from schemas.catalogue import parse_bericht
from schemas.covenants import leidse_regio, load_covenant
from schemas.values import Mailbox, MessageId, Oin

CONVENANT = load_covenant(leidse_regio())
EXAMPLES = Path(__file__).parents[3] / "schemas" / "published" / "examples"
BOXES = {
    "COR": Mailbox.of(Oin("00000099000000001000"), "huur"),
    "GEM": Mailbox.of(Oin("00000099000000101000"), "vroegsignalering"),
    "GEM2": Mailbox.of(Oin("00000099000000102000"), "vroegsignalering"),
    "SHV": Mailbox.of(Oin("00000099000000201000"), "hulp"),
    "SWT": Mailbox.of(Oin("00000099000000202000"), "hulp"),
    "MZO": Mailbox.of(Oin("00000099000000206000"), "hulp"),
}
BEGIN = datetime(2026, 11, 20, 10, tzinfo=UTC)
SHORT = {
    "VSM": "vroegsignaal",
    "VST": "terugkoppeling",
    "VSI": "wijziging",
    "VRW": "verwijzing",
    "VRA": "verwijzingsantwoord",
    "ZGM": "zorgmelding",
    "OPV": "opschortingsverzoek",
    "OPB": "opschortingsbesluit",
    "SLV": "saldoverzoek",
    "SLA": "saldo-opgave",
    "BRV": "regelingsvoorstel",
    "BRB": "regelingsbesluit",
    "BRS": "regelingsstatus",
    "DON": "dreigende-ontruiming",
    "DOA": "ontruimingsantwoord",
    "OUT": "ontruimingsuitkomst",
    "AFS": "afsluiting",
}
REFERENCES = {
    "VST": "signaalId",
    "VSI": "signaalId",
    **dict.fromkeys(("VRA", "OPB", "SLA", "BRB", "BRS", "DOA"), "betreft"),
}
TESTED = {
    "uitkomst": "VOLDOET",
    "methode": "VTLB",
    "toetsdatum": "2026-12-10",
    "toetser": "00000099000000201000",
    "maxTermijnbedragCent": 7500,
}


def toets(way: str, **fields: Any) -> dict[str, Any]:
    """Give a test by whoever of a message that way is no corporation."""
    by = next(side for side in way.split(">") if side != "COR")
    return {**TESTED, "toetser": BOXES[by].oin, **fields}


PERIOD = {"vanaf": "2026-12-16", "tot": "2027-01-15"}


@cache
def _example(short: str, which: str) -> str:
    return (EXAMPLES / SHORT[short] / f"{which}.json").read_text()


def bericht(short: str, fields: Mapping[str, Any] | None = None, which: str = "minimaal") -> dict[str, Any]:
    """Give the example with other fields; ``None`` takes one away, a dotted name reaches into a block."""
    made: dict[str, Any] = json.loads(_example(short, which))
    if short == "VSM":
        made["huurder"]["postcode"] = "2312AB"  # of the municipality in BOXES, whatever the example has
    for path, value in (fields or {}).items():
        *blocks, last = path.split(".")
        block = made
        for name in blocks:
            block = block[name]
        if value is None:
            block.pop(last, None)
        else:
            block[last] = value
    return made


class Written:
    """A dossier as one party has it. Each message comes a minute after the one before, unless ``days`` later."""

    def __init__(self) -> None:
        self.passed: list[Passed] = []
        self.now = BEGIN

    def make(self, short: str, way: str, fields: Mapping[str, Any] | None = None, **more: Any) -> Passed:
        """Give the message that could come next; ``on`` is what it answers or refers to, ``answers`` whether."""
        number, on = len(self.passed), more.get("on")
        made = bericht(short, fields, more.get("which", "minimaal"))
        if on is not None and short in REFERENCES and REFERENCES[short] not in (fields or {}):
            made[REFERENCES[short]] = on.id
        if on is not None and short == "DON":
            made["signaalIds"] = [on.id]
        parse_bericht(code_of(SHORT[short]), made)
        van, naar = way.split(">")
        answered = on.id if on is not None and more.get("answers", short not in ("VSI", "BRS", "DON")) else None
        return Passed(
            MessageId(f"019a9f3e-7c00-7abc-8def-{number:012x}"),
            code_of(SHORT[short]),
            BOXES[van],
            BOXES[naar],
            answered,
            made,
            self.now + timedelta(days=more.get("days", 0), minutes=1),
        )

    def add(self, short: str, way: str, fields: Mapping[str, Any] | None = None, **more: Any) -> Passed:
        """Let it pass."""
        made = self.make(short, way, fields, **more)
        self.passed.append(made)
        self.now = made.moment
        return made

    def erase(self, message: Passed) -> None:
        """Erase a message's content."""
        self.passed = [one._replace(bericht=None) if one.id == message.id else one for one in self.passed]

    def position(self, on: date | None = None) -> Position:
        """Give where the tracks are, now or at noon of a day."""
        return follow(CONVENANT, self.passed, self.now if on is None else noon(on))

    def stand(self, spoor: str, on: date | None = None) -> str:
        """Give the state of a track."""
        return {str(naam): stand for naam, stand in self.position(on).stand.items()}[spoor]

    def broken(self, message: Passed) -> str | None:
        """Give the track whose order the message would break."""
        return out_of_turn(CONVENANT, self.passed, message, message.moment)

    def objected(self, message: Passed, *, sending: bool = False) -> list[tuple[str, str]]:
        """Give code and pointer of each objection."""
        return [(o.code, o.pointer) for o in objections(CONVENANT, message, self.passed, sending=sending)]

    def warned(self, message: Passed) -> list[tuple[str, str]]:
        """Give code and pointer of each caution."""
        return [(o.code, o.pointer) for o in cautions(CONVENANT, message, self.passed)]


def noon(day: date) -> datetime:
    """Give noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def helped() -> tuple[Written, Passed]:
    """Give a dossier in which help was accepted, and its signal."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", on=signal)
    dossier.add("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "HULP_GEACCEPTEERD"}, on=signal)
    return dossier, signal


def threatened(*fasen: str) -> tuple[Written, Passed]:
    """Give a dossier with a signal and, three months later, the phases towards an eviction; and the signal."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    for at, fase in enumerate(fasen):
        dossier.add("DON", "COR>GEM", phase(fase), on=signal, days=0 if at else 90)
    return dossier, signal


def phase(fase: str, day: str = "2027-02-20", announced: str = "2027-03-20") -> dict[str, Any]:
    """Give the fields of a phase."""
    return {"fase": fase, "fasedatum": day, "ontruimingOp": announced if fase == "AANGEZEGD" else None}
