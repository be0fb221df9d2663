"""Small rooms: no module over 400 lines, no function over 40, no more than six parameters (docs of style)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "schemas", "keys")
MODULE_LINES = 400
FUNCTION_LINES = 40


def faults(root: Path) -> Iterator[str]:
    """Name every room that is too large."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            yield from _module(path, path.relative_to(root))


def _module(path: Path, name: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > MODULE_LINES:
        yield f"{name}: {lines} lines, at most {MODULE_LINES}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = _code_lines(node)
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring: promises are not what makes it long."""
    docstring = node.body[0] if ast.get_docstring(node) is not None else None
    spoken = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - spoken


if __name__ == "__main__":
    found = list(faults(ROOT))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.exit(1 if found else 0)
