"""The bench runs from end to end; how fast, no test asks."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from tests.bench.measures import SMALL

REPOSITORY = Path(__file__).parents[2]


async def bench(*arguments: str) -> asyncio.subprocess.Process:
    """Start the bench with a few messages."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench",
        "--small",
        *arguments,
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def test_every_measure_counts_all_its_messages(tmp_path: Path) -> None:
    """Each measure gives one sample a round, of exactly the messages that were to be sent."""
    process = await bench("--rounds", "1", "--soak", "--json", str(tmp_path / "figures.json"))
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    measures = json.loads((tmp_path / "figures.json").read_text())["measures"]
    counts = {name: [sample["messages"] for sample in samples] for name, samples in measures.items()}
    single, bulk, exchange = SMALL.single.messages, SMALL.bulk.messages, SMALL.exchange.messages
    soak = SMALL.soak_legs * (exchange + SMALL.exchange.warm_messages)
    assert counts == {
        "fdatasync": [None],
        "bare": [single],
        "floor-accept": [single],
        "accept": [single],
        "floor-bulk": [bulk],
        "bulk": [bulk],
        "exchange": [exchange],
        "soak": [soak],
    }


async def test_interrupted_it_leaves_nothing_running() -> None:
    """Ctrl-C ends every process that the bench started, and the bench with 130."""
    process = await bench("--rounds", "1000", "--only", "accept")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    async with asyncio.timeout(60):
        while not (started := children.read_text().split()):
            await asyncio.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, _ = await process.communicate()
    assert process.returncode == 130, said.decode()
    async with asyncio.timeout(15):  # a child that was told to stop may outlive the bench by a moment
        while any(runs(pid) for pid in started):
            await asyncio.sleep(0.1)


def runs(pid: str) -> bool:
    """Tell whether a process still runs: one that has ended but that nobody waited for yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def test_terms_are_measured(tmp_path: Path) -> None:
    """Each round sweeps when nothing is due, and when something is, and tells exactly that."""
    process = await bench("--terms", "--rounds", "2", "--json", str(tmp_path / "terms.json"))
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    found = json.loads((tmp_path / "terms.json").read_text())
    assert found["told"] == 2 * (10 + 2)
    assert {len(samples) for samples in found["samples"].values()} == {2}
    assert "decision, past a gate: µs" in found["samples"]
