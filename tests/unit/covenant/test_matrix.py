"""Every participant to every participant with every type: the covenant's tables told a second time, and held to it.

The oracle is written from DOMAIN 3.1 and 3.2 alone, in the plainest way, and knows nothing of the file.
"""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from gateway.covenant.explaining import Explanation, Reason, matrix
from gateway.covenant.sending import parties_ruling
from schemas.catalogue import CATALOGUE
from schemas.covenants import leidse_regio, load_covenant

COVENANT = load_covenant(leidse_regio())
CORPORATIONS = {
    "Ons Doel", "De Sleutels", "Portaal", "DUWO", "Stichting Huisvesting Werkende Jongeren", "Rijnhart Wonen",
    "WyWonen", "Woonzorg Nederland",
}  # fmt: skip
MUNICIPALITIES = {f"Gemeente {name}" for name in ("Leiden", "Leiderdorp", "Oegstgeest", "Voorschoten", "Zoeterwoude")}
TEAMS = {
    "Sociaal Wijkteam Leiden": {"Leiden"},
    "Incluzio": {"Leiderdorp"},
    "Kwadraad": {"Oegstgeest", "Zoeterwoude"},
    "Voorschoten Voor Elkaar": {"Voorschoten"},
}
DEBT_HELP = "Kredietbank Nederland"
CARE_DESK = "Hecht \N{EN DASH} Meldpunt Zorg en Overlast"
FROM_CORPORATION = {"VSM", "VSI", "OPB", "SLA", "BRV", "BRB", "BRS", "DON", "OUT", "AFS"}
TO_CORPORATION = {"VST", "OPV", "SLV", "BRV", "BRB", "DOA", "AFS"}
DEBT_HELP_TO_CORPORATION = {"OPV", "SLV", "BRV", "BRB"}
CORPORATION_TO_DEBT_HELP = {"OPB", "SLA", "BRV", "BRB", "BRS"}
BETWEEN_MUNICIPALITIES = {"VRW", "VRA", "AFS"}
SLV = 'type = "nl.huurschuld.saldoverzoek.v1", van = "SHV", naar = "COR"'
TYPES_8_TO_14 = {"OPV", "OPB", "SLV", "SLA", "BRV", "BRB", "BRS"}


def may(van: str, naar: str, short: str) -> bool:
    """Say from the tables whether the one may send the other a message of that type. Default deny."""
    if van == naar or short == "ZGM":  # off until an assessment was made (DOMAIN 3.2, row 7)
        return False
    if van in CORPORATIONS:
        return _from_corporation(naar, short)
    if van in MUNICIPALITIES:
        return _from_municipality(van, naar, short)
    if naar in MUNICIPALITIES:
        return short == "VRA" and _works_for(van, naar)
    return van == DEBT_HELP and naar in CORPORATIONS and short in DEBT_HELP_TO_CORPORATION


def _from_corporation(naar: str, short: str) -> bool:
    if naar in MUNICIPALITIES:
        return short in FROM_CORPORATION
    if naar == DEBT_HELP:
        return short in CORPORATION_TO_DEBT_HELP
    return naar == CARE_DESK and short == "OUT"


def _from_municipality(van: str, naar: str, short: str) -> bool:
    if naar in CORPORATIONS:
        return short in TO_CORPORATION
    if naar in MUNICIPALITIES:
        return short in BETWEEN_MUNICIPALITIES
    return short == "VRW" and _works_for(naar, van)


def _works_for(partner: str, municipality: str) -> bool:
    return partner in (DEBT_HELP, CARE_DESK) or municipality.removeprefix("Gemeente ") in TEAMS[partner]


@pytest.fixture(scope="module")
def cells() -> list[Explanation]:
    return list(matrix(COVENANT))


def test_every_cell(cells: list[Explanation]) -> None:
    """Nineteen by nineteen by seventeen cells, each as the tables say, and none left out."""
    parties = {deelnemer.naam for deelnemer in COVENANT.deelnemers}
    assert parties == {*CORPORATIONS, *MUNICIPALITIES, *TEAMS, DEBT_HELP, CARE_DESK}
    shorts = {code: item.short for code, item in CATALOGUE.items()}
    found = {(cell.van.naam, cell.naar.naam, shorts[cell.type]): cell.allowed for cell in cells}
    assert len(cells) == len(found) == 19 * 19 * 17
    assert found == {cell: may(*cell) for cell in product(parties, parties, shorts.values())}


def test_a_cell_is_explained_by_the_decision_itself(cells: list[Explanation]) -> None:
    """What is explained is what the exchange decides, for every cell."""
    for cell in cells:
        ruling = parties_ruling(COVENANT, cell.type, cell.van.postvakken[0], cell.naar.postvakken[0])
        assert cell.objection is ruling.objection
        assert (cell.reason is Reason.ROUTE) == cell.allowed == (cell.route is not None)


def test_each_refusal_has_its_own_reason(cells: list[Explanation]) -> None:
    """A cell is refused because its type is out of use, the two are one, no route leads there, or areas differ."""
    counted = Counter(cell.reason for cell in cells)
    assert counted[Reason.BUITEN_GEBRUIK] == 19 * 19
    assert counted[Reason.ZICHZELF] == 19 * 16
    # four teams leave 4 + 4 + 3 + 4 municipalities that they do not work for, on the way there and on the way back
    assert counted[Reason.GEEN_GEBIED] == 2 * 15
    assert sum(counted.values()) == len(cells)
    assert Reason.GEEN_BERICHT not in counted


def test_what_the_covenant_never_allows(cells: list[Explanation]) -> None:
    """Corporation to corporation never; teams and care desk to a corporation never; debt help only types 8 to 14."""
    for cell in (cell for cell in cells if cell.allowed):
        kinds = (cell.van.soort, cell.naar.soort)
        assert kinds != ("COR", "COR")
        assert cell.naar.soort != "COR" or cell.van.soort not in ("SWT", "MZO")
        assert set(kinds) != {"SHV", "COR"} or CATALOGUE[cell.type].short in TYPES_8_TO_14
        assert cell.route is not None
        assert set(kinds) != {"SHV", "COR"} or cell.route.naHulp


def test_a_rule_that_is_taken_out_is_noticed() -> None:
    """The comparison can fail: without one route of the file, a cell differs from the tables."""
    text = COVENANT.text.replace('  { van = "GEM", naar = "SHV" },\n', "", 1)
    text = text.replace('  { van = "SHV", naar = "GEM" },\n', "", 1)
    text = text.replace('type = "nl.huurschuld.verwijzingsantwoord.v1", van = "SHV", naar = "GEM"', SLV, 3)
    other = [cell for cell in matrix(load_covenant(text.encode())) if cell.allowed]
    assert len(other) == sum(may(c.van.naam, c.naar.naam, CATALOGUE[c.type].short) for c in matrix(COVENANT)) - 10
    assert all(may(c.van.naam, c.naar.naam, CATALOGUE[c.type].short) for c in other)
