"""Bells: a hint to those who wait that something came. The rows are the truth; a missed ring costs a few seconds."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

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

    @contextmanager
    def listening(self, mailbox: Mailbox) -> Iterator[Callable[[float], Awaitable[bool]]]:
        """Hear the mailbox's bell while inside; gives the call that waits for it.

        Look at the rows inside, before waiting: what comes after that look has rung the bell.
        """
        event = asyncio.Event()
        self._waiting[mailbox].add(event)

        async def wait(seconds: float) -> bool:
            """Wait for the bell, at most so long; tells whether it is worth looking again."""
            if self._closing:
                return False
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await event.wait()
            return event.is_set() and not self._closing

        try:
            yield wait
        finally:
            self._waiting[mailbox].discard(event)
            if not self._waiting[mailbox]:
                del self._waiting[mailbox]

    def close(self) -> None:
        """Wake everybody for the last time: the server stops."""
        self._closing = True
        self.ring(list(self._waiting))
