"""An exchange and its parties in a folder on a real disk, made with the product's own command and client."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from gateway.cli.joining import join_party
from gateway.cli.local import ask
from gateway.connector.connector import Connector
from gateway.errors import ConfigurationError
from schemas.values import Mailbox, Oin
from tests.faults.processes import Child, Ensemble

CORPORATIONS = ("00000099000000001000", "00000099000000002000", "00000099000000003000")
MUNICIPALITIES = ("00000099000000101000", "00000099000000102000")
LEASE_SECONDS = 2
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Member:
    """One party: its mailbox and its folders."""

    mailbox: Mailbox
    folder: Path
    journal: Path

    @property
    def name(self) -> str:
        """A short name for logs and tables."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Site:
    """Where everything stands."""

    root: Path
    port: int
    senders: tuple[Member, ...]
    recipients: tuple[Member, ...]

    @property
    def exchange(self) -> Path:
        """The folder of the exchange."""
        return self.root / "beurs"

    @property
    def url(self) -> str:
        """Where the exchange listens."""
        return f"https://localhost:{self.port}"

    @property
    def members(self) -> tuple[Member, ...]:
        """All parties."""
        return self.senders + self.recipients

    def gateway(self) -> Child:
        """The gateway; leases are short, so that what a kill left open is offered again soon."""
        command = _seinpost("serve", str(self.exchange), "--port", str(self.port))
        return Child("gateway", command, self.root / "gateway.log", {"SEINPOST_LEASE_SECONDS": str(LEASE_SECONDS)})

    def connector(self, member: Member) -> Child:
        """The connector of one party."""
        command = _seinpost("connector", "run", str(member.folder))
        return Child(f"connector {member.name}", command, self.root / f"connector-{member.name}.log")

    def driver(self, member: Member, seed: str) -> Child:
        """The load of one corporation."""
        recipients = [str(r.mailbox) for r in self.recipients]
        arguments = [str(member.folder), str(member.journal), f"{seed}/{member.name}", *recipients]
        command = [sys.executable, "-m", "tests.faults.driver", *arguments]
        return Child(f"driver {member.name}", command, self.root / f"driver-{member.name}.log")

    def consumer(self, member: Member) -> Child:
        """The application of one municipality."""
        command = [sys.executable, "-m", "tests.faults.consumer", str(member.folder), str(member.journal)]
        return Child(f"consumer {member.name}", command, self.root / f"consumer-{member.name}.log")


def plan(root: Path) -> Site:
    """Say where everything will stand; the folder must not lie in memory, or a kill would test less than it says."""
    if (kind := filesystem(root)) in ("tmpfs", "ramfs"):
        raise ConfigurationError(f"{root} lies in memory ({kind}); give a folder on a disk with --dir")
    senders = tuple(_member(root, f"corporatie-{n}", oin, "huur") for n, oin in enumerate(CORPORATIONS, 1))
    recipients = tuple(_member(root, f"gemeente-{n}", o, "vroegsignalering") for n, o in enumerate(MUNICIPALITIES, 1))
    return Site(root, _free_port(), senders, recipients)


def build(site: Site, ensemble: Ensemble) -> Child:
    """Make the exchange, start it, let every party join, and let all confirm one another's keys; give the gateway."""
    subprocess.run(_seinpost("init", str(site.exchange), "--host", "localhost"), check=True, capture_output=True)
    gateway = ensemble.add(site.gateway())
    wait_until_up(site, gateway)
    for member in site.members:
        asyncio.run(_join(site, member))
    for member in site.members:
        with Connector.open(member.folder) as connector:
            asyncio.run(_confirm(connector, {m.mailbox for m in site.members}))
    return gateway


def wait_until_up(site: Site, gateway: Child) -> None:
    """Return when the gateway takes connections; raises ``ConfigurationError`` when it does not in time."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and gateway.alive():
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", site.port)) == 0:
                return
        time.sleep(0.05)
    raise ConfigurationError(f"the gateway does not come up; see {gateway.log}")


def filesystem(path: Path) -> str:
    """Tell the kind of file system that a folder lies on."""
    found, kind = "", "unknown"
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, point, this, *_ = line.split()
        inside = str(path.resolve()).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(found):
            found, kind = point, this
    return kind


def _member(root: Path, name: str, oin: str, postvak: str) -> Member:
    return Member(Mailbox.of(Oin(oin), postvak), root / name, root / f"{name}.jsonl")


async def _join(site: Site, member: Member) -> None:
    oin = member.mailbox.oin
    code = await ask(site.exchange, "POST", f"/beheer/deelnemers/{oin}/_uitnodigen")
    await join_party(member.folder, site.url, oin, [member.mailbox.name], code["uitnodiging"], None)


async def _confirm(connector: Connector, wanted: set[Mailbox]) -> None:
    """Replay the register until a checkpoint shows everybody, then compare fingerprints."""
    async with connector.dial() as transport:
        while not wanted <= {found.mailbox for found in connector.fingerprints()}:
            await connector.refresh(transport)
            await asyncio.sleep(0.1)
    for found in connector.fingerprints():
        if not found.confirmed:
            connector.confirm(found.mailbox, found.fingerprint)


def _seinpost(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("seinpost")), *arguments]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
