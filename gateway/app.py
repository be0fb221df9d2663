"""The composition root: the only file that names concrete adapters. Everything else gets what it needs handed."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from gateway.clock import Clock, Timekeeper, system_clock
from gateway.config import Folder, Settings, load
from gateway.covenant.calendar import is_working_day
from gateway.errors import ConfigurationError
from gateway.flow.accept import Accept
from gateway.flow.adopt import Adopt
from gateway.flow.bells import Bells
from gateway.flow.collect import Collect
from gateway.flow.escalate import Escalate
from gateway.flow.expire import Expire
from gateway.flow.found import Found
from gateway.flow.inspect import Inspect
from gateway.flow.notary import Crypto, Notary
from gateway.flow.onboard import Onboard
from gateway.flow.publish import Publish, SignedHeads
from gateway.flow.registry import Registry, unread
from gateway.flow.terms import Terms
from gateway.rules.rows import Log
from gateway.store.port import Store
from gateway.store.sqlite import SqliteStore
from gateway.tlog.notes import NoteSigner
from gateway.web.api import admin, health, logs, messages, openapi, parties, terms
from gateway.web.listen import listening, listening_locally
from gateway.web.peers import PeerCheck, server_context
from gateway.web.server import make_app, make_local_app
from gateway.workers import Hindrances, Work, Workers
from keys.certificates import Authority, load_ec_key
from keys.jwk import LogKey, PrivateSigningKey
from keys.keyring import KeyFile, KeyRing, Secret, make_key_file
from schemas.covenants import load_covenant
from schemas.values import Salt

RECEIPTS = "ontvangstbewijzen"
AUTHORITY = "autoriteit"
SERVER = "tls"
SERVER_DAYS = 825
CLOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Gateway:
    """An exchange with its flows; it serves nothing by itself."""

    settings: Settings
    folder: Folder
    store: Store
    registry: Registry
    accept: Accept
    collect: Collect
    inspect: Inspect
    publish: Publish
    expire: Expire
    escalate: Escalate
    onboard: Onboard
    adopt: Adopt
    bells: Bells
    hindrances: Hindrances
    server_key: EllipticCurvePrivateKey
    clock: Clock

    def reasons(self) -> list[str]:
        """Say what keeps the exchange from taking work."""
        covenant = unread(self.registry.current, self.clock())
        return [*self.hindrances(), *filter(None, [self.store.broken]), *covenant]

    def warnings(self) -> list[str]:
        """Name what a person must look at while work goes on."""
        fault = self.clock.fault() if isinstance(self.clock, Timekeeper) else None
        return [*filter(None, [fault]), *self.escalate.warnings()]


class Salts:
    """Gives 16 random bytes at a time, drawn by the page: each call to the kernel lets go of the interpreter."""

    def __init__(self) -> None:
        self._drawn = b""

    def __call__(self) -> Salt:
        """Give 16 random bytes that were never given before."""
        if not self._drawn:
            self._drawn = secrets.token_bytes(4096)
        salt, self._drawn = self._drawn[:16], self._drawn[16:]
        return Salt.from_raw(salt)


@asynccontextmanager
async def opened(
    path: Path, secret: Secret | None = None, overrides: Mapping[str, Any] | None = None, clock: Clock | None = None
) -> AsyncIterator[Gateway]:
    """Open the exchange in a folder: keys, store, register and flows.

    Raises:
        ConfigurationError: something at the start is not right; the text says what to do.
    """
    folder = Folder(path)
    settings, _ = load(path, overrides)
    ring = KeyRing.open(folder.key_ring, secret or KeyFile(folder.key_file))
    async with AsyncExitStack() as stack:
        store = SqliteStore(folder.database)
        stack.push_async_callback(store.close)
        crypto = Crypto(settings.crypto_threads)
        stack.callback(crypto.close)
        registry = Registry()
        async with store.read() as view:
            await registry.at(view)
        yield _wire(_Parts(settings, folder, ring, store, crypto, registry, clock or Timekeeper()))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the flows are made of."""

    settings: Settings
    folder: Folder
    ring: KeyRing
    store: Store
    crypto: Crypto
    registry: Registry
    clock: Clock


def _wire(parts: _Parts) -> Gateway:
    settings, store, registry, crypto, clock = parts.settings, parts.store, parts.registry, parts.crypto, parts.clock
    notary, signers = _signers(settings, parts.ring, crypto)
    bells, hindrances = Bells(), Hindrances()
    authority = Authority.from_pem(parts.ring.secret(AUTHORITY))
    salts = Salts()
    accept = Accept(store, registry, notary, crypto, bells, clock, salts, hindrances)
    collect = Collect(store, registry, notary, crypto, bells, clock, salts, settings.lease_seconds)
    inspect = Inspect(store, registry, notary)
    publish = Publish(store, signers, SignedHeads(parts.folder.signed_heads))
    expire = Expire(store, registry, notary, bells, clock, salts)
    escalate = Escalate(store, registry, notary, bells, clock, salts)
    onboard = Onboard(
        store,
        registry,
        authority,
        clock,
        salts,
        lambda: secrets.token_bytes(16),
        settings.certificate_days,
        settings.invitation_hours,
    )
    key = load_ec_key(parts.ring.secret(SERVER))
    flows = (accept, collect, inspect, publish, expire, escalate, onboard, Adopt(store, registry, clock, salts))
    return Gateway(settings, parts.folder, store, registry, *flows, bells, hindrances, key, clock)


def network_app(gateway: Gateway) -> web.Application:
    """The application that is served on the network."""
    rows = [
        *messages.routes(gateway.accept, gateway.collect, gateway.inspect),
        *parties.routes(gateway.onboard, gateway.registry, gateway.clock),
        *logs.routes(gateway.publish, gateway.inspect),
        *terms.routes(Terms(gateway.store)),
        *health.routes(gateway.reasons, gateway.warnings),
    ]
    return make_app([*rows, *openapi.routes(rows)], PeerCheck(gateway.registry, gateway.clock), gateway.bells.close)


def local_app(gateway: Gateway) -> web.Application:
    """The application that is served on the local socket."""
    rows = [
        *admin.routes(gateway.onboard, gateway.adopt, gateway.registry, gateway.store),
        *terms.local_routes(Terms(gateway.store)),
    ]
    return make_local_app(rows, PeerCheck(gateway.registry, gateway.clock))


def _signers(settings: Settings, ring: KeyRing, crypto: Crypto) -> tuple[Notary, dict[Log, NoteSigner]]:
    receipts: dict[str, PrivateSigningKey] = {key.kid: key for key in ring.all(RECEIPTS, PrivateSigningKey)}
    active = ring.active(RECEIPTS, PrivateSigningKey)
    notary = Notary(f"{settings.beurs}/{Log.VERKEER}", receipts, active.kid, crypto)
    signers = {log: NoteSigner(f"{settings.beurs}/{log}", ring.active(f"logboek/{log}", LogKey).seed) for log in Log}
    return notary, signers


async def _look_at_clock(gateway: Gateway) -> None:
    for warning in gateway.warnings():
        structlog.get_logger().error("warning", detail=warning)


@asynccontextmanager
async def serving(gateway: Gateway) -> AsyncIterator[int]:
    """Serve an opened exchange: network, local socket and workers; gives the port."""
    settings, folder = gateway.settings, gateway.folder
    tls = server_context(folder.certificate.read_text(), gateway.server_key, folder.authority.read_text())
    work: Mapping[str, Work] = {
        "controlepunten": (gateway.publish, settings.checkpoint_seconds),
        "verloop": (gateway.expire, settings.expiry_seconds),
        "termijnen": (gateway.escalate, settings.term_seconds),
        "klok": (partial(_look_at_clock, gateway), CLOCK_SECONDS),
    }
    await gateway.publish()
    is_working_day(gateway.clock().date())  # loads the holidays, half a second, while nobody waits for an answer
    workers = Workers(work, gateway.hindrances)
    async with (
        listening_locally(local_app(gateway), folder.socket),
        listening(network_app(gateway), settings.host, settings.port, tls) as port,
    ):
        workers.start()
        try:
            yield port
        finally:
            await workers.stop()


async def found(path: Path, beurs: str, names: tuple[str, ...], covenant: bytes, clock: Clock = system_clock) -> None:
    """Make a new exchange in an empty or absent folder: settings, keys, authority, certificates, first entries.

    Whatever fails, no half-made exchange is left. Raises ``ConfigurationError`` if the folder is in use.
    """
    if path.exists() and any(path.iterdir()):
        raise ConfigurationError(f"{path} is not empty; an exchange is made in a folder of its own")
    draft = path.with_name(f".{path.name}.nieuw")
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "data").mkdir(parents=True, mode=0o700)
    try:
        await _found(Folder(draft), beurs, names, covenant, clock)
        if path.exists():
            path.rmdir()
        draft.rename(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


async def _found(folder: Folder, beurs: str, names: tuple[str, ...], covenant: bytes, clock: Clock) -> None:
    convenant = load_covenant(covenant)
    make_key_file(folder.key_file)
    ring = KeyRing.create(folder.key_ring, KeyFile(folder.key_file))
    receipts, log_keys = PrivateSigningKey.generate(), {log: LogKey.generate() for log in Log}
    ring.add(RECEIPTS, receipts)
    for log, key in log_keys.items():
        ring.add(f"logboek/{log}", key)
    authority = Authority.create(f"Seinpost {beurs}", clock())
    server_key, server_certificate = authority.issue_server(names, clock(), SERVER_DAYS)
    ring.put_secret(AUTHORITY, authority.to_pem())
    ring.put_secret(SERVER, server_key.encode())
    ring.save()
    folder.settings.write_text(_settings_text(beurs, names), encoding="utf-8")
    folder.covenant.write_bytes(covenant)
    folder.authority.write_text(authority.certificate_pem)
    folder.certificate.write_text(server_certificate)
    vkeys = (
        NoteSigner(f"{beurs}/register", log_keys[Log.REGISTER].seed).vkey,
        NoteSigner(f"{beurs}/verkeer", log_keys[Log.VERKEER].seed).vkey,
    )
    store = SqliteStore(folder.database)
    try:
        await Found(store, clock, Salts())(beurs, vkeys, receipts.public, convenant)
    finally:
        await store.close()
    os.chmod(folder.path, 0o700)  # noqa: PTH101 - the folder itself, after everything is in it


def _settings_text(beurs: str, names: tuple[str, ...]) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        "# Settings of this exchange. SEINPOST_<NAME> and the command line win; see: seinpost config show\n"
        f'beurs = "{beurs}"\nnames = [{listed}]\nhost = "127.0.0.1"\nport = 8443\n'
    )
