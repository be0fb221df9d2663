"""A load generator in a process of its own: ``load.py FOLDER PORT REQUESTS WARM``.

It reads signed requests, warms up, says ``ready``, waits for a line, sends the rest, and tells what it saw as JSON. One
connection a caller, one request in flight on each.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import uvloop

from tests.bench.wire import Line, dial, party_tls, post


class Request(NamedTuple):
    """One request as bytes, with the number of messages in it."""

    messages: int
    data: bytes


def read_requests(path: Path) -> list[list[Request]]:
    """Read lines ``caller TAB messages TAB body``; give each caller's requests in order."""
    callers: dict[bytes, list[Request]] = defaultdict(list)
    with path.open("rb") as file:
        for line in file:
            caller, messages, body = line.rstrip(b"\n").split(b"\t", 2)
            callers[caller].append(Request(int(messages), post("/v1/berichten", body)))
    return list(callers.values())


class Tally:
    """What was accepted, and how long each request took."""

    def __init__(self) -> None:
        self.accepted = 0
        self.seconds: list[float] = []

    async def send(self, line: Line, requests: Sequence[Request]) -> None:
        """Send requests one after another; everything must be accepted, or the measure means nothing."""
        for request in requests:
            begin = time.perf_counter()
            answer = await line.ask(request.data)
            self.seconds.append(time.perf_counter() - begin)
            accepted = answer.body.count(b'"aanvaard"')
            if answer.status not in (200, 202) or accepted != request.messages:
                raise RuntimeError(
                    f"status {answer.status}, {accepted} of {request.messages} accepted: {answer.body[:400]!r}"
                )
            self.accepted += accepted

    def quantile(self, share: float) -> float:
        """The latency in milliseconds that this share of the requests stayed under."""
        return 1000 * sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


async def run(folder: Path, port: int, requests: list[list[Request]], warm: int) -> None:
    """Warm up, wait for the word, measure, tell."""
    tls = party_tls(folder)
    lines = [await dial(port, tls) for _ in requests]
    await _all(Tally(), lines, (r[:warm] for r in requests))
    say({"ready": True})
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    tally, begin, used = Tally(), time.perf_counter(), cpu()
    await _all(tally, lines, (r[warm:] for r in requests))
    end = time.perf_counter()
    say(
        {
            "messages": tally.accepted,
            "begin": begin,
            "end": end,
            "client_cpu": cpu() - used,
            "p50": tally.quantile(0.5),
            "p99": tally.quantile(0.99),
        }
    )
    for line in lines:
        line.close()


async def _all(tally: Tally, lines: Sequence[Line], requests: Iterator[Sequence[Request]]) -> None:
    await asyncio.gather(*(tally.send(line, mine) for line, mine in zip(lines, requests, strict=True)))


def cpu() -> float:
    """CPU seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def say(value: object) -> None:
    """Tell the parent."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    """See the module."""
    folder, port, requests, warm = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(folder, port, read_requests(requests), warm))


if __name__ == "__main__":
    main()
