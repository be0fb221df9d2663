"""Collect: one round of a recipient's connector, in the shape of RFC 8936.

Receipts that it hands in are booked, what it saw is not offered again, and it gets what is due: messages with
their *aanvaard*, and the receipts for what it sent itself. All in one transaction; a first hand-out is logged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from gateway.clock import Clock
from gateway.errors import EvidenceError, RejectedError, UnavailableError
from gateway.flow.bells import Bells
from gateway.flow.gate import Peer, authenticate_receipt
from gateway.flow.notary import Crypto, Notary
from gateway.flow.registry import Registry
from gateway.flow.watched import move_terms
from gateway.rules.deliveries import AuthenticReceipt, Booked, Booking, Ledger, NotBooked, book, offer_bodies
from gateway.rules.register import Register
from gateway.rules.rows import Content, Log, Message, Post, Refusal, Waiting
from gateway.store.port import Reading, Store, Transaction
from schemas.entries import OpnieuwEntry
from schemas.envelope import MAX_COLLECTED
from schemas.problems import Problem
from schemas.values import Mailbox, Salt, from_milliseconds, to_milliseconds

AGAIN_MILLISECONDS = 60_000


@dataclass(frozen=True, slots=True)
class Request:
    """What a connector asks in one round. ``wait_seconds`` keeps the request open until something is due."""

    mailbox: Mailbox
    receipts: Sequence[str] = ()
    seen: Sequence[int] = ()
    maximum: int = 100
    wait_seconds: float = 0
    again_from: int | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """One message on its way to its recipient; ``gaps`` are the refusals that explain missing numbers."""

    content: Content
    aanvaard: str
    gaps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Forwarded:
    """One receipt on its way to a party of the message; ``geboekt`` is absent for a notice of the exchange."""

    number: int
    receipt: str
    geboekt: str | None


@dataclass(frozen=True, slots=True)
class Collected:
    """The answer: ``booked`` follows the order of the receipts handed in."""

    booked: Sequence[str | RejectedError]
    messages: Sequence[Handed]
    receipts: Sequence[Forwarded]
    more: bool


@dataclass(frozen=True, slots=True)
class _Due:
    """What one look at the mailbox found."""

    messages: Sequence[Message]
    contents: Mapping[int, Content]
    gaps: Mapping[int, Sequence[Refusal]]
    post: Sequence[Post]
    about: Mapping[int, Message]
    more: bool


@dataclass(frozen=True, slots=True)
class Collect:
    """Hand out what is due to a mailbox, and book what it hands in."""

    store: Store
    registry: Registry
    notary: Notary
    crypto: Crypto
    bells: Bells
    clock: Clock
    salt: Callable[[], Salt]
    lease_seconds: float = 30.0
    _again_at: dict[Mailbox, int] = field(default_factory=dict)

    async def __call__(self, peer: Peer, request: Request) -> Collected:
        """Serve one round of a mailbox's owner.

        On return every receipt with a *geboekt* is logged for ever, and every message handed out stays due until its
        receipt is booked: a lost answer is offered again after ``lease_seconds`` (at least once).

        Raises:
            RejectedError: the mailbox is not the peer's.
            UnavailableError: the outcome is unknown; the same round again is safe.
        """
        if request.mailbox.oin != peer.oin or not self.registry.current.owns(request.mailbox):
            raise RejectedError(Problem.NIET_GEVONDEN)
        if request.again_from is not None:
            self._demand_patience(request.mailbox)
        proved = await self.crypto.each(partial(_prove, request.mailbox, self.registry.current), request.receipts)
        only_asks = not request.receipts and not request.seen and request.again_from is None
        if only_asks and not await self._comes(request):
            return Collected([], [], [], more=False)
        bookings, due = await self._record(request, proved)
        return await self._answer(bookings, due)

    async def _comes(self, request: Request) -> bool:
        """Tell whether anything is due, now or before ``wait_seconds`` are over."""
        with self.bells.listening(request.mailbox) as bell:
            if await self._anything(request):
                return True
            return request.wait_seconds > 0 and await bell(request.wait_seconds) and await self._anything(request)

    async def _anything(self, request: Request) -> bool:
        now = to_milliseconds(self.clock())
        async with self.store.read() as view:
            return bool(await view.waiting(request.mailbox, now, 1) or await view.post(request.mailbox, 1))

    async def _record(
        self, request: Request, proved: list[AuthenticReceipt | RejectedError]
    ) -> tuple[list[Booking | RejectedError], _Due]:
        async with self.store.record() as tx:
            if not (await self.registry.at(tx)).owns(request.mailbox):  # suspended while it waited
                raise RejectedError(Problem.NIET_GEVONDEN)
            bookings = await self._book(tx, [p for p in proved if isinstance(p, AuthenticReceipt)])
            if request.seen:
                await tx.saw(request.mailbox, request.seen)
            due = await self._hand_out(tx, request)
        self.bells.ring({b.message.source for b in bookings if isinstance(b, Booked) and not b.again})
        answers = iter(bookings)
        return [next(answers) if isinstance(p, AuthenticReceipt) else p for p in proved], due

    async def _book(self, tx: Transaction, receipts: list[AuthenticReceipt]) -> list[Booking]:
        if not receipts:
            return []
        messages = await tx.messages(list({r.key for r in receipts}))
        indexes = [m.idx for m in messages.values()]
        head = await tx.head(Log.VERKEER)
        ledger = Ledger(
            register=await self.registry.at(tx),
            moment=max(to_milliseconds(self.clock()), head.moment),
            next_index=head.head.size,
            receipt_kid=self.notary.active,
            messages=messages,
            settled=dict(await tx.settlements(indexes)),
            offers=await tx.offers(indexes),
        )
        bookings = book(receipts, ledger, iter(self.salt, None))
        await tx.append(Log.VERKEER, ledger.moment, ledger.bodies)
        await tx.settle(ledger.settlements, ledger.readers)
        await move_terms(tx, [end.message for end in ledger.settlements], ledger.register, ledger.settlements)
        await tx.finish([m.idx for m in map(_ended_before, bookings) if m is not None])
        return bookings

    async def _hand_out(self, tx: Transaction, request: Request) -> _Due:
        now = to_milliseconds(self.clock())
        if request.again_from is not None:
            await self._again(tx, request)
        found = await tx.waiting(request.mailbox, now, request.maximum)
        waiting = _within(found)
        messages = await tx.by_index([w.message for w in waiting])
        first = [m for m, w in zip(messages, waiting, strict=True) if w.offered is None]
        if first:
            moment = max(now, (await tx.head(Log.VERKEER)).moment)
            logged = await tx.append(Log.VERKEER, moment, offer_bodies(first, moment, iter(self.salt, None)))
            await tx.offer(list(zip([m.idx for m in first], logged, strict=True)))
        await tx.lease(request.mailbox, [m.idx for m in messages], now + round(self.lease_seconds * 1000))
        due = await _look(tx, request, messages)
        return replace(due, more=due.more or len(waiting) < len(found) or len(found) == request.maximum)

    async def _again(self, tx: Transaction, request: Request) -> None:
        """After a restore everything from an index on is due again, while its payload is still there; it is logged."""
        count = await tx.redeliver(request.mailbox, request.again_from or 0)
        head = await tx.head(Log.VERKEER)
        moment = max(to_milliseconds(self.clock()), head.moment)
        entry = OpnieuwEntry.model_construct(
            soort="opnieuw-opgehaald",
            tijd=from_milliseconds(moment),
            zout=self.salt(),
            ontvanger=request.mailbox,
            vanaf=request.again_from or 0,
            aantal=count,
        )
        await tx.append(Log.VERKEER, moment, [entry.body()])

    def _demand_patience(self, mailbox: Mailbox) -> None:
        """Collecting again reads a mailbox's whole past: once a minute is often enough for a restore."""
        now = to_milliseconds(self.clock())
        if now - self._again_at.get(mailbox, now - AGAIN_MILLISECONDS) < AGAIN_MILLISECONDS:
            raise UnavailableError("collecting again is served once a minute")
        self._again_at[mailbox] = now

    async def _answer(self, bookings: list[Booking | RejectedError], due: _Due) -> Collected:
        booked = iter(await self.notary.geboekt([(b.message, b.row) for b in bookings if isinstance(b, Booked)]))
        aanvaard = await self.notary.aanvaard(due.messages)
        handed = [
            Handed(due.contents[m.idx], receipt, await self.notary.gaten(due.gaps.get(m.idx, ())))
            for m, receipt in zip(due.messages, aanvaard, strict=True)
        ]
        return Collected(
            [next(booked) if isinstance(b, Booked) else _rejected(b) for b in bookings],
            handed,
            [await self._forward(post, due.about[post.message]) for post in due.post],
            more=due.more,
        )

    async def _forward(self, post: Post, message: Message) -> Forwarded:
        if post.notice is not None:
            return Forwarded(post.number, (await self.notary.notices([(message, post.notice)]))[0], None)
        settled = post.settlement
        if settled is None:
            raise EvidenceError("a post of nothing")
        if settled.receipt is None:
            return Forwarded(post.number, (await self.notary.niet_afgeleverd([(message, settled)]))[0], None)
        return Forwarded(post.number, settled.receipt, (await self.notary.geboekt([(message, settled)]))[0])


def _prove(mailbox: Mailbox, register: Register, jws: str) -> AuthenticReceipt | RejectedError:
    try:
        return authenticate_receipt(jws, mailbox, register)
    except RejectedError as error:
        return error


def _ended_before(booking: Booking) -> Message | None:
    """Give the message that this mailbox gave a receipt for earlier: if it is due again, that has no use."""
    return booking.message if isinstance(booking, NotBooked) or booking.again else None


def _rejected(outcome: Booking | RejectedError) -> RejectedError:
    if isinstance(outcome, NotBooked):
        return RejectedError(outcome.code)
    if isinstance(outcome, RejectedError):
        return outcome
    raise TypeError("a booked receipt is not rejected")


def _within(waiting: list[Waiting]) -> list[Waiting]:
    """Cut where the answer would grow too large; the first always goes."""
    total, kept = 0, list[Waiting]()
    for item in waiting:
        total += item.length
        if kept and total > MAX_COLLECTED:
            break
        kept.append(item)
    return kept


async def _look(view: Reading, request: Request, messages: list[Message]) -> _Due:
    post = await view.post(request.mailbox, request.maximum)
    about = await view.by_index(list({p.message for p in post}))
    gaps = {
        m.idx: await view.gap((m.source, m.ontvanger, m.reeks), m.gap_from, m.volgnummer)
        for m in messages
        if m.gap_from is not None
    }
    contents = await view.contents([m.idx for m in messages])
    return _Due(messages, contents, gaps, post, {m.idx: m for m in about}, more=len(post) == request.maximum)
