"""Every check of the house is shown to fail on a planted mistake, in a copy of the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import sizes, words

ROOT = Path(__file__).parents[2]

PLANTED = [
    ("law 1, directly", "gateway/flow/gate.py", "from keys import sealing", "Law 1"),
    ("law 1, through a neighbour", "keys/signing.py", "import keys.sealing", "Law 1"),
    ("law 3: a clock in a decision", "gateway/rules/messages.py", "import time", "Law 3"),
    ("law 3: chance in a decision", "gateway/covenant/sending.py", "import secrets", "Law 3"),
    ("uphill: the store knows a flow", "gateway/store/port.py", "import gateway.flow.accept", "The house"),
    ("uphill: the covenant knows the rules", "gateway/covenant/sending.py", "import gateway.rules.rows", "The house"),
    ("schemas know the gateway", "schemas/values.py", "import gateway.errors", "schemas imports nothing"),
    ("keys know the catalogue", "keys/jwk.py", "import schemas.envelope", "keys imports the values"),
    (
        "the connector loads the server",
        "gateway/connector/__init__.py",
        "import gateway.flow.gate",
        "never load the server",
    ),
    ("a flow names an adapter", "gateway/flow/accept.py", "import gateway.store.sqlite.store", "never an adapter"),
    ("a driver outside its adapter", "gateway/client/__init__.py", "import apsw", "Database drivers"),
    ("the verifier loads the store", "gateway/evidence/__init__.py", "import gateway.store.port", "The evidence"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree to plant mistakes in."""
    target = tmp_path_factory.mktemp("house")
    for name in ("gateway", "schemas", "keys"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def lint(tree: Path) -> tuple[int, str]:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_contracts_hold(copy: Path) -> None:
    """The tree as it is breaks no contract."""
    status, shown = lint(copy)
    assert status == 0, shown


@pytest.mark.parametrize(("name", "path", "line", "contract"), PLANTED, ids=[p[0] for p in PLANTED])
def test_planted_import_is_found(copy: Path, name: str, path: str, line: str, contract: str) -> None:
    """Each planted import breaks the contract that is there for it."""
    file = copy / path
    before = file.read_text()
    file.write_text(f"{before}\n{line}\n")
    try:
        status, shown = lint(copy)
    finally:
        file.write_text(before)
    assert status != 0, name
    broken = [text for text in shown.splitlines() if "BROKEN" in text]
    assert any(contract in text for text in broken), broken


def test_unknown_room_is_found(copy: Path) -> None:
    """A new package under gateway must be given its place first: the layers are exhaustive."""
    room = copy / "gateway" / "shed"
    room.mkdir()
    (room / "__init__.py").write_text('"""A shed."""\n')
    try:
        status, _ = lint(copy)
    finally:
        shutil.rmtree(room)
    assert status != 0


def test_large_rooms_are_found(tmp_path: Path) -> None:
    """A module over 400 lines and a function over 40 are named."""
    for package in sizes.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "keys" / "hall.py").write_text("x = 1\n" * 401)
    (tmp_path / "keys" / "long.py").write_text("def f():\n" + "    x = 1\n" * 41)
    found = list(sizes.faults(tmp_path))
    assert len(found) == 2
    assert list(sizes.faults(ROOT)) == []


def test_wrong_words_are_found() -> None:
    """Empty names, machine paths, registries, keys and leftovers are each named."""
    planted = [
        ("gateway/utils.py", ""),
        ("docs/a.md", "see /" + "home/someone/x"),
        ("requirements/x.lock", "https://" + "pypi.org/simple"),
        ("keys/k.py", "-----BEGIN " + "PRIVATE KEY-----"),
        ("keys/l.py", "x = 1  # " + "TODO later"),
        ("keys/m.py", "x = 1  # " + "noqa"),
        ("keys/n.py", "x = 1  # " + "type: ignore"),
    ]
    for item in planted:
        assert list(words.faults([item])), item[0]
    assert list(words.faults(words.tracked(ROOT))) == []
