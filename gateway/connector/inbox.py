"""Incoming messages: stored once by (source, id), receipted from what was stored, handed over in order.

A message is handed to the application only after its ``vorige`` was handed over, or is accounted for
by a signed receipt that says it will never come (RELIABILITY §2, I3 and I4).

One that expired can still come, when it is collected again after a restore. It is real and its receipt
still counts, so it is handed over; but what its sender said after it is known already, so it is marked
as late and an alarm says so. It never passes for the newest word in its dossier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.client.opening import Offered
from gateway.client.proofs import Subject
from gateway.connector import ledger
from gateway.connector.spool import Db, Row, first, rows
from schemas.envelope import Envelope
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId, spell_instant


class Judgement(StrEnum):
    """What became of an incoming message here."""

    AANGEHOUDEN = "aangehouden"
    ONTVANGEN = "ontvangen"
    GEWEIGERD = "geweigerd"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One incoming message as stored; its payload is opened again whenever it is read."""

    place: int
    subject: Subject
    dossier: RandomId
    type: str
    offered: Offered
    judgement: Judgement
    code: str | None
    receipt: str | None
    geboekt: str | None
    handed_over: int | None
    read_at: str | None
    late: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """A judged message on its way into the spool; ``log_index`` and ``receipt`` are absent while it is held."""

    offered: Offered
    envelope: Envelope
    digest: Digest
    judgement: Judgement
    log_index: int | None = None
    code: str | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A volgnummer accounted for, by a message or by the signed receipt that explains its absence."""

    source: Mailbox
    ontvanger: Mailbox
    reeks: RandomId
    volgnummer: int
    digest: Digest
    how: str
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Numbers ``first`` to ``last`` of a sender's reeks that nothing accounts for (ontbreekt)."""

    source: Mailbox
    ontvanger: Mailbox
    reeks: RandomId
    first: int
    last: int


_COLUMNS = (
    "place, id, source, ontvanger, digest, dossier, type, envelop, lading, aanvaard, verdict, code, receipt, geboekt,"
    " handed_over, read_at, "
)
_LATE = (
    "EXISTS (SELECT 1 FROM incoming AS s WHERE s.dossier = incoming.dossier AND s.source = incoming.source"
    " AND s.ontvanger = incoming.ontvanger AND s.log_index > incoming.log_index"
    " AND s.handed_over < incoming.handed_over)"
)
_COLUMNS += _LATE


def find(db: Db, source: Mailbox, identifier: MessageId) -> Incoming | None:
    """Give one incoming message."""
    query = f"SELECT {_COLUMNS} FROM incoming WHERE source = ? AND id = ?"  # noqa: S608 - a constant
    return next(_read(rows(db, query, (source, identifier))), None)


def find_by_id(db: Db, identifier: MessageId) -> Incoming | None:
    """Give one incoming message, whoever sent it."""
    query = f"SELECT {_COLUMNS} FROM incoming WHERE id = ?"  # noqa: S608 - a constant
    return next(_read(rows(db, query, (identifier,))), None)


def of_dossier(db: Db, dossier: RandomId) -> list[Incoming]:
    """Give the incoming messages of one dossier, in the order of the log."""
    query = f"SELECT {_COLUMNS} FROM incoming WHERE dossier = ? ORDER BY log_index"  # noqa: S608 - a constant
    return list(_read(rows(db, query, (dossier,))))


def sent_in(db: Db, dossier: RandomId, oin: Oin, most: int) -> int:
    """Count what an organisation sent us in a dossier, whatever became of it; it counts to ``most`` and no further."""
    query = "SELECT count(*) FROM (SELECT 1 FROM incoming WHERE dossier = ? AND source LIKE ? LIMIT ?)"
    return int(rows(db, query, (dossier, f"urn:nld:oin:{oin}:%", most))[0][0])


def held(db: Db) -> list[Incoming]:
    """Give the messages that wait for their sender's key to be confirmed."""
    query = f"SELECT {_COLUMNS} FROM incoming WHERE verdict = 'aangehouden' ORDER BY place"  # noqa: S608 - a constant
    return list(_read(rows(db, query)))


def store(db: Db, item: Stored) -> bool:
    """Keep a judged message; one that was held before is replaced by its judgement.

    False when the sender used the same number for something else before: it signed a contradiction.
    """
    e, o = item.envelope, item.offered
    db.execute("DELETE FROM incoming WHERE source = ? AND id = ? AND verdict = 'aangehouden'", (e.source, e.id))
    db.execute("DELETE FROM pending WHERE source = ? AND id = ?", (e.source, e.id))
    db.execute(
        "INSERT INTO incoming (source, id, ontvanger, dossier, type, digest, log_index, vorige, envelop, lading,"
        " aanvaard, verdict, code, receipt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(e.source, e.id, e.ontvanger, e.dossier, e.type, item.digest, item.log_index, e.vorige),
            *(o.envelop, o.lading, o.aanvaard, item.judgement.value, item.code, item.receipt),
        ),
    )
    if item.judgement is Judgement.AANGEHOUDEN:
        return True
    return account(db, Number(e.source, e.ontvanger, e.reeks, e.volgnummer, item.digest, item.judgement.value))


def drop_held(db: Db, message: Incoming) -> None:
    """Forget a held message that turned out to be nobody's."""
    db.execute("DELETE FROM incoming WHERE place = ? AND verdict = 'aangehouden'", (message.place,))


def account(db: Db, number: Number) -> bool:
    """Account for a number. False when something else already stands under it: a contradiction."""
    n = number
    db.execute(
        "INSERT INTO numbers (source, ontvanger, reeks, volgnummer, digest, how, proof) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET how = excluded.how WHERE digest = excluded.digest AND how = 'niet-afgeleverd'",
        (n.source, n.ontvanger, n.reeks, n.volgnummer, n.digest, n.how, n.proof),
    )
    db.execute("DELETE FROM pending WHERE digest = ?", (n.digest,))  # it was not delivered: nothing to wait for
    row = first(
        db,
        "SELECT digest FROM numbers WHERE source = ? AND ontvanger = ? AND reeks = ? AND volgnummer = ?",
        (n.source, n.ontvanger, n.reeks, n.volgnummer),
    )
    return row is not None and row[0] == n.digest


@dataclass(frozen=True, slots=True)
class Accounted:
    """How a message's number was accounted for, with the exchange's signed bytes that say so."""

    how: str
    proof: str


def accounted(db: Db, source: Mailbox, ontvanger: Mailbox, digest: Digest) -> Accounted | None:
    """Give what accounts for the number of the message with that digest, if anything does."""
    row = first(
        db,
        "SELECT n.how, coalesce(n.proof, i.aanvaard) FROM numbers AS n LEFT JOIN incoming AS i ON i.digest = n.digest"
        " WHERE n.digest = ? AND n.source = ? AND n.ontvanger = ?",
        (digest, source, ontvanger),
    )
    return None if row is None else Accounted(row[0], row[1] or "")


def receipts_due(db: Db, mailbox: Mailbox, limit: int) -> list[Incoming]:
    """Give messages whose receipt still has to be handed in, oldest first."""
    query = (
        f"SELECT {_COLUMNS} FROM incoming WHERE ontvanger = ? AND receipt IS NOT NULL AND handed_in = 0"  # noqa: S608
        " ORDER BY place LIMIT ?"
    )
    return list(_read(rows(db, query, (mailbox, limit))))


def hand_in_again(db: Db, message: Incoming) -> None:
    """Hand in the receipt of a message that was offered again: the same bytes (RELIABILITY §2, Dedup)."""
    db.execute("UPDATE incoming SET handed_in = 0 WHERE place = ?", (message.place,))


def replace_receipt(db: Db, message: Incoming, receipt: str) -> None:
    """Keep the receipt as signed with a newer key, to be handed in; one that was booked stays."""
    db.execute(
        "UPDATE incoming SET receipt = ?, handed_in = 0 WHERE place = ? AND geboekt IS NULL", (receipt, message.place)
    )


def handed_in(db: Db, message: Incoming, geboekt: str | None) -> None:
    """Book that the exchange took the receipt, with its verified *geboekt*."""
    db.execute(
        "UPDATE incoming SET handed_in = 1, geboekt = coalesce(geboekt, ?) WHERE place = ?", (geboekt, message.place)
    )


_READY = (
    "SELECT place FROM incoming AS i WHERE verdict = 'ontvangen' AND handed_over IS NULL AND (vorige IS NULL"
    " OR EXISTS (SELECT 1 FROM incoming AS p WHERE p.digest = i.vorige AND p.source = i.source"
    "  AND p.ontvanger = i.ontvanger AND p.handed_over IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM numbers AS n WHERE n.digest = i.vorige AND n.source = i.source"
    "  AND n.ontvanger = i.ontvanger AND n.how <> 'ontvangen')) ORDER BY log_index"
)


def hand_over(db: Db, now: datetime) -> int:
    """Hand over every message whose turn it is, in the order of the log; give how many. A late one is an alarm."""
    total = 0
    before = rows(db, "SELECT coalesce(max(handed_over), 0) FROM incoming")[0][0]
    while ready := [row[0] for row in rows(db, _READY)]:
        last = rows(db, "SELECT coalesce(max(handed_over), 0) FROM incoming")[0][0]
        db.executemany(
            "UPDATE incoming SET handed_over = ? WHERE place = ?",
            [(last + i, place) for i, place in enumerate(ready, 1)],
        )
        total += len(ready)
    late = rows(db, f"SELECT id FROM incoming WHERE handed_over > ? AND {_LATE}", (before,))  # noqa: S608 - a constant
    for (identifier,) in late:
        detail = "it came after a later message of its sender in its dossier was handed over"
        ledger.raise_alarm(db, ledger.Alarm("nagekomen", identifier, detail), now)
    return total


def handed_over(db: Db, after: int, limit: int, unread: bool) -> list[Incoming]:
    """Give messages handed over after the given turn, in order; ``unread`` leaves out those marked as read."""
    only = " AND read_at IS NULL" if unread else ""
    query = f"SELECT {_COLUMNS} FROM incoming WHERE handed_over > ?{only} ORDER BY handed_over LIMIT ?"  # noqa: S608
    return list(_read(rows(db, query, (after, limit))))


def mark_read(db: Db, source: Mailbox, identifier: MessageId, now: datetime) -> bool:
    """Mark a handed-over message as read by the application; false when there is none."""
    db.execute(
        "UPDATE incoming SET read_at = coalesce(read_at, ?) WHERE source = ? AND id = ? AND handed_over IS NOT NULL",
        (spell_instant(now), source, identifier),
    )
    return bool(db.changes())


def waiting(db: Db) -> int:
    """Count the messages that wait for one before them: received, or offered and not judged yet."""
    query = (
        "SELECT (SELECT count(*) FROM incoming WHERE verdict = 'ontvangen' AND handed_over IS NULL)"
        " + (SELECT count(*) FROM pending)"
    )
    return int(rows(db, query)[0][0])


def pending(db: Db) -> list[MessageId]:
    """Give the messages that are offered and not judged, because what came before them is not complete here."""
    return [MessageId(row[0]) for row in rows(db, "SELECT id FROM pending ORDER BY aanvaard_at LIMIT 1000")]


def stuck(db: Db) -> list[MessageId]:
    """Give received messages whose ``vorige`` did not come: the first of each chain that waits."""
    found = rows(
        db,
        "SELECT id FROM incoming AS i WHERE verdict = 'ontvangen' AND handed_over IS NULL AND NOT EXISTS (SELECT 1"
        " FROM incoming AS p WHERE p.digest = i.vorige AND p.verdict = 'ontvangen') ORDER BY place LIMIT 1000",
    )
    return [MessageId(row[0]) for row in found]


def missing(db: Db) -> list[Missing]:
    """Give every stretch of numbers that a sender spent and that nothing here accounts for."""
    found = rows(
        db,
        "SELECT source, ontvanger, reeks, before + 1, volgnummer - 1 FROM (SELECT source, ontvanger, reeks, volgnummer,"
        " lag(volgnummer, 1, 0) OVER (PARTITION BY source, ontvanger, reeks ORDER BY volgnummer) AS before"
        " FROM numbers) WHERE volgnummer > before + 1",
    )
    return [Missing(Mailbox(s), Mailbox(o), RandomId(r), int(a), int(b)) for s, o, r, a, b in found]


def counts(db: Db) -> dict[str, int]:
    """Count the incoming messages per judgement."""
    return {str(v): int(n) for v, n in rows(db, "SELECT verdict, count(*) FROM incoming GROUP BY verdict")}


def _read(found: Sequence[Row]) -> Iterator[Incoming]:
    for row in found:
        identifier, source, ontvanger, digest = row[1:5]
        yield Incoming(
            row[0],
            Subject(MessageId(identifier), Mailbox(source), Mailbox(ontvanger), Digest(digest)),
            RandomId(row[5]),
            row[6],
            Offered(*row[7:10]),
            Judgement(row[10]),
            code=row[11],
            receipt=row[12],
            geboekt=row[13],
            handed_over=row[14],
            read_at=row[15],
            late=bool(row[16]),
        )
