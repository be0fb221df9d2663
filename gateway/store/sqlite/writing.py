"""Writing the embedded store: facts only with their entry, book-keeping beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import apsw

from gateway.errors import EvidenceError
from gateway.rules.register import fits
from gateway.rules.rows import Content, Log, Logged, LogHead, Message, Notice, Refusal, Settlement, Term
from gateway.store.sqlite.engine import Lane
from gateway.store.sqlite.queries import SQL
from gateway.store.sqlite.reading import SqliteReading
from gateway.tlog.tree import append, leaf_hash
from schemas.values import Mailbox, Oin


class SqliteKeeping(SqliteReading):
    """Book-keeping: what may be forgotten at the cost of time."""

    async def lease(self, mailbox: Mailbox, indexes: Sequence[int], until: int) -> None:
        """See the port."""
        self._lane.later((SQL["lease"], [(until, mailbox, i) for i in indexes]))

    async def finish(self, indexes: Sequence[int]) -> None:
        """See the port."""
        self._lane.later((SQL["end_delivery"], [(i,) for i in indexes]))

    async def saw(self, mailbox: Mailbox, numbers: Sequence[int]) -> None:
        """See the port."""
        self._lane.later((SQL["saw"], [(mailbox, n) for n in numbers]))

    async def keep_checkpoint(self, log: Log, size: int, note: str) -> None:
        """See the port."""
        self._lane.later((SQL["keep_checkpoint"], [(log.value, size, note)]))

    async def invite(self, secret_hash: bytes, oin: Oin, naam: str, mailboxes: Sequence[Mailbox], until: int) -> None:
        """See the port."""
        self._lane.later((SQL["invite"], [(secret_hash, oin, naam, json.dumps(list(mailboxes)), until)]))

    async def withdraw(self, oin: Oin) -> None:
        """See the port."""
        self._lane.later((SQL["withdraw"], [(oin,)]))

    async def use_invitation(self, secret_hash: bytes, answer: str) -> None:
        """See the port."""
        self._lane.later((SQL["use_invitation"], [(answer, secret_hash)]))


class SqliteTransaction(SqliteKeeping):
    """Changes of fact. Each is held against the entries appended here (law 2); none without one passes."""

    def __init__(self, lane: Lane) -> None:
        super().__init__(lane)
        self._appended: set[tuple[int, bytes]] = set()
        self._untold = False

    async def append(self, log: Log, moment: int, bodies: Sequence[bytes]) -> list[Logged]:
        """See the port."""
        if not bodies:
            return []
        before = await self.head(log)
        if moment < before.moment:
            raise EvidenceError("a log entry would be older than the one before it")
        if log is Log.REGISTER and not all(map(fits, bodies)):
            raise EvidenceError("an entry of the register log would be too large to publish")
        leaves = [leaf_hash(body) for body in bodies]
        after, nodes = append(before.head, leaves)
        start, name = before.head.size, log.value
        self._lane.later(
            (SQL["insert_entry"], [(name, start + i, leaf) for i, leaf in enumerate(leaves)]),
            (SQL["insert_body"], [(name, start + i, body) for i, body in enumerate(bodies)]),
            (SQL["insert_node"], [(name, node.level, node.index, node.hash) for node in nodes]),
            (SQL["move_head"], [(after.size, after.root, b"".join(after.frontier), moment, name)]),
        )
        self._heads[log] = LogHead(after, moment)
        logged = [Logged(start + i, leaf) for i, leaf in enumerate(leaves)]
        self._appended.update(logged)
        self._untold = False
        return logged

    async def accept(self, messages: Sequence[Message], contents: Sequence[Content]) -> None:
        """See the port."""
        self._demand_entries(Logged(m.idx, m.leaf) for m in messages)
        pairs = list(zip(messages, contents, strict=True))
        reached = {(m.source, m.ontvanger, m.reeks): m.volgnummer for m in messages}
        self._lane.later(
            (SQL["insert_message"], [(*m, c.envelop) for m, c in pairs]),
            (SQL["insert_payload"], [(m.idx, c.lading) for m, c in pairs]),
            (
                SQL["insert_delivery"],
                [(m.ontvanger, m.idx, m.expires, len(c.envelop) + len(c.lading or "")) for m, c in pairs],
            ),
            (
                SQL["insert_member"],
                [(m.dossier, box[12:32], m.idx) for m in messages for box in (m.source, m.ontvanger)],
            ),
            (SQL["move_reeks"], [(*reeks, last, last) for reeks, last in reached.items()]),
        )

    async def refuse(self, refusals: Sequence[Refusal]) -> None:
        """See the port."""
        self._demand_entries(Logged(r.idx, r.leaf) for r in refusals)
        spent = [(r.source, r.ontvanger, r.reeks, r.volgnummer, 0) for r in refusals if r.spent]
        self._lane.later((SQL["insert_refusal"], refusals), (SQL["move_reeks"], spent))

    async def offer(self, offers: Sequence[tuple[int, Logged]]) -> None:
        """See the port."""
        self._demand_entries(logged for _, logged in offers)
        self._lane.later((SQL["insert_offer"], [(message, logged.idx) for message, logged in offers]))

    async def settle(self, settlements: Sequence[Settlement], readers: Sequence[Sequence[Mailbox]]) -> None:
        """See the port."""
        self._demand_entries(Logged(s.idx, s.leaf) for s in settlements)
        posts = [(box, s.idx) for s, boxes in zip(settlements, readers, strict=True) for box in boxes]
        self._lane.later(
            (SQL["insert_settlement"], settlements),
            (SQL["insert_post"], posts),
            (SQL["end_delivery"], [(s.message,) for s in settlements]),
        )

    async def notify(self, notices: Sequence[Notice], readers: Sequence[Sequence[Mailbox]]) -> None:
        """See the port."""
        self._demand_entries(Logged(n.idx, n.leaf) for n in notices)
        posts = [(box, n.idx) for n, boxes in zip(notices, readers, strict=True) for box in boxes]
        self._lane.later((SQL["insert_notice"], notices), (SQL["insert_told"], posts), (SQL["insert_post"], posts))

    async def keep_terms(self, terms: Sequence[Term]) -> None:
        """See the port."""
        self._lane.later((SQL["keep_term"], terms))

    async def answer(self, replies: Sequence[tuple[int, int]]) -> None:
        """See the port."""
        self._lane.later((SQL["insert_reply"], replies))

    async def close_dossiers(self, closings: Sequence[Message]) -> None:
        """See the port."""
        self._lane.later(
            (
                SQL["insert_closing"],
                [(m.idx, m.dossier, *sorted((m.source[12:32], m.ontvanger[12:32]))) for m in closings],
            )
        )

    async def redeliver(self, mailbox: Mailbox, start: int) -> int:
        """See the port."""
        self._untold = True
        return await self._lane.run(_redeliver, mailbox, start)

    def demand_told(self) -> None:
        """Refuse to end while a change waits for the entry that tells of it; the entry counts what was changed."""
        if self._untold:
            raise EvidenceError("a change without its log entry (law 2)")

    def _demand_entries(self, logged: Iterable[Logged]) -> None:
        if not self._appended.issuperset(logged):
            raise EvidenceError("a change without its log entry (law 2)")


def _redeliver(db: apsw.Connection, mailbox: Mailbox, start: int) -> int:
    db.execute(SQL["redeliver"], (mailbox, start)).fetchall()
    count = db.changes()
    db.execute(SQL["repost"], (mailbox, start)).fetchall()
    db.execute(SQL["tell_again"], (mailbox, start)).fetchall()
    return count
