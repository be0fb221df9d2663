"""The doctor: what is wrong with an exchange or a connector, before it hurts. Changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from gateway.app import opened
from gateway.cli.auditing import verify_logs
from gateway.clock import system_clock
from gateway.config import Folder, load
from gateway.connector.connector import Connector
from gateway.connector.directory import Directory
from gateway.connector.listing import REFUSED
from gateway.errors import ConfigurationError, GatewayError
from keys.errors import KeysError

SOON = timedelta(days=30)
LEAST_FREE = 0.10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined."""

    check: str
    ok: bool
    detail: str


async def examine(folder: Path) -> list[Finding]:
    """Examine an exchange or a connector, whichever the folder holds.

    Raises:
        ConfigurationError: the folder holds neither.
    """
    if Folder(folder).settings.exists():
        return [finding async for finding in _exchange(folder)]
    if Directory(folder).settings_file.exists():
        return [finding async for finding in _connector(folder)]
    raise ConfigurationError(
        f"{folder} holds no exchange and no connector; see: seinpost init, seinpost connector join"
    )


async def _exchange(folder: Path) -> AsyncIterator[Finding]:
    where = Folder(folder)
    yield _try("settings", lambda: f"exchange {load(folder)[0].beurs}")
    yield _disk(folder)
    yield _private(where.key_file)
    yield _certificate("authority", where.authority)
    yield _certificate("server certificate", where.certificate)
    try:
        async with opened(folder) as gateway, gateway.store.read() as view:
            counts = dict(await view.counts())
        ended = sum(counts.get(outcome, 0) for outcome in ("ontvangen", "geweigerd", "niet-afgeleverd"))
        yield Finding("keys and database", True, f"open; {counts.get('aanvaard', 0)} accepted, {ended} ended")
    except (GatewayError, KeysError) as error:
        yield Finding("keys and database", False, str(error))
        return
    for result in await verify_logs(folder):
        yield Finding("log", result.fault is None, result.text())


async def _connector(folder: Path) -> AsyncIterator[Finding]:
    where = Directory(folder)
    yield _try("settings", lambda: f"joined {where.settings().beurs} as {where.settings().oin}")
    yield _disk(folder)
    yield _private(where.key_file)
    yield _certificate("certificate", where.certificate_file)
    try:
        with Connector.open(folder) as connector:
            seen = connector.overview()
    except (GatewayError, KeysError) as error:
        yield Finding("keys and spool", False, str(error))
        return
    yield Finding("keys and spool", True, f"open; {sum(seen.outgoing.values())} out, {sum(seen.incoming.values())} in")
    refused = sum(seen.outgoing.get(state.value, 0) for state in REFUSED)
    yield Finding("refused", True, f"{refused} sent messages; see: seinpost connector show" if refused else "none")
    yield Finding("promises", True, f"{seen.covered} of {seen.promised} promised entries proved")
    yield Finding("numbers", not seen.missing, f"{len(seen.missing)} missing without an explanation")
    yield Finding("alarms", not seen.alarms, "; ".join(a.alarm.detail for a in seen.alarms) or "none")


def _try(check: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(check, True, look())
    except GatewayError as error:
        return Finding(check, False, error.detail)


def _disk(folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total
    return Finding("disk", free > LEAST_FREE, f"{free:.0%} free")


def _private(path: Path) -> Finding:
    mode = path.stat().st_mode & 0o077 if path.exists() else 0
    return Finding("key file", mode == 0, "readable by its owner only" if mode == 0 else f"chmod 600 {path}")


def _certificate(check: str, path: Path) -> Finding:
    try:
        until = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return Finding(check, False, f"{path} cannot be read")
    left = until - system_clock()
    word = "valid until" if left > SOON else "expired on" if left <= timedelta() else "renew it soon: valid until"
    return Finding(check, left > SOON, f"{word} {until:%Y-%m-%d}")
