"""Each dwelling has one municipality, or the file stays at home."""

from __future__ import annotations

import pytest

from gateway.connector.maandbestand import Reden, Regels
from gateway.connector.maandbestand.routing import Router
from schemas.covenants import Convenant
from tests.unit.maandbestand.files import CONVENANT, VANDAAG, judged, row, wrongs

LEIDEN, LEIDERDORP = CONVENANT.gemeenten[:2]
SHARED = CONVENANT.model_copy(
    update={
        "gemeenten": (
            LEIDEN,
            LEIDERDORP.model_copy(update={"postcodes": LEIDERDORP.postcodes + LEIDEN.postcodes}),
            *CONVENANT.gemeenten[2:],
        )
    }
)
"""A covenant in which two municipalities share postcodes, as some in the country do."""


def regels(convenant: Convenant) -> Regels:
    return Regels(convenant, VANDAAG)


@pytest.mark.parametrize("gemeente", CONVENANT.gemeenten, ids=lambda gemeente: gemeente.naam)
def test_by_postcode(gemeente: object) -> None:
    """The ends of each municipality's ranges go to its own mailbox, with and without code and place."""
    assert gemeente in CONVENANT.gemeenten
    for one in (each for each in CONVENANT.gemeenten if each is gemeente):
        for number in {end for among in one.postcodes for end in among}:
            for extra in ({}, {"gemeentecode": one.code}, {"woonplaats": one.naam.upper()}, {"woonplaats": "Elders"}):
                (reported,) = judged(row(postcode=f"{number}AA", **extra)).te_melden
                assert (reported.gemeente, reported.ontvanger) == (
                    one.code,
                    Router.of(CONVENANT).gemeenten[one.code].ontvanger,
                )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [(2, "postcode", "gemeente-dubbelzinnig")]),
        ({"woonplaats": "Elders"}, [(2, "postcode", "gemeente-dubbelzinnig")]),
        ({"woonplaats": "Oegstgeest"}, [(2, "woonplaats", "woonplaats-strijdig")]),
        ({"gemeentecode": "0579"}, [(2, "gemeentecode", "gemeente-strijdig")]),
        ({"gemeentecode": "0546", "woonplaats": "Leiderdorp"}, [(2, "woonplaats", "woonplaats-strijdig")]),
        ({"woonplaats": "Leiderdorp"}, "0547"),
        ({"gemeentecode": "0547"}, "0547"),
        ({"gemeentecode": "GM0546", "woonplaats": "Leiden"}, "0546"),
    ],
)
def test_shared_postcode(changes: dict[str, str], expected: object) -> None:
    """A postcode of two municipalities needs a code, or else a place, and these must not disagree."""
    found = judged(row(**changes), regels=regels(SHARED))
    assert (wrongs(found) or found.te_melden[0].gemeente) == expected


def test_outside_is_named_with_other_errors() -> None:
    """A dwelling elsewhere is *fout* also when the row has other mistakes, so that one round is enough."""
    spoiled = row(postcode="1012AB", bedrag="", gemeentecode="0546")
    assert wrongs(judged(spoiled)) == [(2, "postcode", "buiten-gebied"), (2, "bedrag", "leeg")]


def test_thresholds_of_the_own_municipality() -> None:
    """Amount, minimum and maximum are those of the dwelling's municipality, and a maximum is optional."""
    strict = LEIDEN.model_copy(update={"minimumCent": 84551, "minimumDagen": 51, "maximumDagen": None})
    changed = CONVENANT.model_copy(update={"gemeenten": (strict, *CONVENANT.gemeenten[1:])})
    (left,) = judged(row(), row(postcode="2351AA"), regels=regels(changed)).niet_te_melden
    assert left.redenen == (Reden.ONDER_DREMPEL, Reden.TE_JONG)
    for most, redenen in ((50, []), (49, [(Reden.TE_OUD,)])):
        bounded = CONVENANT.model_copy(update={"gemeenten": (LEIDEN.model_copy(update={"maximumDagen": most}),)})
        assert [left.redenen for left in judged(row(), regels=regels(bounded)).niet_te_melden] == redenen
