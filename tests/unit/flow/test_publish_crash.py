"""A kill between signing a head and keeping its checkpoint (RELIABILITY §2, Crash points: the same bytes again)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.app import found, opened
from gateway.flow.publish import Publish
from gateway.rules.rows import Log
from schemas.covenants import leidse_regio


class CrashError(Exception):
    """Stands for kill -9."""


class Crashing:
    """A store whose book-keeping never happens: what is signed is not kept."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @asynccontextmanager
    async def keep(self) -> AsyncIterator[Any]:
        raise CrashError
        yield


async def test_a_head_that_was_signed_but_not_kept_is_published_after_all(tmp_path: Path) -> None:
    """After such a kill the next turn publishes the head, also when nothing is added to the log any more."""
    await found(tmp_path / "beurs", "localhost/proef", ("localhost",), leidse_regio())
    async with opened(tmp_path / "beurs") as gateway:
        publish = gateway.publish
        await publish()
        async with gateway.store.record() as tx:
            await tx.append(Log.VERKEER, (await tx.head(Log.VERKEER)).moment, [b"{}"])
        crashing: Publish = replace(publish, store=Crashing(gateway.store))
        with pytest.raises(CrashError):
            await crashing()
        assert publish.heads.last(Log.VERKEER) is not None
        await publish()
        note = await publish.checkpoint(Log.VERKEER)
        assert note.split("\n")[1] == "1"
        await publish()
        assert await publish.checkpoint(Log.VERKEER) == note
