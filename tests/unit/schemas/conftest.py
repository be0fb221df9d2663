"""The published wire example, and small ways to break a JSON value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[3] / "schemas" / "published" / "vectors"


@pytest.fixture
def wire() -> dict[str, Any]:
    """Our own wire example, fresh for each test."""
    return dict(json.loads((VECTORS / "wire-example.json").read_text("utf-8")))
