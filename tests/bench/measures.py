"""The measures: each starts a fresh server on a fresh copy, warms it, loads it, and reads it from outside."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from gateway.clock import system_clock
from schemas.strict import parse_json
from tests.bench.children import REPOSITORY, Child, clients, server
from tests.bench.figures import Sample
from tests.bench.gauges import Gauge, Watched
from tests.bench.mint import Mint, Plan
from tests.bench.site import ORIGIN, Site

BERICHT = REPOSITORY / "schemas" / "published" / "examples" / "vroegsignaal" / "volledig.json"
LOAD, RECEIVE = "tests.bench.load", "tests.bench.receive"
BLOCK = bytes(4096)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each measure sends."""

    single: Plan
    bulk: Plan
    exchange: Plan
    soak_legs: int
    sync_seconds: float


FULL = Sizes(Plan(64, 80, 1, 10), Plan(4, 15, 100, 2), Plan(2, 20, 100, 2), 25, 1.0)
"""The soak repeats the exchange of 4,000 messages on one server until it has carried 100,000."""

SMALL = Sizes(Plan(4, 2, 1, 1), Plan(2, 1, 5, 1), Plan(2, 1, 5, 1), 2, 0.05)
"""Enough to see that everything works; its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A site, its signed requests, and a folder for what passes."""

    site: Site
    sizes: Sizes

    def prepare(self) -> None:
        """Seal and sign everything that will be sent: the same requests are used in every round."""
        self._mint("single", self.sizes.single)
        self._mint("bulk", self.sizes.bulk)
        self._mint("exchange", self.sizes.exchange)

    def fdatasync(self) -> Sample:
        """How often a second this disk flushes 4 KiB that were appended."""
        path, count = self.site.root / "flushed", 0
        file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        begin = time.perf_counter()
        while (seconds := time.perf_counter() - begin) < self.sizes.sync_seconds:
            os.write(file, BLOCK)
            os.fdatasync(file)
            count += 1
        os.close(file)
        path.unlink()
        return Sample(count / seconds)

    def bare(self) -> Sample:
        """Bare aiohttp over mutual TLS that reads and answers: the mood of the machine."""
        with self._floor("bare") as watched:
            return self._submit(watched, "single", self.sizes.single)

    def floor_accept(self) -> Sample:
        """The floor, one message a request."""
        with self._floor() as watched:
            return self._submit(watched, "single", self.sizes.single)

    def accept(self) -> Sample:
        """The exchange, one message a request."""
        with self._gateway() as watched:
            return self._submit(watched, "single", self.sizes.single)

    def floor_bulk(self) -> Sample:
        """The floor, a hundred messages a request."""
        with self._floor() as watched:
            return self._submit(watched, "bulk", self.sizes.bulk)

    def bulk(self) -> Sample:
        """The exchange, a hundred messages a request."""
        with self._gateway() as watched:
            return self._submit(watched, "bulk", self.sizes.bulk)

    def exchange(self) -> Sample:
        """Accept, collect, open, receipt; from the first request to the last *geboekt*."""
        with self._gateway() as watched:
            return self._carry(watched, self.sizes.exchange)

    def soak(self) -> Iterator[Sample | None]:
        """Carry many messages through one server; gives nothing after every leg, and the sample at the end."""
        plan, legs = self.sizes.exchange, self.sizes.soak_legs
        with self._gateway() as watched:
            first, seconds = watched.read(), 0.0
            for _ in range(legs):
                self._mint("exchange", plan)
                seconds += plan.messages / self._carry(watched, plan).rate
                yield None
            total = legs * (plan.messages + plan.warm_messages)
            yield _sample(first, watched.read(), total, total * seconds / (legs * plan.messages), None)

    def _mint(self, name: str, plan: Plan) -> None:
        mint = Mint(ORIGIN, self.site.sender, parse_json(BERICHT.read_bytes()), system_clock())
        recipients = [(party.mailbox, party.sealing.public) for party in self.site.recipients]
        mint.write(self.site.root / name, plan, recipients)

    @contextmanager
    def _floor(self, *mode: str) -> Iterator[Watched]:
        folder = self.site.floor
        for file in folder.glob("floor.db*"):
            file.unlink()
        with server("tests.bench.floor", [folder, *mode], folder / "floor.db-wal", self.site.root) as watched:
            yield watched

    @contextmanager
    def _gateway(self) -> Iterator[Watched]:
        folder = self.site.exchange("run")
        wal = folder / "data" / "seinpost.db-wal"
        try:
            with server("tests.bench.server", ["serve", folder, "--port", 0], wal, self.site.root) as watched:
                yield watched
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _submit(self, watched: Watched, requests: str, plan: Plan) -> Sample:
        sender = self.site.folder(self.site.sender)
        command = [LOAD, sender, watched.port, self.site.root / requests, plan.warm]
        with clients([command], self.site.root) as (load,):
            before = watched.read()
            load.go()
            told = load.told()
            after = watched.read()
        return _sample(before, after, told["messages"], told["end"] - told["begin"], [told], told)

    def _carry(self, watched: Watched, plan: Plan) -> Sample:
        root, share = self.site.root, len(self.site.recipients)
        warm, measured = plan.warm_messages // share, plan.messages // share
        commands: list[Sequence[object]] = [
            [LOAD, self.site.folder(self.site.sender), watched.port, root / "exchange", plan.warm],
            *([RECEIVE, self.site.folder(p), watched.port, warm, measured] for p in self.site.recipients),
        ]
        with clients(commands, root) as children:
            before, begin = watched.read(), time.perf_counter()
            told = _go(children)
            after = watched.read()
        seconds = max(one["end"] for one in told) - begin
        return _sample(before, after, plan.messages, seconds, told)


def _go(children: Sequence[Child]) -> list[dict[str, float]]:
    for child in children:
        child.go()
    return [child.told() for child in children]


def _sample(
    before: Gauge,
    after: Gauge,
    messages: int,
    seconds: float,
    clients: Sequence[dict[str, float]] | None,
    latency: dict[str, float] | None = None,
) -> Sample:
    return Sample(
        messages / seconds,
        1e6 * (after.cpu_seconds - before.cpu_seconds) / messages,
        1e6 * sum(one["client_cpu"] for one in clients) / messages if clients else None,
        (after.syncs - before.syncs) / messages,
        after.peak_mb,
        latency and latency["p50"],
        latency and latency["p99"],
        _others(before, after, clients) if clients else None,
        messages,
    )


def _others(before: Gauge, after: Gauge, clients: Sequence[dict[str, float]]) -> float:
    ours = after.cpu_seconds - before.cpu_seconds + sum(one["client_cpu"] for one in clients)
    return max(0.0, (after.busy_seconds - before.busy_seconds - ours) / (after.moment - before.moment))
