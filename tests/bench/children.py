"""The processes of a measure: started here, told when to go, and ended here whatever happens."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from tests.bench.flushes import FlushPage
from tests.bench.gauges import Watched

PATIENCE_SECONDS = 120
REPOSITORY = Path(__file__).parents[2]


class ChildError(RuntimeError):
    """A process of the measure ended or fell silent; the text holds the end of what it said."""


class Child:
    """One process of ours in a session of its own, so that Ctrl-C reaches us alone and we end it in order."""

    def __init__(self, module: str, *arguments: object, log: Path) -> None:
        self._log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=REPOSITORY,
                bufsize=0,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it: by SIGTERM, and by force if that takes too long."""
        self.process.terminate()
        try:
            self.process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()

    def line(self) -> str:
        """Read the next line that it says."""
        out = self.process.stdout
        assert out is not None
        ready, _, _ = select.select([out], [], [], PATIENCE_SECONDS)
        text = out.readline().decode() if ready else ""
        if not text:
            said = self._log.read_text()[-2000:]
            raise ChildError(f"{self.process.args[2]} {'ended' if ready else 'is silent'}:\n{said}")  # type: ignore[index]
        return text

    def told(self) -> dict[str, Any]:
        """Read the next line as JSON."""
        value: dict[str, Any] = json.loads(self.line())
        return value

    def go(self) -> None:
        """Say that the measure begins."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"go\n")


@contextmanager
def server(module: str, arguments: Sequence[object], wal: Path, scratch: Path) -> Iterator[Watched]:
    """Run a server that says its address, its flushes counted; ends it on leaving."""
    page_file = scratch / "flushes"
    page_file.unlink(missing_ok=True)
    page = FlushPage(page_file)
    with Child(module, page_file, *arguments, log=scratch / "server.log") as child:
        port = int(child.line().rsplit(":", 1)[1])
        yield Watched(child.process.pid, port, page, wal)


@contextmanager
def clients(commands: Sequence[Sequence[object]], scratch: Path) -> Iterator[list[Child]]:
    """Run clients, each given as module and arguments; inside, all are warm and wait for ``go``."""
    with ExitStack() as stack:
        children = [
            stack.enter_context(Child(str(module), *rest, log=scratch / "client.log")) for module, *rest in commands
        ]
        for child in children:
            child.told()
        yield children


def cores() -> int:
    """How many cores all of this shares."""
    return len(os.sched_getaffinity(0))
