"""Inspect: what a participant may look up. It sees what it sent or is to receive; all else is not there (I11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import RejectedError
from gateway.flow.gate import Peer
from gateway.flow.notary import Notary
from gateway.flow.registry import Registry
from gateway.rules.rows import Log, Message, Refusal, Settlement
from gateway.store.port import Reading, Store
from schemas.entries import parse_traffic
from schemas.problems import Problem
from schemas.values import Mailbox, MessageId, Oin, RandomId


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt of the recipient with its booking, or a notice of the exchange alone."""

    receipt: str
    geboekt: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one message stands."""

    id: MessageId
    source: Mailbox
    ontvanger: Mailbox
    type: str | None
    dossier: RandomId | None
    state: str
    receipt_kind: str
    receipt: str
    proofs: Sequence[Proof]


@dataclass(frozen=True, slots=True)
class Inspect:
    """Look things up for a participant."""

    store: Store
    registry: Registry
    notary: Notary

    async def message(self, peer: Peer, sender: Oin, message_id: MessageId) -> Standing:
        """Give where a message stands, to its sender and its recipient.

        Raises:
            RejectedError: there is none, or it is somebody else's: the answer is the same.
        """
        party = self.registry.current.party(sender)
        keys = [(box, message_id) for box in (party.postvakken if party else ())]
        async with self.store.read() as view:
            found = await view.messages(keys)
            message = next((m for m in found.values() if _concerns(m, peer)), None)
            if message is not None:
                return await self._standing(view, message)
            refused = await view.refused(keys) if sender == peer.oin else []
        if not refused:
            raise RejectedError(Problem.NIET_GEVONDEN)
        return await self._refused(refused[-1])

    async def dossier(self, peer: Peer, dossier: RandomId) -> list[Standing]:
        """Give the participant's own messages of a dossier, in log order.

        Raises:
            RejectedError: there are none for this participant.
        """
        async with self.store.read() as view:
            messages = await view.dossier_messages(dossier, peer.oin)
            if not messages:
                raise RejectedError(Problem.NIET_GEVONDEN)
            return [await self._standing(view, message) for message in messages]

    async def entry(self, peer: Peer, index: int) -> bytes:
        """Give the body of one traffic entry to a party of the message that it is about.

        Raises:
            RejectedError: as above.
        """
        async with self.store.read() as view:
            bodies = await view.bodies(Log.VERKEER, index, index + 1)
        if not bodies or bodies[0] is None:
            raise RejectedError(Problem.NIET_GEVONDEN)
        entry = parse_traffic(bodies[0])
        parties = {box[12:32] for box in (getattr(entry, "source", ""), entry.ontvanger)}
        refusal_of_other = entry.soort == "afgewezen" and entry.source.oin != peer.oin
        if peer.oin not in parties or refusal_of_other:
            raise RejectedError(Problem.NIET_GEVONDEN)
        return bodies[0]

    async def _refused(self, row: Refusal) -> Standing:
        """A refused message exists for its sender alone; of what it held only the receipt tells."""
        (afgewezen,) = await self.notary.afgewezen([row])
        return Standing(row.id, row.source, row.ontvanger, None, None, "afgewezen", "afgewezen", afgewezen, [])

    async def _standing(self, view: Reading, message: Message) -> Standing:
        settled = (await view.settlements([message.idx])).get(message.idx, [])
        offered = await view.offers([message.idx])
        (aanvaard,) = await self.notary.aanvaard([message])
        return Standing(
            message.id,
            message.source,
            message.ontvanger,
            message.type,
            message.dossier,
            settled[-1].outcome if settled else "aangeboden" if offered else "wacht",
            "aanvaard",
            aanvaard,
            [await self._proof(message, row) for row in settled],
        )

    async def _proof(self, message: Message, row: Settlement) -> Proof:
        if row.receipt is None:
            return Proof((await self.notary.niet_afgeleverd([(message, row)]))[0], None)
        return Proof(row.receipt, (await self.notary.geboekt([(message, row)]))[0])


def _concerns(message: Message, peer: Peer) -> bool:
    return peer.oin in (message.source[12:32], message.ontvanger[12:32])
