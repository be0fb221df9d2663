"""What a party must not forget about itself between two rounds, or two runs: a few marks, each once.

A mark is put and lifted in the transaction that makes it true or untrue, so a crash never parts the two.
"""

from __future__ import annotations

from enum import StrEnum

from gateway.connector.spool import WIPE_OWED, Db, first, rows


class Mark(StrEnum):
    """A kind of mark; what its subject is stands behind it."""

    HERSTELD = "hersteld"  # mailbox: the spool was put back, and the past was not collected again yet
    OPNIEUW = "opnieuw"  # mailbox: the past is being collected again
    VERLOREN = "verloren"  # dossier: a message of ours that somebody answered is gone, for good
    BEZWAAR_WACHT = "bezwaar-wacht"  # "dossier wijziging": it is not heeded while our word on help is under way
    WISSEN = WIPE_OWED  # nothing: content was destroyed and may linger in the write-ahead log


def put(db: Db, mark: Mark, subject: str = "") -> None:
    """Put a mark; putting it again changes nothing."""
    db.execute("INSERT INTO marks (kind, subject) VALUES (?, ?) ON CONFLICT DO NOTHING", (mark.value, subject))


def lift(db: Db, mark: Mark, subject: str = "") -> None:
    """Lift a mark, if it is there."""
    db.execute("DELETE FROM marks WHERE kind = ? AND subject = ?", (mark.value, subject))


def stands(db: Db, mark: Mark, subject: str = "") -> bool:
    """Tell whether a mark is there."""
    return first(db, "SELECT 1 FROM marks WHERE kind = ? AND subject = ?", (mark.value, subject)) is not None


def subjects(db: Db, mark: Mark) -> list[str]:
    """Give the subjects that have this mark."""
    return [str(row[0]) for row in rows(db, "SELECT subject FROM marks WHERE kind = ?", (mark.value,))]
