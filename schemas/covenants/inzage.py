"""May whoever is told a verdict see what it rests on? A rule that would tell of others' traffic is refused.

In one dossier the corporation must not learn that the municipality talks to a care partner. So the verdict on a
message may rest only on messages that its sender sent or got, a warning only on those that the recipient knows too,
and a term is told to no kind of participant that is no party to its message. The rules are held to this by the ways
that the types may go, before any message is sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.covenants.model import Convenant
from schemas.covenants.regels import BerichtRegel, Eerder, Gevolg, Poort, Route
from schemas.covenants.vormen import Soort

Path = tuple[str | int, ...]
Fault = tuple[Path, str]


def hidden(convenant: Convenant) -> Iterator[Fault]:
    """Name each rule by which a party would learn of what it may not see, by its place in the file."""
    for at, poort in enumerate(convenant.poorten):
        yield from _hidden_gate(convenant, ("poort", at), poort)
    for at, termijn in enumerate(convenant.termijnen):
        routes = _routes(convenant, termijn.op, None, None)
        for level, melding in enumerate(termijn.meldingen):
            for wie in melding.aan:
                if isinstance(wie, Soort) and not all(wie in (route.van, route.naar) for route in routes):
                    what = (
                        f"{wie} would be told of a message that it is no party to; tell the afzender or the ontvanger"
                    )
                    yield ("termijn", at, "meldingen", level), what


def ways(regel: BerichtRegel, van: Soort | None, naar: Soort | None) -> list[Route]:
    """Give the routes of a type, from and to these kinds where they are named."""
    return [route for route in regel.routes if van in (None, route.van) and naar in (None, route.naar)]


def _routes(convenant: Convenant, code: str, van: Soort | None, naar: Soort | None) -> list[Route]:
    regel = convenant.bericht(code)
    return ways(regel, van, naar) if regel else []


def _hidden_gate(convenant: Convenant, place: Path, poort: Poort) -> Iterator[Fault]:
    for way in _routes(convenant, poort.voor, poort.van, poort.naar):
        for at, eerder in enumerate(poort.eerst):
            unseen = _unseen(convenant, eerder, way, poort.gevolg)
            if unseen:
                yield (*place, "eerst", at), unseen


def _unseen(convenant: Convenant, eerder: Eerder, way: Route, gevolg: Gevolg) -> str | None:
    """Who of those told does not see one of the ways that the earlier message may have gone?"""
    told = (way.van, way.naar) if gevolg is Gevolg.WAARSCHUWT else (way.van,)
    for route in _routes(convenant, eerder.type, eerder.van, eerder.naar):
        for party in told:
            if party not in (route.van, route.naar):
                how = "be warned about" if gevolg is Gevolg.WAARSCHUWT else "be refused because of"
                return (
                    f"{party} would {how} {eerder.type} from {route.van} to {route.naar}, which it may not see; "
                    "name van and naar so that it is a party, or drop the rule"
                )
    return None
