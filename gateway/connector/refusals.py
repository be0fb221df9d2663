"""Telling a person, once, that a message was refused or not delivered: its id and the code, nothing of its content."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from gateway.connector.outbox import Outgoing, State
from gateway.connector.returns import Answered, Returned, Undelivered
from schemas.receipts import Geweigerd

_log = structlog.get_logger()


def tell(message: Outgoing, state: State, code: str | None = None) -> None:
    """Log what became of a message; call it after that was booked."""
    s = message.subject
    _log.warning(
        "a message was not taken", id=s.id, type=message.type, ontvanger=s.ontvanger, stand=state.value, code=code
    )


def tell_returned(returned: Iterable[Returned]) -> None:
    """Log the refusals and notices that are news: what is handed back again was told before."""
    for one in returned:
        match one:
            case Answered(Outgoing() as message, _, Geweigerd() as receipt) if message.state is not State.GEWEIGERD:
                tell(message, State.GEWEIGERD, receipt.code)
            case Undelivered(Outgoing() as message) if message.state is State.AANVAARD:
                tell(message, State.NIET_AFGELEVERD)
