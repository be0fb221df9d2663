"""What becomes of messages that were handed in: the decision, as a value (law 3).

Pure: the facts are handed in, what is to be recorded comes out. A batch is judged in order, and each
decision is a fact for the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gateway.covenant.sending import Earlier, Ruling, Seen, may_send
from gateway.rules import terms
from gateway.rules.facts import Authentic, Facts
from gateway.rules.register import Register
from gateway.rules.rows import (
    Content,
    Message,
    Notice,
    Reeks,
    Refusal,
    Term,
)
from gateway.rules.spelling import WARNING, accepted_body, refused_body, warning_body
from gateway.rules.watch import rules_of
from gateway.tlog.tree import leaf_hash
from schemas.covenants import Bereikt, Convenant, Poort
from schemas.problems import Problem
from schemas.values import Digest, Mailbox, Salt, to_milliseconds

MANY = 2**31
MAX_GAP = 5000
"""Most refusals in a row in one reeks: all of them travel with the next accepted message, in one answer."""


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


@dataclass(slots=True)
class Judgement:
    """A batch judged: a decision for each message, and what is to be recorded in one transaction."""

    decisions: list[Decision] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    accepted: list[Message] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    readers: list[tuple[Mailbox, ...]] = field(default_factory=list)
    """Whom each notice is for."""
    terms: dict[tuple[int, str], Term] = field(default_factory=dict)
    """The terms that were started or met, as they stand now."""
    replies: list[tuple[int, int]] = field(default_factory=list)
    """Messages with terms that were answered, each with its answer."""
    closings: list[Message] = field(default_factory=list)
    """What closed a dossier between its two parties."""


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
    ruling = _ruling(item, stand, facts)
    if ruling.objection is None:
        return _accept(item, stand, ruling.warnings, facts, salts, result)
    left = facts.refusals_left.get(item.envelope.source.oin, MANY)
    if left <= 0 or item.envelope.volgnummer - stand.accepted > MAX_GAP:
        return NotYet(Problem.TE_VEEL_GEWEIGERD)
    facts.refusals_left[item.envelope.source.oin] = left - 1
    return _refuse(item, stand, ruling.objection, facts, next(salts), result)


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


def _ruling(item: Authentic, stand: Reeks, facts: Facts) -> Ruling:
    if item.key in facts.messages:
        return Ruling(Problem.ID_BESTAAT)
    if item.envelope.volgnummer <= stand.last:
        return Ruling(Problem.VOLGNUMMER_ONJUIST)
    misfit = _misfit(item, facts)
    return _covenant_ruling(item, facts) if misfit is None else Ruling(misfit)


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


def _covenant_ruling(item: Authentic, facts: Facts) -> Ruling:
    if facts.convenant is None:
        return Ruling(Problem.NIET_TOEGESTAAN)
    answered = facts.answered(item)
    seen = Seen(
        facts.dossiers.get(item.envelope.dossier),
        None if answered is None else answered.type,
        facts.earlier.get(item.dossier, ()) if facts.earlier else (),
    )
    return may_send(facts.convenant, item.envelope, seen, facts.moment)


def _accept(
    item: Authentic, stand: Reeks, warnings: Sequence[Poort], facts: Facts, salts: Iterator[Salt], result: Judgement
) -> Accepted:
    if facts.convenant is None:
        raise ValueError("nothing is accepted before a covenant holds")
    row = _row(item, stand, facts, facts.convenant.digest, next(salts), result)
    answered = facts.answered(item)
    _go_on(item, row, facts)
    result.accepted.append(row)
    result.contents.append(item.content)
    _watch(row, answered, facts, facts.convenant, result)
    for gate in warnings:
        _warn(row, gate, facts, next(salts), result)
    return Accepted(row)


def _row(item: Authentic, stand: Reeks, facts: Facts, covenant: Digest, salt: Salt, result: Judgement) -> Message:
    envelope, register = item.envelope, (facts.register.size, facts.root)
    body = accepted_body(envelope, (item.digest, item.kid), register, covenant, (facts.moment, salt))
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
        *register,
        covenant,
        facts.receipt_kid,
    )
    _log(body, facts, result)
    return row


def _go_on(item: Authentic, row: Message, facts: Facts) -> None:
    """An accepted message is a fact for the next one."""
    facts.messages[item.key] = row
    facts.sequences[item.reeks] = Reeks(row.volgnummer, row.volgnummer)
    parties = frozenset((row.source.oin, row.ontvanger.oin))
    facts.dossiers[row.dossier] = facts.dossiers.get(row.dossier, frozenset()) | parties
    if facts.earlier:
        for oin in parties:
            if (known := facts.earlier.get((row.dossier, oin))) is not None:
                known.append(Earlier(row.source, row.ontvanger, row.type, Bereikt.AANVAARD))


def _watch(row: Message, answered: Message | None, facts: Facts, convenant: Convenant, result: Judgement) -> None:
    """Start the message's own terms, and meet those that it answers; each by the covenant that it was begun under."""
    if row.type not in facts.started:
        facts.started[row.type] = terms.start(row, convenant)
    if alike := facts.started[row.type]:
        started = [term._replace(message=row.idx, source=row.source, ontvanger=row.ontvanger) for term in alike]
        facts.terms[row.idx] = started
        result.terms.update(((term.message, term.code), term) for term in started)
    if row.type in convenant.grenzen.sluit:
        result.closings.append(row)
    if answered is None or answered.idx not in facts.terms:
        return
    result.replies.append((answered.idx, row.idx))
    after = [_met(term, row, facts.register) for term in facts.terms[answered.idx]]
    changed = [new for new, old in zip(after, facts.terms[answered.idx], strict=True) if new != old]
    result.terms.update(((term.message, term.code), term) for term in changed)
    facts.terms[answered.idx] = after


def _met(term: Term, row: Message, register: Register) -> Term:
    own = rules_of(term, register)
    return term if own is None else terms.met(term, row.type, row.idx, own)


def _warn(row: Message, gate: Poort, facts: Facts, salt: Salt, result: Judgement) -> None:
    """Both parties are told that a gate stood closed; the leaf stands right after the message's own."""
    body = warning_body(row, gate.code, (facts.moment, salt))
    result.notices.append(
        Notice(facts.next_index, leaf_hash(body), row.idx, WARNING, gate.code, 0, None, facts.moment, facts.receipt_kid)
    )
    result.readers.append((row.source, row.ontvanger))
    _log(body, facts, result)


def _refuse(item: Authentic, stand: Reeks, code: Problem, facts: Facts, salt: Salt, result: Judgement) -> Refused:
    envelope = item.envelope
    covenant = None if facts.convenant is None else facts.convenant.digest
    body = refused_body(envelope, (item.digest, item.kid), code.value, covenant, (facts.moment, salt))
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
        covenant,
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
