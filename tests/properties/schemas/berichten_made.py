"""Messages made by chance: JSON values that the models must take, as software of the parties would make them."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from schemas.berichten.blokken import Contactsoort, ReactieHuurder, Vertegenwoordigersoort
from schemas.berichten.signaal import RESULTATEN, ConvenantUitsluiting, Signaalstatus, WijzigingReden
from schemas.bsn import find_bsn

Json = dict[str, Any]

DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
SPELLED = DATES.map(date.isoformat)
_LETTERS = "".join(
    chr(code)
    for code in (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if unicodedata.category(chr(code)).startswith("L")
)


def _text(first: str, then: str, most: int) -> st.SearchStrategy[str]:
    return st.builds(str.__add__, st.sampled_from(first), st.text(st.sampled_from(then), max_size=most - 1))


NAMES = _text(_LETTERS + "'", _LETTERS + "' ,./-", 200)
PREFIXES = _text(_LETTERS + "'", _LETTERS + "' ,./-", 20)
PLACES = _text(_LETTERS + "'", _LETTERS + "' .()/-", 80)
WORK_NAMES = _text(_LETTERS, _LETTERS + "' ,./-", 80)
INITIALS = _text(_LETTERS, _LETTERS + ". -", 20)
FIRMS = _text(_LETTERS + "0123456789", _LETTERS + "0123456789 ,.&+()/-", 200).filter(lambda name: not find_bsn(name))
MARKS = st.from_regex(r"\A[A-Za-z./_-]{0,17}[0-9][A-Za-z0-9./_-]{0,17}\Z").filter(lambda mark: not find_bsn(mark))
REFERENCES = st.from_regex(r"\A[!-~]([ -~]{0,33}[!-~])?\Z").filter(lambda own: not find_bsn(own))
PHONES = st.from_regex(r"\A\+[1-9][0-9]{6,14}\Z").filter(lambda number: not find_bsn(number))
MAILS = st.from_regex(r"\A[A-Za-z0-9]{1,10}(\.[A-Za-z0-9+_-]{1,10}){0,2}@([a-z0-9]{1,10}\.){1,3}[a-z]{2,5}\Z").filter(
    lambda mail: not find_bsn(mail)
)
POSTCODES = st.from_regex(r"\A[1-9][0-9]{3}[A-Z]{2}\Z").filter(lambda code: code[4:] not in {"SA", "SD", "SS"})
SIGNAL_IDS = st.from_regex(r"\A[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
BOOLEANS = st.booleans()


def _block(required: dict[str, st.SearchStrategy[Any]], optional: dict[str, st.SearchStrategy[Any]]) -> Any:
    return st.fixed_dictionaries(required, optional=optional)


REPRESENTATIVES = _block(
    {"soort": st.sampled_from(Vertegenwoordigersoort).map(str), "naam": FIRMS},
    {"email": MAILS},
)
TENANTS = _block(
    {
        "referentieCorporatie": REFERENCES,
        "achternaam": NAMES,
        "postcode": POSTCODES,
        "huisnummer": st.integers(1, 99_999),
    },
    {
        "voorletters": INITIALS,
        "voorvoegsel": PREFIXES,
        "huisletter": st.from_regex(r"\A[A-Za-z]\Z"),
        "huisnummertoevoeging": st.from_regex(r"\A[A-Za-z0-9-]{1,4}\Z"),
        "woonplaats": PLACES,
        "adresseerbaarObjectId": st.from_regex(r"\A[0-9]{4}0[123][0-9]{10}\Z"),
        "telefoon": PHONES,
        "email": MAILS,
        "geboortedatum": SPELLED,
        "vertegenwoordiger": REPRESENTATIVES,
    },
)


@st.composite
def arrears(draw: st.DrawFn) -> Json:
    """Make arrears that begin on the day they are measured, or before."""
    measured = draw(DATES)
    begun = draw(st.integers(0, (measured - date(1900, 1, 1)).days))
    tenths = draw(st.integers(0, 999))
    return {
        "bedragCent": draw(st.integers(1, 10**12 - 1)),
        "peildatum": measured.isoformat(),
        "ontstaansdatum": (measured - timedelta(days=begun)).isoformat(),
        "aantalMaanden": tenths / 10 if tenths % 10 else tenths // 10,
    }


ATTEMPTS = _block({"datum": SPELLED, "soort": st.sampled_from(Contactsoort).map(str), "bereikt": BOOLEANS}, {})
EFFORTS = _block(
    {
        "contactpogingen": st.lists(ATTEMPTS, min_size=1, max_size=4),
        "gewezenOpSchuldhulpOp": SPELLED,
        "herinneringen": st.lists(SPELLED, min_size=1, max_size=4),
        "aanbodGegevensdelingOp": SPELLED,
        "reactieHuurder": st.sampled_from(ReactieHuurder).map(str),
    },
    {},
)
SIGNALS = _block(
    {
        "huurder": TENANTS,
        "achterstand": arrears(),
        "incassoVerantwoording": EFFORTS,
        "crisissignaal": BOOLEANS,
        "warmeOverdracht": BOOLEANS,
        "regelingLoopt": BOOLEANS,
        "convenantUitsluiting": st.sampled_from(ConvenantUitsluiting).map(str),
    },
    {"medehuurder": TENANTS},
)


@st.composite
def answers(draw: st.DrawFn) -> Json:
    """Make a terugkoppeling whose result goes with its status."""
    status = draw(st.sampled_from(Signaalstatus))
    results = RESULTATEN[status]
    made: Json = {
        "signaalId": draw(SIGNAL_IDS),
        "status": str(status),
        "datum": draw(SPELLED),
        "behandelaarContact": draw(_block({"naam": WORK_NAMES, "telefoon": PHONES}, {"email": MAILS})),
    }
    return made | ({"resultaat": str(draw(st.sampled_from(results)))} if results else {})


@st.composite
def changes(draw: st.DrawFn) -> Json:
    """Make a wijziging, with arrears exactly when the amount changed."""
    reason = draw(st.sampled_from(WijzigingReden))
    made: Json = {"signaalId": draw(SIGNAL_IDS), "reden": str(reason)}
    return made | ({"achterstand": draw(arrears())} if reason is WijzigingReden.BEDRAG_GEWIJZIGD else {})


BY_CODE = {
    "nl.huurschuld.vroegsignaal.v1": SIGNALS,
    "nl.huurschuld.terugkoppeling.v1": answers(),
    "nl.huurschuld.wijziging.v1": changes(),
}
"""What to make for each type of the catalogue."""
