"""``python -m tests.bench``: measure, and say what came out.

Exit codes: 0 measured (whether the aims are met or not), 1 a process failed, 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.bench.children import ChildError, cores
from tests.bench.document import rewrite
from tests.bench.figures import Figures, Sample
from tests.bench.measures import FULL, SMALL, Bench
from tests.bench.site import build
from tests.bench.table import show
from tests.bench.terms import measure_terms, show_costs

NEEDS = {"accept": ("floor-accept", "accept"), "bulk": ("floor-bulk", "bulk"), "exchange": ("exchange",)}


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for."""
    asked, console = _parse(arguments), Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    if asked.terms:
        return _terms(asked, console)
    figures = Figures()
    try:
        with tempfile.TemporaryDirectory(prefix="sp-") as folder, _progress(console) as progress:
            _run(asked, Path(folder), figures, progress)
    except KeyboardInterrupt:
        console.print("Interrupted; nothing is left running.")
        return 130
    except ChildError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    show(figures, console)
    if asked.json:
        asked.json.write_text(json.dumps({"machine": machine(), **figures.whole()}, indent=1) + "\n")
    if asked.document:
        rewrite(asked.document, figures, machine())
    return 0


def _terms(asked: argparse.Namespace, console: Console) -> int:
    with tempfile.TemporaryDirectory(prefix="sp-") as folder:
        costs = asyncio.run(measure_terms(Path(folder), asked.rounds, small=asked.small))
    show_costs(costs, console)
    if asked.json:
        told = {"machine": machine(), "told": costs.told, "samples": costs.samples}
        asked.json.write_text(json.dumps(told, indent=1) + "\n")
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how many rounds (5)")
    parser.add_argument(
        "--only", type=_names, default=list(NEEDS), help="such as accept,bulk (all: accept,bulk,exchange)"
    )
    parser.add_argument("--soak", action="store_true", help="also carry 100,000 messages through one server")
    parser.add_argument("--terms", action="store_true", help="only what terms and decisions of the covenant cost")
    parser.add_argument("--small", action="store_true", help="a few messages only, to see that it works")
    parser.add_argument("--document", type=Path, metavar="FILE", help="write the medians into this Markdown file")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples here")
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    if unknown := [name for name in names if name not in NEEDS]:
        raise argparse.ArgumentTypeError(f"no such measure: {', '.join(unknown)}; there are {', '.join(NEEDS)}")
    return names


def _progress(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _run(asked: argparse.Namespace, folder: Path, figures: Figures, progress: Progress) -> None:
    line = progress.add_task("founding an exchange, sealing and signing what will be sent")
    bench = Bench(asyncio.run(build(folder)), SMALL if asked.small else FULL)
    bench.prepare()
    measures = _measures(bench, asked.only)
    for number in range(1, asked.rounds + 1):
        for name, measure in measures.items():
            progress.update(line, description=f"round {number} of {asked.rounds}: {name}")
            figures.add(name, measure())
    if asked.soak:
        _soak(bench.soak(), figures, lambda leg: progress.update(line, description=f"soak: leg {leg}"))


def _measures(bench: Bench, only: Sequence[str]) -> dict[str, Callable[[], Sample]]:
    """Give the measures in the order of a round: the machine's mood first, each beside its floor."""
    every = {
        "fdatasync": bench.fdatasync,
        "bare": bench.bare,
        "floor-accept": bench.floor_accept,
        "accept": bench.accept,
        "floor-bulk": bench.floor_bulk,
        "bulk": bench.bulk,
        "exchange": bench.exchange,
    }
    wanted = {"fdatasync", "bare", *(name for one in only for name in NEEDS[one])}
    return {name: measure for name, measure in every.items() if name in wanted}


def _soak(legs: Iterator[Sample | None], figures: Figures, tell: Callable[[int], None]) -> None:
    for leg, sample in enumerate(legs, start=1):
        tell(leg)
        if sample is not None:
            figures.add("soak", sample)


def machine() -> dict[str, Any]:
    """Tell where this was measured."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return {"cpu": model, "cores": cores(), "system": platform.platform(), "python": platform.python_version()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
