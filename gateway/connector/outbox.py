"""Outgoing messages: numbered, signed and spooled in one transaction; then only their state changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.client.compose import Composed, Place
from gateway.client.proofs import Subject
from gateway.connector.spool import Db, Row, first, rows
from schemas.receipts import ReceiptKind
from schemas.values import Digest, Mailbox, MessageId, RandomId, spell_instant


class State(StrEnum):
    """Where an outgoing message stands, in the words of docs/api.md."""

    GESPOOLD = "gespoold"
    AANVAARD = "aanvaard"
    AFGEWEZEN = "afgewezen"
    ONTVANGEN = "ontvangen"
    GEWEIGERD = "geweigerd"
    NIET_AFGELEVERD = "niet-afgeleverd"


LIFECYCLE: Mapping[State, frozenset[State]] = {
    State.GESPOOLD: frozenset({State.AANVAARD, State.AFGEWEZEN}),
    State.AANVAARD: frozenset({State.ONTVANGEN, State.GEWEIGERD, State.NIET_AFGELEVERD}),
    State.NIET_AFGELEVERD: frozenset({State.ONTVANGEN, State.GEWEIGERD}),  # a late receipt still counts
    State.AFGEWEZEN: frozenset(),
    State.ONTVANGEN: frozenset(),
    State.GEWEIGERD: frozenset(),
}
SETTLED = frozenset({State.AFGEWEZEN, State.ONTVANGEN, State.GEWEIGERD})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One outgoing message as spooled."""

    place: int
    subject: Subject
    dossier: RandomId
    type: str
    reeks: RandomId
    volgnummer: int
    envelop: str
    lading: str | None
    own_copy: str
    state: State
    spooled_at: str
    aanvaard: str | None
    leaf: Digest | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt or notice about an outgoing message, as signed."""

    kind: ReceiptKind
    bewijs: str
    geboekt: str | None


_COLUMNS = (
    "place, id, source, ontvanger, digest, dossier, type, reeks, volgnummer, envelop, lading, own_copy, state,"
    " spooled_at, aanvaard, leaf, code"
)


def start_series(db: Db, reeks: RandomId) -> None:
    """Begin a reeks: at installation, and after every restore of the spool."""
    db.execute("INSERT INTO series (reeks) VALUES (?)", (reeks,))


def has_series(db: Db) -> bool:
    """Tell whether the installation has its first reeks."""
    return first(db, "SELECT 1 FROM series LIMIT 1") is not None


def take_place(db: Db, source: Mailbox, ontvanger: Mailbox, dossier: RandomId) -> Place:
    """Give out the next number; it is spent when the transaction commits, and not before."""
    series = [RandomId(row[0]) for row in rows(db, "SELECT reeks FROM series ORDER BY rank DESC LIMIT 2")]
    number = rows(
        db,
        "INSERT INTO counters (source, ontvanger, reeks, last) VALUES (?, ?, ?, 1)"
        " ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
        (source, ontvanger, series[0]),
    )[0][0]
    vorige = first(
        db,
        "SELECT digest FROM threads WHERE source = ? AND ontvanger = ? AND dossier = ?",
        (source, ontvanger, dossier),
    )
    before = series[1] if number == 1 and len(series) > 1 else None
    return Place(series[0], number, Digest(vorige[0]) if vorige else None, before)


def add(db: Db, message: Composed, now: datetime) -> None:
    """Spool signed bytes; the next message of this dossier to this recipient will name them as ``vorige``."""
    e = message.envelope
    db.execute(
        "INSERT INTO outgoing (source, id, ontvanger, dossier, type, reeks, volgnummer, digest, envelop, lading,"
        " own_copy, state, spooled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(e.source, e.id, e.ontvanger, e.dossier, e.type, e.reeks, e.volgnummer, message.digest),
            *(message.envelop, message.lading, message.own_copy, State.GESPOOLD.value, spell_instant(now)),
        ),
    )
    db.execute(
        "INSERT INTO awaited (place, verlooptijd) VALUES (?, ?)", (db.last_insert_rowid(), spell_instant(e.verlooptijd))
    )
    db.execute(
        "INSERT INTO threads (source, ontvanger, dossier, digest) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET digest = excluded.digest",
        (e.source, e.ontvanger, e.dossier, message.digest),
    )


_BEHIND = (
    "SELECT 1 FROM outgoing AS e WHERE e.state = 'gespoold' AND e.source = o.source AND e.ontvanger = o.ontvanger"
    " AND e.reeks = o.reeks AND e.volgnummer < o.volgnummer"
)
_NEXT = (
    "SELECT o.place FROM outgoing AS o WHERE o.state = 'gespoold' AND (o.retry_at IS NULL OR o.retry_at <= ?)"  # noqa: S608
    f" AND NOT EXISTS ({_BEHIND} AND e.retry_at IS NOT NULL) ORDER BY o.place LIMIT ?"
)


def unsent(db: Db, now: datetime, limit: int, max_bytes: int) -> list[Outgoing]:
    """Give the next messages to submit, in order, within a request's size.

    Behind a message that is held up nothing of its reeks is sent: the numbers would only be refused, and the
    messages to other recipients would have to wait for them.
    """
    found: list[Outgoing] = []
    size = 0
    query = f"SELECT {_COLUMNS} FROM outgoing WHERE place IN ({_NEXT}) ORDER BY place"  # noqa: S608 - constants
    for message in _read(rows(db, query, (spell_instant(now), limit))):
        size += len(message.envelop) + len(message.lading or "") + 64
        if found and size > max_bytes:
            break
        found.append(message)
    return found


def find(db: Db, source: Mailbox, identifier: MessageId) -> Outgoing | None:
    """Give one outgoing message."""
    query = f"SELECT {_COLUMNS} FROM outgoing WHERE source = ? AND id = ?"  # noqa: S608 - a constant
    return next(_read(rows(db, query, (source, identifier))), None)


def find_by_id(db: Db, identifier: MessageId) -> Outgoing | None:
    """Give one outgoing message, whichever of our mailboxes sent it."""
    query = f"SELECT {_COLUMNS} FROM outgoing WHERE id = ?"  # noqa: S608 - a constant
    return next(_read(rows(db, query, (identifier,))), None)


def of_dossier(db: Db, dossier: RandomId) -> list[Outgoing]:
    """Give the outgoing messages of one dossier, in order."""
    query = f"SELECT {_COLUMNS} FROM outgoing WHERE dossier = ? ORDER BY place"  # noqa: S608 - a constant
    return list(_read(rows(db, query, (dossier,))))


def accept(db: Db, message: Outgoing, aanvaard: str, leaf: Digest) -> bool:
    """Book the exchange's verified *aanvaard*; false when the lifecycle does not allow it."""
    if not _move(db, message, State.AANVAARD):
        return message.aanvaard == aanvaard
    db.execute(
        "UPDATE outgoing SET aanvaard = ?, leaf = ?, code = NULL, retry_at = NULL WHERE place = ?",
        (aanvaard, leaf, message.place),
    )
    return True


def refuse(db: Db, message: Outgoing, code: str, receipt: tuple[Digest, str]) -> bool:
    """Book the exchange's verified *afgewezen*: its (digest, JWS)."""
    if not _move(db, message, State.AFGEWEZEN):
        return False
    db.execute("UPDATE outgoing SET code = ?, retry_at = NULL WHERE place = ?", (code, message.place))
    book(db, message, Proof(ReceiptKind.AFGEWEZEN, receipt[1], None), receipt[0])
    return True


def hold_up(db: Db, message: Outgoing, code: str, retry_at: datetime) -> None:
    """Keep a message that the exchange refused without a receipt: nothing is decided, a person may have to act.

    Only the first of a reeks waits for a moment; those behind it wait for it.
    """
    db.execute(
        f"UPDATE outgoing AS o SET code = ?, retry_at = CASE WHEN EXISTS ({_BEHIND}) THEN NULL ELSE ? END"  # noqa: S608
        " WHERE place = ? AND state = 'gespoold'",
        (code, spell_instant(retry_at), message.place),
    )


def settle(db: Db, message: Outgoing, proof: Proof, digest: Digest, code: str | None = None) -> bool:
    """Book a verified receipt or notice of that digest; a repeat changes nothing, false is a contradiction."""
    state = State(proof.kind.value)
    if not _move(db, message, state) and state not in (message.state, State.NIET_AFGELEVERD):
        return False
    if code is not None:
        db.execute("UPDATE outgoing SET code = ? WHERE place = ?", (code, message.place))
    book(db, message, proof, digest)
    return True


def book(db: Db, message: Outgoing, proof: Proof, digest: Digest) -> None:
    """Keep a signed proof, once."""
    db.execute(
        "INSERT INTO proofs (digest, place, kind, bewijs, geboekt) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (digest, message.place, proof.kind.value, proof.bewijs, proof.geboekt),
    )


def proofs_of(db: Db, message: Outgoing) -> list[Proof]:
    """Give every proof about a message but *aanvaard*, oldest first."""
    found = rows(db, "SELECT kind, bewijs, geboekt FROM proofs WHERE place = ? ORDER BY rowid", (message.place,))
    return [Proof(ReceiptKind(kind), bewijs, geboekt) for kind, bewijs, geboekt in found]


def endless(db: Db, now: datetime) -> list[tuple[MessageId, str]]:
    """Give accepted messages past their verlooptijd of which nothing was heard: (id, verlooptijd)."""
    found = rows(
        db,
        "SELECT o.id, a.verlooptijd FROM awaited AS a JOIN outgoing AS o USING (place)"
        " WHERE a.verlooptijd < ? AND o.state = 'aanvaard' ORDER BY a.verlooptijd LIMIT 1000",
        (spell_instant(now),),
    )
    return [(MessageId(identifier), str(until)) for identifier, until in found]


def counts(db: Db) -> dict[str, int]:
    """Count the outgoing messages per state."""
    return {str(state): int(n) for state, n in rows(db, "SELECT state, count(*) FROM outgoing GROUP BY state")}


def _move(db: Db, message: Outgoing, to: State) -> bool:
    if to not in LIFECYCLE[message.state]:
        return False
    drop = ", lading = NULL" if to in SETTLED else ""
    db.execute(
        f"UPDATE outgoing SET state = ?{drop} WHERE place = ? AND state = ?",  # noqa: S608 - constants
        (to.value, message.place, message.state.value),
    )
    moved = bool(db.changes())
    if to is not State.AANVAARD:
        db.execute("DELETE FROM awaited WHERE place = ?", (message.place,))
    return moved


def _read(found: Sequence[Row]) -> Iterator[Outgoing]:
    for row in found:
        identifier, source, ontvanger, digest = row[1:5]
        subject = Subject(MessageId(identifier), Mailbox(source), Mailbox(ontvanger), Digest(digest))
        yield Outgoing(
            place=row[0],
            subject=subject,
            dossier=RandomId(row[5]),
            type=row[6],
            reeks=RandomId(row[7]),
            volgnummer=row[8],
            envelop=row[9],
            lading=row[10],
            own_copy=row[11],
            state=State(row[12]),
            spooled_at=row[13],
            aanvaard=row[14],
            leaf=Digest(row[15]) if row[15] else None,
            code=row[16],
        )
