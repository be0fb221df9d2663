"""Terms: whose turn it is, and until when. A party sees those of messages that it sent or is to receive (I11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import RejectedError
from gateway.flow.gate import Peer
from gateway.rules.rows import Message, Term
from gateway.store.port import Reading, Store
from schemas.problems import Problem
from schemas.values import MessageId, Oin, RandomId

MOST = 500
"""So many terms at most in one answer: those that are due first."""


@dataclass(frozen=True, slots=True)
class TermStanding:
    """A term, the message that asks for an answer, and the answer that met it last, if there is one."""

    term: Term
    message: Message
    answer: MessageId | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Terms in the order in which they are due; ``more`` if there are others after these."""

    terms: Sequence[TermStanding]
    more: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """Look up reply terms."""

    store: Store

    async def overview(self, peer: Peer) -> Overview:
        """Give the running terms of messages that the participant sent or is to receive."""
        return await self._running(peer.oin)

    async def everything(self) -> Overview:
        """Give everybody's running terms, to whoever administers the exchange."""
        return await self._running(None)

    async def dossier(self, peer: Peer, dossier: RandomId) -> Overview:
        """Give all terms of the participant's own messages of a dossier, those that were met and lapsed included.

        Raises:
            RejectedError: it has no messages in this dossier, or there is none: the answer is the same.
        """
        async with self.store.read() as view:
            messages = await view.dossier_messages(dossier, peer.oin)
            if not messages:
                raise RejectedError(Problem.NIET_GEVONDEN)
            found = await view.terms([message.idx for message in messages])
            terms = sorted((term for of_one in found.values() for term in of_one), key=lambda term: term.due)
            return await _overview(view, terms)

    async def _running(self, oin: Oin | None) -> Overview:
        async with self.store.read() as view:
            return await _overview(view, await view.open_terms(oin, MOST + 1))


async def _overview(view: Reading, terms: Sequence[Term]) -> Overview:
    shown = terms[:MOST]
    indexes = {term.message for term in shown} | {term.reply for term in shown if term.reply is not None}
    messages = {message.idx: message for message in await view.by_index(sorted(indexes))}
    standings = [
        TermStanding(term, messages[term.message], None if term.reply is None else messages[term.reply].id)
        for term in shown
    ]
    return Overview(standings, len(terms) > MOST)
