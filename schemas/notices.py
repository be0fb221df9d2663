"""The exchange's own signed notices: metadata only, delivered through the mailbox like receipts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.receipts import Code, Index, Leaf, Receipt
from schemas.values import Digest, Instant, RandomId


class NietAfgeleverd(Receipt):
    """No receipt was booked up to the entry before this one; ``aangeboden`` is the first hand-out's index, or absent.

    It goes to the sender, whose message is not received, and to the recipient, whose numbering would
    otherwise show a gap. A valid receipt that comes later is booked and forwarded all the same.
    """

    soort: Literal["niet-afgeleverd"] = "niet-afgeleverd"
    reeks: RandomId
    volgnummer: Annotated[int, Field(ge=1, lt=2**53)]
    aangeboden: Index | None = None
    logboek: Leaf
    tijd: Instant


class TermijnOverschreden(Receipt):
    """A reply term is over and no answer was accepted up to the entry before this one.

    ``termijn`` is its code in the covenant with digest ``convenant``, ``trede`` the escalation level, from 1;
    ``uiterlijk`` the moment until which ``ontvanger`` had to answer. Each level is told once (I9).
    """

    soort: Literal["termijn-overschreden"] = "termijn-overschreden"
    termijn: Code
    trede: Annotated[int, Field(ge=1, le=9)]
    uiterlijk: Instant
    convenant: Digest
    logboek: Leaf
    tijd: Instant


class Waarschuwing(Receipt):
    """A message was accepted though a gate of the covenant stood closed: ``poort`` is the gate's code.

    It goes to both parties of the message and rests only on messages between these two.
    """

    soort: Literal["waarschuwing"] = "waarschuwing"
    poort: Code
    convenant: Digest
    logboek: Leaf
    tijd: Instant
