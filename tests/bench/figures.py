"""What a measure gives, and what several rounds of it say together. Nothing is asserted: aims are reported against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Sample:
    """One measure in one round; what a measure does not have is absent."""

    rate: float
    """Messages a second (for ``fdatasync``: flushes)."""
    server_us: float | None = None
    """CPU microseconds a message in the server process, all threads."""
    client_us: float | None = None
    """The same in the processes beside it; they share the cores."""
    syncs: float | None = None
    """Flushes to disk a message."""
    peak_mb: float | None = None
    """The most that the server had resident, in MB."""
    p50_ms: float | None = None
    p99_ms: float | None = None
    others: float | None = None
    """Cores that were busy with something else meanwhile: more than a tenth, and the rate says little."""
    messages: int | None = None
    """How many messages were measured, each accepted, and in ``exchange`` and ``soak`` each received and booked."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Several values of the same thing."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float | None]) -> Spread | None:
        """Give median, least and greatest; nothing if there is no value."""
        known = [value for value in values if value is not None]
        return cls(median(known), min(known), max(known)) if known else None


@dataclass(frozen=True, slots=True)
class Aim:
    """What was asked for, and what came out; ``at_most`` or else at least."""

    name: str
    limit: float
    at_most: bool
    found: float

    @property
    def met(self) -> bool:
        """Whether the median is on the right side."""
        return self.found <= self.limit if self.at_most else self.found >= self.limit


FLOOR_OF = {"accept": "floor-accept", "bulk": "floor-bulk"}


class Figures:
    """All samples of a run, by measure, in the order of the rounds."""

    def __init__(self) -> None:
        self.samples: dict[str, list[Sample]] = {}

    def add(self, name: str, sample: Sample) -> None:
        """Keep a sample."""
        self.samples.setdefault(name, []).append(sample)

    def spread(self, name: str, field: str) -> Spread | None:
        """Give the spread of one field of a measure."""
        return Spread.of(getattr(sample, field) for sample in self.samples.get(name, []))

    def cpu_ratio(self, name: str) -> Spread | None:
        """CPU a message against the floor's in the same round."""
        return Spread.of(a / b for a, b in self._pairs(name, "server_us") if b)

    def rate_ratio(self, name: str) -> Spread | None:
        """How many times as fast the floor was in the same round."""
        return Spread.of(b / a for a, b in self._pairs(name, "rate"))

    def aims(self) -> list[Aim]:
        """Hold the medians against what was asked for; measures that did not run are left out."""
        asked = [
            ("accept: CPU at most 1.4 times the floor's", 1.4, True, self.cpu_ratio("accept")),
            ("accept: floor's rate at most 1.4 times", 1.4, True, self.rate_ratio("accept")),
            ("bulk: CPU at most 1.4 times the floor's", 1.4, True, self.cpu_ratio("bulk")),
            ("bulk: floor's rate at most 1.4 times", 1.4, True, self.rate_ratio("bulk")),
            ("bulk: messages a second", 3000, False, self.spread("bulk", "rate")),
            ("exchange: messages a second", 1200, False, self.spread("exchange", "rate")),
            ("accept: fsyncs a message, 64 in flight", 0.1, True, self.spread("accept", "syncs")),
            ("soak: peak memory of the server, MB", 200, True, self.spread("soak", "peak_mb")),
        ]
        return [Aim(name, limit, at_most, s.middle) for name, limit, at_most, s in asked if s is not None]

    def whole(self) -> dict[str, Any]:
        """Everything, for a program."""
        return {
            "measures": {name: [asdict(sample) for sample in samples] for name, samples in self.samples.items()},
            "ratios": {
                name: {"cpu": _dict(self.cpu_ratio(name)), "rate": _dict(self.rate_ratio(name))} for name in FLOOR_OF
            },
            "aims": [asdict(aim) | {"met": aim.met} for aim in self.aims()],
        }

    def _pairs(self, name: str, field: str) -> Sequence[tuple[float, float]]:
        ours, floors = self.samples.get(name, []), self.samples.get(FLOOR_OF[name], [])
        return [(getattr(a, field), getattr(b, field)) for a, b in zip(ours, floors, strict=False)]


def _dict(spread: Spread | None) -> dict[str, float] | None:
    return asdict(spread) if spread else None
