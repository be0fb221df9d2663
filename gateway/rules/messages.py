"""What becomes of messages that were handed in: the decision, as a value (law 3).

Pure: the facts are handed in, what is to be recorded comes out. A batch is judged in order, and each
decision is a fact for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from gateway.rules.register import Register
from gateway.rules.rows import (
    Content,
    Members,
    Message,
    MessageKey,
    Reeks,
    Refusal,
    RefusalKey,
    SequenceKey,
)
from gateway.tlog.tree import leaf_hash
from schemas.covenants import Convenant
from schemas.entries import AanvaardEntry, AfgewezenEntry
from schemas.envelope import Envelope
from schemas.problems import Problem
from schemas.values import Digest, Oin, RandomId, Salt, from_milliseconds, spell_instant, to_milliseconds

MANY = 2**31
MAX_GAP = 5000
"""Most refusals in a row in one reeks: all of them travel with the next accepted message, in one answer."""

NO_COVENANT = Digest.of(b"")


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


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is now the exchange's responsibility; ``again`` if it already was."""

    row: Message
    again: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The message is refused and the refusal is logged; ``again`` if it already was."""

    row: Refusal
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotYet:
    """Earlier numbers are missing, the sender's key changed, or its quota is spent: nothing is recorded."""

    code: Problem


Decision = Accepted | Refused | NotYet

Policy = Callable[[Convenant, Envelope, Members | None, int], Problem | None]
"""Whether the covenant lets a message pass, at a moment in milliseconds; the covenant's decision is handed in."""


@dataclass(slots=True)
class Facts:
    """What the decisions rest on, read in the transaction that will record them; moves on with each decision."""

    register: Register
    moment: int
    next_index: int
    receipt_kid: str
    may_send: Policy
    messages: dict[MessageKey, Message] = field(default_factory=dict)
    refusals: dict[RefusalKey, Refusal] = field(default_factory=dict)
    sequences: dict[SequenceKey, Reeks] = field(default_factory=dict)
    dossiers: dict[RandomId, Members] = field(default_factory=dict)
    refusals_left: dict[Oin, int] = field(default_factory=dict)
    """How many more refusals of each party may be logged; of one that is not named here, any number."""
    root: Digest = field(init=False)
    """The register log's, computed once a batch."""

    def __post_init__(self) -> None:
        self.root = self.register.root

    @property
    def covenant(self) -> Digest:
        """The digest of the covenant that holds; without one nothing is accepted."""
        return self.register.convenant.digest if self.register.convenant else NO_COVENANT


@dataclass(slots=True)
class Judgement:
    """A batch judged: a decision for each message, and what is to be recorded in one transaction."""

    decisions: list[Decision] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    accepted: list[Message] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def judge(batch: Sequence[Authentic], facts: Facts, salts: Iterator[Salt]) -> Judgement:
    """Decide on every message of a batch, in order."""
    result = Judgement()
    for item in batch:
        result.decisions.append(_one(item, facts, salts, result))
    return result


def _one(item: Authentic, facts: Facts, salts: Iterator[Salt], result: Judgement) -> Decision:
    known = _known(item, facts)
    if known is not None:
        return known
    if not _key_active(item, facts):
        return NotYet(Problem.SLEUTEL_ONBEKEND)
    stand = facts.sequences.get(item.reeks, Reeks(0, 0))
    if item.envelope.volgnummer > stand.last + 1:
        return NotYet(Problem.VOLGNUMMER_ONTBREEKT)
    code = _objection(item, stand, facts)
    if code is None:
        return _accept(item, stand, facts, next(salts), result)
    left = facts.refusals_left.get(item.envelope.source.oin, MANY)
    if left <= 0 or item.envelope.volgnummer - stand.accepted > MAX_GAP:
        return NotYet(Problem.TE_VEEL_GEWEIGERD)
    facts.refusals_left[item.envelope.source.oin] = left - 1
    return _refuse(item, stand, code, facts, next(salts), result)


def _known(item: Authentic, facts: Facts) -> Decision | None:
    """A repeat gets the first answer again; it is never an error (RELIABILITY §5.7)."""
    before = facts.messages.get(item.key)
    if before is not None and before.digest == item.digest:
        return Accepted(before, again=True)
    refusal = facts.refusals.get((*item.key, item.digest))
    return None if refusal is None else Refused(refusal, again=True)


def _key_active(item: Authentic, facts: Facts) -> bool:
    key = facts.register.signing_key(item.envelope.source)
    return key is not None and key.kid == item.kid and facts.register.owns(item.envelope.source)


def _objection(item: Authentic, stand: Reeks, facts: Facts) -> Problem | None:
    envelope = item.envelope
    if item.key in facts.messages:
        return Problem.ID_BESTAAT
    if envelope.volgnummer <= stand.last:
        return Problem.VOLGNUMMER_ONJUIST
    return _misfit(item, facts) or _denial(envelope, facts)


def _misfit(item: Authentic, facts: Facts) -> Problem | None:
    """What is wrong with the message itself, whatever the covenant says."""
    envelope = item.envelope
    if envelope.beurs != facts.register.beurs:
        return Problem.BEURS_ONJUIST
    if not item.bound:
        return Problem.VERZEGELING_ONJUIST
    if not facts.register.owns(envelope.ontvanger):
        return Problem.ONTVANGER_ONBEKEND
    return None


def _denial(envelope: Envelope, facts: Facts) -> Problem | None:
    convenant = facts.register.convenant
    if convenant is None:
        return Problem.NIET_TOEGESTAAN
    return facts.may_send(convenant, envelope, facts.dossiers.get(envelope.dossier), facts.moment)


def _accept(item: Authentic, stand: Reeks, facts: Facts, salt: Salt, result: Judgement) -> Accepted:
    envelope, covenant = item.envelope, facts.covenant
    body = _accepted_body(item, facts, salt)
    row = Message(
        facts.next_index,
        leaf_hash(body),
        envelope.source,
        envelope.id,
        envelope.ontvanger,
        envelope.dossier,
        envelope.type,
        item.digest,
        envelope.reeks,
        envelope.volgnummer,
        stand.accepted + 1 if stand.accepted < stand.last else None,
        to_milliseconds(envelope.verlooptijd),
        facts.moment,
        facts.register.size,
        facts.root,
        covenant,
        facts.receipt_kid,
    )
    facts.messages[item.key] = row
    facts.sequences[item.reeks] = Reeks(envelope.volgnummer, envelope.volgnummer)
    parties = frozenset((envelope.source.oin, envelope.ontvanger.oin))
    facts.dossiers[envelope.dossier] = facts.dossiers.get(envelope.dossier, frozenset()) | parties
    result.accepted.append(row)
    result.contents.append(item.content)
    _log(body, facts, result)
    return Accepted(row)


def _accepted_body(item: Authentic, facts: Facts, salt: Salt) -> bytes:
    envelope = item.envelope
    return AanvaardEntry.spelled(
        soort="aanvaard",
        tijd=spell_instant(from_milliseconds(facts.moment)),
        zout=salt,
        id=envelope.id,
        source=envelope.source,
        ontvanger=envelope.ontvanger,
        digest=item.digest,
        dossier=envelope.dossier,
        type=envelope.type,
        antwoordop=envelope.antwoordop,
        reeks=envelope.reeks,
        volgnummer=envelope.volgnummer,
        verlooptijd=spell_instant(envelope.verlooptijd),
        sleutel=item.kid,
        register={"omvang": facts.register.size, "wortel": facts.root},
        convenant=facts.covenant,
    )


def _refuse(item: Authentic, stand: Reeks, code: Problem, facts: Facts, salt: Salt, result: Judgement) -> Refused:
    envelope = item.envelope
    body = AfgewezenEntry.model_construct(
        soort="afgewezen",
        tijd=from_milliseconds(facts.moment),
        zout=salt,
        id=envelope.id,
        source=envelope.source,
        ontvanger=envelope.ontvanger,
        digest=item.digest,
        reeks=envelope.reeks,
        volgnummer=envelope.volgnummer,
        code=code.value,
        sleutel=item.kid,
    ).body()
    row = Refusal(
        facts.next_index,
        leaf_hash(body),
        envelope.source,
        envelope.id,
        envelope.ontvanger,
        item.digest,
        envelope.reeks,
        envelope.volgnummer,
        envelope.volgnummer == stand.last + 1,
        code.value,
        facts.moment,
        facts.receipt_kid,
    )
    facts.refusals[(*item.key, item.digest)] = row
    if row.spent:
        facts.sequences[item.reeks] = Reeks(envelope.volgnummer, stand.accepted)
    result.refused.append(row)
    _log(body, facts, result)
    return Refused(row)


def _log(body: bytes, facts: Facts, result: Judgement) -> None:
    result.bodies.append(body)
    facts.next_index += 1
