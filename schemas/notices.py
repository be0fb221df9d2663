"""The exchange's own signed notices: metadata only, delivered through the mailbox like receipts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.receipts import Index, Leaf, Receipt
from schemas.values import Instant, RandomId


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
