"""The covenant as data: its model, its loader, and the file of the Leiden region (``leidse-regio.toml``)."""

from importlib.resources import files

from schemas.covenants.load import MAX_BYTES, CovenantError, load_covenant, read_covenant
from schemas.covenants.model import AMSTERDAM, Bewaring, Bezorgvenster, Convenant, Deelnemer, Gemeente, Grenzen
from schemas.covenants.regels import (
    Bereikt,
    BerichtRegel,
    Betrokkene,
    Eerder,
    Gevolg,
    Inhoudstermijn,
    Melding,
    Poort,
    Route,
    Termijn,
    Verlooptijd,
    Vervulling,
)
from schemas.covenants.sporen import BLIJFT, TERUG, Spoor, Spoornaam, Stap
from schemas.covenants.vormen import Eenheid, Soort, Termijnduur, Voorwaarde

__all__ = [
    "AMSTERDAM",
    "BLIJFT",
    "MAX_BYTES",
    "TERUG",
    "Bereikt",
    "BerichtRegel",
    "Betrokkene",
    "Bewaring",
    "Bezorgvenster",
    "Convenant",
    "CovenantError",
    "Deelnemer",
    "Eenheid",
    "Eerder",
    "Gemeente",
    "Gevolg",
    "Grenzen",
    "Inhoudstermijn",
    "Melding",
    "Poort",
    "Route",
    "Soort",
    "Spoor",
    "Spoornaam",
    "Stap",
    "Termijn",
    "Termijnduur",
    "Verlooptijd",
    "Vervulling",
    "Voorwaarde",
    "leidse_regio",
    "load_covenant",
    "read_covenant",
]


def leidse_regio() -> bytes:
    """Give the file of the Leiden region's covenant, as it comes with this version."""
    return files(__name__).joinpath("leidse-regio.toml").read_bytes()
