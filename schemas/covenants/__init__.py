"""The covenant: its model, and the file of the Leiden region."""

from __future__ import annotations

from importlib import resources

from schemas.covenants.model import BerichtRegel, Convenant, CovenantError, Deelnemer, Gemeente, Soort, load_covenant

__all__ = [
    "BerichtRegel",
    "Convenant",
    "CovenantError",
    "Deelnemer",
    "Gemeente",
    "Soort",
    "covenant_file",
    "load_covenant",
]


def covenant_file(name: str) -> bytes:
    """Give the bytes of a covenant that comes with the program, such as ``leidse-regio``."""
    return (resources.files("schemas.covenants") / f"{name}.toml").read_bytes()
