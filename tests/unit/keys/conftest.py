"""The published vectors, and the example keys in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keys.jwk import PrivateSealingKey, PrivateSigningKey, parse_private

VECTORS = Path(__file__).parents[3] / "schemas" / "published" / "vectors"


@pytest.fixture(scope="session")
def wire() -> dict[str, Any]:
    """Our own wire example."""
    return dict(json.loads((VECTORS / "wire-example.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def hpke_vector() -> dict[str, Any]:
    """The vector of draft-ietf-jose-hpke-pq-pqt-01."""
    return dict(json.loads((VECTORS / "hpke-9-ke.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def sender(wire: dict[str, Any]) -> PrivateSigningKey:
    """The example sender's signing key."""
    key = parse_private(wire["keys"]["sender_signing"])
    assert isinstance(key, PrivateSigningKey)
    return key


@pytest.fixture(scope="session")
def recipient(wire: dict[str, Any]) -> PrivateSealingKey:
    """The example recipient's sealing key."""
    key = parse_private(wire["keys"]["recipient_sealing"])
    assert isinstance(key, PrivateSealingKey)
    return key
