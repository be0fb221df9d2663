"""Terms that watch themselves: what an end of a message does to them, and what is told when nobody answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.covenant.terms import told
from gateway.rules import terms
from gateway.rules.register import Register
from gateway.rules.rows import Bearing, Message, Notice, Settlement, Term
from gateway.rules.spelling import OVERDUE, overdue_body
from gateway.tlog.tree import leaf_hash
from schemas.covenants import Convenant
from schemas.values import Mailbox, Salt

RECEIVED = "ontvangen"


def rules_of(term: Term, register: Register) -> Convenant | None:
    """Give the covenant that a term was begun under: its rules are of that one, whatever came later.

    Nothing if this program cannot read that version, or the row does not agree with it: then the term stays as it is,
    and the sweep names it once it is due.
    """
    own = register.convenant_by_digest(term.covenant)
    known = own is not None and term.code in (one.code for one in own.termijnen)
    return own if known else None


def after_ends(
    ends: Iterable[Settlement], bearings: Iterable[Bearing], known: Iterable[Term], register: Register
) -> list[Term]:
    """Give, of the terms that are ``known``, those that changed, as they stand now.

    ``bearings`` are what each follows from after these ends of messages. An answer counts until it is refused or not
    delivered, and any one that counts meets a term. *Ontvangen* of a message begins its own terms. A term of a covenant
    that this program cannot read stays as it is.
    """
    received = {end.message: end.moment for end in ends if end.outcome == RECEIVED}
    course: dict[int, list[Bearing]] = {}
    for bearing in bearings:
        course.setdefault(bearing.message, []).append(bearing)
    moved = []
    for term in known:
        own = rules_of(term, register)
        if own is not None:
            begun = terms.received(term, received[term.message], own) if term.message in received else term
            moved.append((term, terms.following(begun, course.get(term.message, ()), own)))
    return [after for before, after in moved if after != before]


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
    parked: list[Term] = field(default_factory=list)
    """What does not agree with its covenant, or with the log: nothing is told of it, a person must look."""


def tell(due: Sequence[Term], messages: Mapping[int, Message], sweep: Sweep, salts: Iterator[Salt]) -> None:
    """Tell every level that ``sweep.now`` has reached and that was not told, each once (I9); none before its moment.

    Several that passed while nobody looked are each told. Who is told follows from the covenant of the message, and
    is never anybody but its two parties (I11). A row at which nothing can be told, or that would be due for ever, is
    parked as it is, and keeps nobody else waiting.
    """
    for term in due:
        convenant, message = rules_of(term, sweep.register), messages.get(term.message)
        levels, after = ([], term) if convenant is None else terms.overdue(term, sweep.now, convenant)
        if convenant is None or message is None or after == term:
            sweep.parked.append(term)
            continue
        for level in levels:
            melding = convenant.termijn(term.code).meldingen[level - 1]
            readers = told(melding, Mailbox(term.source), Mailbox(term.ontvanger), convenant)
            _tell(message, term, level, readers, sweep, next(salts))
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
