"""How long to wait before asking an exchange again that did not answer."""

from __future__ import annotations

from collections.abc import Callable

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 10.0


class Backoff:
    """Doubles from a quarter of a second to ten seconds, and spreads parties by chance (a number from 0 to 1)."""

    def __init__(self, chance: Callable[[], float], longest_seconds: float = LONGEST_SECONDS) -> None:
        self._chance = chance
        self._longest = longest_seconds
        self._tries = 0

    def seconds(self) -> float:
        """Give the next pause: between half and the whole of this turn's length."""
        length = min(self._longest, FIRST_SECONDS * float(1 << min(self._tries, 16)))
        self._tries += 1
        return length * (0.5 + self._chance() / 2)

    def reset(self) -> None:
        """The exchange answered: begin small again."""
        self._tries = 0
