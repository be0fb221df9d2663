"""Chance that a seed repeats: the same seed gives the same kills in the same order."""

from __future__ import annotations

import hashlib
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of numbers from SHA-256 over a seed and a counter."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def fraction(self) -> float:
        """Give a number from 0 up to 1."""
        self._count += 1
        raw = hashlib.sha256(f"{self._seed}/{self._count}".encode()).digest()
        return int.from_bytes(raw[:6]) / 2**48

    def between(self, low: float, high: float) -> float:
        """Give a number between two."""
        return low + (high - low) * self.fraction()

    def below(self, limit: int) -> int:
        """Give a whole number from 0 up to ``limit``."""
        return int(self.fraction() * limit)

    def one_of(self, things: Sequence[T]) -> T:
        """Pick one."""
        return things[self.below(len(things))]

    def shuffle(self, things: MutableSequence[T]) -> None:
        """Put things in another order (Fisher and Yates)."""
        for last in range(len(things) - 1, 0, -1):
            other = self.below(last + 1)
            things[last], things[other] = things[other], things[last]
