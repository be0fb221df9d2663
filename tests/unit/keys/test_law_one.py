"""Law 1 in this package: keys that seal may be held anywhere, the code that seals is the client's alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import keys

FOLDER = Path(keys.__file__).parent
MODULES = sorted(file.stem for file in FOLDER.glob("*.py") if file.stem != "__init__")
SEALS = ("keys.sealing", "cryptography.hazmat.primitives.hpke")


def _imports(module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _loaded(*modules: str) -> str:
    code = f"import sys, {', '.join(modules)}; print([m for m in {SEALS!r} if m in sys.modules])"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parent
    ).stdout


def test_no_other_module_loads_the_sealing() -> None:
    """A fresh interpreter with every other module of the package has neither our sealing nor HPKE loaded."""
    others = [f"keys.{module}" for module in MODULES if module != "sealing"]
    assert len(others) >= 15
    assert _loaded(*others).strip() == "[]"


def test_the_check_above_can_fail() -> None:
    """With the sealing loaded, the same check sees both."""
    assert all(name in _loaded("keys.sealing") for name in SEALS)


@pytest.mark.parametrize("module", MODULES)
def test_the_package_leans_on_values_only(module: str) -> None:
    """Of ours, ``keys`` imports ``schemas.values`` and ``schemas.strict``; only ``sealing`` knows HPKE."""
    ours = {name for name in _imports(module) if name.split(".")[0] in {"gateway", "schemas"}}
    assert all(name.startswith(("schemas.values", "schemas.strict")) for name in ours)
    assert module == "sealing" or not any("hpke" in name or name == "keys.sealing" for name in _imports(module))
