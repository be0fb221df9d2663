"""The figures as they stand in ``docs/performance.md``, written between two marks: no figure is copied by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench.figures import FLOOR_OF, Figures, Spread

BEGIN, END = "<!-- figures: make bench ARGS='--soak --document docs/performance.md' -->", "<!-- end of figures -->"
COLUMNS = (
    ("a second", "rate", 0),
    ("server µs", "server_us", 0),
    ("clients µs", "client_us", 0),
    ("fsyncs", "syncs", 3),
    ("peak MB", "peak_mb", 0),
    ("p50 ms", "p50_ms", 1),
    ("p99 ms", "p99_ms", 1),
    ("other work", "others", 2),
)


def rewrite(path: Path, figures: Figures, machine: Mapping[str, Any]) -> None:
    """Replace what stands between the marks in the file.

    Raises:
        ValueError: the file has not these two marks, in this order.
    """
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no place for figures")
    body = "\n".join(lines(figures, machine))
    path.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")


def lines(figures: Figures, machine: Mapping[str, Any]) -> Iterator[str]:
    """Give the figures as Markdown."""
    rounds = max((len(samples) for samples in figures.samples.values()), default=0)
    yield f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}."
    yield f"Medians of {rounds} rounds, least and greatest in brackets; CPU and fsyncs a message; *other work* is how"
    yield "many cores were busy with something that is not the measure's."
    yield ""
    yield from _row("measure", *(title for title, *_ in COLUMNS))
    yield "|---|" + "---:|" * len(COLUMNS)
    for name in figures.samples:
        yield from _row(name, *(_cell(figures.spread(name, field), digits) for _, field, digits in COLUMNS))
    yield ""
    yield from _row("against the floor of the same round", "its CPU ÷ the floor's", "the floor's rate ÷ its rate")
    yield "|---|---:|---:|"
    for name in FLOOR_OF:
        yield from _row(name, _cell(figures.cpu_ratio(name), 2), _cell(figures.rate_ratio(name), 2))
    yield ""
    yield from _row("aim", "asked", "found", "")
    yield "|---|---:|---:|---|"
    for aim in figures.aims():
        asked = f"{'at most' if aim.at_most else 'at least'} {aim.limit:,g}"
        yield from _row(aim.name, asked, f"{aim.found:,.2f}", "met" if aim.met else "**not met**")


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def _cell(spread: Spread | None, digits: int) -> str:
    if spread is None:
        return ""
    middle, low, high = (f"{value:,.{digits}f}" for value in (spread.middle, spread.low, spread.high))
    return middle if low == high else f"{middle} [{low}..{high}]"
