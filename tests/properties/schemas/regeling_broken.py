"""Each condition of the messages on plans, evictions and endings, and how to break it and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hypothesis import strategies as st

from schemas.berichten.ontruiming import Afloop, Antwoorduitkomst, Ontruimingsfase
from schemas.berichten.regeling import Besluit, Toetsuitkomst
from tests.properties.schemas.berichten_made import SPELLED, Json
from tests.properties.schemas.regeling_made import (
    HELD,
    MOST,
    day,
    decisions,
    endings,
    eviction_answers,
    half_year_on,
    outcomes,
    proposals,
    states,
    threats,
)

TEST = "bestaansminimumToets"
FACTS = ("methode", "toetsdatum", "toetser", "maxTermijnbedragCent")
UNHELD = tuple(item for item in Antwoorduitkomst if item not in HELD)
UNPLANNED = tuple(item for item in Antwoorduitkomst if item is not Antwoorduitkomst.GESPREK_GEPLAND)
UNANNOUNCED = tuple(item for item in Ontruimingsfase if item is not Ontruimingsfase.AANGEZEGD)
UNPOSTPONED = tuple(item for item in Afloop if item is not Afloop.UITGESTELD)
UNREFUSED = (Besluit.AKKOORD, Besluit.TEGENVOORSTEL)

Break = Callable[[st.DrawFn, Json], Json]


class Case(NamedTuple):
    """Messages that are right, and how to break one condition of them."""

    name: str
    made: st.SearchStrategy[Json]
    broken: Break

    def bericht(self) -> st.SearchStrategy[Json]:
        """Make one and break it."""

        @st.composite
        def made(draw: st.DrawFn) -> Json:
            return self.broken(draw, draw(self.made))

        return made()


def without(*names: str) -> Break:
    """Leave out one of ``names``."""

    def broken(draw: st.DrawFn, bericht: Json) -> Json:
        gone = draw(st.sampled_from(names))
        return {name: bericht[name] for name in bericht.keys() - {gone}}

    return broken


def unasked(name: str) -> Break:
    """Add a day that has no place here."""

    def broken(draw: st.DrawFn, bericht: Json) -> Json:
        return bericht | {name: draw(SPELLED)}

    return broken


def moved(name: str, start: str, first: int, last: int) -> Break:
    """Move a day to ``first`` to ``last`` days from another."""

    def broken(draw: st.DrawFn, bericht: Json) -> Json:
        return bericht | {name: draw(day(bericht[start], first, last))}

    return broken


def in_test(inner: Break) -> Break:
    """Break the test inside a message."""

    def broken(draw: st.DrawFn, bericht: Json) -> Json:
        return bericht | {TEST: inner(draw, bericht[TEST])}

    return broken


def tested_after(start: str) -> Break:
    """Test after what the test is for."""

    def broken(draw: st.DrawFn, bericht: Json) -> Json:
        return bericht | {TEST: bericht[TEST] | {"toetsdatum": draw(day(bericht[start], 1, 400))}}

    return broken


def _most_of_no_test(draw: st.DrawFn, test: Json) -> Json:
    return test | {"maxTermijnbedragCent": draw(st.integers(0, MOST))}


def _over_the_most(draw: st.DrawFn, bericht: Json) -> Json:
    most = draw(st.integers(0, bericht["termijnbedragCent"] - 1))
    return bericht | {TEST: bericht[TEST] | {"maxTermijnbedragCent": most}}


def _over_the_total(draw: st.DrawFn, bericht: Json) -> Json:
    most = bericht["termijnbedragCent"] * (bericht["aantalTermijnen"] - 1)
    return bericht | {"totaalCent": draw(st.integers(1, min(most, MOST)))}


def _under_the_minimum(_: st.DrawFn, test: Json) -> Json:
    return test | {"uitkomst": str(Toetsuitkomst.VOLDOET_NIET)}


def _reason(_: st.DrawFn, bericht: Json) -> Json:
    return bericht | {"weigerreden": "TERMIJN_TE_HOOG"}


def _other_remainder(draw: st.DrawFn, bericht: Json) -> Json:
    return bericht | {"restantCent": 0 if bericht["restantCent"] else draw(st.integers(1, MOST))}


def _a_signal_twice(draw: st.DrawFn, bericht: Json) -> Json:
    signals = bericht["signaalIds"]
    return bericht | {"signaalIds": [*signals, draw(st.sampled_from(signals))]}


def _granted_too_long(draw: st.DrawFn, bericht: Json) -> Json:
    return bericht | {"moratoriumVerleendTot": draw(day(half_year_on(bericht["datum"]), 1, 4000))}


_PLANNED = (Antwoorduitkomst.GESPREK_GEPLAND,)
_ANNOUNCED = (Ontruimingsfase.AANGEZEGD,)
_POSTPONED = (Afloop.UITGESTELD,)

SEEN: Mapping[str, tuple[Case, ...]] = {
    "nl.huurschuld.regelingsvoorstel.v1": (
        Case("untested without end", proposals((False,)), without("voorlopigTot")),
        Case("tested with end", proposals((True,)), unasked("voorlopigTot")),
        Case("test without a fact", proposals((True,)), in_test(without(*FACTS))),
        Case("no test with a fact", proposals((False,)), in_test(_most_of_no_test)),
    ),
    "nl.huurschuld.regelingsbesluit.v1": (
        Case("refusal without reason", decisions((Besluit.WEIGERING,)), without("weigerreden")),
        Case("reason without refusal", decisions(UNREFUSED), _reason),
        Case("R1", decisions((Besluit.AKKOORD,), (True,)), in_test(_under_the_minimum)),
        Case("test without a fact", decisions(Besluit, (True,)), in_test(without(*FACTS))),
        Case("no test with a fact", decisions(Besluit, (False,)), in_test(_most_of_no_test)),
    ),
    "nl.huurschuld.regelingsstatus.v1": (Case("remainder", states(), _other_remainder),),
    "nl.huurschuld.dreigende-ontruiming.v1": (
        Case("announced without day", threats(_ANNOUNCED), without("ontruimingOp")),
        Case("day unannounced", threats(UNANNOUNCED), unasked("ontruimingOp")),
        Case("signal twice", threats(), _a_signal_twice),
    ),
    "nl.huurschuld.ontruimingsantwoord.v1": (
        Case("planned without day", eviction_answers(_PLANNED), without("gesprekGeplandOp")),
        Case("day unplanned", eviction_answers(UNPLANNED), unasked("gesprekGeplandOp")),
        Case("held without day", eviction_answers(HELD), without("gevoerdOp")),
        Case("day not held", eviction_answers(UNHELD), unasked("gevoerdOp")),
        Case(
            "granted unasked",
            eviction_answers(asked_for=(False,)),
            moved("moratoriumVerleendTot", "datum", 0, 180),
        ),
    ),
    "nl.huurschuld.ontruimingsuitkomst.v1": (
        Case("postponed without day", outcomes(_POSTPONED), without("nieuweDatum")),
        Case("day not postponed", outcomes(UNPOSTPONED), unasked("nieuweDatum")),
    ),
    "nl.huurschuld.afsluiting.v1": (Case("not kept", endings(), without("bewarenTot")),),
}
"""What the model refuses and the published schema sees."""

UNSEEN: Mapping[str, tuple[Case, ...]] = {
    "nl.huurschuld.regelingsvoorstel.v1": (
        Case("R2", proposals((True,), least=1), _over_the_most),
        Case("over the total", proposals(least=1), _over_the_total),
        Case("tested late", proposals((True,)), tested_after("startdatum")),
        Case("R3", proposals((False,)), moved("voorlopigTot", "startdatum", 31, 400)),
        Case("ends before it starts", proposals((False,)), moved("voorlopigTot", "startdatum", -400, -1)),
    ),
    "nl.huurschuld.regelingsbesluit.v1": (Case("tested late", decisions(Besluit, (True,)), tested_after("datum")),),
    "nl.huurschuld.dreigende-ontruiming.v1": (
        Case("Rv 555", threats(_ANNOUNCED), moved("ontruimingOp", "fasedatum", -400, 2)),
    ),
    "nl.huurschuld.ontruimingsantwoord.v1": (
        Case("planned before", eviction_answers(_PLANNED), moved("gesprekGeplandOp", "datum", -400, -1)),
        Case("held after", eviction_answers(HELD), moved("gevoerdOp", "datum", 1, 400)),
        Case("postpone to before", eviction_answers(), moved("verzoekUitstelTot", "datum", -400, -1)),
        Case(
            "granted to before",
            eviction_answers(asked_for=(True,)),
            moved("moratoriumVerleendTot", "datum", -400, -1),
        ),
        Case("Fw 287b", eviction_answers(asked_for=(True,)), _granted_too_long),
    ),
    "nl.huurschuld.ontruimingsuitkomst.v1": (
        Case("postponed to before", outcomes(_POSTPONED), moved("nieuweDatum", "datum", -400, 0)),
    ),
    "nl.huurschuld.afsluiting.v1": (Case("kept to before", endings(), moved("bewarenTot", "datum", -400, 0)),),
}
"""What only the model can refuse: a schema compares no fields."""
