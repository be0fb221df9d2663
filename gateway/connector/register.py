"""The register log, replayed whole: every key that is believed here was seen here, in a signed log, in order."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.client.logs import fetch_checkpoint, fetch_register
from gateway.client.transport import Transport
from gateway.client.trust import Trust
from gateway.connector import ledger
from gateway.connector.desk import Desk
from gateway.connector.ledger import KeptCheckpoint
from gateway.connector.spool import Spool
from gateway.errors import EvidenceError
from gateway.rules.register import Register
from gateway.tlog.checkpoints import Checkpoint, open_checkpoint
from gateway.tlog.errors import NoteError
from gateway.tlog.notes import NoteVerifier
from schemas.entries import parse_register
from schemas.values import Digest

LOG = "register"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was learned at joining, under the authority's fingerprint: the exchange and its log keys (C2SP vkeys)."""

    beurs: str
    register: str
    verkeer: str


class Replay:
    """The register as far as it was replayed. ``trust`` only ever grows, and only by verified entries.

    Several loops and threads replay at the same time: whoever folds holds the turn, and folds only
    what nobody folded before. An entry folded twice would look like a rewritten log.
    """

    def __init__(self, spool: Spool, desk: Desk, anchor: Anchor) -> None:
        self._turn = threading.Lock()
        self._spool, self._desk, self._anchor = spool, desk, anchor
        register = Register.empty()
        self.trust = Trust(register, (register.root,))

    def reload(self) -> Trust:
        """Take over what the spool holds: entries and confirmations, also those of another process."""
        with self._turn:
            with self._spool.read() as db:
                bodies = ledger.register_bodies(db, self.trust.register.size)
                confirmed = ledger.confirmed_keys(db)
            self.trust = replace(extend(self.trust, bodies), confirmed=confirmed)
            return self.trust

    async def refresh(self, transport: Transport) -> Trust:
        """Replay up to the newest checkpoint of the exchange.

        Raises:
            EvidenceError: the log was rewritten, or holds what it never should; nothing of it is kept.
            UnavailableError: no answer; ask again later.
        """
        await self._desk(self.reload)
        note = await fetch_checkpoint(transport, LOG)
        checkpoint = read_checkpoint(note, self._anchor.register)
        size = self.trust.register.size
        bodies = await fetch_register(transport, size, checkpoint.size) if checkpoint.size > size else []
        return await self._desk(self._keep, checkpoint, note, size, bodies)

    def _keep(self, checkpoint: Checkpoint, note: str, start: int, bodies: Sequence[bytes]) -> Trust:
        with self._turn:
            return self._fold(checkpoint, note, start, bodies)

    def _fold(self, checkpoint: Checkpoint, note: str, start: int, bodies: Sequence[bytes]) -> Trust:
        grown = extend(self.trust, bodies[self.trust.register.size - start :])  # the rest was folded meanwhile
        root = Digest.from_raw(checkpoint.root)
        if grown.roots[checkpoint.size] != root:
            raise EvidenceError("the register log is not the one that was replayed before")
        self._check_anchor(grown.register)
        if bodies:
            with self._spool.record() as db:
                ledger.keep_register(db, start, bodies)
                ledger.keep_checkpoint(db, LOG, KeptCheckpoint(checkpoint.size, root, note))
        self.trust = grown
        return grown

    def _check_anchor(self, register: Register) -> None:
        expected = (self._anchor.beurs, (self._anchor.register, self._anchor.verkeer))
        if register.size and (register.beurs, register.vkeys) != expected:
            raise EvidenceError("the register log begins with another exchange than the one that was joined")


def extend(trust: Trust, bodies: Sequence[bytes]) -> Trust:
    """Fold more entries; every key among them is checked against the one before (``Register.apply``)."""
    register, roots, times = trust.register, list(trust.roots), list(trust.times)
    for body in bodies:
        register = register.apply(body)
        roots.append(register.root)
        times.append(parse_register(body).tijd)
    return replace(trust, register=register, roots=tuple(roots), times=tuple(times))


def read_checkpoint(note: str, vkey: str) -> Checkpoint:
    """Read a checkpoint that the log's own key signed.

    Raises:
        EvidenceError: it did not.
    """
    try:
        return open_checkpoint(note, NoteVerifier.parse(vkey))
    except NoteError as error:
        raise EvidenceError(f"no checkpoint of this log: {error}") from error
