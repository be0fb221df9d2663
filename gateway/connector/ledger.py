"""What a connector remembers about its exchange: promises, checkpoints, confirmed keys, and alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.connector.spool import Db, first, rows
from schemas.receipts import Leaf
from schemas.values import Digest, Mailbox, parse_instant, spell_instant


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must look at. ``grave``: nothing more is sent until it is settled."""

    kind: str
    subject: str
    detail: str
    material: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class RaisedAlarm:
    """An alarm as it stands in the spool."""

    place: int
    alarm: Alarm
    raised_at: str


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A checkpoint that was verified, with the signed note that says so."""

    size: int
    root: Digest
    note: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A leaf that the exchange signed for; ``doubted_at`` is when a checkpoint first failed to cover it in time."""

    index: int
    leaf: Digest
    given_at: datetime
    doubted_at: datetime | None


def raise_alarm(db: Db, alarm: Alarm, now: datetime) -> None:
    """Record an alarm; the same one again is reopened, never doubled."""
    db.execute(
        "INSERT INTO alarms (kind, subject, detail, material, grave, raised_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, subject) DO UPDATE SET detail = excluded.detail, material = excluded.material,"
        " settled_at = NULL",
        (alarm.kind, alarm.subject, alarm.detail, alarm.material, int(alarm.grave), spell_instant(now)),
    )


def convict(db: Db, subject: str, detail: str, proofs: Sequence[str], now: datetime) -> None:
    """Record that the exchange signed two things that cannot both be true: a grave alarm with the bytes of both."""
    raise_alarm(db, Alarm("tegenspraak", subject, detail, "\n".join(proofs), grave=True), now)


def open_alarms(db: Db) -> list[RaisedAlarm]:
    """Give the alarms that nobody settled, oldest first."""
    found = rows(
        db,
        "SELECT place, kind, subject, detail, material, grave, raised_at FROM alarms WHERE settled_at IS NULL"
        " ORDER BY place",
    )
    return [RaisedAlarm(row[0], Alarm(row[1], row[2], row[3], row[4], bool(row[5])), row[6]) for row in found]


def grave_alarm(db: Db) -> str | None:
    """Give the text of an alarm that forbids to go on, if there is one."""
    row = first(db, "SELECT kind, detail FROM alarms WHERE grave = 1 AND settled_at IS NULL LIMIT 1")
    return None if row is None else f"{row[0]}: {row[1]}"


def settle_alarm(db: Db, place: int, now: datetime) -> bool:
    """Record that a person dealt with an alarm; false when it is not open."""
    db.execute("UPDATE alarms SET settled_at = ? WHERE place = ? AND settled_at IS NULL", (spell_instant(now), place))
    return bool(db.changes())


def promise(db: Db, log: str, leaf: Leaf, now: datetime) -> None:
    """Remember a promised leaf. Two leaves promised at one index are proof against the exchange: a grave alarm."""
    row = first(db, "SELECT leaf FROM promises WHERE log = ? AND place = ?", (log, leaf.index))
    if row is None:
        db.execute(
            "INSERT INTO promises (log, place, leaf, given_at) VALUES (?, ?, ?, ?)",
            (log, leaf.index, leaf.blad, spell_instant(now)),
        )
    elif row[0] != leaf.blad:
        detail = f"two different leaves were promised at index {leaf.index}"
        raise_alarm(db, Alarm("belofte", f"{log}/{leaf.index}", detail, f"{row[0]} {leaf.blad}", grave=True), now)


def open_promises(db: Db, log: str, below: int, limit: int) -> list[Promise]:
    """Give uncovered promises at an index below ``below``, in the order of the log."""
    found = rows(
        db,
        "SELECT place, leaf, given_at, doubted_at FROM promises WHERE log = ? AND covered_by IS NULL AND place < ?"
        " ORDER BY place LIMIT ?",
        (log, below, limit),
    )
    return [_promise(*row) for row in found]


def overdue_promises(db: Db, log: str, size: int, given_before: datetime) -> list[Promise]:
    """Give promises that a checkpoint of that size does not cover although they were given before the moment."""
    found = rows(
        db,
        "SELECT place, leaf, given_at, doubted_at FROM promises WHERE log = ? AND covered_by IS NULL AND place >= ?"
        " AND given_at <= ? ORDER BY place LIMIT 100",
        (log, size, spell_instant(given_before)),
    )
    return [_promise(*row) for row in found]


def oldest_open_promise(db: Db, log: str) -> Promise | None:
    """Give the promise that waits longest for a checkpoint."""
    found = first(
        db,
        "SELECT place, leaf, given_at, doubted_at FROM promises WHERE log = ? AND covered_by IS NULL"
        " ORDER BY place LIMIT 1",
        (log,),
    )
    return None if found is None else _promise(*found)


def doubt(db: Db, log: str, promises: Sequence[Promise], now: datetime, patience: timedelta) -> list[Promise]:
    """Note that promises are overdue; give those that already were so ``patience`` ago."""
    db.executemany(
        "UPDATE promises SET doubted_at = coalesce(doubted_at, ?) WHERE log = ? AND place = ?",
        [(spell_instant(now), log, p.index) for p in promises],
    )
    return [p for p in promises if p.doubted_at is not None and p.doubted_at + patience <= now]


def cover(db: Db, log: str, promises: Sequence[Promise], size: int) -> None:
    """Note that a verified checkpoint of that size holds these leaves where they were promised."""
    db.executemany(
        "UPDATE promises SET covered_by = ? WHERE log = ? AND place = ?", [(size, log, p.index) for p in promises]
    )


def count_promises(db: Db) -> tuple[int, int]:
    """Count promises: those that a verified checkpoint covers, and all of them."""
    row = rows(db, "SELECT count(covered_by), count(*) FROM promises")[0]
    return int(row[0]), int(row[1])


def last_checkpoint(db: Db, log: str) -> KeptCheckpoint | None:
    """Give the largest verified checkpoint."""
    row = first(db, "SELECT size, root, note FROM checkpoints WHERE log = ? ORDER BY size DESC LIMIT 1", (log,))
    return None if row is None else KeptCheckpoint(int(row[0]), Digest(row[1]), str(row[2]))


def keep_checkpoint(db: Db, log: str, checkpoint: KeptCheckpoint) -> None:
    """Keep a verified checkpoint; the first note for a size stays."""
    db.execute(
        "INSERT INTO checkpoints (log, size, root, note) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (log, checkpoint.size, checkpoint.root, checkpoint.note),
    )


def confirm_key(db: Db, mailbox: Mailbox, kid: str, now: datetime) -> None:
    """Record that a person compared the fingerprint of a mailbox's first key."""
    db.execute(
        "INSERT INTO confirmed (mailbox, kid, confirmed_at) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET kid = excluded.kid, confirmed_at = excluded.confirmed_at",
        (mailbox, kid, spell_instant(now)),
    )


def confirmed_keys(db: Db) -> dict[Mailbox, str]:
    """Give the confirmed first keys by mailbox."""
    return {Mailbox(m): str(kid) for m, kid in rows(db, "SELECT mailbox, kid FROM confirmed")}


def register_bodies(db: Db, start: int = 0) -> list[bytes]:
    """Give the replayed register entries from ``start`` on."""
    return [bytes(row[0]) for row in rows(db, "SELECT body FROM register WHERE place >= ? ORDER BY place", (start,))]


def keep_register(db: Db, start: int, bodies: Sequence[bytes]) -> None:
    """Keep verified register entries; another process may have kept the same ones already."""
    db.executemany(
        "INSERT INTO register (place, body) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(start + i, body) for i, body in enumerate(bodies)],
    )


def _promise(index: int, leaf: str, given_at: str, doubted_at: str | None) -> Promise:
    doubted = None if doubted_at is None else parse_instant(doubted_at)
    return Promise(index, Digest(leaf), parse_instant(given_at), doubted)
