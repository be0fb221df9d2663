"""The public side of the logs: checkpoints, hash tiles, and the entries of the register log. All of it unverified."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.client.transport import Transport
from gateway.errors import EvidenceError
from gateway.tlog.errors import TileError
from gateway.tlog.tiles import ProofPlan, Tile, entries_path
from gateway.tlog.tree import TILE_WIDTH

MAX_CHECKPOINT = 64 * 1024
MAX_BUNDLE = TILE_WIDTH * (2 + 0xFFFF)


class Tiles:
    """The tiles of one log at one size, each fetched once; what they prove must be checked against a signed root."""

    def __init__(self, transport: Transport, log: str, size: int) -> None:
        self._transport, self._log, self._size = transport, log, size
        self._known: dict[Tile, Sequence[bytes]] = {}

    async def prove(self, plan: ProofPlan) -> list[bytes]:
        """Fetch what a plan needs and give the proof.

        Raises:
            EvidenceError: the exchange serves other tiles than a log of this size has.
            UnavailableError: the exchange does not answer; ask again later.
        """
        try:
            hashes = {span: span.cut(await self._tile(span.tile(self._size))) for span in plan.tiles}
            return plan.prove(hashes)
        except TileError as error:
            raise EvidenceError(f"the log {self._log}: {error}") from error

    async def _tile(self, tile: Tile) -> Sequence[bytes]:
        if tile not in self._known:
            data = await self._transport.get(f"/log/{self._log}/{tile.path}", tile.width * 32)
            if len(data) != tile.width * 32:
                raise EvidenceError(f"a tile of the log {self._log} has the wrong length")
            self._known[tile] = tuple(data[i : i + 32] for i in range(0, len(data), 32))
        return self._known[tile]


async def fetch_checkpoint(transport: Transport, log: str) -> str:
    """Fetch the newest signed checkpoint of ``register`` or ``verkeer``."""
    note = await transport.get(f"/log/{log}/checkpoint", MAX_CHECKPOINT)
    try:
        return note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EvidenceError("a checkpoint is not UTF-8") from error


async def fetch_register(transport: Transport, start: int, size: int) -> list[bytes]:
    """Fetch the bodies ``start`` up to, not including, ``size`` of the register log.

    Raises:
        EvidenceError: a bundle has another number of entries than the log's size demands.
    """
    bodies: list[bytes] = []
    for number in range(start // TILE_WIDTH, -(-size // TILE_WIDTH)):
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        bundle = split_bundle(await transport.get(f"/log/register/{entries_path(number, width)}", MAX_BUNDLE))
        if len(bundle) != width:
            raise EvidenceError("a bundle of register entries has the wrong length")
        bodies.extend(bundle)
    return bodies[start % TILE_WIDTH :]


def split_bundle(data: bytes) -> list[bytes]:
    """Split a bundle of entries, each prefixed with its length in two bytes, big-endian (C2SP tlog-tiles).

    Raises:
        EvidenceError: the lengths do not add up.
    """
    bodies, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            raise EvidenceError("a bundle of register entries is cut short")
        bodies.append(data[at + 2 : end])
        at = end
    return bodies
