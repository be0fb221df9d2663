"""The command ``seinpost`` as its users have it: run in this process, or in one of its own, in a folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import typer
from typer.main import get_command

from gateway.cli import app, main
from gateway.cli.sending import today
from gateway.connector.connector import Connector
from gateway.connector.directory import Directory
from gateway.connector.maandbestand.voorbeeld import voorbeeld_bestand
from schemas.covenants import leidse_regio, load_covenant
from schemas.values import Mailbox, Oin

COR, GEM = Oin("00000099000000001000"), Oin("00000099000000101000")
OTHER = Oin("00000099000000002000")
HUUR, VROEG = Mailbox.of(COR, "huur"), Mailbox.of(GEM, "vroegsignalering")
PARTIES = {"corporatie": HUUR, "gemeente": VROEG}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, for a program."""
        return json.loads(self.out)


@dataclass
class World:
    """A folder with an exchange and parties, and the port that the exchange has in it."""

    root: Path
    port: int

    def __call__(self, *words: str, stdin: str | None = None) -> Done:
        """Run a command to its end, in this process; nobody is at a terminal."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.root),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            mock.patch.object(sys, "argv", ["seinpost", *words]),
            mock.patch.object(sys, "stdin", io.StringIO(stdin or "")),
            mock.patch.dict(os.environ, {"SEINPOST_PORT": str(self.port)}),
        ):
            try:
                main()
                code: Any = 0
            except SystemExit as end:
                code = end.code
        return Done(int(code or 0), out.getvalue(), err.getvalue())

    def begin(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """Start a command in a process and a process group of its own; the caller ends it."""
        return subprocess.Popen(
            [sys.executable, "-m", "gateway.cli", *words],
            cwd=self.root,
            env=self.environment(),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            **options,
        )

    def environment(self) -> dict[str, str]:
        """Give the environment of commands: found on the path, and never at port 8443."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "SEINPOST_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Have a command running that has said its first line; it is told to stop at the end, if it did not yet."""
        process = self.begin(*words)
        try:
            assert process.stdout is not None
            assert process.stdout.readline(), process.communicate()[1]
            yield process
        finally:
            stop(process)

    def step(self, *folders: str) -> None:
        """Let connectors do one round each."""
        for folder in folders:
            with Connector.open(self.root / folder) as connector:
                asyncio.run(connector.step())

    def settle(self, until: Callable[[], bool], *folders: str) -> None:
        """Let connectors, or both, work until something holds."""
        for _ in range(60):
            if until():
                return
            self.step(*(folders or PARTIES))
        raise AssertionError("it never came to hold")

    def counts(self, folder: str) -> dict[str, int]:
        """Count the messages that a party sent, by what became of them."""
        with Connector.open(self.root / folder) as connector:
            return dict(connector.overview().outgoing)

    def fingerprint(self, mailbox: Mailbox) -> str:
        """Give a mailbox's fingerprint as its owner sees it."""
        owner = next(folder for folder, box in PARTIES.items() if box == mailbox)
        with Connector.open(self.root / owner) as connector:
            return connector.keys[mailbox].signing.public.fingerprint()

    def anchor(self) -> str:
        """Give the register log's key as the administrator would."""
        return Directory(self.root / "gemeente").settings().register_vkey


def stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> Done:
    """Tell a process to stop, and give how it ended; one that does not end is killed, and that is an error."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        out, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Done(process.returncode, out, err)


def found_world(root: Path) -> World:
    """Make an exchange with a corporation and a municipality that confirmed each other; nothing runs on return."""
    world = World(root, free_port())
    _good(world("init", "beurs", "--host", "localhost"))
    with world.running("serve", "beurs"):
        for folder, box in PARTIES.items():
            join(world, folder, box)
        world.settle(lambda: all(len(world("connector", "fingerprints", f, "--json").json) == 2 for f in PARTIES))
    for folder, other in (("corporatie", VROEG), ("gemeente", HUUR)):
        _good(world("connector", "confirm", folder, other, world.fingerprint(other)))
    return world


def join(world: World, folder: str, box: Mailbox) -> Done:
    """Invite a party and let it join, as two people would."""
    _good(world("party", "add", "beurs", box.oin, "--output", f"{folder}.code"))
    url = f"https://localhost:{world.port}"
    words = ("connector", "join", folder, "--url", url, "--oin", box.oin, "--postvak", box.name)
    return _good(world(*words, "--code-file", f"{folder}.code"))


def copy_of(world: World, root: Path) -> World:
    """Give a copy of a world in which nothing runs, at a port of its own."""
    shutil.copytree(world.root, root, dirs_exist_ok=True)
    made = World(root, free_port())
    for folder in PARTIES:
        settings = root / folder / "connector.toml"
        settings.write_text(settings.read_text().replace(f":{world.port}", f":{made.port}"))
    return made


def monthly_file(rows: int, *, fouten: bool = False, days_ago: int = 2) -> bytes:
    """Give a monthly file about dwellings in Leiden only."""
    convenant = load_covenant(leidse_regio())
    leiden = convenant.model_copy(update={"gemeenten": convenant.gemeenten[:1]})
    peildatum: date = today() - timedelta(days=days_ago)
    return voorbeeld_bestand("Ons Doel", 1, rows, leiden, peildatum, fouten=fouten)


def free_port() -> int:
    """Find a port that is free now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def commands() -> dict[str, Any]:
    """Give every command of the tree by its words, such as ``party add``."""
    return dict(_walk(get_command(app), ()))


def _walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if isinstance(command, typer.core.TyperGroup):
        for name, child in command.commands.items():
            yield from _walk(child, (*words, name))
    else:
        yield " ".join(words), command


def _good(done: Done) -> Done:
    assert done.code == 0, done.err
    return done


def deliver(world: World, rows: int = 16) -> None:
    """Send a monthly file, and let it be received."""
    (world.root / "maandbestand.csv").write_bytes(monthly_file(rows))
    assert world("send", "maandbestand.csv", "--dir", "corporatie", "--yes").code == 0
    world.settle(lambda: set(world.counts("corporatie")) == {"ontvangen"})


def damage(path: Path, find: bytes) -> None:
    """Change one bit of what a file holds at a certain place."""
    data = bytearray(path.read_bytes())
    place = data.index(find)
    data[place + len(find) // 2] ^= 1
    path.write_bytes(data)
