"""The port of the store: what flows may ask, and what holds when a call returns.

``read`` gives one consistent snapshot. ``record`` is the only way to change a fact: every change names
the log entry that tells of it, appended in the same transaction, or the store refuses (law 2, I2).
``keep`` is for book-keeping that is no fact: leases, what was seen, invitations, signed checkpoints.
All three roll back on ``BaseException``, cancellation included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from gateway.rules.rows import (
    Asked,
    Bearing,
    Content,
    DossierKey,
    Known,
    Log,
    Logged,
    LogHead,
    Message,
    MessageKey,
    Notice,
    Post,
    Reached,
    Refusal,
    SequenceKey,
    Settlement,
    Term,
    Waiting,
)
from schemas.values import Mailbox, Oin, RandomId


class Reading(Protocol):
    """One consistent view of all facts."""

    async def head(self, log: Log) -> LogHead:
        """Where the log stands."""

    async def bodies(self, log: Log, start: int, end: int) -> list[bytes | None]:
        """Bodies of entries [start, end); ``None`` where retention deleted one."""

    async def hashes(self, log: Log, level: int, start: int, end: int) -> list[bytes]:
        """Tile hashes [start, end) of a level; level 0 are the leaf hashes. Fewer if the log is shorter."""

    async def checkpoint(self, log: Log) -> str | None:
        """The last signed checkpoint, as a C2SP note."""

    async def known(self, asked: Asked) -> Known:
        """The accepted messages and logged refusals among these, where each reeks stands, and who is in each dossier.

        Four questions in one.
        """

    async def messages(self, keys: Sequence[MessageKey]) -> Mapping[MessageKey, Message]:
        """The accepted messages among these."""

    async def by_index(self, indexes: Sequence[int]) -> list[Message]:
        """The messages accepted at these log indexes, in this order; unknown ones are left out."""

    async def contents(self, indexes: Sequence[int]) -> Mapping[int, Content]:
        """Envelope and sealed payload of these messages."""

    async def refused(self, keys: Sequence[MessageKey]) -> list[Refusal]:
        """Every logged refusal of messages with these ids, whatever their digest, oldest first."""

    async def gap(self, reeks: SequenceKey, start: int, end: int) -> list[Refusal]:
        """The refusals that spent numbers [start, end) of a reeks, in order."""

    async def dossier_messages(self, dossier: RandomId, oin: Oin) -> list[Message]:
        """The messages of a dossier that ``oin`` sent or is to receive, in log order (I11)."""

    async def reached(self, keys: Sequence[DossierKey]) -> Mapping[DossierKey, list[Reached]]:
        """How far the messages came that each organisation sent or is to receive in its dossier, in log order (I11)."""

    async def waiting(self, mailbox: Mailbox, now: int, limit: int) -> list[Waiting]:
        """Due messages of a mailbox, oldest first, without those leased beyond ``now`` or expired by then."""

    async def offers(self, indexes: Sequence[int]) -> Mapping[int, int]:
        """Log index of the first hand-out of each of these messages that was handed out."""

    async def settlements(self, indexes: Sequence[int]) -> Mapping[int, list[Settlement]]:
        """How each of these messages ended, oldest first."""

    async def post(self, mailbox: Mailbox, limit: int) -> list[Post]:
        """Settlements and notices that the mailbox has not confirmed, in log order."""

    async def expired(self, now: int, limit: int) -> list[Waiting]:
        """Due messages whose ``verlooptijd`` is not after ``now``."""

    async def terms(self, messages: Sequence[int]) -> Mapping[int, list[Term]]:
        """The terms that each of these messages, by index, started."""

    async def touched(self, messages: Sequence[int]) -> list[Term]:
        """The terms that follow from these messages: that they started, or of what they answer or closed."""

    async def bearings(self, messages: Sequence[int]) -> list[Bearing]:
        """What the terms of these messages follow from, in the order of the log: themselves, answers, closings."""

    async def due_terms(self, now: int, limit: int, after: Term | None = None) -> list[Term]:
        """Running terms whose next level is due, the longest due first; only those that stand behind ``after``.

        Without those of a message that nobody received by its ``verlooptijd``: that is given up first, and then it asks
        for nothing. So it makes no difference which is looked at first.
        """

    async def open_terms(self, oin: Oin | None, limit: int) -> list[Term]:
        """Running terms of messages that ``oin`` sent or is to receive, oldest due first; everybody's for ``None``."""

    async def counts(self) -> Mapping[str, int]:
        """How many messages were accepted and refused; of the accepted how many wait, and stand at which end (I8)."""


class Keeping(Reading, Protocol):
    """Book-keeping: forgetting it would cost time, never a fact."""

    async def lease(self, mailbox: Mailbox, indexes: Sequence[int], until: int) -> None:
        """Do not offer these due messages again before ``until``."""

    async def finish(self, indexes: Sequence[int]) -> None:
        """Stop offering messages that were settled before."""

    async def saw(self, mailbox: Mailbox, numbers: Sequence[int]) -> None:
        """Stop offering these settlements and notices to this mailbox; unknown numbers mean nothing."""

    async def keep_checkpoint(self, log: Log, size: int, note: str) -> None:
        """Keep a signed checkpoint; it can never be changed."""

    async def invite(self, secret_hash: bytes, oin: Oin, naam: str, mailboxes: Sequence[Mailbox], until: int) -> None:
        """Keep an invitation under the hash of its secret."""

    async def invitation(self, secret_hash: bytes) -> tuple[Oin, str, tuple[Mailbox, ...], int, str | None] | None:
        """An invitation: whom, name, mailboxes, until when, and the answer it was used for (JSON), if it was."""

    async def withdraw(self, oin: Oin) -> None:
        """Drop a participant's unused invitations."""

    async def use_invitation(self, secret_hash: bytes, answer: str) -> None:
        """Note what an invitation was used for: a repeat gets the same answer."""


class Transaction(Keeping, Protocol):
    """Changes of fact, each with the entry that tells of it."""

    async def append(self, log: Log, moment: int, bodies: Sequence[bytes]) -> list[Logged]:
        """Append entries; raises ``EvidenceError`` if ``moment`` is before the last entry's, or one is too large."""

    async def accept(self, messages: Sequence[Message], contents: Sequence[Content]) -> None:
        """Store messages with their due deliveries, numbers and dossier members."""

    async def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Store refusals; each that ``spent`` its number moves its reeks on."""

    async def offer(self, offers: Sequence[tuple[int, Logged]]) -> None:
        """Note the first hand-out of messages, by their index."""

    async def settle(self, settlements: Sequence[Settlement], readers: Sequence[Sequence[Mailbox]]) -> None:
        """End messages: no longer due, and posted to each of the readers."""

    async def notify(self, notices: Sequence[Notice], readers: Sequence[Sequence[Mailbox]]) -> None:
        """Store notices, each posted to its readers; the same one of the same message is never stored twice (I9)."""

    async def keep_terms(self, terms: Sequence[Term]) -> None:
        """Store terms as they stand after what was logged in this transaction; a term is known by message and code.

        It is book-keeping that moves, like a delivery: all of it follows from entries and the covenant's calendar.
        """

    async def answer(self, replies: Sequence[tuple[int, int]]) -> None:
        """Note that the message at the second index answers the one at the first."""

    async def close_dossiers(self, closings: Sequence[Message]) -> None:
        """Note messages after which, of their dossier, nothing that came before is asked between the two parties."""

    async def redeliver(self, mailbox: Mailbox, start: int) -> int:
        """Make the messages that a mailbox receipted due again, from a log index on, while their payload is there.

        Gives how many. The receipts for what the mailbox sent itself from there on are posted to it again, and the
        notices from there on that it was told.

        The entry that tells of it, and how many, is appended after this in the same transaction, or nothing is kept.
        """


class Store(Protocol):
    """A store of one exchange."""

    def read(self) -> AbstractAsyncContextManager[Reading]:
        """Open a snapshot."""

    def record(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction for facts. On a normal exit everything is on disk (I1, I2).

        Raises:
            UnavailableError: on exit: the outcome is unknown, and the same call again is safe.
        """

    def keep(self) -> AbstractAsyncContextManager[Keeping]:
        """Open a transaction for book-keeping."""

    @property
    def broken(self) -> str | None:
        """Why nothing can be written any more, once a disk said that it failed; the process must end."""

    async def close(self) -> None:
        """Finish what is under way and let go of the files."""
