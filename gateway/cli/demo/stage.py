"""The stage of the demo: an exchange and nineteen parties in one folder, in processes of their own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from gateway.cli.joining import join_party
from gateway.cli.local import ask
from gateway.connector.connector import Connector
from gateway.covenant.sending import parties_ruling
from gateway.errors import ConfigurationError, UnavailableError
from schemas.covenants import Convenant, Deelnemer, Soort, leidse_regio, load_covenant
from schemas.values import Mailbox

BEURS = "localhost/leidse-regio"
GROUPS = {
    "corporations": (Soort.COR,),
    "municipalities": (Soort.GEM,),
    "partners": (Soort.SWT, Soort.SHV, Soort.MZO),
}
"""Which parties share a process; the exchange has its own."""


@dataclass(slots=True)
class Stage:
    """Where everything is, and what runs."""

    folder: Path
    port: int = 0
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    convenant: Convenant = field(default_factory=lambda: load_covenant(leidse_regio()))

    @property
    def beurs(self) -> Path:
        """The folder of the exchange."""
        return self.folder / "beurs"

    def home(self, party: Deelnemer) -> Path:
        """The folder of a party's connector."""
        return self.folder / f"{party.soort.value.lower()}-{party.oin[8:17].lstrip('0')}"

    def parties(self, *kinds: Soort) -> list[Deelnemer]:
        """The participants of these kinds, or all."""
        return [d for d in self.convenant.deelnemers if not kinds or d.soort in kinds]

    def open(self, party: Deelnemer) -> Connector:
        """Open a party's connector, as its own software would."""
        return Connector.open(self.home(party))


def command(*words: str | Path) -> list[str]:
    """Spell a ``seinpost`` command for a process of its own."""
    return [sys.executable, "-m", "gateway.cli", *map(str, words)]


@contextmanager
def processes(stage: Stage) -> Iterator[None]:
    """End, on leaving, everything that was started, politely first."""
    try:
        yield
    finally:
        for process in stage.processes.values():
            process.terminate()
        for process in stage.processes.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def start(stage: Stage, name: str, *words: str | Path) -> str:
    """Start a command in the background and give its first line; its log goes to the folder.

    Raises:
        UnavailableError: it ended before it said anything; the text says where to look.
    """
    log = stage.folder / f"{name}.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command(*words), stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    stage.processes[name] = process
    line = _first_line(process.stdout)
    if not line:
        raise UnavailableError(f"{name} did not start; see {log}")
    return line


def _first_line(stream: IO[bytes] | None) -> str:
    return stream.readline().decode().strip() if stream is not None else ""


def open_exchange(stage: Stage) -> None:
    """Make the exchange and serve it on a free port.

    Raises:
        ConfigurationError: the folder holds an exchange already.
    """
    made = subprocess.run(command("init", stage.beurs, "--host", "localhost"), check=False, capture_output=True)  # noqa: S603
    if made.returncode:
        raise ConfigurationError(made.stderr.decode().strip())
    line = start(stage, "exchange", "serve", stage.beurs, "--port", "0")
    stage.port = int(line.rpartition(":")[2])


async def join_all(stage: Stage) -> None:
    """Invite and join every participant of the covenant, over TLS, each with keys of its own."""
    for party in stage.parties():
        code = (await ask(stage.beurs, "POST", f"/beheer/deelnemers/{party.oin}/_uitnodigen"))["uitnodiging"]
        url = f"https://localhost:{stage.port}"
        await join_party(stage.home(party), url, party.oin, [box.name for box in party.postvakken], code, None)


async def compare_fingerprints(stage: Stage) -> int:
    """Let parties that exchange messages confirm one another's first key by its fingerprint; gives how many did.

    The fingerprints come from the owners' own key rings, which stand for the telephone here.
    """
    spoken = {box: print_ for party in stage.parties() for box, print_ in _own_fingerprints(stage, party)}
    await asyncio.sleep(1.2)  # the register's checkpoint covers the last joining within a second
    confirmed = 0
    for party in stage.parties():
        others = [other for other in stage.parties() if _speak(stage.convenant, party, other)]
        with stage.open(party) as connector:
            async with connector.dial() as transport:
                await connector.refresh(transport)
            for mailbox in (box for other in others for box in other.postvakken):
                connector.confirm(mailbox, spoken[mailbox])
                confirmed += 1
    return confirmed


def _speak(convenant: Convenant, one: Deelnemer, other: Deelnemer) -> bool:
    """Tell whether the covenant lets one of the two send the other anything."""
    pairs = ((one.postvakken[0], other.postvakken[0]), (other.postvakken[0], one.postvakken[0]))
    rulings = (parties_ruling(convenant, regel.code, *pair) for regel in convenant.berichten for pair in pairs)
    return one != other and any(ruling.objection is None for ruling in rulings)


def _own_fingerprints(stage: Stage, party: Deelnemer) -> list[tuple[Mailbox, str]]:
    with stage.open(party) as connector:
        return [(box, keys.signing.public.fingerprint()) for box, keys in connector.keys.items()]


def start_connectors(stage: Stage) -> None:
    """Start the connectors of all parties, a process for each group."""
    for name, kinds in GROUPS.items():
        homes: Sequence[Path] = [stage.home(party) for party in stage.parties(*kinds)]
        start(stage, name, "connector", "run", *homes)
