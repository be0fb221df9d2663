"""What does the covenant say about one type from one participant to another, and where does it say so?

For everybody who writes or follows policy: the verdict that ``sending`` would give on the parties, the line of the
file that decided, and all that then counts for the message. Every cell of the matrix has an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from gateway.covenant.sending import Place, Ruling, gates_on, parties_ruling, place_of_gate
from schemas.berichten.klassen import DataClass
from schemas.catalogue import CATALOGUE
from schemas.covenants import BerichtRegel, Convenant, Deelnemer, Inhoudstermijn, Poort, Route, Soort, Termijn
from schemas.covenants.lines import line_of
from schemas.problems import Problem


class Reason(StrEnum):
    """Why a type may or may not go from one participant to another."""

    ROUTE = "route"
    GEEN_BERICHT = "geen-bericht"
    BUITEN_GEBRUIK = "buiten-gebruik"
    ZICHZELF = "zichzelf"
    GEEN_ROUTE = "geen-route"
    GEEN_GEBIED = "geen-gemeenschappelijk-gebied"


class Cited(NamedTuple):
    """A line of the covenant's file: its number, from 1, and what it says."""

    line: int
    text: str


class Explanation(NamedTuple):
    """The decision on one cell of the matrix, with the rule that made it.

    ``cited`` is the line that decided; absent where none does, because the covenant says nothing that allows it.
    What follows ``regel`` is empty or absent if the type may not go this way.
    """

    van: Deelnemer
    naar: Deelnemer
    type: str
    reason: Reason
    objection: Problem | None
    cited: Cited | None
    regel: BerichtRegel | None
    route: Route | None = None
    gates: tuple[tuple[Poort, Cited], ...] = ()
    terms: tuple[tuple[Termijn, Cited], ...] = ()
    content_terms: tuple[tuple[Inhoudstermijn, Cited], ...] = ()
    answers: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    klasse: DataClass | None = None
    bewaarmaanden: int | None = None

    @property
    def allowed(self) -> bool:
        """Tell whether the type may go this way, if all that is named here is kept to."""
        return self.objection is None


def explain(convenant: Convenant, van: Deelnemer, naar: Deelnemer, type_code: str) -> Explanation:
    """Give the verdict on a type from one participant of the covenant to another, with all that counts for it.

    ``answers``: the types that it may answer on this way. ``answered_by``: those that may answer it.
    ``klasse`` is that of its most sensitive field, ``bewaarmaanden`` how long such fields stay after the dossier.
    """
    ruling = parties_ruling(convenant, type_code, van.postvakken[0], naar.postvakken[0])
    regel = convenant.bericht(type_code)
    route = regel.route(van.soort, naar.soort) if regel and ruling.objection is None else None
    verdict = Explanation(
        van, naar, type_code, _reason(ruling), ruling.objection, _cited_if(convenant, ruling.place), regel
    )
    return verdict if regel is None or route is None else _counting(convenant, verdict, regel, route)


def matrix(convenant: Convenant) -> Iterator[Explanation]:
    """Give every cell: each type of the covenant, from each participant to each."""
    parties = convenant.deelnemers
    for regel, van, naar in product(convenant.berichten, parties, parties):
        yield explain(convenant, van, naar, regel.code)


def _reason(ruling: Ruling) -> Reason:
    if ruling.objection is None:
        return Reason.ROUTE
    if ruling.objection is Problem.TYPE_ONBEKEND:
        return Reason.BUITEN_GEBRUIK if ruling.place else Reason.GEEN_BERICHT
    # a route that is cited fits the two kinds, so it is their areas that do not
    return {0: Reason.ZICHZELF, 3: Reason.GEEN_ROUTE}.get(len(ruling.place), Reason.GEEN_GEBIED)


def _counting(convenant: Convenant, verdict: Explanation, regel: BerichtRegel, route: Route) -> Explanation:
    code, klasse = regel.code, CATALOGUE[regel.code].data_class
    there, back = (route.van, route.naar), (route.naar, route.van)
    return verdict._replace(
        route=route,
        gates=tuple((g, _cited(convenant, place_of_gate(convenant, g))) for g in gates_on(convenant, code, *there)),
        terms=tuple(
            (t, _cited(convenant, ("termijn", at))) for at, t in enumerate(convenant.termijnen) if t.op == code
        ),
        content_terms=tuple(
            (t, _cited(convenant, ("inhoudstermijn", at)))
            for at, t in enumerate(convenant.inhoudstermijnen)
            if t.op == code
        ),
        answers=tuple(other for other in regel.antwoordOp if _goes(convenant.bericht(other), *back)),
        answered_by=tuple(r.code for r in convenant.berichten if code in r.antwoordOp and _goes(r, *back)),
        klasse=klasse,
        bewaarmaanden=convenant.bewaring.klassen[klasse],
    )


def _goes(regel: BerichtRegel | None, van: Soort, naar: Soort) -> bool:
    return regel is not None and regel.inGebruik and regel.route(van, naar) is not None


def _cited_if(convenant: Convenant, place: Place) -> Cited | None:
    return _cited(convenant, place) if place else None


def _cited(convenant: Convenant, place: Place) -> Cited:
    line = line_of(convenant.text, place)
    return Cited(line, _lines(convenant)[line - 1].strip())


def _lines(convenant: Convenant) -> list[str]:
    return convenant.text.split("\n")
