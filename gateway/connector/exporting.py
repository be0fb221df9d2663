"""Exporting the evidence of one dossier: what this party keeps, with proofs fetched from the public logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.client.logs import Tiles, fetch_checkpoint
from gateway.client.post import Post
from gateway.client.transport import Transport
from gateway.connector import ledger
from gateway.connector.connector import Connector
from gateway.connector.reading import Record
from gateway.connector.register import read_checkpoint
from gateway.errors import RejectedError, UnavailableError
from gateway.evidence.bundle import TYP, Bericht, Controlepunt, Delen, Logregel, Opdracht, build
from gateway.tlog.tiles import Plan
from keys import signing
from keys.encoding import decode
from schemas.entries import SleutelEntry, parse_register
from schemas.problems import Problem
from schemas.strict import parse_json
from schemas.values import Mailbox, RandomId


async def export_dossier(connector: Connector, transport: Transport, dossier: RandomId, moment: str) -> bytes:
    """Give the evidence file of a dossier, signed by this party; ``moment`` says when, in RFC 3339.

    Everything in it can be verified offline (docs/bewijs.md). Messages that are still on their way are
    shown with the receipts that they have so far; what the exchange has not accepted yet is left out.

    Raises:
        RejectedError: this party has nothing of the dossier.
        UnavailableError: a promised leaf is not in a checkpoint yet, or no answer; try again in a moment.
        EvidenceError: the logs do not hold what was promised.
    """
    records = [r for r in connector.records(dossier) if r.aanvaard is not None]
    if not records:
        raise RejectedError(Problem.DOSSIER_ONBEKEND, "nothing of this dossier was accepted")
    export = _Export(connector, transport)
    traffic = await export.traffic(records)
    register = await export.register({_source(r) for r in records} | {_recipient(r) for r in records})
    mailbox = next(iter(connector.keys))
    delen = Delen([_message(r) for r in records], export.checkpoints, traffic, register, export.keys)
    key = connector.keys[mailbox].signing
    return build(delen, Opdracht(dossier, mailbox, moment), lambda payload: signing.sign(payload, key, TYP))


class _Export:
    """Collects the provable parts."""

    def __init__(self, connector: Connector, transport: Transport) -> None:
        self._connector = connector
        self._transport = transport
        self.checkpoints: list[Controlepunt] = []
        self.keys: dict[str, dict[str, str]] = {}

    async def traffic(self, records: Sequence[Record]) -> list[Logregel]:
        """Fetch every traffic entry that a receipt points to, with its proof."""
        indexes = sorted({i for record in records for i in _indexes(record)})
        size, tiles = await self._log("verkeer", self._connector.settings.verkeer_vkey)
        if indexes[-1] >= size:
            raise UnavailableError("the newest checkpoint does not cover this dossier yet")
        post = Post(self._transport)
        return [Logregel(i, await post.entry(i), await tiles.prove(Plan.inclusion(i, size))) for i in indexes]

    async def register(self, mailboxes: set[Mailbox]) -> list[Logregel]:
        """Give the first register entry and every signing key that these parties and the exchange ever had."""
        size, tiles = await self._log("register", self._connector.settings.register_vkey)
        with self._connector.spool.read() as db:
            bodies = ledger.register_bodies(db, 0)
        wanted = mailboxes | set(self._connector.keys)
        lines = []
        for index, body in enumerate(bodies[:size]):
            entry = parse_register(body)
            if index == 0 or self._is_wanted(entry, wanted):
                lines.append(Logregel(index, body, await tiles.prove(Plan.inclusion(index, size))))
        return lines

    def _is_wanted(self, entry: Any, mailboxes: set[Mailbox]) -> bool:  # noqa: ANN401 - one of RegisterEntry
        if not isinstance(entry, SleutelEntry) or entry.gebruik == "verzegelen":
            return False
        if entry.postvak is not None and entry.postvak not in mailboxes:
            return False
        self.keys[entry.kid] = dict(entry.jwk)
        return True

    async def _log(self, log: str, vkey: str) -> tuple[int, Tiles]:
        note = await fetch_checkpoint(self._transport, log)
        checkpoint = read_checkpoint(note, vkey)
        self.checkpoints.append(Controlepunt(log, vkey, note))
        return checkpoint.size, Tiles(self._transport, log, checkpoint.size)


def _message(record: Record) -> Bericht:
    receipts = [record.aanvaard or ""]
    for proof in record.proofs:
        receipts.append(proof.bewijs)
        if proof.geboekt is not None:
            receipts.append(proof.geboekt)
    return Bericht(record.envelop, receipts, record.payload.decode() if record.payload is not None else None)


def _indexes(record: Record) -> list[int]:
    pointing = [record.aanvaard or "", *(p.geboekt or p.bewijs for p in record.proofs)]
    return [index for jws in pointing if (index := _index(jws)) is not None]


def _index(jws: str) -> int | None:
    place = _claims(jws).get("logboek")
    return int(place["index"]) if isinstance(place, dict) else None


def _claims(jws: str) -> dict[str, Any]:
    """Read what a JWS says that was verified before it was stored."""
    claims: dict[str, Any] = parse_json(decode(jws.split(".")[1]))
    return claims


def _source(record: Record) -> Mailbox:
    return Mailbox(_claims(record.envelop)["source"])


def _recipient(record: Record) -> Mailbox:
    return Mailbox(_claims(record.envelop)["ontvanger"])
