"""Read the covenant's file: any bytes give a covenant that holds together, or an error that names the line."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from pydantic import ValidationError

from schemas.covenants.lines import line_of
from schemas.covenants.model import Convenant
from schemas.covenants.samenhang import faults
from schemas.values import Digest

MAX_BYTES = 64_000
"""The file is an entry of the register log, and a log entry has at most 65,535 bytes (C2SP tlog-tiles)."""

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

    On return it holds together (``schemas.covenants.samenhang``): every code that it mentions is defined,
    every rule can be kept, and no verdict would tell a party of what it may not see.

    Raises:
        CovenantError: with the first fault by line; correct the file.
    """
    if len(data) + data.count(b'"') + data.count(b"\\") + data.count(b"\n") > MAX_BYTES:  # as JSON spells it
        raise CovenantError(1, f"expected a file of at most {MAX_BYTES} bytes, quotes and line ends counted twice")
    text = _text(data)
    convenant = read_covenant(data)
    found = sorted((line_of(text, path), fault) for path, fault in faults(convenant))
    if found:
        raise CovenantError(*found[0])
    return convenant


def read_covenant(data: bytes) -> Convenant:
    """Read a covenant that was adopted before: only its form counts, not whether it holds together by today's check.

    Raises:
        CovenantError: this program does not know its form.
    """
    text = _text(data)
    return _validate(text, _parse(text), Digest.of(data))


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise CovenantError(data.count(b"\n", 0, error.start) + 1, "expected UTF-8") from None


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
        inner = [fault for fault in faults if not any(_around(fault["loc"], other["loc"]) for other in faults)]
        raise CovenantError(*min((line_of(text, fault["loc"]), _said(fault)) for fault in inner)) from None


def _around(outer: tuple[str | int, ...], inner: tuple[str | int, ...]) -> bool:
    """Tell whether a fault is only what another inside it led to, such as a list whose every item is wrong."""
    return len(outer) < len(inner) and inner[: len(outer)] == outer


def _said(fault: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {str(fault['msg']).removeprefix('Value error, ')}"
