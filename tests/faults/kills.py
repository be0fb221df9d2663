"""Who is killed when: a seeded schedule, each kill under live traffic, many of them while a commit is being written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.chance import Chance
from tests.faults.journal import Tail
from tests.faults.processes import Child, Ensemble
from tests.faults.site import Site

PROGRESS_SECONDS = 60.0
"""No progress for so long, with everything running, is a violation: a kill must not stop the exchange for good."""
COMMIT_SECONDS = 2.0
EVERY_OTHER = 10
"""One driver or consumer is killed for every so many kills of the gateway and the connectors."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: of whom, when (monotonic nanoseconds), and how many messages were under way then."""

    role: str
    name: str
    at: int
    under_way: int
    starting: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A child that may be killed; ``written`` is a file that changes when it commits."""

    role: str
    child: Child
    written: Path


@dataclass(frozen=True, slots=True)
class Cast:
    """Every child by role."""

    gateway: Target
    senders: Sequence[Target]
    recipients: Sequence[Target]
    others: Sequence[Target]


def gather(site: Site, ensemble: Ensemble, gateway: Child, seed: str) -> Cast:
    """Start the parties, and give everybody by role."""
    senders = [Target("connector", ensemble.add(site.connector(m)), m.folder / "spool.db-wal") for m in site.senders]
    recipients = [
        Target("connector", ensemble.add(site.connector(m)), m.folder / "spool.db-wal") for m in site.recipients
    ]
    drivers = [Target("driver", ensemble.add(site.driver(m, seed)), m.journal) for m in site.senders]
    consumers = [Target("consumer", ensemble.add(site.consumer(m)), m.journal) for m in site.recipients]
    database = site.exchange / "data" / "seinpost.db-wal"
    return Cast(Target("gateway", gateway, database), senders, recipients, drivers + consumers)


def schedule(cast: Cast, kills: int, chance: Chance) -> list[Target]:
    """Give kills of the gateway, as many of connectors (senders' and recipients' in turn), and some others."""
    sides = [cast.senders, cast.recipients]
    connectors = [sides[n % 2][n // 2 % len(sides[n % 2])] for n in range(kills)]
    others = [cast.others[n % len(cast.others)] for n in range(max(2, 2 * kills // EVERY_OTHER))]
    turns = [cast.gateway] * kills + connectors + others
    chance.shuffle(turns)
    return turns


class Traffic:
    """What the clients' journals say about traffic, read as it grows."""

    def __init__(self, site: Site) -> None:
        self._senders = [Tail(m.journal) for m in site.senders]
        self._recipients = [Tail(m.journal) for m in site.recipients]
        self._spooled, self._arrived = set[str](), set[str]()

    def arrived(self) -> int:
        """How many messages the municipalities' applications took over."""
        self._look()
        return len(self._arrived)

    def under_way(self) -> int:
        """How many messages were spooled, as their senders know, and not taken over yet."""
        self._look()
        return len(self._spooled - self._arrived)

    def _look(self) -> None:
        for tail in self._senders:
            self._spooled.update(m["id"] for line in tail.new() if line["op"] == "ok" for m in line["messages"])
        for tail in self._recipients:
            self._arrived.update(line["id"] for line in tail.new())


class StalledError(Exception):
    """Traffic does not go on although everything runs."""


@dataclass(slots=True)
class Killer:
    """Carries out a schedule."""

    traffic: Traffic
    ensemble: Ensemble
    chance: Chance
    say: Callable[[int, int, Kill], None]

    def __call__(self, turns: Sequence[Target]) -> Iterator[Kill]:
        """Kill and start again, turn by turn; gives each kill as it is done.

        Raises:
            StalledError: no message arrived for a long time; the campaign ends here and says so.
        """
        for number, target in enumerate(turns, 1):
            self._wait_for_traffic(3 + self.chance.below(10))
            kill = self._kill(target, starting=False)
            self.say(number, len(turns), kill)
            yield kill
            if self.chance.fraction() < 0.15:  # and once more while it comes up again
                time.sleep(self.chance.between(0.0, 1.5))
                yield self._kill(target, starting=True)

    def _kill(self, target: Target, *, starting: bool) -> Kill:
        if not starting and self.chance.fraction() < 0.6:
            _await_write(target.written)
            time.sleep(self.chance.between(0.0, 0.015))
        else:
            time.sleep(self.chance.between(0.0, 0.3))
        under_way = self.traffic.under_way()
        at = time.monotonic_ns()
        target.child.kill()
        target.child.start()
        return Kill(target.role, target.child.name, at, under_way, starting)

    def _wait_for_traffic(self, more: int) -> None:
        begin, deadline = self.traffic.arrived(), time.monotonic() + PROGRESS_SECONDS
        while self.traffic.arrived() < begin + more or self.traffic.under_way() == 0:
            if dead := self.ensemble.dead():
                raise StalledError(f"{dead[0].name} ended by itself; see {dead[0].log}")
            if time.monotonic() > deadline:
                raise StalledError(f"no {more} messages arrived in {PROGRESS_SECONDS:.0f} s")
            time.sleep(0.02)


def _await_write(path: Path) -> None:
    """Return right after the file was written, or after a while when it is not."""
    deadline, before = time.monotonic() + COMMIT_SECONDS, _written(path)
    while time.monotonic() < deadline and _written(path) == before:
        time.sleep(0.0002)


def _written(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
