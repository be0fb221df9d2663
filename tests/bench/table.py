"""The figures for people."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from tests.bench.figures import FLOOR_OF, Figures, Spread

COLUMNS = (
    ("a second", "rate", 0, True),
    ("server µs", "server_us", 0, True),
    ("clients µs", "client_us", 0, False),
    ("fsyncs", "syncs", 3, False),
    ("peak MB", "peak_mb", 0, False),
    ("p50 ms", "p50_ms", 1, False),
    ("p99 ms", "p99_ms", 1, False),
    ("other work", "others", 2, False),
)
"""Title, field, digits, and whether the least and greatest stand beside the median."""


LOOK: dict[str, Any] = {"title_justify": "left", "box": SIMPLE, "pad_edge": False}


def show(figures: Figures, console: Console) -> None:
    """Print the measures, the ratios and the aims."""
    console.print(_measures(figures))
    console.print(_ratios(figures))
    console.print(_aims(figures))


def _measures(figures: Figures) -> Table:
    rounds = max((len(samples) for samples in figures.samples.values()), default=0)
    table = Table(title=f"Medians of {rounds} round(s), least..greatest; µs of CPU and fsyncs a message", **LOOK)
    table.add_column("measure", no_wrap=True)
    for title, *_ in COLUMNS:
        table.add_column(title, justify="right", no_wrap=True)
    for name in figures.samples:
        cells = (_cell(figures.spread(name, field), digits, whole) for _, field, digits, whole in COLUMNS)
        table.add_row(name, *cells)
    return table


def _ratios(figures: Figures) -> Table:
    table = Table(title="Against the floor of the same round", **LOOK)
    for title in ("measure", "CPU ÷ floor's CPU", "floor's rate ÷ rate"):
        table.add_column(title, justify="left" if title == "measure" else "right")
    for name in FLOOR_OF:
        cpu, rate = figures.cpu_ratio(name), figures.rate_ratio(name)
        if cpu is not None:
            table.add_row(name, _cell(cpu, 2), _cell(rate, 2))
    return table


def _aims(figures: Figures) -> Table:
    table = Table(title="Aims", **LOOK)
    for title in ("aim", "asked", "found", ""):
        table.add_column(title, justify="right" if title in {"asked", "found"} else "left")
    for aim in figures.aims():
        sign = "≤" if aim.at_most else "≥"
        table.add_row(aim.name, f"{sign} {aim.limit:,g}", f"{aim.found:,.2f}", "met" if aim.met else "not met")
    return table


def _cell(spread: Spread | None, digits: int, whole: bool = True) -> str:
    if spread is None:
        return ""
    middle, low, high = (f"{value:,.{digits}f}" for value in (spread.middle, spread.low, spread.high))
    return f"{middle} ({low}..{high})" if whole and low != high else middle
