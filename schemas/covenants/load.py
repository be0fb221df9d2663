"""Read the covenant's file: any bytes give a covenant that holds together, or an error that names the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from pydantic import ValidationError

from schemas.covenants.lines import line_of
from schemas.covenants.model import Convenant
from schemas.covenants.vormen import Soort
from schemas.values import Digest

MAX_BYTES = 40_000
"""The file is an entry of the register log, and a log entry has at most 65,535 bytes (C2SP tlog-tiles)."""

Path = tuple[str | int, ...]
_AT_LINE = re.compile(r" \(at line ([0-9]+), column [0-9]+\)$")
_OURS = ("digest", "text")


class CovenantError(ValueError):
    """The file is no covenant. ``line`` counts from 1; ``text`` says what is wrong or what is expected there."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")
        self.line = line
        self.text = text


def load_covenant(data: bytes) -> Convenant:
    """Read a covenant.

    On return every code that the file mentions is defined in it, postcode ranges do not overlap,
    and each municipality is a participant exactly once.

    Raises:
        CovenantError: with the first fault by line; correct the file.
    """
    if len(data) > MAX_BYTES:
        raise CovenantError(1, f"expected a file of at most {MAX_BYTES} bytes")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise CovenantError(data.count(b"\n", 0, error.start) + 1, "expected UTF-8") from None
    convenant = _validate(text, _parse(text), Digest.of(data))
    found = sorted((line_of(text, path), fault) for path, fault in _faults(convenant))
    if found:
        raise CovenantError(*found[0])
    return convenant


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise CovenantError(1, "nested too deep") from None
    except ValueError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        raise CovenantError(line, f"no TOML: {_AT_LINE.sub('', str(error))}") from None


def _validate(text: str, parsed: dict[str, Any], digest: Digest) -> Convenant:
    for name in _OURS:
        if name in parsed:
            raise CovenantError(line_of(text, (name,)), f"{name}: unknown here")
    try:
        return Convenant.model_validate({**parsed, "digest": digest, "text": text})
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise CovenantError(*min((line_of(text, fault["loc"]), _said(fault)) for fault in faults)) from None


def _said(fault: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {str(fault['msg']).removeprefix('Value error, ')}"


def _faults(convenant: Convenant) -> Iterator[tuple[Path, str]]:
    """Name whatever does not hold together, by its place in the file."""
    yield from _repeated("gemeente", "code", [g.code for g in convenant.gemeenten])
    yield from _repeated("deelnemer", "oin", [d.oin for d in convenant.deelnemers])
    yield from _repeated("bericht", "code", [b.code for b in convenant.berichten])
    yield from _overlapping(convenant)
    yield from _areas(convenant)
    types = {regel.code for regel in convenant.berichten}
    for at, regel in enumerate(convenant.berichten):
        if not types.issuperset(regel.antwoordOp):
            yield ("bericht", at, "antwoordOp"), "answers a type that the covenant does not have"


def _repeated(table: str, key: str, values: Sequence[str]) -> Iterator[tuple[Path, str]]:
    for at, value in enumerate(values):
        if value in values[:at]:
            yield (table, at, key), f"{value} occurs twice"


def _overlapping(convenant: Convenant) -> Iterator[tuple[Path, str]]:
    ranges = [(at, bounds) for at, gemeente in enumerate(convenant.gemeenten) for bounds in gemeente.postcodes]
    for (_, one), (at, other) in combinations(ranges, 2):
        if one[0] <= other[1] and other[0] <= one[1]:
            yield ("gemeente", at, "postcodes"), f"{other[0]}-{other[1]} overlaps {one[0]}-{one[1]}"


def _areas(convenant: Convenant) -> Iterator[tuple[Path, str]]:
    known = {gemeente.code for gemeente in convenant.gemeenten}
    present: list[str] = []
    for at, deelnemer in enumerate(convenant.deelnemers):
        if not known.issuperset(deelnemer.gebied):
            yield ("deelnemer", at, "gebied"), "a municipality that the covenant does not have"
        if deelnemer.soort is not Soort.GEM:
            continue
        if len(deelnemer.gebied) != 1 or deelnemer.gebied[0] in present:
            yield ("deelnemer", at, "gebied"), "a municipality takes part once, and for itself alone"
        present.extend(deelnemer.gebied)
    for at, gemeente in enumerate(convenant.gemeenten):
        if gemeente.code not in present:
            yield ("gemeente", at, "code"), f"{gemeente.code} is no participant"
