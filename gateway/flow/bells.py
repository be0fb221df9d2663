"""Bells: a hint to those who wait that something came. The rows are the truth; a missed ring costs a few seconds."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable

from schemas.values import Mailbox


class Bells:
    """One bell per mailbox."""

    def __init__(self) -> None:
        self._waiting: dict[Mailbox, set[asyncio.Event]] = defaultdict(set)
        self._closing = False

    def ring(self, mailboxes: Iterable[Mailbox]) -> None:
        """Wake everybody who waits for these mailboxes."""
        for mailbox in mailboxes:
            for event in self._waiting.pop(mailbox, ()):
                event.set()

    async def wait(self, mailbox: Mailbox, seconds: float) -> bool:
        """Wait until the mailbox's bell rings, at most so long; tells whether it is worth looking again."""
        if self._closing:
            return False
        event = asyncio.Event()
        self._waiting[mailbox].add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting[mailbox].discard(event)
            if not self._waiting[mailbox]:
                del self._waiting[mailbox]
        return not self._closing

    def close(self) -> None:
        """Wake everybody for the last time: the server stops."""
        self._closing = True
        self.ring(list(self._waiting))
