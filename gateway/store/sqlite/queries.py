"""The named queries of ``queries.sql``, read once."""

from __future__ import annotations

from importlib import resources


def _load() -> dict[str, str]:
    text = (resources.files("gateway.store.sqlite") / "queries.sql").read_text()
    blocks = (block.partition("\n") for block in text.split("-- name: ")[1:])
    return {name.strip(): sql.strip().rstrip(";") for name, _, sql in blocks}


SQL = _load()
"""Query by name; an unknown name fails at once."""
