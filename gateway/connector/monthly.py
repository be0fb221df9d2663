"""What the spool remembers of monthly files: which dossier an arrears episode is, and which rows were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gateway.connector.spool import Db, first, rows
from schemas.values import Gemeentecode, MessageId, RandomId


@dataclass(frozen=True, slots=True)
class Episode:
    """One tenancy, one arrears episode, one municipality: what a dossier is (DESIGN, On the wire)."""

    referentie: str
    ontstaansdatum: date
    gemeente: Gemeentecode


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """A row's identity, and the digest of its content: the same again is skipped, other content is an error."""

    referentie: str
    ontstaansdatum: date
    peildatum: date
    content: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was sent before under the same identity."""

    content: str
    id: MessageId


def dossier_of(db: Db, episode: Episode, fresh: RandomId) -> RandomId:
    """Give the episode's dossier; ``fresh`` becomes it when there is none yet."""
    key = (episode.referentie, episode.ontstaansdatum.isoformat(), episode.gemeente)
    db.execute(
        "INSERT INTO dossiers (referentie, ontstaansdatum, gemeente, dossier) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (referentie, ontstaansdatum, gemeente) DO NOTHING",
        (*key, fresh),
    )
    row = rows(db, "SELECT dossier FROM dossiers WHERE referentie = ? AND ontstaansdatum = ? AND gemeente = ?", key)[0]
    return RandomId(row[0])


def reported(db: Db, row: ReportedRow) -> Earlier | None:
    """Give what was sent before for this row's identity."""
    found = first(
        db, "SELECT content, id FROM reported WHERE referentie = ? AND ontstaansdatum = ? AND peildatum = ?", _key(row)
    )
    return None if found is None else Earlier(found[0], MessageId(found[1]))


def all_reported(db: Db) -> dict[tuple[str, date, date], str]:
    """Give the content digest of every row that was sent before, by its identity."""
    found = rows(db, "SELECT referentie, ontstaansdatum, peildatum, content FROM reported")
    return {(r[0], date.fromisoformat(r[1]), date.fromisoformat(r[2])): r[3] for r in found}


def keep_reported(db: Db, row: ReportedRow, identifier: MessageId) -> None:
    """Book a row with the message that it became, in the transaction that spools it.

    A row that is there already, from a second process with the same file, makes the transaction fail.
    """
    db.execute(
        "INSERT INTO reported (referentie, ontstaansdatum, peildatum, content, id) VALUES (?, ?, ?, ?, ?)",
        (*_key(row), row.content, identifier),
    )


def _key(row: ReportedRow) -> tuple[str, str, str]:
    return row.referentie, row.ontstaansdatum.isoformat(), row.peildatum.isoformat()
