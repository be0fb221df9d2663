"""The receiving side of one round: hand in receipts, confirm, collect, judge, store; all of it safe to repeat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.client.opening import Distrusted, Opened, Refused, Verdict
from gateway.client.post import Collected, Post, Round
from gateway.client.proofs import read_geboekt
from gateway.client.trust import Trust
from gateway.clock import Clock
from gateway.connector import completeness, inbox, intake, ledger, objection, refusals, returns, terms
from gateway.connector.desk import Desk
from gateway.connector.inbox import Incoming
from gateway.connector.intake import Intake
from gateway.connector.outbox import Outgoing
from gateway.connector.returns import Answered, Returned, Undelivered, Worthless
from gateway.connector.spool import Db, Spool
from gateway.errors import EvidenceError, GatewayError, RejectedError, UnavailableError
from schemas.problems import Problem
from schemas.receipts import Leaf, Ontvangen

BATCH = 100


@dataclass(frozen=True, slots=True)
class Gain:
    """What one round brought: new messages, messages handed over, receipts settled, receipts handed in."""

    messages: int = 0
    handed_over: int = 0
    settled: int = 0
    handed_in: int = 0
    more: bool = False

    def __add__(self, other: Gain) -> Gain:
        """Give what two rounds brought together."""
        return Gain(
            self.messages + other.messages,
            self.handed_over + other.handed_over,
            self.settled + other.settled,
            self.handed_in + other.handed_in,
            self.more or other.more,
        )

    @property
    def anything(self) -> bool:
        """Tell whether asking again at once makes sense."""
        return bool(self.more or self.messages or self.settled or self.handed_in)


@dataclass(frozen=True, slots=True)
class _Due:
    receipts: list[Incoming]
    seen: list[int]


@dataclass(frozen=True, slots=True)
class _Booked:
    geboekt: str
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class _SignedAgain:
    receipt: str


_Booking = _Booked | _SignedAgain | GatewayError


@dataclass(frozen=True, slots=True)
class _Judged:
    trust: Trust
    verdicts: list[Verdict]
    returned: list[Returned]
    booked: list[_Booking]

    @property
    def doubtful(self) -> bool:
        everything = [*self.verdicts, *self.returned, *self.booked]
        doubts = (Distrusted, Worthless, EvidenceError)
        return any(isinstance(one, doubts) or _is_key_unknown(one) for one in everything)


@dataclass(frozen=True, slots=True)
class Collecting:
    """Collects one mailbox; ``refresh`` replays the register further and gives what is trusted then."""

    spool: Spool
    desk: Desk
    post: Post
    clock: Clock
    intake: Intake
    trust: Callable[[], Trust]
    refresh: Callable[[], Awaitable[Trust]]

    async def __call__(self, wait_seconds: int = 0, vanaf: int | None = None) -> Gain:
        """Do one round trip; it waits only when there is nothing to hand in.

        A crash at any point loses nothing: what was not stored is offered again, what was stored is
        recognised and answered with the same receipt, and a confirmation that got lost is said again.

        Raises:
            UnavailableError: no answer; call again later.
            RejectedError: the exchange refuses the whole request.
        """
        due = await self.desk(self._due)
        wait = 0 if due.receipts or due.seen else wait_seconds
        receipts = [message.receipt or "" for message in due.receipts]
        asked = Round(self.intake.mailbox, receipts, due.seen, BATCH, wait, vanaf)
        answer = await self.post.collect(asked)
        judged = await self._weigh(due, answer, self.trust())
        if judged.doubtful:  # the register may have grown since we replayed it: look again before saying so
            judged = await self._weigh(due, answer, await self.refresh())
        return await self.desk(self._take_in, due, answer, judged, vanaf is not None)

    async def _weigh(self, due: _Due, answer: Collected, trust: Trust) -> _Judged:
        backs = answer.ontvangstbewijzen
        wanted = await self.desk(lambda: [returns.needs_entry(back, trust) for back in backs])
        entries = [None if index is None else await self._entry(index) for index in wanted]
        return await self.desk(self._judge, due, answer, trust, entries)

    async def _entry(self, index: int) -> bytes | None:
        try:
            return await self.post.entry(index)
        except RejectedError:
            return None  # not shown: the receipt does not count, and that is an alarm

    def _judge(self, due: _Due, answer: Collected, trust: Trust, entries: Sequence[bytes | None]) -> _Judged:
        with self.spool.read() as db:
            backs = zip(answer.ontvangstbewijzen, entries, strict=True)
            returned = [returns.judge(db, self.intake.mailbox, back, trust, entry) for back, entry in backs]
        pairs = zip(due.receipts, answer.uitkomsten, strict=True)
        booked = [self._judge_booking(message, outcome, trust) for message, outcome in pairs]
        return _Judged(trust, self.intake.judge(answer.berichten, trust), returned, booked)

    def _judge_booking(self, message: Incoming, outcome: str | GatewayError, trust: Trust) -> _Booking:
        if _is_key_unknown(outcome) and (again := self.intake.sign_again(message, trust)) is not None:
            return _SignedAgain(again)
        if isinstance(outcome, GatewayError):
            return outcome
        try:
            return _Booked(outcome, read_geboekt(outcome, message.receipt or "", trust, message.subject).logboek)
        except EvidenceError as error:
            return error

    def _due(self) -> _Due:
        with self.spool.read() as db:
            seen = db.execute("SELECT nummer FROM seen WHERE mailbox = ? LIMIT 500", (self.intake.mailbox,))
            numbers = [int(row[0]) for row in seen]
            return _Due(inbox.receipts_due(db, self.intake.mailbox, BATCH), numbers)

    def _take_in(self, due: _Due, answer: Collected, judged: _Judged, again: bool) -> Gain:
        now, mailbox = self.clock(), self.intake.mailbox
        with self.spool.record() as db:
            db.executemany("DELETE FROM seen WHERE mailbox = ? AND nummer = ?", [(mailbox, n) for n in due.seen])
            pairs = zip(due.receipts, judged.booked, strict=True)
            handed_in = sum([_record_booking(db, message, outcome, now) for message, outcome in pairs])
            for offered in answer.berichten:
                intake.record_gaps(db, offered, mailbox, judged.trust, now)
            offers = sorted(zip(answer.berichten, judged.verdicts, strict=True), key=lambda offer: _index(offer[1]))
            messages = sum([self.intake.record(db, offered, verdict, judged.trust, now) for offered, verdict in offers])
            settled = sum([returns.record(db, mailbox, one, now) for one in judged.returned])
            self._heed(db, judged, now)
            handed_over = inbox.hand_over(db, now)
            if again:
                completeness.collected_again(db, mailbox)
            elif not answer.berichten and not answer.meer:
                completeness.drained(db, mailbox)
        self.spool.wipe_if_owed()
        refusals.tell_returned(judged.returned)
        return Gain(messages, handed_over, settled, handed_in, answer.meer)

    def _heed(self, db: Db, judged: _Judged, now: datetime) -> None:
        """Let what became of our messages have its effect: on the terms, and on content that nobody may keep."""
        party, convenant = self.intake.party, judged.trust.register.convenant_at(now)
        for one in judged.returned:
            match one:
                case Answered(message, _, Ontvangen()):
                    objection.received(db, message, party, convenant, now)
                case Answered(Outgoing() as message) | Undelivered(Outgoing() as message):
                    terms.follow_all(db, [message], party, convenant, now)
        if convenant is not None:
            objection.reconsider(db, party, convenant, now)


def _index(verdict: Verdict) -> float:
    """Give where a message stands in the log: each is judged after those before it."""
    return verdict.known.aanvaard.logboek.index if isinstance(verdict, Opened | Refused) else float("inf")


def _is_key_unknown(outcome: object) -> bool:
    return isinstance(outcome, RejectedError) and outcome.code is Problem.SLEUTEL_ONBEKEND


def _record_booking(db: Db, message: Incoming, outcome: _Booking, now: datetime) -> bool:
    if isinstance(outcome, UnavailableError):
        return False  # handed in again with the next round
    if isinstance(outcome, _SignedAgain):
        inbox.replace_receipt(db, message, outcome.receipt)
        return True
    if isinstance(outcome, _Booked):
        inbox.handed_in(db, message, outcome.geboekt)
        ledger.promise(db, "verkeer", outcome.leaf, now)
        return True
    inbox.handed_in(db, message, None)  # not again and again: a person must look
    detail = f"our receipt was not booked: {outcome}"
    ledger.raise_alarm(db, ledger.Alarm("ontvangstbewijs", message.subject.id, detail, message.receipt or ""), now)
    return False
