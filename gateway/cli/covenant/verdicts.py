"""What the covenant says about a cell of the matrix, about some cells, or about all of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from rich.console import Console
from rich.table import Table

from gateway.cli.covenant.agreed import name_of, short_of
from gateway.cli.covenant.articles import EFFECT, after, heading, met_by, opening, told, way
from gateway.cli.speech import PIPED_WIDTH, out, table
from gateway.covenant.differing import plain
from gateway.covenant.explaining import Explanation, Reason
from schemas.covenants import Convenant, Deelnemer, Soort

LEGEND = 4
"""How many types a line of the legend names."""

Facts = Iterator[tuple[str, str]]


def show_cell(convenant: Convenant, cell: Explanation) -> None:
    """Print one decision with the rule that made it, and all that counts for the message."""
    mark, verb = ("✓", "may") if cell.allowed else ("✗", "may not")
    what = f"{mark} {cell.van.naam} {verb} send {cell.naar.naam} {name_of(cell.type)} ({short_of(cell.type)})."
    out.print(what, style="bold" if out.is_terminal else "", soft_wrap=True)
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for label, text in (*_decided(cell), *_counts(convenant, cell), ("covenant", heading(convenant))):
        facts.add_row(label, text)
    where = out if out.is_terminal else Console(file=sys.stdout, width=PIPED_WIDTH, highlight=False, markup=False)
    where.print(facts)


def show_cells(convenant: Convenant, cells: Sequence[Explanation]) -> None:
    """Print some decisions in a line each."""
    out.print(heading(convenant), soft_wrap=True)
    columns: dict[str, list[object]] = {"": ["✓" if cell.allowed else "✗" for cell in cells]}
    columns |= {
        "from": [cell.van.naam for cell in cells],
        "to": [cell.naar.naam for cell in cells],
        "type": [name_of(cell.type) for cell in cells],
    }
    columns |= {"line": [cell.cited.line if cell.cited else "-" for cell in cells], "why not": [*map(why, cells)]}
    shown = {name: column for name, column in columns.items() if len(set(column)) > 1}
    same = [
        f"{name} {column[0]}"
        for name, column in columns.items()
        if name not in shown and name in ("from", "to", "type")
    ]
    title = f"{sum(cell.allowed for cell in cells)} of {len(cells)} allowed, {', '.join(same)}"
    table(title, list(shown), list(zip(*shown.values(), strict=True)))


def show_matrix(convenant: Convenant, cells: Sequence[Explanation]) -> None:
    """Print all decisions by kind of participant: how many pairs may send each type."""
    out.print(heading(convenant), soft_wrap=True)
    allowed = Counter((cell.van.soort, cell.naar.soort, cell.type) for cell in cells if cell.allowed)
    ways = [pair for pair in product(Soort, repeat=2) if any((*pair, cell.type) in allowed for cell in cells)]
    codes = list(dict.fromkeys(cell.type for cell in cells))
    rows = [(way(van, naar), *(str(allowed.get((van, naar, code), "·")) for code in codes)) for van, naar in ways]
    title = f"{allowed.total()} of {len(cells)} cells allowed; a number is how many pairs of participants may"
    table(title, ("", *(short_of(code) for code in codes)), rows)
    never = [way(van, naar) for van, naar in product(Soort, repeat=2) if (van, naar) not in ways]
    out.print(f"\nNever: {', '.join(never)}")
    off = [short_of(regel.code) for regel in convenant.berichten if not regel.inGebruik]
    out.print(f"Not in use: {', '.join(off)}" if off else "Every type is in use.")
    for at in range(0, len(codes), LEGEND):
        legend = ", ".join(f"{short_of(code)} {name_of(code)}" for code in codes[at : at + LEGEND])
        out.print(legend, style="dim" if out.is_terminal else "", soft_wrap=True)


def why(cell: Explanation) -> str:
    """Say why a type may not go this way."""
    ways = cell.regel.routes if cell.regel else ()
    return {
        Reason.ROUTE: "",
        Reason.GEEN_BERICHT: "the covenant knows no such type",
        Reason.BUITEN_GEBRUIK: "the type is not in use",
        Reason.ZICHZELF: "nobody sends to itself",
        Reason.GEEN_ROUTE: f"not {way(cell.van.soort, cell.naar.soort)}, only "
        + ", ".join(way(route.van, route.naar) for route in ways),
        Reason.GEEN_GEBIED: "they have no municipality in common",
    }[cell.reason]


def _decided(cell: Explanation) -> Facts:
    if not cell.allowed:
        yield "why not", why(cell)
    yield "rule", f"line {cell.cited.line}: {cell.cited.text}" if cell.cited else "default deny: no line allows it"
    if cell.regel:
        yield "purpose", cell.regel.doel
        yield "basis", cell.regel.grondslag


def _counts(convenant: Convenant, cell: Explanation) -> Facts:
    if cell.regel is None or cell.route is None:
        return
    yield "dossier", "may open one" if cell.route.opent else "in one that the sender is a member of"
    if cell.route.naHulp:
        yield "only after", "the tenant accepted help, which the connectors judge"
    for gate, cited in cell.gates:
        yield (
            "gate",
            f"{gate.code} (line {cited.line}) {EFFECT[gate.gevolg]} unless first came {opening(gate)}: {gate.reden}",
        )
    if cell.answers:
        must = "must answer" if cell.regel.antwoordVerplicht else "may answer"
        yield must, " or ".join(name_of(code) for code in cell.answers)
    if cell.answered_by:
        yield "answered by", " or ".join(name_of(code) for code in cell.answered_by)
    for term, cited in cell.terms:
        names = " or ".join(name_of(code) for code in term.door)
        yield "term", f"{term.binnen} for {names} (line {cited.line}); told: {told(term.meldingen)}"
    for content, cited in cell.content_terms:
        owed = f"{content.binnen} on {after(content)}, owed by the {content.plichtige}"
        yield "term", f"{owed} (line {cited.line}): {met_by(content)}"
    yield from _lasts(convenant, cell)


def _lasts(convenant: Convenant, cell: Explanation) -> Facts:
    if cell.regel is None:
        return
    offered = {key: plain(item) for key, item in cell.regel.verlooptijd}
    yield "offered", f"{offered['standaard']} ({offered['minimum']} to {offered['maximum']})"
    stays = f"sealed {cell.regel.bewaarDagen} days after receipt; fields up to class {cell.klasse}"
    yield (
        "kept",
        f"{stays} {cell.bewaarmaanden} months after the dossier; evidence {convenant.bewaring.bewijsJaren} years",
    )
    yield "", "as agreed; erasing when that time is over is not yet carried out"


def cell_as_json(cell: Explanation) -> dict[str, Any]:
    """Give a decision in short, for a program."""
    return {
        "van": cell.van.oin,
        "naar": cell.naar.oin,
        "type": cell.type,
        "mag": cell.allowed,
        "reden": cell.reason,
        "code": cell.objection,
        "regel": cell.cited.line if cell.cited else None,
    }


def whole_as_json(convenant: Convenant, cell: Explanation) -> dict[str, Any]:
    """Give a decision with all that counts for the message, for a program."""
    short = cell_as_json(cell) | {"van": _party(cell.van), "naar": _party(cell.naar), "convenant": which(convenant)}
    short["tekst"] = cell.cited.text if cell.cited else None
    if cell.regel is None or cell.route is None:
        return short
    rules = {"poorten": cell.gates, "termijnen": cell.terms, "inhoudstermijnen": cell.content_terms}
    return short | {
        **{key: value for key, value in plain(cell.regel).items() if key not in ("code", "routes", "antwoordOp")},
        "route": plain(cell.route),
        "beantwoordt": list(cell.answers),
        "beantwoordDoor": list(cell.answered_by),
        **{name: [plain(rule) | {"regel": cited.line} for rule, cited in found] for name, found in rules.items()},
        "klasse": cell.klasse,
        "bewaarMaanden": cell.bewaarmaanden,
    }


def which(convenant: Convenant) -> dict[str, str]:
    """Name a covenant, for a program."""
    return {"naam": convenant.naam, "versie": convenant.versie, "digest": convenant.digest}


def _party(deelnemer: Deelnemer) -> dict[str, str]:
    return {"oin": deelnemer.oin, "naam": deelnemer.naam, "soort": deelnemer.soort}
