"""What decisions about messages rest on: proved messages, and what was read of the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.covenant.sending import Earlier
from gateway.rules.register import Register
from gateway.rules.rows import (
    Content,
    DossierKey,
    Members,
    Message,
    MessageKey,
    Reached,
    Reeks,
    Refusal,
    RefusalKey,
    SequenceKey,
    Term,
)
from schemas.covenants import Bereikt, Convenant
from schemas.envelope import Envelope
from schemas.values import Digest, Mailbox, Oin, RandomId, from_milliseconds


@dataclass(frozen=True, slots=True)
class Authentic:
    """A message whose sender is proved: the certificate's organisation, by the mailbox's registered key.

    ``bound`` tells whether the sealed payload beside it is the one that the envelope names.
    """

    envelope: Envelope
    digest: Digest
    kid: Digest
    content: Content
    bound: bool = True

    @property
    def key(self) -> MessageKey:
        """What a repeat is known by."""
        return self.envelope.source, self.envelope.id

    @property
    def reeks(self) -> SequenceKey:
        """The numbering that the message is part of."""
        return self.envelope.source, self.envelope.ontvanger, self.envelope.reeks

    @property
    def dossier(self) -> DossierKey:
        """The dossier, as its sender sees it."""
        return self.envelope.dossier, self.envelope.source.oin

    @property
    def answers(self) -> MessageKey | None:
        """The message that it says to answer: one that its recipient sent."""
        envelope = self.envelope
        return None if envelope.antwoordop is None else (envelope.ontvanger, envelope.antwoordop)


@dataclass(slots=True)
class Facts:
    """What the decisions rest on, read in the transaction that will record them; moves on with each decision.

    ``messages`` holds also those that are answered, ``terms`` what these started, by index; ``earlier`` what was sent
    before in the dossiers of messages that pass a gate.
    """

    register: Register
    moment: int
    next_index: int
    receipt_kid: str
    messages: dict[MessageKey, Message] = field(default_factory=dict)
    refusals: dict[RefusalKey, Refusal] = field(default_factory=dict)
    sequences: dict[SequenceKey, Reeks] = field(default_factory=dict)
    dossiers: dict[RandomId, Members] = field(default_factory=dict)
    earlier: dict[DossierKey, list[Earlier]] = field(default_factory=dict)
    terms: dict[int, list[Term]] = field(default_factory=dict)
    refusals_left: dict[Oin, int] = field(default_factory=dict)
    """How many more refusals of each party may be logged; of one that is not named here, any number."""
    started: dict[str, list[Term]] = field(default_factory=dict)
    """What a message of each type starts at this moment: the same for all of a batch, but for whose it is."""
    root: Digest = field(init=False)
    """The register log's, computed once a batch."""
    convenant: Convenant | None = field(init=False)
    """The covenant in force at the moment; before any is, nothing is accepted."""

    def __post_init__(self) -> None:
        self.root = self.register.root
        self.convenant = self.register.convenant_at(from_milliseconds(self.moment))

    def answered(self, item: Authentic) -> Message | None:
        """Give the message that an answer answers: of its dossier, sent by its recipient to its very sender."""
        found = None if item.answers is None else self.messages.get(item.answers)
        envelope = item.envelope
        if found is None or (found.ontvanger, found.dossier) != (envelope.source, envelope.dossier):
            return None
        return found


def history(reached: Iterable[Reached]) -> list[Earlier]:
    """Give what a gate may count of earlier messages; what its recipient refused does not count."""
    return [
        Earlier(Mailbox(row.source), Mailbox(row.ontvanger), row.type, _far(row))
        for row in reached
        if row.outcome != "geweigerd"
    ]


def _far(row: Reached) -> Bereikt:
    if row.outcome == "ontvangen":
        return Bereikt.ONTVANGEN
    return Bereikt.AANGEBODEN if row.offered else Bereikt.AANVAARD
