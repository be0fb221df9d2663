"""A short campaign of kills, from beginning to end: the long one is ``make faults``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def campaign(*arguments: str) -> subprocess.Popen[str]:
    """Start ``python -m tests.faults`` from the checkout."""
    command = [sys.executable, "-m", "tests.faults", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_three_kills_of_each_lose_nothing(tmp_path: Path) -> None:
    """Three kills of the gateway and three of connectors under load: every acknowledged message once and in order."""
    report = tmp_path / "faults.json"
    process = campaign("--kills", "3", "--json", str(report))
    shown, _ = process.communicate(timeout=110)
    assert process.returncode == 0, shown
    found = json.loads(report.read_text())
    assert found["violations"] == []
    assert found["kills"]["gateway"] == found["kills"]["connector"] == 3
    assert found["acknowledged"] == found["effects"] == found["receipts"] > 30


def test_interrupting_leaves_no_process(tmp_path: Path) -> None:
    """Ctrl-C ends every child and concludes nothing."""
    process = campaign("--dir", str(tmp_path))
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("*/gemeente-1.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert running(tmp_path)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert running(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def running(folder: Path) -> list[str]:
    """Give the command lines of processes that work in this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if f"{folder}/seinpost-faults-" in line:
                found.append(line)
    return found
