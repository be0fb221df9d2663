"""Terms that watch themselves: what an end of a message does to them, and what is told when nobody answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.covenant.terms import told
from gateway.errors import EvidenceError
from gateway.rules import terms
from gateway.rules.register import Register
from gateway.rules.rows import Message, Notice, Settlement, Term
from gateway.rules.spelling import OVERDUE, overdue_body
from gateway.tlog.tree import leaf_hash
from schemas.covenants import Convenant
from schemas.values import Digest, Mailbox, Salt

RECEIVED = "ontvangen"


def begun_under(register: Register, digest: Digest) -> Convenant | None:
    """Give the covenant that a message was accepted under: its terms are of that one, whatever came later.

    Nothing if this program cannot read that version: its terms stay as they are.

    Raises:
        EvidenceError: the register does not have it, so the row cannot be right.
    """
    version = register.version(digest)
    if version is None:
        raise EvidenceError("a stored decision quotes a covenant that the register does not have")
    return version.convenant


def after_ends(
    ends: Sequence[Settlement], messages: Mapping[int, Message], known: Iterable[Term], register: Register
) -> list[Term]:
    """Give the terms that these ends of messages changed, as they stand after them, in order.

    ``known`` are the terms that the messages started, and those of which they are the ``reply``. *Ontvangen* begins
    the message's own terms, and makes it meet again what was reopened while it was not delivered; any other end
    lapses its own, and reopens those that it met.
    """
    before = {(term.message, term.code): term for term in known}
    now = dict(before)
    for end in ends:
        for name, term in now.items():
            own = begun_under(register, term.covenant)
            if own is not None and end.message in (term.message, term.reply):
                now[name] = _after(term, end, messages[end.message], own)
    return [term for name, term in now.items() if term != before[name]]


def _after(term: Term, end: Settlement, message: Message, convenant: Convenant) -> Term:
    received = end.outcome == RECEIVED
    if term.message == end.message:
        return terms.received(term, end.moment, convenant) if received else terms.lapsed(term)
    return terms.met(term, message.type, message.idx, convenant) if received else terms.reopened(term, convenant)


@dataclass(slots=True)
class Sweep:
    """What telling rests on, and what comes of it: entries, notices with whom they are for, and terms moved on."""

    register: Register
    now: int
    moment: int
    next_index: int
    receipt_kid: str
    bodies: list[bytes] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    readers: list[tuple[Mailbox, ...]] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)


def tell(due: Sequence[Term], messages: Mapping[int, Message], sweep: Sweep, salts: Iterator[Salt]) -> None:
    """Tell every level that ``sweep.now`` has reached and that was not told, each once (I9); none before its moment.

    Several that passed while nobody looked are each told. Who is told follows from the covenant of the message, and
    is never anybody but its two parties (I11).

    Raises:
        EvidenceError: a term is due at which nothing is to be told: it would be due for ever.
    """
    for term in due:
        convenant = begun_under(sweep.register, term.covenant)
        if convenant is None:
            raise EvidenceError("a stored term is of a covenant that this program cannot read")
        levels, after = terms.overdue(term, sweep.now, convenant)
        for level in levels:
            melding = convenant.termijn(term.code).meldingen[level - 1]
            readers = told(melding, Mailbox(term.source), Mailbox(term.ontvanger), convenant)
            _tell(messages[term.message], term, level, readers, sweep, next(salts))
        if after == term:
            raise EvidenceError("a stored term is due at another moment than its covenant gives")
        sweep.terms.append(after)


def _tell(message: Message, term: Term, level: int, readers: tuple[Mailbox, ...], sweep: Sweep, salt: Salt) -> None:
    body = overdue_body(message, term, level, (sweep.moment, salt))
    sweep.notices.append(
        Notice(
            sweep.next_index, leaf_hash(body), message.idx, OVERDUE, term.code, level, term.due, sweep.moment,
            sweep.receipt_kid,
        )
    )  # fmt: skip
    sweep.readers.append(readers)
    sweep.bodies.append(body)
    sweep.next_index += 1
