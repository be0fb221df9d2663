"""Plans, evictions and endings made by chance: JSON values that the models must take, and ways to break each."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from hypothesis import strategies as st

from schemas.berichten.afsluiting import Dossieruitkomst
from schemas.berichten.ontruiming import Afloop, Antwoorduitkomst, Minderjarigen, Ontruimingsfase
from schemas.berichten.regeling import Besluit, Regelingstand, RegelingWeigerreden, Toetsmethode, Toetsuitkomst
from schemas.bsn import find_bsn
from tests.properties.schemas.berichten_made import FIRMS, MARKS, SIGNAL_IDS, SPELLED, Json, arrears

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
MOST = 10**12 - 1
OINS = st.from_regex(r"\A00000099[0-9A-Z]{9}000\Z")
PAYMENTS = MARKS
CASES = st.from_regex(r"\A[0-9]{7,8}( [A-Z]{2} [A-Z]{4,5} [0-9]{2}-[0-9]{1,6})?\Z") | st.from_regex(
    r"\AECLI:NL:[A-Z]{1,7}:[0-9]{4}:[A-Z0-9.]{1,25}\Z"
).filter(lambda text: not find_bsn(text))
HELD = (Antwoorduitkomst.GESPREK_GEVOERD, Antwoorduitkomst.HULP_GEACCEPTEERD, Antwoorduitkomst.HULP_NIET_AANGENOMEN)


def pick(kind: Iterable[StrEnum]) -> st.SearchStrategy[str]:
    """Choose a member of an enumeration, or of some of its members, as it is spelled."""
    return st.sampled_from([str(item) for item in kind])


def day(start: str, first: int, last: int) -> st.SearchStrategy[str]:
    """Choose a day, ``first`` to ``last`` days from ``start``."""
    return st.integers(first, last).map(lambda days: (date.fromisoformat(start) + timedelta(days=days)).isoformat())


def half_year_on(start: str) -> str:
    """Reckon six months on by the calendar, another way than the model does."""
    begun = date.fromisoformat(start)
    year, month = (begun.year, begun.month + 6) if begun.month <= 6 else (begun.year + 1, begun.month - 6)
    return date(year, month, min(begun.day, calendar.monthrange(year, month)[1])).isoformat()


@st.composite
def ibans(draw: st.DrawFn) -> str:
    """Make a Dutch account with the check digits that ISO 13616 prescribes."""
    account = draw(st.from_regex(r"\A[A-Z]{4}[0-9]{10}\Z"))
    digits = "".join(str(int(char, 36)) for char in account + "NL00")
    return f"NL{98 - int(digits) % 97:02d}{account}"


def tested(before: str, least: int) -> st.SearchStrategy[Json]:
    """Make a test of ``before`` or earlier, that allows a term of ``least`` cents or more."""
    return st.fixed_dictionaries(
        {
            "uitkomst": pick([Toetsuitkomst.VOLDOET, Toetsuitkomst.VOLDOET_NIET]),
            "methode": pick(Toetsmethode),
            "toetsdatum": day(before, -5000, 0),
            "toetser": OINS,
            "maxTermijnbedragCent": st.integers(least, MOST),
        }
    )


UNTESTED = st.builds(lambda: {"uitkomst": str(Toetsuitkomst.NIET_GETOETST)})


@st.composite
def proposals(draw: st.DrawFn, tests: tuple[bool, ...] = (True, False), least: int = 0) -> Json:
    """Make a regelingsvoorstel, tested or provisional, whose terms of ``least`` or more fit its total."""
    term, terms = draw(st.integers(least, 10**9)), draw(st.integers(1 + bool(least), 120))
    start = draw(DAYS.map(date.isoformat))
    test = draw(tested(start, term) if draw(st.sampled_from(tests)) else UNTESTED)
    made: Json = {
        "totaalCent": draw(st.integers(term * (terms - 1) + 1, MOST)),
        "termijnbedragCent": term,
        "aantalTermijnen": terms,
        "startdatum": start,
        "bestaansminimumToets": test,
    }
    made |= {"voorlopigTot": draw(day(start, 0, 30))} if len(test) == 1 else {}
    return made | draw(st.fixed_dictionaries({}, optional={"betaalreferentie": PAYMENTS, "ibanCorporatie": ibans()}))


@st.composite
def decisions(
    draw: st.DrawFn, kinds: Iterable[Besluit] = Besluit, tests: tuple[bool | None, ...] = (True, False, None)
) -> Json:
    """Make a regelingsbesluit: a reason exactly when it refuses, a test or none, no agreement under the minimum."""
    decision, on = draw(pick(kinds)), draw(DAYS.map(date.isoformat))
    made: Json = {"betreft": draw(SIGNAL_IDS), "besluit": decision, "datum": on}
    made |= {"weigerreden": draw(pick(RegelingWeigerreden))} if decision == Besluit.WEIGERING else {}
    with_test = draw(st.sampled_from(tests))
    if with_test is None:
        return made
    test = draw(tested(on, 0) if with_test else UNTESTED)
    if with_test and decision == Besluit.AKKOORD:
        test["uitkomst"] = str(Toetsuitkomst.VOLDOET)
    return made | {"bestaansminimumToets": test}


@st.composite
def states(draw: st.DrawFn) -> Json:
    """Make a regelingsstatus: nothing remains exactly when it is completed."""
    status = draw(pick(Regelingstand))
    left = 0 if status == Regelingstand.VOLTOOID else draw(st.integers(1, MOST))
    return {"betreft": draw(SIGNAL_IDS), "status": status, "datum": draw(SPELLED), "restantCent": left}


@st.composite
def threats(draw: st.DrawFn, kinds: Iterable[Ontruimingsfase] = Ontruimingsfase) -> Json:
    """Make a dreigende-ontruiming, with a day exactly when it was announced."""
    phase, on = draw(pick(kinds)), draw(DAYS.map(date.isoformat))
    made: Json = {
        "fase": phase,
        "fasedatum": on,
        "signaalIds": draw(st.lists(SIGNAL_IDS, min_size=1, max_size=4, unique=True)),
        "achterstand": draw(arrears()),
    }
    made |= {"ontruimingOp": draw(day(on, 3, 400))} if phase == Ontruimingsfase.AANGEZEGD else {}
    optional = {"zaaknummer": CASES, "deurwaarder": FIRMS, "minderjarigen": pick(Minderjarigen)}
    return made | draw(st.fixed_dictionaries({}, optional=optional))


@st.composite
def eviction_answers(
    draw: st.DrawFn, kinds: Iterable[Antwoorduitkomst] = Antwoorduitkomst, asked_for: tuple[bool, ...] = (True, False)
) -> Json:
    """Make an ontruimingsantwoord whose dates go with its outcome and lie on the right side of it."""
    outcome, on = draw(pick(kinds)), draw(DAYS.map(date.isoformat))
    asked = draw(st.sampled_from(asked_for))
    made: Json = {"betreft": draw(SIGNAL_IDS), "uitkomst": outcome, "datum": on, "moratoriumAangevraagd": asked}
    made |= {"gesprekGeplandOp": draw(day(on, 0, 60))} if outcome == Antwoorduitkomst.GESPREK_GEPLAND else {}
    made |= {"gevoerdOp": draw(day(on, -60, 0))} if outcome in HELD else {}
    optional = {"verzoekUitstelTot": day(on, 0, 400)}
    if asked:
        optional["moratoriumVerleendTot"] = day(on, 0, 181) | st.just(half_year_on(on))
    return made | draw(st.fixed_dictionaries({}, optional=optional))


@st.composite
def outcomes(draw: st.DrawFn, kinds: Iterable[Afloop] = Afloop) -> Json:
    """Make an ontruimingsuitkomst, with a later day exactly when it was postponed."""
    outcome, on = draw(pick(kinds)), draw(DAYS.map(date.isoformat))
    made: Json = {"uitkomst": outcome, "datum": on}
    return made | ({"nieuweDatum": draw(day(on, 1, 400))} if outcome == Afloop.UITGESTELD else {})


@st.composite
def endings(draw: st.DrawFn) -> Json:
    """Make an afsluiting that keeps its data for a day or more."""
    on = draw(DAYS.map(date.isoformat))
    return {"uitkomst": draw(pick(Dossieruitkomst)), "datum": on, "bewarenTot": draw(day(on, 1, 4000))}


BY_CODE: Mapping[str, st.SearchStrategy[Json]] = {
    "nl.huurschuld.regelingsvoorstel.v1": proposals(),
    "nl.huurschuld.regelingsbesluit.v1": decisions(),
    "nl.huurschuld.regelingsstatus.v1": states(),
    "nl.huurschuld.dreigende-ontruiming.v1": threats(),
    "nl.huurschuld.ontruimingsantwoord.v1": eviction_answers(),
    "nl.huurschuld.ontruimingsuitkomst.v1": outcomes(),
    "nl.huurschuld.afsluiting.v1": endings(),
}
"""What to make for each of these types."""
