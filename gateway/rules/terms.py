"""What becomes of a reply term: each step gives the row that stands after it. Pure; ``convenant`` is its own always.

``loopt`` until an answer comes (``vervuld``) or the message that asked for it comes to nothing (``vervallen``). Levels
that were told are never told again, whatever else happens and whatever the clock says (I9).
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.covenant.terms import due, levels, pick_up_by
from gateway.rules.rows import CLOSING, LAPSED, MET, QUESTION, REPLY, RUNS, Bearing, Message, Term
from schemas.covenants import Convenant


def start(message: Message, convenant: Convenant) -> list[Term]:
    """Give the terms that an accepted message starts. They begin when it should have been collected, or sooner."""
    rules = convenant.termijnen_op(message.type)
    if not rules:
        return []
    begun = pick_up_by(convenant, message.moment)
    fresh = Term(
        message.idx, "", message.source, message.ontvanger, begun, begun, RUNS, 0, None, convenant.digest, None
    )
    return [_running(fresh._replace(code=rule.code, due=due(rule, begun)), convenant) for rule in rules]


def received(term: Term, moment: int, convenant: Convenant) -> Term:
    """Begin at ``moment``, when *ontvangen* was booked, unless it began before.

    A term that lapsed because its message was not delivered runs again: it was delivered after all. (No other lapsed
    term comes here: after *geweigerd* no other receipt is booked.)
    """
    if moment < term.begun:
        term = term._replace(begun=moment, due=due(convenant.termijn(term.code), moment))
    return term if term.state == MET else _running(term, convenant)


def met(term: Term, reply_type: str, reply: int, convenant: Convenant) -> Term:
    """End a term by an answer of that type; ``reply`` is the log index of the answer.

    Unchanged if an answer of that type does not meet it, or another answer met it before. One that lapsed is met too:
    an answer tells that the message was read.
    """
    if term.state == MET or reply_type not in convenant.termijn(term.code).door:
        return term
    return term._replace(state=MET, next_at=None, reply=reply)


def following(term: Term, bearings: Sequence[Bearing], convenant: Convenant) -> Term:
    """Give the term as its message, the answers to it and what closed the dossier after it leave it.

    Met as long as an answer counts that meets it. Otherwise it lapsed if its message was refused or not delivered, or
    something closed the dossier between the two parties; if not it runs, and what was due before is due now. Of several
    answers ``reply`` stays the one that it was.
    """
    door = convenant.termijn(term.code).door
    replies = [b.idx for b in bearings if b.how == REPLY and b.counts and b.type in door]
    if replies:
        return term._replace(state=MET, next_at=None, reply=term.reply if term.reply in replies else replies[0])
    closed = any(b.how == CLOSING and b.counts for b in bearings)
    if closed or any(b.how == QUESTION and not b.counts for b in bearings):
        return term._replace(state=LAPSED, next_at=None)
    return _running(term, convenant)


def overdue(term: Term, now: int, convenant: Convenant) -> tuple[list[int], Term]:
    """Give the levels to tell now, counted from 1 and in order, and the term after that.

    Each level is given once for ever, and never before its moment: a clock that goes back gives none.
    """
    if term.state != RUNS:
        return [], term
    moments = levels(convenant.termijn(term.code), term.due)
    reached = sum(moment <= now for moment in moments)
    late = list(range(term.level + 1, reached + 1))
    return late, _running(term._replace(level=max(term.level, reached)), convenant)


def _running(term: Term, convenant: Convenant) -> Term:
    moments = levels(convenant.termijn(term.code), term.due)
    return term._replace(state=RUNS, next_at=moments[term.level] if term.level < len(moments) else None)
