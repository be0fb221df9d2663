"""What should pass by itself, and when it does not: an exchange that stays silent is noticed, also while it is down.

Silence proves nothing, so none of this is grave. Each condition is counted from when it was first noticed
here, so a connector that was off for a week does not raise an alarm before it could catch up. An alarm is
raised once; it settles by itself when its condition ends, and one that a person settled stays settled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from gateway.connector import inbox, ledger, outbox
from gateway.connector.spool import Db, rows
from schemas.values import parse_instant, spell_instant


class Sign(NamedTuple):
    """One kind of condition: how to find it, as subject and text, and how long it may last."""

    term: timedelta
    find: Callable[[Db, datetime], Mapping[str, str]]


def _unconfirmed(db: Db, _: datetime) -> Mapping[str, str]:
    promise = ledger.oldest_open_promise(db, "verkeer")
    if promise is None:
        return {}
    given = spell_instant(promise.given_at)
    return {f"verkeer/{promise.index}": f"no checkpoint covers what the exchange promised at {given}"}


def _endless(db: Db, now: datetime) -> Mapping[str, str]:
    detail = "accepted, expired at {}, and no receipt and no notice of non-delivery came"
    return {identifier: detail.format(until) for identifier, until in outbox.endless(db, now)}


def _stuck(db: Db, _: datetime) -> Mapping[str, str]:
    received, offered = map(str, inbox.stuck(db)), map(str, inbox.pending(db))
    return {
        **dict.fromkeys(received, "received, and waits for a message before it that did not come"),
        **dict.fromkeys(offered, "offered, and not judged: what came before it is not complete here"),
    }


def _missing(db: Db, _: datetime) -> Mapping[str, str]:
    detail = "numbers {} to {} to {} did not come, and nothing explains why"
    return {f"{m.source} {m.reeks} {m.first}": detail.format(m.first, m.last, m.ontvanger) for m in inbox.missing(db)}


SIGNS: Mapping[str, Sign] = {
    "onbevestigd": Sign(timedelta(minutes=10), _unconfirmed),
    "zonder-einde": Sign(timedelta(hours=1), _endless),
    "wacht-op-vorige": Sign(timedelta(hours=1), _stuck),
    "nummer-ontbreekt": Sign(timedelta(hours=1), _missing),
}


def look(db: Db, now: datetime) -> None:
    """Note what lasts, raise an alarm for what lasts too long, and settle the alarms of what passed."""
    for kind, sign in SIGNS.items():
        found = sign.find(db, now)
        _follow(db, kind, found, now)
        _raise(db, kind, found, now - sign.term, now)


def _follow(db: Db, kind: str, found: Mapping[str, str], now: datetime) -> None:
    """Count from now what is new, and forget what passed."""
    known = [str(row[0]) for row in rows(db, "SELECT subject FROM lasting WHERE kind = ?", (kind,))]
    passed = [(kind, subject) for subject in known if subject not in found]
    db.executemany("DELETE FROM lasting WHERE kind = ? AND subject = ?", passed)
    db.executemany(
        "UPDATE alarms SET settled_at = ? WHERE kind = ? AND subject = ? AND settled_at IS NULL",
        [(spell_instant(now), *key) for key in passed],
    )
    db.executemany(
        "INSERT INTO lasting (kind, subject, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(kind, subject, spell_instant(now)) for subject in found],
    )


def _raise(db: Db, kind: str, found: Mapping[str, str], since: datetime, now: datetime) -> None:
    too_long = rows(db, "SELECT subject, since FROM lasting WHERE kind = ? AND raised = 0", (kind,))
    for subject, noticed in too_long:
        if parse_instant(noticed) <= since:
            ledger.raise_alarm(db, ledger.Alarm(kind, subject, found[subject]), now)
            db.execute("UPDATE lasting SET raised = 1 WHERE kind = ? AND subject = ?", (kind, subject))
