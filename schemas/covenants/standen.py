"""Do the tracks hold together: is every state one of its track, and every condition one that a message can meet?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.catalogue import CATALOGUE
from schemas.covenants.model import Convenant
from schemas.covenants.sporen import BLIJFT, TERUG, Spoornaam, Stap
from schemas.covenants.velden import no_date, untrue
from schemas.covenants.vormen import Voorwaarde

Path = tuple[str | int, ...]
Fault = tuple[Path, str]
States = dict[Spoornaam, tuple[str, ...]]


def unsteady(convenant: Convenant) -> Iterator[Fault]:
    """Name whatever does not hold together about tracks, their steps and the terms on content, by its place."""
    states: States = {spoor.naam: spoor.standen for spoor in convenant.sporen}
    if set(states) != set(Spoornaam):
        # one that is there twice is named where it stands the second time
        expected = f"expected exactly the tracks {', '.join(Spoornaam)}"
        yield from [(("spoor", 0), expected)] if len(states) == len(convenant.sporen) else []
        return
    for at, stap in enumerate(convenant.stappen):
        yield from ((("stap", at, key), what) for key, what in _step(convenant, stap, states))
    for stand in _strange(convenant.grenzen.hulpStanden, states[Spoornaam.HULP]):
        yield ("grenzen", "hulpStanden"), f"{stand} is no state of the track hulp"
    yield from _content_terms(convenant)


def _strange(named: Sequence[str], known: Sequence[str]) -> list[str]:
    return [stand for stand in named if stand not in known]


def _step(convenant: Convenant, stap: Stap, states: States) -> Iterator[tuple[str, str]]:
    own = states[stap.spoor]
    named = {
        "van": stap.van,
        "naar": () if stap.naar in (TERUG, BLIJFT) else (stap.naar,),
        "terug": stap.terug,
        "daarna": () if stap.daarna is None else (stap.daarna,),
    }
    for key, standen in named.items():
        for stand in _strange(standen, own):
            yield key, f"{stand} is no state of the track {stap.spoor}"
    for naam, standen in stap.mits.items():
        for stand in _strange(standen, states[naam]):
            yield "mits", f"{stand} is no state of the track {naam}"
        if naam is stap.spoor:
            yield "mits", "names its own track; say van instead"
    yield from _conditions(convenant, stap)


def _conditions(convenant: Convenant, stap: Stap) -> Iterator[tuple[str, str]]:
    regel = convenant.bericht(stap.bij)
    if regel is None or stap.bij not in CATALOGUE:
        return
    if stap.door is not None and stap.door not in {route.van for route in regel.routes}:
        yield "door", f"{stap.door} does not send {stap.bij}"
    yield from (("als", what) for what in _untrue(stap.bij, stap.als))
    for path, values in stap.alsOp.items():
        found = [list(_untrue(code, {path: values})) for code in regel.antwoordOp]
        if all(found):
            yield "alsOp", found[0][0] if found else f"{stap.bij} answers nothing"
    if stap.tot is not None and (wrong := no_date(CATALOGUE[stap.bij].model, stap.tot)):
        yield "tot", wrong


def _untrue(code: str, als: Voorwaarde) -> Iterator[str]:
    """Say what a message of that type can never say; nothing of a type that the catalogue does not have."""
    if code in CATALOGUE:
        yield from (f"{path}: {what}" for path, what in untrue(CATALOGUE[code].model, als))


def _content_terms(convenant: Convenant) -> Iterator[Fault]:
    for at, termijn in enumerate(convenant.inhoudstermijnen):
        place: Path = ("inhoudstermijn", at)
        yield from (((*place, "als"), what) for what in _untrue(termijn.op, termijn.als))
        if termijn.vanaf is not None and termijn.op in CATALOGUE:
            wrong = no_date(CATALOGUE[termijn.op].model, termijn.vanaf)
            yield from [((*place, "vanaf"), wrong)] if wrong else []
        for number, vervuld in enumerate(termijn.vervuld):
            yield from (((*place, "vervuld", number), what) for what in _untrue(vervuld.type, vervuld.als))
