"""The facts of the exchange as plain rows, valid because they were parsed at the edge. The store keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from gateway.tlog.tree import Head
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId


class Log(StrEnum):
    """The two logs."""

    REGISTER = "register"
    VERKEER = "verkeer"


class LogHead(NamedTuple):
    """Where a log stands, and the moment (milliseconds since 1970) of its last entry."""

    head: Head
    moment: int


class Logged(NamedTuple):
    """An entry that was appended in this transaction: no change is recorded without one (law 2)."""

    idx: int
    leaf: bytes


class Message(NamedTuple):
    """An accepted message, all that its *aanvaard* receipt is spelled from included. Moments in milliseconds."""

    idx: int
    leaf: bytes
    source: Mailbox
    id: MessageId
    ontvanger: Mailbox
    dossier: RandomId
    type: str
    digest: Digest
    reeks: RandomId
    volgnummer: int
    gap_from: int | None
    """First refused number just before this one, if any: the receipts from there on fill the gap."""
    expires: int
    moment: int
    register_size: int
    register_root: Digest
    covenant: Digest
    receipt_kid: str


class Content(NamedTuple):
    """The two strings of a message, as they came; ``lading`` is absent once destroyed."""

    envelop: str
    lading: str | None


class Refusal(NamedTuple):
    """A refused message of an authenticated party: all that its *afgewezen* receipt is spelled from.

    ``covenant`` is the one that was in force; absent before any was, and in rows older than this column.
    """

    idx: int
    leaf: bytes
    source: Mailbox
    id: MessageId
    ontvanger: Mailbox
    digest: Digest
    reeks: RandomId
    volgnummer: int
    spent: bool
    code: str
    moment: int
    receipt_kid: str
    covenant: Digest | None = None


class Reeks(NamedTuple):
    """Where one reeks stands: the last number spent, and the last number accepted (0 if none)."""

    last: int
    accepted: int


class Settlement(NamedTuple):
    """How a message ended: a booked receipt of its recipient, or *niet-afgeleverd* (then ``receipt`` is absent)."""

    idx: int
    leaf: bytes
    message: int
    outcome: str
    receipt: str | None
    offered: int | None
    moment: int
    receipt_kid: str


class Waiting(NamedTuple):
    """A message due at its recipient; ``offered`` is the log index of its first hand-out, ``length`` in characters."""

    message: int
    offered: int | None
    length: int


RUNS, MET, LAPSED = "loopt", "vervuld", "vervallen"
"""The states of a term."""


class Term(NamedTuple):
    """A reply term that a message started. It moves, always by a logged event. Moments in milliseconds.

    ``state`` is one of the three above; ``level`` the last escalation level told (0 if none), ``next_at`` when the
    next is due, if there is one to come; ``reply`` the message that met it last, also when that was refused later.
    """

    message: int
    code: str
    source: Mailbox
    ontvanger: Mailbox
    begun: int
    due: int
    state: str
    level: int
    next_at: int | None
    covenant: Digest
    reply: int | None


QUESTION, REPLY, CLOSING = "vraag", "antwoord", "slot"
"""How a message bears on a term."""


class Bearing(NamedTuple):
    """A message that bears on the terms of the one at index ``message``: that one itself, an answer, or a closing.

    ``outcome`` is how it ended last, if it did.
    """

    message: int
    how: str
    idx: int
    type: str
    outcome: str | None

    @property
    def counts(self) -> bool:
        """Tell whether it was neither refused nor given up."""
        return self.outcome not in ("geweigerd", "niet-afgeleverd")


class Notice(NamedTuple):
    """What the exchange tells of a message by itself: ``soort`` is *termijn-overschreden* or *waarschuwing*.

    ``code`` is the term's or the gate's in the covenant that the message was accepted under. A term has a ``level``
    from 1 and the moment it was ``due``; a warning has level 0 and none.
    """

    idx: int
    leaf: bytes
    message: int
    soort: str
    code: str
    level: int
    due: int | None
    moment: int
    receipt_kid: str


class Post(NamedTuple):
    """A settlement or a notice on its way to a mailbox; ``number``, its log index, names it in ``gezien``."""

    number: int
    settlement: Settlement | None
    notice: Notice | None = None

    @property
    def message(self) -> int:
        """Which message it is about."""
        about = self.settlement or self.notice
        if about is None:
            raise ValueError("a post of nothing")
        return about.message


class Reached(NamedTuple):
    """How far an earlier message of a dossier came: whether it was offered, and its outcome, if it ended."""

    source: Mailbox
    ontvanger: Mailbox
    type: str
    offered: bool
    outcome: str | None


MessageKey = tuple[Mailbox, MessageId]
RefusalKey = tuple[Mailbox, MessageId, Digest]
SequenceKey = tuple[Mailbox, Mailbox, RandomId]
DossierKey = tuple[RandomId, Oin]
"""A dossier as one organisation sees it."""

Members = frozenset[Oin]


class Asked(NamedTuple):
    """All that judging a batch of messages needs to look up."""

    messages: Sequence[MessageKey]
    refusals: Sequence[RefusalKey]
    sequences: Sequence[SequenceKey]
    dossiers: Sequence[RandomId]


class Known(NamedTuple):
    """What was found of what was asked; what is unknown is absent."""

    messages: dict[MessageKey, Message]
    refusals: dict[RefusalKey, Refusal]
    sequences: dict[SequenceKey, Reeks]
    dossiers: dict[RandomId, Members]
