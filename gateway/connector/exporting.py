"""Exporting the evidence of one dossier: what this party keeps, with proofs fetched from the public logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.client.logs import Tiles, fetch_checkpoint
from gateway.client.post import Post
from gateway.client.transport import Transport
from gateway.connector import ledger
from gateway.connector.connector import Connector
from gateway.connector.outbox import Proof
from gateway.connector.reading import Record
from gateway.connector.register import read_checkpoint
from gateway.errors import RejectedError, UnavailableError
from gateway.evidence.bundle import TYP, Bericht, Controlepunt, Delen, Logregel, Opdracht, build
from gateway.tlog.tiles import Plan
from keys import signing
from keys.encoding import decode
from schemas.problems import Problem
from schemas.receipts import ReceiptKind
from schemas.strict import parse_json
from schemas.values import RandomId

_BOOKED = frozenset({ReceiptKind.ONTVANGEN, ReceiptKind.GEWEIGERD})


async def export_dossier(connector: Connector, transport: Transport, dossier: RandomId, moment: str) -> bytes:
    """Give the evidence file of a dossier, signed by this party; ``moment`` says when, in RFC 3339.

    Everything in it can be verified offline (docs/bewijs.md). Messages that are still on their way are
    shown with the receipts that were logged so far; what the exchange has not accepted or refused yet, and a
    receipt that it has not booked yet, is left out. A message that we refused is shown without its content: what
    we could not take in is not ours to show, and need not even be text.

    Raises:
        RejectedError: this party has nothing of the dossier.
        UnavailableError: a promised leaf is not in a checkpoint yet, or no answer; try again in a moment.
        EvidenceError: the logs do not hold what was promised.
    """
    records = [r for r in connector.records(dossier) if _decisions(r)]
    if not records:
        raise RejectedError(Problem.DOSSIER_ONBEKEND, "nothing of this dossier was accepted or refused")
    export = _Export(connector, transport)
    traffic = await export.traffic(records)
    register = await export.register(traffic)
    mailbox = next(iter(connector.keys))
    delen = Delen([_message(r) for r in records], export.checkpoints, traffic, register)
    key = connector.keys[mailbox].signing
    return build(delen, Opdracht(dossier, mailbox, moment), lambda payload: signing.sign(payload, key, TYP))


class _Export:
    """Collects the provable parts."""

    def __init__(self, connector: Connector, transport: Transport) -> None:
        self._connector = connector
        self._transport = transport
        self.checkpoints: list[Controlepunt] = []

    async def traffic(self, records: Sequence[Record]) -> list[Logregel]:
        """Fetch every traffic entry that a receipt points to, with its proof."""
        indexes = sorted({i for record in records for i in _indexes(record)})
        vkey = self._connector.settings.verkeer_vkey
        note = await fetch_checkpoint(self._transport, "verkeer")
        size = read_checkpoint(note, vkey).size
        if indexes[-1] >= size:
            raise UnavailableError("the newest checkpoint does not cover this dossier yet")
        self.checkpoints.append(Controlepunt("verkeer", vkey, note))
        post, tiles = Post(self._transport), Tiles(self._transport, "verkeer", size)
        return [Logregel(i, await post.entry(i), await tiles.prove(Plan.inclusion(i, size))) for i in indexes]

    async def register(self, traffic: Sequence[Logregel]) -> list[bytes]:
        """Give the whole register log, as replayed up to a checkpoint that reaches what the traffic entries quote."""
        await self._connector.refresh(self._transport)
        with self._connector.spool.read() as db:
            kept = ledger.last_checkpoint(db, "register")
            bodies = ledger.register_bodies(db)
        if kept is None or any(_quoted(line.body) > kept.size for line in traffic):
            raise UnavailableError("the newest checkpoint of the register does not cover this dossier yet")
        self.checkpoints.append(Controlepunt("register", self._connector.settings.register_vkey, kept.note))
        return bodies[: kept.size]


def _quoted(body: bytes) -> int:
    """Give the size of the register log that a traffic entry quotes, or nothing of it."""
    state = parse_json(body).get("register")
    return int(state["omvang"]) if state else 0


def _message(record: Record) -> Bericht:
    receipts = [] if record.aanvaard is None else [record.aanvaard]
    for proof in _logged(record):
        receipts.append(proof.bewijs)
        if proof.geboekt is not None:
            receipts.append(proof.geboekt)
    refused = record.direction == "in" and any(p.kind is ReceiptKind.GEWEIGERD for p in record.proofs)
    shown = None if refused or record.payload is None else record.payload.decode()
    return Bericht(record.envelop, receipts, shown)


def _decisions(record: Record) -> list[str]:
    """Give what the exchange decided on a message, as signed: *aanvaard* or *afgewezen*; nothing before it did."""
    refused = [p.bewijs for p in record.proofs if p.kind is ReceiptKind.AFGEWEZEN]
    return refused if record.aanvaard is None else [record.aanvaard, *refused]


def _logged(record: Record) -> list[Proof]:
    """Give the receipts that the log bears out: a recipient's only with its *geboekt*."""
    return [p for p in record.proofs if p.geboekt is not None or p.kind not in _BOOKED]


def _indexes(record: Record) -> list[int]:
    pointing = [record.aanvaard, *(p.geboekt or p.bewijs for p in _logged(record))]
    return [index for jws in pointing if jws is not None and (index := _index(jws)) is not None]


def _index(jws: str) -> int | None:
    place = _claims(jws).get("logboek")
    return int(place["index"]) if isinstance(place, dict) else None


def _claims(jws: str) -> dict[str, Any]:
    """Read what a JWS says that was verified before it was stored."""
    claims: dict[str, Any] = parse_json(decode(jws.split(".")[1]))
    return claims
