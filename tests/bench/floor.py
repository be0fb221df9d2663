"""The floor: what the protocols and the disk demand of any server that answers these requests, and nothing more.

Bare aiohttp on uvloop over the same mutual TLS, a plain JSON parse, and for each message one ES256 verify, one ES256
sign and one 4 KiB row in SQLite. What arrives while a group is at work makes the next group: one hop to one thread, one
commit. With ``bare`` it only reads and answers, which tells how much of a round was the machine's mood.
"""

from __future__ import annotations

import asyncio
import base64
import json
import signal
import ssl
import sys
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import apsw
import uvloop
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.bench.flushes import FlushPage, count_flushes

ES256 = ec.ECDSA(SHA256())
ROW = 4096
MAX_GROUP = 256
RECEIPT = base64.urlsafe_b64encode(bytes(600)).decode()
"""An *aanvaard* has about 940 characters; this and a signature of 86 come near."""


class Floor:
    """Verify, store, sign: groups as large as the disk makes them."""

    def __init__(self, sender: ec.EllipticCurvePublicKey, database: Path) -> None:
        self._sender = sender
        self._own = ec.generate_private_key(ec.SECP256R1())
        self._db = apsw.Connection(str(database))
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        self._db.execute("CREATE TABLE message (body TEXT) STRICT")
        self._thread = ThreadPoolExecutor(1)
        self._queue: deque[tuple[list[Any], asyncio.Future[list[str]]]] = deque()
        self._drain: asyncio.Task[None] | None = None

    async def __call__(self, items: list[Any]) -> list[str]:
        """Give a receipt for every message, once all are on disk."""
        future: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._queue.append((items, future))
        if self._drain is None or self._drain.done():
            self._drain = asyncio.create_task(self._serve())
        return await future

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            calls = [self._queue.popleft()]
            size = len(calls[0][0])
            while self._queue and size + len(self._queue[0][0]) <= MAX_GROUP:
                size += len(self._queue[0][0])
                calls.append(self._queue.popleft())
            receipts = iter(await loop.run_in_executor(self._thread, self._take, [i for c in calls for i in c[0]]))
            for items, future in calls:
                future.set_result([next(receipts) for _ in items])

    def _take(self, items: Sequence[Any]) -> list[str]:
        for item in items:
            self._verify(item["envelop"])
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO message VALUES (?)", [(item["lading"][:ROW].ljust(ROW),) for item in items])
        self._db.execute("COMMIT")
        return [
            f"{RECEIPT}.{base64.urlsafe_b64encode(self._own.sign(RECEIPT.encode(), ES256)).decode()}" for _ in items
        ]

    def _verify(self, jws: str) -> None:
        signed, _, signature = jws.rpartition(".")
        raw = base64.urlsafe_b64decode(signature + "==")
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        self._sender.verify(der, signed.encode(), ES256)


def application(floor: Floor | None) -> web.Application:
    """One route, as the exchange's: one message or an array."""

    async def take(request: web.Request) -> web.Response:
        data = await request.read()
        if floor is None:
            return web.Response(body=b'{"aanvaard":"' + RECEIPT.encode() + b'"}', status=202)
        body = json.loads(data)
        receipts = await floor(body if isinstance(body, list) else [body])
        if isinstance(body, list):
            return web.Response(body=json.dumps({"uitkomsten": [{"aanvaard": r} for r in receipts]}).encode())
        return web.Response(body=json.dumps({"aanvaard": receipts[0]}).encode(), status=202)

    app = web.Application(client_max_size=2**24)
    app.router.add_post("/v1/berichten", take)
    return app


async def serve(folder: Path, *, bare: bool) -> None:
    """Serve with the certificate in ``folder`` until SIGTERM; print the port."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "authority.pem"))
    tls.load_cert_chain(str(folder / "server.pem"))
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.num_tickets = 0
    sender = load_pem_public_key((folder / "sender.pem").read_bytes())
    assert isinstance(sender, ec.EllipticCurvePublicKey)
    runner = web.AppRunner(application(None if bare else Floor(sender, folder / "floor.db")), access_log=None)
    await runner.setup()
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    assert runner.server is not None
    server = await loop.create_server(runner.server, "127.0.0.1", 0, ssl=tls)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    sys.stdout.write(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await stop.wait()


def main() -> None:
    """``floor.py PAGE FOLDER [bare]``."""
    count_flushes(FlushPage(Path(sys.argv[1])))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Path(sys.argv[2]), bare="bare" in sys.argv[3:]))


if __name__ == "__main__":
    main()
