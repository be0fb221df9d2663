"""Receipts (ontvangstbewijzen): each kind is a compact JWS that one role only may sign.

A receipt is signed with deterministic ES256 over a spelling that depends on stored facts
alone, so a repeat gives the same bytes (RELIABILITY §2, Ack).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.envelope import MalformedError, Origin, Wire
from schemas.values import Digest, Instant, Mailbox, MessageId, RandomId

Code = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=60)]
Index = Annotated[int, Field(ge=0, lt=2**53)]


class ReceiptKind(StrEnum):
    """The closed list of receipts; the JWS ``typ`` of each is its name followed by ``+jws``."""

    AANVAARD = "aanvaard"
    AFGEWEZEN = "afgewezen"
    ONTVANGEN = "ontvangen"
    GEWEIGERD = "geweigerd"
    GEBOEKT = "geboekt"
    NIET_AFGELEVERD = "niet-afgeleverd"
    TERMIJN_OVERSCHREDEN = "termijn-overschreden"
    WAARSCHUWING = "waarschuwing"

    @property
    def typ(self) -> str:
        """The JWS header ``typ``."""
        return f"{self.value}+jws"


class Leaf(Wire):
    """Where a fact stands in a log: the promise that a signed checkpoint will cover it."""

    oorsprong: Origin
    index: Index
    blad: Digest


class RegisterState(Wire):
    """The register log as it stood at a decision: whose keys counted."""

    omvang: Index
    wortel: Digest


class Receipt(Wire):
    """What every receipt says: which message, by the digest of its envelope's signing input."""

    soort: str
    id: MessageId
    source: Mailbox
    ontvanger: Mailbox
    digest: Digest


class Aanvaard(Receipt):
    """The exchange took responsibility: message, log entry and due delivery are on disk."""

    soort: Literal["aanvaard"] = "aanvaard"
    logboek: Leaf
    stand: RegisterState = Field(alias="register")
    convenant: Digest
    tijd: Instant


class Afgewezen(Receipt):
    """The exchange refused, and logged that the sender tried; fills the gap that the number leaves.

    ``code`` is for the sender alone. In the copy that fills the recipient's gap it is absent: it would tell the
    recipient what the sender may do in a dossier, and so of others' traffic there. ``convenant`` is the covenant that
    was in force; it is absent before any was.
    """

    soort: Literal["afgewezen"] = "afgewezen"
    reeks: RandomId
    volgnummer: Annotated[int, Field(ge=1, lt=2**53)]
    code: Code | None = None
    convenant: Digest | None = None
    logboek: Leaf
    tijd: Instant


class Ontvangen(Receipt):
    """The recipient verified, opened, checked and stored the message."""

    soort: Literal["ontvangen"] = "ontvangen"
    blad: Digest
    tijd: Instant


class Geweigerd(Receipt):
    """The recipient refuses the message for a technical reason, never a substantive one."""

    soort: Literal["geweigerd"] = "geweigerd"
    blad: Digest
    code: Code
    tijd: Instant


class Geboekt(Receipt):
    """The exchange logged a recipient's receipt, named by the digest of its signing input."""

    soort: Literal["geboekt"] = "geboekt"
    bewijs: Digest
    logboek: Leaf
    tijd: Instant


RecipientReceipt = Ontvangen | Geweigerd


def parse_recipient_receipt(kind: ReceiptKind, payload: bytes) -> RecipientReceipt:
    """Read a receipt that a recipient hands in.

    Raises:
        MalformedError: the payload is no such receipt, or the kind is not a recipient's to give.
    """
    if kind is ReceiptKind.ONTVANGEN:
        return Ontvangen.parse(payload)
    if kind is ReceiptKind.GEWEIGERD:
        return Geweigerd.parse(payload)
    raise MalformedError([("#/soort", "a recipient signs ontvangen or geweigerd")])
