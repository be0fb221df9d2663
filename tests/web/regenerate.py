"""Write the API's description to ``schemas/published/openapi.json``: ``python -m tests.web.regenerate``."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import Mock

from gateway.app import network_app
from gateway.web.api.openapi import describe
from gateway.web.server import ROUTES

PUBLISHED = Path(__file__).parents[2] / "schemas" / "published" / "openapi.json"


def description() -> str:
    """Spell the description of the routes that are served; their flows are not needed for that."""
    rows = network_app(Mock())[ROUTES]
    return (
        json.dumps(describe([row for row in rows if row.path != "/v1/openapi.json"]), indent=2, sort_keys=True) + "\n"
    )


if __name__ == "__main__":
    PUBLISHED.write_text(description(), encoding="utf-8")
