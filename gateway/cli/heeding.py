"""Being told to stop in the middle of work: Ctrl-C and SIGTERM are noted, and heeded between two pieces."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Word:
    """Whether somebody said to stop."""

    stop: bool = False


@contextmanager
def heeding() -> Iterator[Word]:
    """Note Ctrl-C and SIGTERM instead of raising in the middle of anything; as it was before, on leaving.

    An exception in the middle of a library's own code can come out as an error of that library, which nobody
    would take for an interruption. Whoever works in here looks at ``stop`` between pieces.
    """
    word = Word()

    def note(_number: int, _frame: object) -> None:
        word.stop = True

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield word
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
