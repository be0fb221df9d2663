"""Does the covenant's file hold together? Every code that it mentions is defined, and every rule can be kept.

Each fault comes with its place in the file and says what to do. A file without faults is one by which nobody is
asked for an answer that may not be sent, and nobody learns from a verdict what it may not see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from schemas.berichten.projectie import Eindresultaat
from schemas.catalogue import CATALOGUE
from schemas.covenants.inzage import hidden, ways
from schemas.covenants.model import Convenant
from schemas.covenants.ondergrens import below
from schemas.covenants.regels import BerichtRegel, Eerder, Inhoudstermijn, Poort, Route, Termijn
from schemas.covenants.standen import unsteady
from schemas.covenants.vormen import Soort

Path = tuple[str | int, ...]
Fault = tuple[Path, str]
Way = tuple[Soort, Soort]


def faults(convenant: Convenant) -> Iterator[Fault]:
    """Name whatever does not hold together, by its place in the file (as ``line_of`` reads it)."""
    yield from _twice(convenant)
    yield from _overlapping(convenant)
    yield from _areas(convenant)
    yield from _projection(convenant)
    yield from below(convenant)
    unknown = list(_unknown_types(convenant))
    yield from unknown
    if unknown:
        return
    yield from _answers(convenant)
    for at, poort in enumerate(convenant.poorten):
        yield from _gate(convenant, ("poort", at), poort)
    for at, termijn in enumerate(convenant.termijnen):
        yield from _term(convenant, ("termijn", at), termijn)
    for at, inhoud in enumerate(convenant.inhoudstermijnen):
        yield from _content_term(convenant, ("inhoudstermijn", at), inhoud)
    yield from unsteady(convenant)
    yield from hidden(convenant)


def _twice(convenant: Convenant) -> Iterator[Fault]:
    yield from _repeated("gemeente", "code", [g.code for g in convenant.gemeenten])
    yield from _repeated("deelnemer", "oin", [d.oin for d in convenant.deelnemers])
    yield from _repeated("bericht", "code", [b.code for b in convenant.berichten])
    yield from _repeated("poort", "code", [p.code for p in convenant.poorten])
    yield from _repeated("spoor", "naam", [s.naam for s in convenant.sporen])
    terms = [t.code for t in convenant.termijnen]
    yield from _repeated("termijn", "code", terms)
    # a notice and a text for people know a term by its code alone
    yield from _repeated("inhoudstermijn", "code", [t.code for t in convenant.inhoudstermijnen], terms)
    for at, regel in enumerate(convenant.berichten):
        known = [(route.van, route.naar) for route in regel.routes]
        for number, way in enumerate(known):
            if way in known[:number]:
                yield ("bericht", at, "routes", number), f"{way[0]} to {way[1]} occurs twice"


def _repeated(table: str, key: str, values: Sequence[str], taken: Sequence[str] = ()) -> Iterator[Fault]:
    for at, value in enumerate(values):
        if value in values[:at] or value in taken:
            yield (table, at, key), f"{value} occurs twice"


def _overlapping(convenant: Convenant) -> Iterator[Fault]:
    ranges = [(at, bounds) for at, gemeente in enumerate(convenant.gemeenten) for bounds in gemeente.postcodes]
    for (_, one), (at, other) in combinations(ranges, 2):
        if one[0] <= other[1] and other[0] <= one[1]:
            yield ("gemeente", at, "postcodes"), f"{other[0]}-{other[1]} overlaps {one[0]}-{one[1]}"


def _areas(convenant: Convenant) -> Iterator[Fault]:
    known = {gemeente.code for gemeente in convenant.gemeenten}
    present: list[str] = []
    for at, deelnemer in enumerate(convenant.deelnemers):
        if not known.issuperset(deelnemer.gebied):
            yield ("deelnemer", at, "gebied"), "a municipality that the covenant does not have"
        if deelnemer.soort is not Soort.GEM:
            continue
        if len(deelnemer.gebied) != 1 or deelnemer.gebied[0] in present:
            yield ("deelnemer", at, "gebied"), "a municipality takes part once, and for itself alone"
        present.extend(deelnemer.gebied)
    for at, gemeente in enumerate(convenant.gemeenten):
        if gemeente.code not in present:
            yield ("gemeente", at, "code"), f"{gemeente.code} is no participant"


def _projection(convenant: Convenant) -> Iterator[Fault]:
    missing = [result.value for result in Eindresultaat if result not in convenant.projectie]
    if missing:
        yield ("projectie",), f"add what the corporation sees of: {'; '.join(missing)}"


def _unknown_types(convenant: Convenant) -> Iterator[Fault]:
    for at, regel in enumerate(convenant.berichten):
        if regel.code not in CATALOGUE:
            yield ("bericht", at, "code"), f"{regel.code} is not in the catalogue of this version"
    for place, code in _mentioned(convenant):
        if convenant.bericht(code) is None:
            yield place, f"{code}: a type that the covenant does not have"


def _mentioned(convenant: Convenant) -> Iterator[tuple[Path, str]]:
    """Give every type that a rule names, with the place where it does."""
    for at, regel in enumerate(convenant.berichten):
        yield from ((("bericht", at, "antwoordOp", n), code) for n, code in enumerate(regel.antwoordOp))
    for at, poort in enumerate(convenant.poorten):
        yield ("poort", at, "voor"), poort.voor
        yield from ((("poort", at, "eerst", n), eerder.type) for n, eerder in enumerate(poort.eerst))
    for at, termijn in enumerate(convenant.termijnen):
        yield ("termijn", at, "op"), termijn.op
        yield from ((("termijn", at, "door", n), code) for n, code in enumerate(termijn.door))
    for at, inhoud in enumerate(convenant.inhoudstermijnen):
        yield ("inhoudstermijn", at, "op"), inhoud.op
        yield from ((("inhoudstermijn", at, "vervuld", n), v.type) for n, v in enumerate(inhoud.vervuld))
    for at, spoor in enumerate(convenant.sporen):
        yield from ((("spoor", at, "bewaakt", n), code) for n, code in enumerate(spoor.bewaakt))
    for at, stap in enumerate(convenant.stappen):
        yield ("stap", at, "bij"), stap.bij


def _rule(convenant: Convenant, code: str) -> BerichtRegel:
    return convenant.berichten[convenant.plaats(code)]


def _there(routes: Sequence[Route]) -> set[Way]:
    return {(route.van, route.naar) for route in routes}


def _back(routes: Sequence[Route]) -> set[Way]:
    return {(route.naar, route.van) for route in routes}


def _answers(convenant: Convenant) -> Iterator[Fault]:
    for at, regel in enumerate(convenant.berichten):
        own, back = _there(regel.routes), [_back(_rule(convenant, code).routes) for code in regel.antwoordOp]
        for number, code in enumerate(regel.antwoordOp):
            if not own & back[number]:
                yield (
                    ("bericht", at, "antwoordOp", number),
                    f"no route leads back to who sent {code}; add one to routes",
                )
        if regel.antwoordVerplicht and all(own & ways_back for ways_back in back):
            for number, route in enumerate(regel.routes):
                if (route.van, route.naar) not in set[Way]().union(*back):
                    what = f"{route.naar} sends {route.van} nothing that this could answer; take the route out"
                    yield ("bericht", at, "routes", number), what


def _gate(convenant: Convenant, place: Path, poort: Poort) -> Iterator[Fault]:
    if not ways(_rule(convenant, poort.voor), poort.van, poort.naar):
        yield (*place, "voor"), f"no route of {poort.voor} goes that way, so the gate never stands before anything"
    for at, eerder in enumerate(poort.eerst):
        if not _possible(convenant, eerder):
            yield (*place, "eerst", at), f"no route of {eerder.type} goes that way, so it never opens the gate"


def _possible(convenant: Convenant, eerder: Eerder) -> bool:
    return bool(ways(_rule(convenant, eerder.type), eerder.van, eerder.naar))


def _term(convenant: Convenant, place: Path, termijn: Termijn) -> Iterator[Fault]:
    wanted = _back(_rule(convenant, termijn.op).routes)
    there = set[Way]()
    for at, code in enumerate(termijn.door):
        regel = _rule(convenant, code)
        there |= _there(regel.routes)
        if termijn.op not in regel.antwoordOp:
            yield (*place, "door", at), f"{code} does not answer {termijn.op}; add it to its antwoordOp"
    for van, naar in sorted(wanted - there):
        yield (*place, "door"), f"{van} has no route to answer {naar} with any of these; add a route, or another type"


def _content_term(convenant: Convenant, place: Path, termijn: Inhoudstermijn) -> Iterator[Fault]:
    between = set[Way]()
    for vervuld in termijn.vervuld:
        routes = _rule(convenant, vervuld.type).routes
        between |= _there(routes) | _back(routes)
    for van, naar in sorted(_there(_rule(convenant, termijn.op).routes) - between) if termijn.vervuld else ():
        yield (*place, "vervuld"), f"nothing that meets it goes between {van} and {naar}; add a type that does"
