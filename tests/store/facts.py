"""Rows that hold together, each with the log entry that it belongs to."""

from __future__ import annotations

from typing import Any

from gateway.rules.rows import Content, Log, Logged, Message, Notice, Refusal, Settlement, Term
from gateway.store.port import Transaction
from gateway.tlog.tree import leaf_hash
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId

HUUR = Mailbox.of(Oin("00000099000000001000"), "huur")
VROEG = Mailbox.of(Oin("00000099000000101000"), "vroegsignalering")
HULP = Mailbox.of(Oin("00000099000000202000"), "hulp")
REEKS = RandomId("0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33")
DOSSIER = RandomId("5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10")
CONTENT = Content("kop.envelop.handtekening", "verzegeld")
SOME = Digest.of(b"iets")


def number(n: int) -> MessageId:
    """Give the n-th message id."""
    return MessageId(f"019a9f3e-7c00-7abc-8def-{n:012x}")


def message(logged: Logged, n: int = 1, **changes: Any) -> Message:
    """Make the row of message ``n``, accepted at this entry."""
    row = Message(
        logged.idx, logged.leaf, HUUR, number(n), VROEG, DOSSIER, "nl.huurschuld.vroegsignaal.v1",
        Digest.of(str(n).encode()), REEKS, n, None, 1000, 1, 3, SOME, SOME, SOME,
    )  # fmt: skip
    return row._replace(**changes)


def refusal(logged: Logged, n: int = 1, *, spent: bool = True, **changes: Any) -> Refusal:
    """Make the row of refused message ``n``."""
    digest = Digest.of(f"fout {n}".encode())
    row = Refusal(*logged, HUUR, number(n), VROEG, digest, REEKS, n, spent, "type-onbekend", 1, SOME)
    return row._replace(**changes)


def settlement(logged: Logged, about: int, outcome: str = "ontvangen", receipt: str | None = "jws") -> Settlement:
    """Make the row that ends the message at index ``about``."""
    return Settlement(logged.idx, logged.leaf, about, outcome, receipt, None, 1, SOME)


def notice(logged: Logged, about: int, level: int = 1, **changes: Any) -> Notice:
    """Make the row that tells of a level of the term ``antwoord`` of the message at index ``about``."""
    row = Notice(logged.idx, logged.leaf, about, "termijn-overschreden", "antwoord", level, 50, 60, SOME)
    return row._replace(**changes)


def term(about: int, **changes: Any) -> Term:
    """Make the running term ``antwoord`` that the message at index ``about`` started."""
    return Term(about, "antwoord", HUUR, VROEG, 10, 50, "loopt", 0, 50, SOME, None)._replace(**changes)


async def entries(tx: Transaction, count: int = 1, log: Log = Log.VERKEER, moment: int = 1) -> list[Logged]:
    """Append so many entries."""
    start = (await tx.head(log)).head.size
    return await tx.append(log, moment, [body(start + i) for i in range(count)])


def body(index: int) -> bytes:
    """Give the body of the entry that ``entries`` puts at an index."""
    return b'{"n":%d}' % index


def stray(index: int = 0) -> Logged:
    """Make up an entry that nobody appended."""
    return Logged(index, leaf_hash(b"nergens"))


async def accept(tx: Transaction, *numbers: int, **changes: Any) -> list[Message]:
    """Accept messages with their entries."""
    logged = await entries(tx, len(numbers))
    rows = [message(entry, n, **changes) for entry, n in zip(logged, numbers, strict=True)]
    await tx.accept(rows, [CONTENT] * len(rows))
    return rows
