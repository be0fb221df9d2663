"""Reading the embedded store: each question is one hop to the thread, whatever the number of keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import apsw

from gateway.rules.rows import (
    Asked,
    Bearing,
    Content,
    DossierKey,
    Known,
    Log,
    LogHead,
    Message,
    MessageKey,
    Notice,
    Post,
    Reached,
    Reeks,
    Refusal,
    SequenceKey,
    Settlement,
    Term,
    Waiting,
)
from gateway.store.sqlite.engine import Lane, Rows
from gateway.store.sqlite.queries import SQL
from gateway.tlog.tree import Head
from schemas.values import Mailbox, Oin, RandomId


class SqliteReading:
    """One snapshot: the read transaction was begun by the store."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._heads = {
            Log(name): LogHead(Head(size, root, _parts(frontier)), moment)
            for name, size, root, frontier, moment in lane.heads
        }

    async def _each(self, sql: str, keys: Sequence[Any]) -> list[Rows]:
        return await self._lane.run(_each, sql, keys)

    async def _all(self, sql: str, *values: object) -> Rows:
        return await self._lane.run(_all, sql, values)

    async def head(self, log: Log) -> LogHead:
        """See the port."""
        return self._heads[log]

    async def bodies(self, log: Log, start: int, end: int) -> list[bytes | None]:
        """See the port."""
        return [row[1] for row in sorted(await self._all(SQL["bodies"], log.value, start, end))]

    async def hashes(self, log: Log, level: int, start: int, end: int) -> list[bytes]:
        """See the port."""
        if level == 0:
            return [row[0] for row in await self._all(SQL["leaves"], log.value, start, end)]
        return [row[0] for row in await self._all(SQL["nodes"], log.value, level, start, end)]

    async def checkpoint(self, log: Log) -> str | None:
        """See the port."""
        rows = await self._all(SQL["checkpoint"], log.value)
        return rows[0][0] if rows else None

    async def known(self, asked: Asked) -> Known:
        """See the port."""
        messages, refusals, sequences, dossiers = await self._lane.run(
            _several,
            (
                (SQL["message"], asked.messages),
                (SQL["refusal"], asked.refusals),
                (SQL["reeks"], asked.sequences),
                (SQL["members"], asked.dossiers),
            ),
        )
        return Known(
            {key: _message(rows[0]) for key, rows in zip(asked.messages, messages, strict=True) if rows},
            {key: _refusal(rows[0]) for key, rows in zip(asked.refusals, refusals, strict=True) if rows},
            {key: Reeks(*rows[0]) for key, rows in zip(asked.sequences, sequences, strict=True) if rows},
            {
                key: frozenset(row[0] for row in rows)
                for key, rows in zip(asked.dossiers, dossiers, strict=True)
                if rows
            },
        )

    async def messages(self, keys: Sequence[MessageKey]) -> Mapping[MessageKey, Message]:
        """See the port."""
        found = await self._each(SQL["message"], keys)
        return {key: _message(rows[0]) for key, rows in zip(keys, found, strict=True) if rows}

    async def by_index(self, indexes: Sequence[int]) -> list[Message]:
        """See the port."""
        found = await self._each(SQL["message_at"], indexes)
        return [_message(rows[0]) for rows in found if rows]

    async def contents(self, indexes: Sequence[int]) -> Mapping[int, Content]:
        """See the port."""
        found = await self._each(SQL["content"], indexes)
        return {index: Content(*rows[0]) for index, rows in zip(indexes, found, strict=True) if rows}

    async def refused(self, keys: Sequence[MessageKey]) -> list[Refusal]:
        """See the port."""
        found = await self._each(SQL["refused"], keys)
        return sorted((_refusal(row) for rows in found for row in rows), key=lambda refusal: refusal.idx)

    async def gap(self, reeks: SequenceKey, start: int, end: int) -> list[Refusal]:
        """See the port."""
        return [_refusal(row) for row in await self._all(SQL["gap"], *reeks, start, end)]

    async def dossier_messages(self, dossier: RandomId, oin: Oin) -> list[Message]:
        """See the port."""
        return [_message(row) for row in await self._all(SQL["dossier"], dossier, oin)]

    async def reached(self, keys: Sequence[DossierKey]) -> Mapping[DossierKey, list[Reached]]:
        """See the port."""
        found = await self._each(SQL["reached"], keys)
        return {
            key: [Reached(*r)._replace(offered=bool(r[3])) for r in rows] for key, rows in zip(keys, found, strict=True)
        }

    async def waiting(self, mailbox: Mailbox, now: int, limit: int) -> list[Waiting]:
        """See the port."""
        return [Waiting(*row) for row in await self._all(SQL["waiting"], mailbox, now, limit)]

    async def offers(self, indexes: Sequence[int]) -> Mapping[int, int]:
        """See the port."""
        found = await self._each(SQL["offer"], indexes)
        return {index: rows[0][0] for index, rows in zip(indexes, found, strict=True) if rows}

    async def settlements(self, indexes: Sequence[int]) -> Mapping[int, list[Settlement]]:
        """See the port."""
        found = await self._each(SQL["settlements"], indexes)
        return {i: [Settlement(*row) for row in rows] for i, rows in zip(indexes, found, strict=True) if rows}

    async def post(self, mailbox: Mailbox, limit: int) -> list[Post]:
        """See the port."""
        return [_post(row) for row in await self._all(SQL["post"], mailbox, limit)]

    async def expired(self, now: int, limit: int) -> list[Waiting]:
        """See the port."""
        return [Waiting(*row) for row in await self._all(SQL["expired"], now, limit)]

    async def terms(self, messages: Sequence[int]) -> Mapping[int, list[Term]]:
        """See the port."""
        found = await self._each(SQL["terms"], messages)
        return {i: [Term(*row) for row in rows] for i, rows in zip(messages, found, strict=True) if rows}

    async def touched(self, messages: Sequence[int]) -> list[Term]:
        """See the port."""
        return [Term(*row) for row in await self._all(SQL["touched"], json.dumps(messages))]

    async def bearings(self, messages: Sequence[int]) -> list[Bearing]:
        """See the port."""
        return [Bearing(*row) for row in await self._all(SQL["bearings"], json.dumps(messages))]

    async def due_terms(self, now: int, limit: int, after: Term | None = None) -> list[Term]:
        """See the port."""
        place = (-1, -1, "") if after is None else (after.next_at, after.message, after.code)
        return [Term(*row) for row in await self._all(SQL["due_terms"], now, limit, *place)]

    async def open_terms(self, oin: Oin | None, limit: int) -> list[Term]:
        """See the port."""
        rows = self._all(SQL["open_terms"], limit) if oin is None else self._all(SQL["open_terms_of"], oin, limit)
        return [Term(*row) for row in await rows]

    async def counts(self) -> Mapping[str, int]:
        """See the port."""
        return {row[0]: row[1] for row in await self._all(SQL["counts"])}

    async def invitation(self, secret_hash: bytes) -> tuple[Oin, str, tuple[Mailbox, ...], int, str | None] | None:
        """See the port."""
        rows = await self._all(SQL["invitation"], secret_hash)
        if not rows:
            return None
        oin, naam, mailboxes, until, answer = rows[0]
        return Oin(oin), naam, tuple(Mailbox(m) for m in json.loads(mailboxes)), until, answer


def _parts(frontier: bytes) -> tuple[bytes, ...]:
    return tuple(frontier[i : i + 32] for i in range(0, len(frontier), 32))


def _several(db: apsw.Connection, questions: Iterable[tuple[str, Sequence[Any]]]) -> list[list[Rows]]:
    return [_each(db, sql, keys) for sql, keys in questions]


def _each(db: apsw.Connection, sql: str, keys: Sequence[Any]) -> list[Rows]:
    """Give the rows of each key, in the order of the keys; one statement for them all."""
    found: list[Rows] = [[] for _ in keys]
    if keys:
        for row in _all(db, sql, (json.dumps(keys),)):
            found[row[0]].append(row[1:])
    return found


def _all(db: apsw.Connection, sql: str, values: Sequence[Any]) -> Rows:
    return db.execute(sql, values).fetchall()


# What was checked at the edge is not checked again: a mailbox read back is a plain ``str`` of the right form.


def _message(row: tuple[Any, ...]) -> Message:
    return Message(*row)


def _post(row: tuple[Any, ...]) -> Post:
    number, settled, told = row[0], row[1:9], row[9:]
    return Post(number, None, Notice(*told)) if settled[0] is None else Post(number, Settlement(*settled))


def _refusal(row: tuple[Any, ...]) -> Refusal:
    return Refusal(*row)._replace(spent=bool(row[8]))
