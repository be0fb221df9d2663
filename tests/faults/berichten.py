"""What is sent: signals and their changes, with the sender's own sequence number inside the sealed bericht.

The number stands in ``bedragCent``: only sender and recipient can read it, so an order that comes out right was
not mended by anything in between.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from schemas.strict import parse_json

VROEGSIGNAAL = "nl.huurschuld.vroegsignaal.v1"
WIJZIGING = "nl.huurschuld.wijziging.v1"
FIRST_CENT = 10_000


def vroegsignaal(referentie: str, volgorde: int) -> dict[str, Any]:
    """The message that opens a dossier."""
    return {
        "huurder": {
            "referentieCorporatie": referentie,
            "achternaam": "Proef",
            "postcode": "2311AA",
            "huisnummer": 1 + volgorde % 900,
            "telefoon": "+31715550123",
        },
        "achterstand": _achterstand(volgorde),
        "incassoVerantwoording": {
            "contactpogingen": [{"datum": "2026-11-03", "soort": "Huisbezoek", "bereikt": False}],
            "gewezenOpSchuldhulpOp": "2026-10-24",
            "herinneringen": ["2026-10-10"],
            "aanbodGegevensdelingOp": "2026-10-24",
            "reactieHuurder": "GEEN_REACTIE",
        },
        "crisissignaal": False,
        "warmeOverdracht": False,
        "regelingLoopt": False,
        "convenantUitsluiting": "GEEN",
    }


def wijziging(signaal: str, volgorde: int) -> dict[str, Any]:
    """A message that changes the amount of an earlier signal."""
    return {"signaalId": signaal, "reden": "BEDRAG_GEWIJZIGD", "achterstand": _achterstand(volgorde)}


def volgorde_of(bericht: Mapping[str, Any]) -> int:
    """Read the sender's sequence number back."""
    return int(bericht["achterstand"]["bedragCent"]) - FIRST_CENT


def fingerprint(bericht: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a bericht, spelled one way."""
    return hashlib.sha256(json.dumps(bericht, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def sealed_fingerprint(payload: bytes) -> str:
    """Give the fingerprint of the bericht in an opened payload."""
    return fingerprint(parse_json(payload)["bericht"])


def _achterstand(volgorde: int) -> dict[str, Any]:
    return {
        "bedragCent": FIRST_CENT + volgorde,
        "peildatum": "2026-11-20",
        "ontstaansdatum": "2026-10-01",
        "aantalMaanden": 1,
    }
