"""The covenant as data: its model, its loader, and the file of the Leiden region (``leidse-regio.toml``)."""

from importlib.resources import files

from schemas.covenants.load import MAX_BYTES, CovenantError, load_covenant
from schemas.covenants.model import (
    BerichtRegel,
    Bewaring,
    Convenant,
    Deelnemer,
    Gemeente,
    Soort,
    Verlooptijd,
)

__all__ = [
    "MAX_BYTES",
    "BerichtRegel",
    "Bewaring",
    "Convenant",
    "CovenantError",
    "Deelnemer",
    "Gemeente",
    "Soort",
    "Verlooptijd",
    "leidse_regio",
    "load_covenant",
]


def leidse_regio() -> bytes:
    """Give the file of the Leiden region's covenant, as it comes with this version."""
    return files(__name__).joinpath("leidse-regio.toml").read_bytes()
