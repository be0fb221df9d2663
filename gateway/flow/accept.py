"""Accept: take responsibility for sealed messages.

Calls that arrive while a commit is under way are gathered and committed together; no timer, no waiting of
its own. One transaction reads what the decisions need, decides, appends all entries and writes all rows; one
flush serves the batch. Receipts are signed after it, from the stored rows.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from gateway.clock import Clock
from gateway.errors import EvidenceError, GatewayError, RejectedError, UnavailableError
from gateway.flow.bells import Bells
from gateway.flow.gate import Peer, authenticate
from gateway.flow.notary import Crypto, Notary
from gateway.flow.quota import Quota
from gateway.flow.registry import Registry, unread
from gateway.flow.watched import move_terms
from gateway.rules.facts import Authentic, Facts, history
from gateway.rules.messages import Accepted, Decision, Judgement, NotYet, Refused, judge
from gateway.rules.register import Register
from gateway.rules.rows import Asked, Content, Log
from gateway.store.port import Store, Transaction
from schemas.problems import Problem
from schemas.values import Mailbox, MessageId, Oin, Salt, from_milliseconds, to_milliseconds

AHEAD_MILLISECONDS = 60_000
MAX_BATCH = 256
"""Most messages in one commit: more would make the first wait for the last."""


@dataclass(frozen=True, slots=True)
class Receipted:
    """What the sender gets: the signed *aanvaard* of its message."""

    source: Mailbox
    id: MessageId
    receipt: str


Verdict = Receipted | GatewayError


@dataclass(slots=True)
class _Call:
    peer: Peer
    contents: Sequence[Content]
    done: asyncio.Future[list[Verdict]]


@dataclass(frozen=True, slots=True)
class Accept:
    """Take responsibility for sealed messages, or keep nothing of them."""

    store: Store
    registry: Registry
    notary: Notary
    crypto: Crypto
    bells: Bells
    clock: Clock
    salt: Callable[[], Salt]
    hindrances: Callable[[], Sequence[str]]
    quota: Quota = field(default_factory=Quota)
    _queue: deque[_Call] = field(default_factory=deque)
    _drains: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, peer: Peer, contents: Sequence[Content]) -> list[Verdict]:
        """Judge messages in order and give a verdict for each.

        On return each accepted message, its log entry and its due delivery are one committed fact; the sender
        may forget its copy. The same id with the same bytes gets the first answer again. No payload is read.

        Raises:
            UnavailableError: the outcome is unknown; sending the same bytes again is safe.
        """
        if self.hindrances():
            raise UnavailableError("no message is taken while the logs cannot be published (I12)")
        call = _Call(peer, contents, asyncio.get_running_loop().create_future())
        self._queue.append(call)
        if not self._drains:
            task = asyncio.create_task(self._drain())
            self._drains.add(task)
        return await call.done

    async def _drain(self) -> None:
        try:
            while self._queue:
                await self._serve(self._next())
        finally:
            self._drains.clear()  # here and not in a callback: a call that comes in between would wait for ever

    def _next(self) -> list[_Call]:
        calls = [self._queue.popleft()]
        size = len(calls[0].contents)
        while self._queue and size + len(self._queue[0].contents) <= MAX_BATCH:
            size += len(self._queue[0].contents)
            calls.append(self._queue.popleft())
        return calls

    async def _serve(self, calls: list[_Call]) -> None:
        """Answer a batch of calls; if it fails for a reason other than storage, each runs again alone."""
        try:
            answers = await self._together(calls)
        except (UnavailableError, EvidenceError) as error:
            _fail(calls, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may be left waiting
            if len(calls) == 1:
                _fail(calls, error)
            else:
                for call in calls:
                    await self._serve([call])
        else:
            for call, answer in zip(calls, answers, strict=True):
                if not call.done.done():
                    call.done.set_result(answer)

    async def _together(self, calls: list[_Call]) -> list[list[Verdict]]:
        items = [(call.peer, content) for call in calls for content in call.contents]
        proved = await self.crypto.each(partial(_prove, self.registry.current), items)
        authentic = [p for p in proved if isinstance(p, Authentic)]
        decisions = iter(await self._record(authentic) if authentic else [])
        outcomes = [next(decisions) if isinstance(p, Authentic) else p for p in proved]
        verdicts = iter(await self._answer(outcomes))
        return [[next(verdicts) for _ in call.contents] for call in calls]

    async def _record(self, batch: list[Authentic]) -> list[Decision]:
        async with self.store.record() as tx:
            facts = await self._facts(tx, batch)
            judgement = judge(batch, facts, iter(self.salt, None))
            await _write(tx, judgement, facts)
        for row in judgement.refused:
            self.quota.spend(Oin(row.source[12:32]), row.moment)
        self.bells.ring({row.ontvanger for row in judgement.accepted}.union(*judgement.readers))
        return judgement.decisions

    async def _facts(self, tx: Transaction, batch: list[Authentic]) -> Facts:
        register = await self.registry.at(tx)
        head = await tx.head(Log.VERKEER)
        now = to_milliseconds(self.clock())
        if head.moment - now > AHEAD_MILLISECONDS:
            raise UnavailableError("the log is ahead of the clock; messages would be judged by the wrong day (I10)")
        moment = max(now, head.moment)
        if why := unread(register, from_milliseconds(moment)):
            raise UnavailableError(why[0])
        known = await tx.known(_asked(batch))
        facts = Facts(
            register=register,
            moment=moment,
            next_index=head.head.size,
            receipt_kid=self.notary.active,
            messages=known.messages,
            refusals=known.refusals,
            sequences=known.sequences,
            dossiers=known.dossiers,
            refusals_left=dict(self.quota.left((item.envelope.source.oin for item in batch), moment)),
        )
        await _read_more(tx, batch, facts)
        return facts

    async def _answer(self, outcomes: list[Decision | RejectedError]) -> list[Verdict]:
        accepted = iter(await self.notary.aanvaard([o.row for o in outcomes if isinstance(o, Accepted)]))
        refused = iter(await self.notary.afgewezen([o.row for o in outcomes if isinstance(o, Refused)]))
        return [_verdict(outcome, accepted.__next__, refused.__next__) for outcome in outcomes]


def _prove(register: Register, item: tuple[Peer, Content]) -> Authentic | RejectedError:
    try:
        return authenticate(item[1], item[0], register)
    except RejectedError as error:
        return error


def _asked(batch: list[Authentic]) -> Asked:
    return Asked(
        list({item.key for item in batch} | {item.answers for item in batch if item.answers is not None}),
        [(*item.key, item.digest) for item in batch],
        list({item.reeks for item in batch}),
        list({item.envelope.dossier for item in batch}),
    )


async def _read_more(tx: Transaction, batch: list[Authentic], facts: Facts) -> None:
    """Look up what only some messages need: the terms that answers may meet, and what came before a gate."""
    answered = {message.idx for message in map(facts.answered, batch) if message is not None}
    if answered:
        facts.terms.update(await tx.terms(list(answered)))
    gated = {item.dossier for item in batch if facts.convenant and facts.convenant.poorten_voor(item.envelope.type)}
    if gated:
        found = await tx.reached(list(gated))
        facts.earlier.update((dossier, history(reached)) for dossier, reached in found.items())


async def _write(tx: Transaction, judgement: Judgement, facts: Facts) -> None:
    await tx.append(Log.VERKEER, facts.moment, judgement.bodies)
    if judgement.accepted:
        await tx.accept(judgement.accepted, judgement.contents)
    if judgement.refused:
        await tx.refuse(judgement.refused)
    if judgement.notices:
        await tx.notify(judgement.notices, judgement.readers)
    if judgement.terms:
        await tx.keep_terms(list(judgement.terms.values()))
    if judgement.replies:
        await tx.answer(judgement.replies)
    if judgement.closings:
        await tx.close_dossiers(judgement.closings)
        await move_terms(tx, [row.idx for row in judgement.closings], facts.register)


def _verdict(outcome: Decision | RejectedError, accepted: Callable[[], str], refused: Callable[[], str]) -> Verdict:
    match outcome:
        case Accepted(row=message):
            return Receipted(Mailbox(message.source), message.id, accepted())
        case Refused(row=row):
            return RejectedError(Problem(row.code), receipt=refused())
        case NotYet(code=code):
            return RejectedError(code)
        case RejectedError():
            return outcome


def _fail(calls: list[_Call], error: Exception) -> None:
    for call in calls:
        if not call.done.done():
            call.done.set_exception(error)
