"""One campaign from beginning to end: build, load, kill, heal, drain, read what the clients hold, check."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.connector.connector import Connector, Overview
from gateway.errors import GatewayError
from gateway.tlog.tiles import tile_path
from tests.faults import history as histories
from tests.faults import kills as killing
from tests.faults.chance import Chance
from tests.faults.checker import Violation, check
from tests.faults.history import Account, History
from tests.faults.kills import Kill, Killer, StalledError, Traffic
from tests.faults.processes import Child, Ensemble
from tests.faults.site import Site, build, filesystem, plan

DRAIN_SECONDS = 120.0
WARM_UP_MESSAGES = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a campaign did and found; ``seconds`` per part."""

    history: History
    kills: Sequence[Kill]
    violations: Sequence[Violation]
    seconds: dict[str, float]
    filesystem: str


def run(root: Path, kills: int, seed: str, say: Callable[[str], None]) -> Outcome:
    """Carry out a campaign in an empty folder; whatever happens, no child is left."""
    site, seconds, trouble = plan(root), dict[str, float](), list[str]()
    with Ensemble() as ensemble:
        watch = _Watch(seconds)
        gateway = build(site, ensemble)
        watch("build")
        say(f"built an exchange with {len(site.members)} parties in {seconds['build']:.0f} s; loading")
        cast = killing.gather(site, ensemble, gateway, seed)
        done, traffic = list[Kill](), Traffic(site)
        try:
            _warm_up(traffic, ensemble)
            killer = Killer(traffic, ensemble, Chance(seed), lambda n, of, kill: say(_progress(n, of, kill, traffic)))
            done.extend(killer(killing.schedule(cast, kills, Chance(f"{seed}/turns"))))
        except StalledError as error:
            trouble.append(str(error))
        watch("kill")
        say("healing: drivers stop, everything drains")
        _stop([c for c in ensemble.children if c.name.startswith("driver")])
        trouble += _drain(site, gateway, traffic)
        leaves = asyncio.run(_leaves(site))
        watch("drain")
        _stop(list(reversed(ensemble.children)))
        trouble += [f"{c.name} ended with {c.endings}; see {c.log}" for c in ensemble.children if c.endings]
    say("checking what the clients wrote down")
    history = _read(site, leaves, trouble)
    violations = check(history)
    watch("check")
    return Outcome(history, done, violations, seconds, filesystem(root))


class _Watch:
    """Notes how long each part took."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds, self._since = seconds, time.monotonic()

    def __call__(self, part: str) -> None:
        now = time.monotonic()
        self._seconds[part], self._since = round(now - self._since, 1), now


def _progress(number: int, total: int, kill: Kill, traffic: Traffic) -> str:
    return f"{number}/{total} killed {kill.name} with {kill.under_way} under way; {traffic.arrived()} messages arrived"


def _warm_up(traffic: Traffic, ensemble: Ensemble) -> None:
    deadline = time.monotonic() + killing.PROGRESS_SECONDS
    while traffic.arrived() < WARM_UP_MESSAGES:
        if dead := ensemble.dead():
            raise StalledError(f"{dead[0].name} ended by itself; see {dead[0].log}")
        if time.monotonic() > deadline:
            raise StalledError("no traffic at all")
        time.sleep(0.05)


def _stop(children: Sequence[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait()


def _drain(site: Site, gateway: Child, traffic: Traffic) -> list[str]:
    """Wait until every party says that nothing is under way any more; tell who does not in time."""
    deadline, busy = time.monotonic() + DRAIN_SECONDS, list[str]()
    while time.monotonic() < deadline and gateway.alive():
        views = {member.name: _overview(member.folder) for member in site.members}
        busy = [text for name, seen in views.items() if (text := _busy(name, seen))]
        received = sum(seen.incoming.get("ontvangen", 0) for seen in views.values())
        if not busy and traffic.arrived() == received:
            return []
        time.sleep(0.5)
    return [f"not drained after {DRAIN_SECONDS:.0f} s: {text}" for text in busy or ["applications lag behind"]]


def _overview(folder: Path) -> Overview:
    with Connector.open(folder) as connector:
        return connector.overview()


def _busy(name: str, seen: Overview) -> str:
    open_ = {state: n for state, n in seen.outgoing.items() if state in ("gespoold", "aanvaard")}
    if open_ or seen.waiting or seen.covered != seen.promised:
        return f"{name}: {open_}, {seen.waiting} waiting, {seen.covered} of {seen.promised} promises covered"
    return ""


def _read(site: Site, leaves: Sequence[bytes], trouble: Sequence[str]) -> History:
    accounts: list[Account] = []
    for member in site.members:
        with Connector.open(member.folder) as connector:
            accounts.append(histories.account(connector))
    return History(
        attempts=[a for m in site.senders for a in histories.attempts(m.journal)],
        acked={k: v for m in site.senders for k, v in histories.acked(m.journal).items()},
        effects=[e for m in site.recipients for e in histories.effects(m.journal)],
        accounts=accounts,
        leaves=leaves,
        trouble=trouble,
    )


async def _leaves(site: Site) -> list[bytes]:
    """Fetch every leaf hash of the traffic log, as anybody may; the checker holds them against kept roots."""
    found: list[bytes] = []
    with Connector.open(site.senders[0].folder) as connector:
        try:
            async with connector.dial() as transport:
                size = int((await transport.get("/log/verkeer/checkpoint")).split(b"\n")[1])
                for index in range(-(-size // 256)):
                    width = min(256, size - index * 256)
                    raw = await transport.get(f"/log/verkeer/{tile_path(0, index, width)}")
                    found += [raw[i : i + 32] for i in range(0, len(raw), 32)]
        except GatewayError:
            return found
    return found
