"""Terms that rest on content (Wgs art. 4; DOMAIN 3.2), which the exchange cannot see: each connector watches its own.

They are rows, written and met in the transaction that books what causes it: a message received, or one of ours
accepted, refused or not delivered. A level that a person was told of is told for good, whatever happens to the process.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from gateway.connector import history, ledger
from gateway.connector.inbox import Incoming
from gateway.connector.outbox import Outgoing
from gateway.connector.partykeys import PartyKeys
from gateway.connector.spool import Db, Row, rows
from gateway.covenant.statutory import Obligation, obligations
from schemas.covenants import Convenant, Spoornaam
from schemas.values import MessageId, Oin, RandomId, parse_instant, spell_instant

KIND = "termijn"
"""The kind of the alarm that tells a person."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Owed:
    """What ``debtor`` owes because of ``message``, before ``due``; ``met`` is the message that met it.

    ``late``: it was not met, or met too late.
    """

    code: str
    message: MessageId
    dossier: RandomId
    debtor: Oin
    due: datetime
    met: MessageId | None
    late: bool


@dataclass(frozen=True, slots=True)
class Overdue:
    """A level of a term that a person is told of now; levels count from 1."""

    code: str
    message: MessageId
    dossier: RandomId
    debtor: Oin
    due: str
    level: int


def concerns(convenant: Convenant, type_code: str) -> bool:
    """Tell whether a message of this type can begin or meet a term on content, or close a dossier."""
    closing = {stap.bij for stap in convenant.stappen if stap.spoor is Spoornaam.UITKOMST}
    return type_code in closing or any(
        type_code == term.op or any(type_code == one.type for one in term.vervuld)
        for term in convenant.inhoudstermijnen
    )


def follow_all(
    db: Db, messages: Iterable[Outgoing | Incoming], keys: PartyKeys, convenant: Convenant | None, now: datetime
) -> None:
    """Follow the dossier of each message that concerns a term, once; what has no covenant yet has no terms."""
    if convenant is not None:
        for dossier in dict.fromkeys(m.dossier for m in messages if concerns(convenant, m.type)):
            follow(db, dossier, keys, convenant, now)


def follow(db: Db, dossier: RandomId, keys: PartyKeys, convenant: Convenant, now: datetime) -> None:
    """Write, meet and drop the terms of a dossier by what was accepted in it; call it in the same transaction.

    A message whose content was destroyed obliges nobody any more.
    """
    passed = history.accepted(db, dossier, keys)
    moments = {one.id: one.moment for one in passed}
    told = {(row[0], row[1]): int(row[2]) for row in rows(db, _KNOWN, (dossier,))}
    owed = {(one.message, one.code): one for one in obligations(convenant, passed)}
    for key in told.keys() - owed.keys():
        db.execute("DELETE FROM terms WHERE dossier = ? AND message = ? AND code = ?", (dossier, *key))
    for key, one in owed.items():
        _keep(db, dossier, one, moments, told.get(key, 0))
    over = told.keys() - {key for key, one in owed.items() if one.met_by is None}
    db.executemany(
        "UPDATE alarms SET settled_at = ? WHERE kind = ? AND subject = ? AND settled_at IS NULL",
        [(spell_instant(now), KIND, f"{message} {code}") for message, code in over],
    )


_KNOWN = "SELECT message, code, told FROM terms WHERE dossier = ?"


def _keep(db: Db, dossier: RandomId, one: Obligation, moments: Mapping[MessageId, datetime], told: int) -> None:
    levels = [spell_instant(level) for level in one.levels]
    met_at = None if one.met_by is None else spell_instant(moments[one.met_by])
    next_at = levels[told] if one.met_by is None and told < len(levels) else None
    db.execute(
        "INSERT INTO terms (dossier, message, code, debtor, begun, due, met_by, met_at, levels, told, next_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET begun = excluded.begun,"
        " due = excluded.due, met_by = excluded.met_by, met_at = excluded.met_at, levels = excluded.levels,"
        " next_at = excluded.next_at",
        (
            *(dossier, one.message, one.code, one.debtor, spell_instant(one.begun), spell_instant(one.due)),
            *(one.met_by, met_at, json.dumps(levels), told, next_at),
        ),
    )


def sweep(db: Db, now: datetime) -> list[Overdue]:
    """Raise the alarm of every term of which a level is due, and count the level as told; give those levels.

    Call ``tell`` with them after the commit. A level is given once, over restarts and changes of the clock.
    """
    found = rows(
        db,
        "SELECT dossier, message, code, debtor, due, levels, told FROM terms WHERE next_at <= ? ORDER BY next_at",
        (spell_instant(now),),
    )
    return [level for row in found for level in _overdue(db, row, now)]


def _overdue(db: Db, row: Row, now: datetime) -> list[Overdue]:
    dossier, message, code, debtor, due, spelled, told = row
    levels = [parse_instant(level) for level in json.loads(spelled)]
    reached = sum(level <= now for level in levels)
    next_at = spell_instant(levels[reached]) if reached < len(levels) else None
    db.execute(
        "UPDATE terms SET told = ?, next_at = ? WHERE dossier = ? AND message = ? AND code = ?",
        (max(reached, told), next_at, dossier, message, code),
    )
    detail = f"{debtor} had to act before {due}: dossier {dossier}"
    ledger.raise_alarm(db, ledger.Alarm(KIND, f"{message} {code}", detail), now)
    about = (code, MessageId(message), RandomId(dossier), Oin(debtor), due)
    return [Overdue(*about, level) for level in range(told + 1, reached + 1)]


def tell(overdue: Sequence[Overdue]) -> None:
    """Log a warning for each level: ids, codes and times, nothing of what a message says."""
    for one in overdue:
        _log.warning(
            "a term is over",
            termijn=one.code,
            bericht=one.message,
            dossier=one.dossier,
            plichtige=one.debtor,
            uiterlijk=one.due,
            trede=one.level,
        )


def listed(db: Db, now: datetime, dossier: RandomId | None = None) -> list[Owed]:
    """Give the terms on content, of one dossier or of all: the open ones first, the most pressing at the head."""
    found = rows(
        db,
        "SELECT code, message, dossier, debtor, due, met_by, met_at FROM terms WHERE dossier = coalesce(?, dossier)"
        " ORDER BY met_by IS NOT NULL, due, code",
        (dossier,),
    )
    return [_owed(row, now) for row in found]


def _owed(row: Row, now: datetime) -> Owed:
    code, message, dossier, debtor, due, met_by, met_at = row
    until = parse_instant(due)
    met = None if met_by is None else MessageId(met_by)
    late = (now if met_at is None else parse_instant(met_at)) >= until
    return Owed(code, MessageId(message), RandomId(dossier), Oin(debtor), until, met, late)
