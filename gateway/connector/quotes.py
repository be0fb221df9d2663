"""The register states that the exchange quoted, in the order of its log: they never go back, nor does its time.

Who quotes an old state can let a key count that was replaced because it leaked (DESIGN, Storage). Two
signed quotes that contradict each other convict the exchange, so both are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from gateway.connector import ledger
from gateway.connector.spool import Db, Row, first
from schemas.entries import BewijsEntry
from schemas.receipts import Aanvaard
from schemas.values import spell_instant


@dataclass(frozen=True, slots=True)
class Quote:
    """What the leaf at ``index`` of the traffic log says: the register's size, and the moment; with its bytes."""

    index: int
    omvang: int
    moment: str
    material: str

    @classmethod
    def of(cls, receipt: Aanvaard, jws: str) -> Self:
        """Read it from a verified *aanvaard*."""
        return cls(receipt.logboek.index, receipt.stand.omvang, spell_instant(receipt.tijd), jws)

    @classmethod
    def booked(cls, index: int, entry: BewijsEntry, body: bytes) -> Self:
        """Read it from the verified entry of a booking."""
        return cls(index, entry.stand.omvang, spell_instant(entry.tijd), body.decode())


_BEFORE = "SELECT place, size, moment, material FROM quotes WHERE place < ? ORDER BY place DESC LIMIT 1"
_AFTER = "SELECT place, size, moment, material FROM quotes WHERE place > ? ORDER BY place LIMIT 1"


def keep(db: Db, quote: Quote, now: datetime) -> bool:
    """Keep a quote. False, with a grave alarm, when it contradicts what was quoted before or after it in the log."""
    before, after = _quote(first(db, _BEFORE, (quote.index,))), _quote(first(db, _AFTER, (quote.index,)))
    for one, next_ in ((before, quote), (quote, after)):
        if one is not None and next_ is not None and (one.omvang > next_.omvang or one.moment > next_.moment):
            subject, detail = f"verkeer/{next_.index}", f"index {next_.index} goes back behind index {one.index}"
            alarm = ledger.Alarm("teruggang", subject, detail, f"{one.material}\n{next_.material}", grave=True)
            ledger.raise_alarm(db, alarm, now)
            return False
    db.execute(
        "INSERT INTO quotes (place, size, moment, material) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (quote.index, quote.omvang, quote.moment, quote.material),
    )
    return True


def _quote(row: Row | None) -> Quote | None:
    return None if row is None else Quote(*row)
