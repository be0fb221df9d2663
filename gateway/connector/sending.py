"""The sending side of one round: submit what is spooled, in order, and book only answers that are proved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.client.post import Post
from gateway.client.proofs import read_exchange
from gateway.client.trust import Trust
from gateway.clock import Clock
from gateway.connector import ledger, outbox, quotes, refusals, terms
from gateway.connector.desk import Desk
from gateway.connector.outbox import Outgoing, State
from gateway.connector.partykeys import PartyKeys
from gateway.connector.quotes import Quote
from gateway.connector.spool import Db, Spool
from gateway.errors import EvidenceError, GatewayError, RejectedError, UnavailableError
from keys import signing
from schemas.problems import Problem
from schemas.receipts import Aanvaard, Afgewezen
from schemas.values import Digest

BATCH = 200
BATCH_BYTES = 4 * 1024 * 1024
GOOD_IN_A_ROW = 20
WAIT_FOR_EARLIER = timedelta(seconds=1)
WAIT_FOR_PERSON = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Taken:
    """The exchange took responsibility, and proved it."""

    aanvaard: str
    receipt: Aanvaard


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """The exchange refused and logged it: the number is spent and this is final."""

    afgewezen: str
    receipt: Afgewezen


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Nothing was decided; the same bytes are sent again after a while."""

    code: str
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Unproved:
    """The exchange's receipt does not hold: a person must look, and the message stays spooled."""

    reason: str
    material: str


Answer = Taken | TurnedDown | HeldUp | Unproved


def judge(message: Outgoing, answer: str | GatewayError, trust: Trust) -> Answer:
    """Decide what an answer means for a message; a receipt counts only after its signature and subject hold."""
    receipt = answer.receipt if isinstance(answer, RejectedError) else None
    try:
        if isinstance(answer, str):
            aanvaard = read_exchange(answer, Aanvaard, trust, message.subject)
            trust.check_quote(aanvaard.stand, aanvaard.tijd)
            return Taken(answer, aanvaard)
        if receipt is not None:
            return TurnedDown(receipt, _read_refusal(receipt, message, trust))
    except EvidenceError as error:
        return Unproved(error.detail, str(receipt or answer))
    later = isinstance(answer, RejectedError)
    return HeldUp(answer.code.value, WAIT_FOR_PERSON if later else WAIT_FOR_EARLIER)


def _read_refusal(receipt: str, message: Outgoing, trust: Trust) -> Afgewezen:
    refused = read_exchange(receipt, Afgewezen, trust, message.subject)
    if (refused.reeks, refused.volgnummer) != (message.reeks, message.volgnummer):
        raise EvidenceError("afgewezen is about another number")
    if refused.code is None:
        raise EvidenceError("afgewezen without the reason, which only a recipient gets so")
    return refused


@dataclass(slots=True)
class Portion:
    """How much goes into one request: half after each that took too long, twice again after some that did not."""

    halvings: int = 0
    good: int = 0

    @property
    def messages(self) -> int:
        """Most messages; at least one is always sent."""
        return max(1, BATCH >> self.halvings)

    @property
    def characters(self) -> int:
        """Most characters of messages."""
        return BATCH_BYTES >> self.halvings

    def too_slow(self) -> None:
        """The exchange would not wait for so much: ask it to take half."""
        self.halvings, self.good = min(self.halvings + 1, BATCH.bit_length()), 0

    def went_well(self) -> None:
        """A request was answered in time."""
        self.good += 1
        if self.good >= GOOD_IN_A_ROW and self.halvings:
            self.halvings, self.good = self.halvings - 1, 0


@dataclass(frozen=True, slots=True)
class Sending:
    """Submits; ``trust`` gives the register as replayed so far, ``refresh`` replays it further."""

    spool: Spool
    desk: Desk
    post: Post
    clock: Clock
    keys: PartyKeys
    trust: Callable[[], Trust]
    refresh: Callable[[], Awaitable[Trust]]
    portion: Portion = field(default_factory=Portion)

    async def __call__(self) -> int:
        """Submit the next batch; give how many messages were decided.

        A crash at any point leaves every message either decided with its proof on disk, or spooled
        and sent again unchanged.

        Raises:
            UnavailableError: the outcome is unknown; call again later.
            RejectedError: the exchange refuses the whole request.
        """
        batch = await self.desk(self._next)
        if not batch:
            return 0
        answers = await self._submit(batch)
        judged = await self.desk(_judge_all, batch, answers, self.trust())
        if any(isinstance(answer, Unproved) for answer in judged):
            newer = await self.refresh()  # the register may have grown since we replayed it
            judged = await self.desk(_judge_all, batch, answers, newer)
        return await self.desk(self._book, batch, judged)

    async def _submit(self, batch: Sequence[Outgoing]) -> list[str | GatewayError]:
        try:
            answers = await self.post.submit([(m.envelop, m.lading or "") for m in batch])
        except UnavailableError as error:
            if error.code is Problem.TE_LANGZAAM:
                self.portion.too_slow()
            raise
        self.portion.went_well()
        return answers

    def _next(self) -> list[Outgoing]:
        with self.spool.read() as db:
            return outbox.unsent(db, self.clock(), self.portion.messages, self.portion.characters)

    def _book(self, batch: Sequence[Outgoing], judged: Sequence[Answer]) -> int:
        now = self.clock()
        convenant = self.trust().register.convenant_at(now)
        with self.spool.record() as db:
            for message, answer in zip(batch, judged, strict=True):
                _record(db, message, answer, now)
            taken = [m for m, answer in zip(batch, judged, strict=True) if isinstance(answer, Taken)]
            terms.follow_all(db, taken, self.keys, convenant, now)
        for message, answer in zip(batch, judged, strict=True):
            if isinstance(answer, TurnedDown):
                refusals.tell(message, State.AFGEWEZEN, answer.receipt.code)
        return sum(isinstance(answer, Taken | TurnedDown) for answer in judged)


def _judge_all(batch: Sequence[Outgoing], answers: Sequence[str | GatewayError], trust: Trust) -> list[Answer]:
    return [judge(message, answer, trust) for message, answer in zip(batch, answers, strict=True)]


def _record(db: Db, message: Outgoing, answer: Answer, now: datetime) -> None:
    match answer:
        case Taken(aanvaard, receipt):
            agreed = outbox.accept(db, message, aanvaard, receipt.logboek.blad)
            ledger.promise(db, "verkeer", receipt.logboek, now)
            quotes.keep(db, Quote.of(receipt, aanvaard), now)
        case TurnedDown(afgewezen, refused):
            digest = Digest(signing.digest(afgewezen))
            agreed = outbox.refuse(db, message, refused.code or "", (digest, afgewezen))
            ledger.promise(db, "verkeer", refused.logboek, now)
        case HeldUp(code, wait):
            outbox.hold_up(db, message, code, now + wait)
            agreed = True
        case Unproved(reason, material):
            outbox.hold_up(db, message, Problem.INTERNE_FOUT.value, now + WAIT_FOR_PERSON)
            alarm = ledger.Alarm("ontvangstbewijs", message.subject.id, reason, material)
            ledger.raise_alarm(db, alarm, now)
            agreed = True
    if not agreed:
        alarm = ledger.Alarm("tegenspraak", message.subject.id, f"the exchange also says {type(answer).__name__}")
        ledger.raise_alarm(db, alarm, now)
