"""The monthly arrears file (maandbestand): read, checked, routed and reported. Bytes in, verdicts out; no I/O."""

from gateway.connector.maandbestand.judge import MAX_BYTES, MAX_ROWS, Regels, beoordeel
from gateway.connector.maandbestand.report import rapport_json, rapport_tekst
from gateway.connector.maandbestand.verdicts import (
    AlGemeld,
    Beoordeling,
    Dubbel,
    Fout,
    FoutCode,
    Identity,
    NietTeMelden,
    Reden,
    TeMelden,
)

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "AlGemeld",
    "Beoordeling",
    "Dubbel",
    "Fout",
    "FoutCode",
    "Identity",
    "NietTeMelden",
    "Reden",
    "Regels",
    "TeMelden",
    "beoordeel",
    "rapport_json",
    "rapport_tekst",
]
