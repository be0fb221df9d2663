"""Monthly files for tests: one sound row that a test spoils in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from gateway.connector.maandbestand import Beoordeling, Identity, Regels, beoordeel
from gateway.connector.maandbestand.columns import COLUMNS
from schemas.covenants import load_covenant
from schemas.values import Digest

CONVENANT = load_covenant((Path(__file__).parents[3] / "schemas/covenants/leidse-regio.toml").read_bytes())
VANDAAG = date(2026, 11, 22)
REGELS = Regels(CONVENANT, VANDAAG)
BSN = "999990019"  # a published test number that passes the 11-proof
SOUND: Mapping[str, str] = {
    "referentie": "H-2026-00123",
    "voorletters": "T.E.",
    "achternaam": "Voorbeeld",
    "postcode": "2311 AA",
    "huisnummer": "1",
    "email": "t.voorbeeld@example.org",
    "bedrag": "845,50",
    "aantal_maanden": "1,2",
    "ontstaansdatum": "01-10-2026",
    "peildatum": "20-11-2026",
    "herinnering_op": "10-10-2026|24-10-2026",
    "contact_op": "03-11-2026",
    "contact_soort": "Huisbezoek",
    "contact_bereikt": "nee",
    "gewezen_schuldhulp_op": "24-10-2026",
    "aanbod_op": "24-10-2026",
    "reactie": "GEEN_REACTIE",
}
NAMES = tuple(COLUMNS)


def row(**changes: str) -> Mapping[str, str]:
    """Give the sound row with some cells changed."""
    return {**SOUND, **changes}


def file(*rows: Mapping[str, str], names: tuple[str, ...] = NAMES, newline: str = "\n") -> bytes:
    """Spell rows as a file; every cell is quoted, so that it may hold anything."""
    lines = [";".join(names)]
    lines += [";".join('"' + cells.get(name, "").replace('"', '""') + '"' for name in names) for cells in rows]
    return "".join(line + newline for line in lines).encode()


def judged(
    *rows: Mapping[str, str], regels: Regels = REGELS, known: Mapping[Identity, Digest] | None = None
) -> Beoordeling:
    """Judge a file of these rows."""
    return beoordeel(file(*rows), regels, known or {})


def wrongs(beoordeling: Beoordeling) -> list[tuple[int, str, str]]:
    """Give line, column and code of every *fout*, and hold that nothing would be sent."""
    assert not (beoordeling.fouten and beoordeling.te_melden)
    return [(fout.regel, fout.kolom, fout.code.value) for fout in beoordeling.fouten]
