"""Write the pages, or tell which differ from what the code says."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from schemas.catalogue import TYPEN
from schemas.covenants import leidse_regio, load_covenant
from schemas.pages.page import Examples, index, page
from schemas.strict import parse_json


def pages() -> Iterator[tuple[str, bytes]]:
    """Give each page, by the name of its file, with its bytes."""
    convenant = load_covenant(leidse_regio())
    yield "README.md", index(TYPEN, convenant).encode()
    published = files("schemas").joinpath("published", "examples")
    for item in TYPEN:
        folder = published.joinpath(item.name)
        examples = Examples(_read(folder), _read(folder.joinpath("geweigerd")))
        yield f"{item.name}.md", page(item, convenant, examples).encode()


def _read(folder: Traversable) -> dict[str, Any]:
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".json")), key=lambda one: one.name)
    return {one.name.removesuffix(".json"): parse_json(one.read_bytes()) for one in found}


def stale(folder: Path) -> list[str]:
    """Name the pages in ``folder`` that are not what the code would write, missing and superfluous ones too."""
    wanted = dict(pages())
    present = {path.name: path.read_bytes() for path in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def main(arguments: Sequence[str], folder: Path) -> int:
    """Write the pages, or with ``--check`` name what differs; 1 if anything does."""
    if "--check" in arguments:
        differing = stale(folder)
        told = "".join(f"{name}: not what the code says; run python -m schemas.pages\n" for name in differing)
        sys.stdout.write(told)
        return 1 if differing else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in pages():
        (folder / name).write_bytes(data)
    return 0
