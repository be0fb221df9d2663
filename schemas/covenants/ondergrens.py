"""The floor under every covenant: what no version of the file may allow, whoever adopts it (DOMAIN 1.1, 3.1, 3.3).

The parties correct nearly everything in the file themselves. These few rules keep what a landlord may know where law
and purpose put it, so a file that goes below them is refused, with its line and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from schemas.berichten.projectie import PROJECTIE, Eindresultaat
from schemas.berichten.signaal import Resultaat
from schemas.covenants.model import Convenant
from schemas.covenants.regels import Route
from schemas.covenants.sporen import Spoornaam
from schemas.covenants.vormen import Soort

Path = tuple[str | int, ...]
Fault = tuple[Path, str]

_SILENT = frozenset({Soort.COR, Soort.SWT, Soort.MZO})
"""Who sends a corporation nothing, by no route of any type (DOMAIN 3.1)."""
_NO_HELP = frozenset({"GEMELD", "INGETROKKEN"})


def below(convenant: Convenant) -> Iterator[Fault]:
    """Name whatever lies below the floor, by its place in the file (as ``line_of`` reads it)."""
    yield from _bounds(convenant)
    yield from _projection(convenant)
    for at, regel in enumerate(convenant.berichten):
        for number, route in enumerate(regel.routes):
            yield from ((("bericht", at, "routes", number), what) for what in _route(route))


def _bounds(convenant: Convenant) -> Iterator[Fault]:
    if Soort.COR in convenant.grenzen.bsnNaar:
        yield ("grenzen", "bsnNaar"), "a citizen service number never goes to a corporation; take COR out"
    if Soort.COR in convenant.grenzen.toetsers:
        yield ("grenzen", "toetsers"), "a corporation never tests the subsistence minimum of its debtor; take COR out"
    begin = {spoor.standen[0] for spoor in convenant.sporen if spoor.naam is Spoornaam.HULP}
    for stand in convenant.grenzen.hulpStanden:
        if stand in begin | _NO_HELP:
            yield ("grenzen", "hulpStanden"), f"in {stand} nobody accepted help; take it out"


def _projection(convenant: Convenant) -> Iterator[Fault]:
    """Name each result that the corporation could tell from another that must look the same to it."""
    told = convenant.projectie
    whole = Eindresultaat.ANDERE_REDEN
    if whole in told and told[whole] is not Resultaat.NIET_OPGEPAKT:
        what = f"expected {Resultaat.NIET_OPGEPAKT}: a corporation never learns why a signal was not taken up"
        yield ("projectie", whole.value), what
    for one, other in combinations((result for result in Eindresultaat if result in told), 2):
        if PROJECTIE[one] is PROJECTIE[other] and told[one] is not told[other]:
            what = f'a corporation may not tell it from "{one.value}"; give both the same value'
            yield ("projectie", other.value), what


def _route(route: Route) -> Iterator[str]:
    if route.naar is Soort.COR and route.van in _SILENT:
        yield f"{route.van} never sends COR anything; take the route out"
    if {route.van, route.naar} == {Soort.SHV, Soort.COR} and not route.naHulp:
        yield f"{route.van} to {route.naar} only after the tenant accepted help; add naHulp = true"
