"""Reading the logs of an exchange or a connector from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import Progress

from gateway.app import opened
from gateway.cli.speech import err
from gateway.config import Folder
from gateway.connector import ledger
from gateway.connector.connector import Connector
from gateway.errors import ConfigurationError
from gateway.flow.operate import VerifyLogs
from gateway.rules.rows import Log
from gateway.tlog.notes import NoteVerifier
from schemas.strict import parse_json


@dataclass(frozen=True, slots=True)
class Result:
    """What was found of one log."""

    log: str
    size: int
    detail: str
    fault: str | None

    def text(self) -> str:
        """In words."""
        return f"{self.log}: {self.size} entries; {self.fault or self.detail}"

    def as_json(self) -> dict[str, object]:
        """For a program."""
        return {"log": self.log, "omvang": self.size, "ok": self.fault is None, "uitleg": self.fault or self.detail}


async def verify_logs(folder: Path) -> list[Result]:
    """Verify the logs of an exchange, or the promises given to a connector."""
    if Folder(folder).settings.exists():
        return await _of_exchange(folder)
    with Connector.open(folder) as connector:
        seen = connector.overview()
        fault = seen.alarms[0].alarm.detail if seen.alarms else None
        register = connector.trust.register
        return [
            Result("register", register.size, "replayed whole and folded", None),
            Result("verkeer", seen.promised, f"{seen.covered} promised entries proved in signed checkpoints", fault),
        ]


async def _of_exchange(folder: Path) -> list[Result]:
    async with opened(folder) as gateway:
        vkeys = dict(zip(Log, gateway.registry.current.vkeys, strict=True))
        verify = VerifyLogs(gateway.store, {log: NoteVerifier.parse(vkey) for log, vkey in vkeys.items()})
        async with gateway.store.read() as view:
            total = sum([(await view.head(log)).head.size for log in Log])
        with Progress(console=err, disable=not err.is_terminal, transient=True) as progress:
            bar = progress.add_task("verifying", total=total)
            found = await verify(lambda count: progress.advance(bar, count))
    return [
        Result(
            v.log.value,
            v.size,
            f"all hold ({v.bodies} bodies present), "
            + (f"signed up to {v.signed}" if v.signed is not None else "not signed yet"),
            v.fault,
        )
        for v in found
    ]


async def entries_of(folder: Path, log: str, start: int, limit: int) -> list[tuple[int, dict[str, Any] | None]]:
    """Give entries of a log: of an exchange any, of a connector the register it replayed."""
    which = Log(log)
    if Folder(folder).settings.exists():
        async with opened(folder) as gateway, gateway.store.read() as view:
            bodies = await view.bodies(which, start, start + limit)
    elif which is Log.REGISTER:
        with Connector.open(folder) as connector, connector.spool.read() as db:
            bodies = list(ledger.register_bodies(db, start)[:limit])
    else:
        raise ConfigurationError("a connector keeps the register log; the traffic log is at the exchange")
    return [(start + i, None if body is None else parse_json(body)) for i, body in enumerate(bodies)]
