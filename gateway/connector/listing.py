"""What was sent, as a list for people: ids and dossiers to ask further with, and what was refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.connector.outbox import State
from gateway.connector.spool import Db, rows
from schemas.values import Mailbox, MessageId, RandomId

REFUSED = (State.AFGEWEZEN, State.GEWEIGERD, State.NIET_AFGELEVERD)
"""The ends of a message that its recipient did not take in."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One outgoing message in a list. ``code`` is why it was refused or what holds it up; nothing of its content."""

    id: MessageId
    type: str
    ontvanger: Mailbox
    dossier: RandomId
    state: State
    code: str | None


def sent(db: Db, limit: int, states: tuple[State, ...] = tuple(State)) -> list[Sent]:
    """Give the messages in those states, newest first, at most ``limit``."""
    marks = ", ".join("?" for _ in states)
    query = (
        "SELECT id, type, ontvanger, dossier, state, code FROM outgoing"  # noqa: S608 - as many marks as states
        f" WHERE state IN ({marks}) ORDER BY place DESC LIMIT ?"
    )
    return [
        Sent(MessageId(identifier), type_, Mailbox(ontvanger), RandomId(dossier), State(state), code)
        for identifier, type_, ontvanger, dossier, state, code in rows(db, query, (*states, limit))
    ]
