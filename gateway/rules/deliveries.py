"""What becomes of deliveries: receipts that are handed in, first hand-outs, and messages that expire. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.rules.register import Register
from gateway.rules.rows import Message, MessageKey, Settlement, Waiting
from gateway.tlog.tree import leaf_hash
from schemas.entries import AangebodenEntry, BewijsEntry, NietAfgeleverdEntry
from schemas.problems import Problem
from schemas.receipts import Geweigerd, RecipientReceipt
from schemas.values import Digest, Mailbox, Salt, from_milliseconds, spell_instant

UNDELIVERED = "niet-afgeleverd"


@dataclass(frozen=True, slots=True)
class AuthenticReceipt:
    """A receipt whose signer is proved to be the recipient."""

    receipt: RecipientReceipt
    jws: str
    digest: Digest
    kid: Digest

    @property
    def key(self) -> MessageKey:
        """Which message it is about."""
        return self.receipt.source, self.receipt.id


@dataclass(frozen=True, slots=True)
class Booked:
    """The receipt is logged; ``again`` if it already was. ``digest`` is that of the receipt that counts."""

    message: Message
    row: Settlement
    digest: Digest
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotBooked:
    """The receipt is about nothing that this mailbox received, or says otherwise than what was booked before.

    ``message`` is what it is about if a receipt of this mailbox was booked before: it need not be offered again.
    """

    code: Problem
    message: Message | None = None


Booking = Booked | NotBooked


@dataclass(slots=True)
class Ledger:
    """What bookings rest on; moves on with each. ``settled`` holds outcomes by message index."""

    register: Register
    moment: int
    next_index: int
    receipt_kid: str
    messages: Mapping[MessageKey, Message]
    settled: dict[int, list[Settlement]]
    offers: Mapping[int, int]
    bodies: list[bytes] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    readers: list[tuple[Mailbox, ...]] = field(default_factory=list)


def book(receipts: Sequence[AuthenticReceipt], ledger: Ledger, salts: Iterator[Salt]) -> list[Booking]:
    """Decide on every receipt of a batch, in order."""
    return [_book(receipt, ledger, salts) for receipt in receipts]


def expire(waiting: Sequence[Waiting], messages: Mapping[int, Message], ledger: Ledger, salts: Iterator[Salt]) -> None:
    """End messages that were not received in time; both parties are told (never silent)."""
    for item in waiting:
        message = messages[item.message]
        body = NietAfgeleverdEntry.spelled(
            **_about(message, UNDELIVERED, ledger.moment, next(salts)),
            reeks=message.reeks,
            volgnummer=message.volgnummer,
            aanvaard=message.idx,
            aangeboden=item.offered,
        )
        row = Settlement(
            ledger.next_index, leaf_hash(body), message.idx, UNDELIVERED, None, item.offered, ledger.moment,
            ledger.receipt_kid,
        )  # fmt: skip
        _log(body, row, (message.source, message.ontvanger), ledger)


def offer_bodies(messages: Sequence[Message], moment: int, salts: Iterator[Salt]) -> list[bytes]:
    """Spell the entries of first hand-outs."""
    return [AangebodenEntry.spelled(**_about(m, "aangeboden", moment, next(salts)), aanvaard=m.idx) for m in messages]


def _book(item: AuthenticReceipt, ledger: Ledger, salts: Iterator[Salt]) -> Booking:
    message = ledger.messages.get(item.key)
    receipt = item.receipt
    if message is None or message.ontvanger != receipt.ontvanger:
        return NotBooked(Problem.NIET_GEVONDEN)
    if receipt.digest != message.digest or receipt.blad != Digest.from_raw(message.leaf):
        return NotBooked(Problem.BEWIJS_ONJUIST)
    before = next((s for s in ledger.settled.get(message.idx, ()) if s.receipt is not None), None)
    if before is not None:
        same = _signed(before.receipt or "") == _signed(item.jws)  # another signature over it says the same
        again = Booked(message, before, item.digest, again=True)
        return again if same else NotBooked(Problem.BEWIJS_BESTAAT, message)
    key = ledger.register.signing_key(receipt.ontvanger)
    if key is None or key.kid != item.kid or not ledger.register.owns(receipt.ontvanger):
        return NotBooked(Problem.SLEUTEL_ONBEKEND)
    return _booked(item, message, ledger, next(salts))


def _signed(jws: str) -> str:
    """Give what is signed: all before the last dot."""
    return jws.rpartition(".")[0] or jws


def _booked(item: AuthenticReceipt, message: Message, ledger: Ledger, salt: Salt) -> Booked:
    receipt = item.receipt
    body = BewijsEntry.spelled(
        **_about(message, receipt.soort, ledger.moment, salt),
        aanvaard=message.idx,
        bewijs=item.digest,
        sleutel=item.kid,
        code=receipt.code if isinstance(receipt, Geweigerd) else None,
        register={"omvang": ledger.register.size, "wortel": ledger.register.root},
    )
    row = Settlement(
        ledger.next_index,
        leaf_hash(body),
        message.idx,
        receipt.soort,
        item.jws,
        ledger.offers.get(message.idx),
        ledger.moment,
        ledger.receipt_kid,
    )
    _log(body, row, (message.source,), ledger)
    return Booked(message, row, item.digest)


def _about(message: Message, soort: str, moment: int, salt: Salt) -> dict[str, Any]:
    return {
        "soort": soort,
        "tijd": spell_instant(from_milliseconds(moment)),
        "zout": salt,
        "id": message.id,
        "source": message.source,
        "ontvanger": message.ontvanger,
        "digest": message.digest,
    }


def _log(body: bytes, row: Settlement, readers: tuple[Mailbox, ...], ledger: Ledger) -> None:
    ledger.bodies.append(body)
    ledger.settlements.append(row)
    ledger.readers.append(readers)
    ledger.settled.setdefault(row.message, []).append(row)
    ledger.next_index += 1
