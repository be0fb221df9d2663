"""The invented files: good where they say so, wrong where they say so, and nobody real in them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from gateway.connector.maandbestand import Reden, Regels, beoordeel
from gateway.connector.maandbestand.voorbeeld import PLANTED, voorbeeld_bestand
from schemas.bsn import find_bsn
from tests.unit.maandbestand.files import CONVENANT, REGELS, wrongs

PEILDATUM = date(2026, 11, 20)
CORPORATIES = ("Ons Doel", "De Sleutels", "Portaal", "DUWO", "St. Huisvesting Werkende Jongeren", "WyWonen")


@pytest.mark.parametrize("naam", CORPORATIES)
def test_good_file(naam: str) -> None:
    """Without mistakes asked for there are none; every municipality and every reason occurs; no number of a citizen."""
    data = voorbeeld_bestand(naam, 7, 64, CONVENANT, PEILDATUM)
    found = beoordeel(data, REGELS)
    assert wrongs(found) == []
    assert (found.rijen, len(found.te_melden), len(found.niet_te_melden)) == (64, 56, 8)
    assert len(found.per_gemeente) == 5
    assert set(found.redenen) == set(Reden) - {Reden.TE_OUD}
    assert not find_bsn(data.decode())
    assert set(re.findall(r"@[a-z.]+", data.decode())) == {"@example.org"}


def test_mistakes_on_request() -> None:
    """Each planted row gives its one *fout*, in its column, after the good rows."""
    data = voorbeeld_bestand("Ons Doel", 7, 10, CONVENANT, PEILDATUM, fouten=True)
    found = wrongs(beoordeel(data, REGELS))
    assert [(line, column) for line, column, _ in found] == [(12 + at, column) for at, column in enumerate(PLANTED)]


def test_same_arguments_same_bytes() -> None:
    """A file follows from its arguments: the same again, and another for another seed, name or date."""
    made = [
        voorbeeld_bestand(naam, seed, 12, CONVENANT, day)
        for naam, seed, day in (("Ons Doel", 1, PEILDATUM), ("Ons Doel", 2, PEILDATUM), ("Portaal", 1, PEILDATUM))
    ]
    assert made[0] == voorbeeld_bestand("Ons Doel", 1, 12, CONVENANT, PEILDATUM)
    assert len(set(made)) == 3


def test_any_day() -> None:
    """A file for another month is as good, judged on its own day."""
    for day in (date(2024, 2, 29), date(2027, 1, 1), date(2028, 3, 31)):
        data = voorbeeld_bestand("Portaal", 3, 64, CONVENANT, day)
        found = beoordeel(data, Regels(CONVENANT, day))
        assert (wrongs(found), len(found.te_melden)) == ([], 56)
