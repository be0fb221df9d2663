"""Monthly files about people who do not exist, for the demo and the tests; the same arguments give the same bytes.

Names say that they are invented, mail goes to example.org, telephone numbers begin with
06-0000 (never issued), and no citizen service number occurs unless *fout* rows are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from gateway.connector.maandbestand.columns import COLUMNS
from gateway.connector.maandbestand.verdicts import Reden
from schemas.covenants import Convenant, Gemeente

T = TypeVar("T")
Cells = dict[str, str]

_NAMES = (
    *(
        "Voorbeeld",
        "Verzinsel",
        "Denkbeeld",
        "Proefpersoon",
        "Fictie",
        "Sprookje",
        "Schijnbaar",
        "Nepstra",
        "Bedenksel",
    ),
    *(
        "Zogenaamd",
        "Fantasma",
        "Testema",
        "Modelaar",
        "Figurant",
        "Naamloos",
        "Luchtkasteel",
        "Probeersel",
        "Onbestaand",
    ),
)
_PREFIXES = ("", "", "", "van", "de", "van der", "ten")
_KINDS = ("Huisbezoek", "Telefoon", "Mail", "Brief", "SMS/Whatsapp")
_OTHERWISE = 8  # every eighth row is one that is not to be reported
_REDENEN = tuple(reden for reden in Reden if reden is not Reden.TE_OUD)  # few covenants have a maximum
_TEST_BSN = "999990019"  # a test person of the BRP, published for this use


@dataclass(frozen=True, slots=True)
class _Dice:
    """Choices that follow from a seed and a name alone."""

    seed: str

    def below(self, limit: int, name: str) -> int:
        """Choose a number from 0 up to ``limit``."""
        raw = hashlib.sha256(f"{self.seed}/{name}".encode()).digest()
        return int.from_bytes(raw[:8]) % limit

    def of(self, options: Sequence[T], name: str) -> T:
        """Choose one of the options."""
        return options[self.below(len(options), name)]


def voorbeeld_bestand(
    corporatie_naam: str, seed: int, rows: int, convenant: Convenant, peildatum: date, fouten: bool = False
) -> bytes:
    """Make a file of ``rows`` rows over all municipalities, every eighth of them not to be reported.

    The reasons take turns: from 56 rows on each occurs, but for the maximum that few covenants
    have. Numbers and dates are spelled as one system would: each corporation has a habit of its
    own. ``fouten`` adds one row for each of ``PLANTED``, in that order, after the others.
    """
    kinds = range(rows)
    made = [_row(_Dice(f"{corporatie_naam}/{seed}/{at}"), at, convenant, peildatum) for at in kinds]
    for at, name in enumerate(PLANTED if fouten else (), start=rows):
        row = _sound(_Dice(f"{corporatie_naam}/{seed}/{at}"), at, convenant, peildatum)
        made.append({**row, **PLANTED[name]})
    initials = "".join(word[0] for word in corporatie_naam.split()).upper()
    dutch = _Dice(corporatie_naam).below(2, "habit") == 1
    lines = [";".join(COLUMNS)]
    for at, row in enumerate(made):
        row["referentie"] = f"{initials}-{peildatum.year}-{at + 1:05d}"
        lines.append(";".join(_spell(name, row.get(name, ""), dutch) for name in COLUMNS))
    return "".join(line + "\r\n" for line in lines).encode()


PLANTED: Mapping[str, Mapping[str, str]] = {
    "bedrag": {"bedrag": "1.234"},
    "ontstaansdatum": {"ontstaansdatum": "31-02-2026"},
    "achternaam": {"achternaam": f"Voorbeeld {_TEST_BSN}"},
    "postcode": {"postcode": "1012 AB", "gemeentecode": ""},
    "reactie": {"reactie": ""},
    "huisnummer": {"huisnummer": ""},
}
"""The *fout* rows: the column that is wrong, and the cells that make it so."""


def _row(dice: _Dice, at: int, convenant: Convenant, peildatum: date) -> Cells:
    row = _sound(dice, at, convenant, peildatum)
    if at % _OTHERWISE != _OTHERWISE - 1:
        return row
    reden = _REDENEN[(at // _OTHERWISE) % len(_REDENEN)]
    return row | _kept_home(reden, _gemeente(convenant, at), peildatum)


def _kept_home(reden: Reden, gemeente: Gemeente, peildatum: date) -> Cells:
    """Give the cells that make a sound row one that is not to be reported, for one reason."""
    empty = {
        Reden.NIET_GEWEZEN_OP_SCHULDHULP: ("gewezen_schuldhulp_op",),
        Reden.GEEN_CONTACTPOGING: ("contact_op", "contact_soort", "contact_bereikt"),
        Reden.GEEN_HERINNERING: ("herinnering_op",),
        Reden.GEEN_AANBOD: ("aanbod_op", "reactie"),
    }
    if reden is Reden.AANBOD_GEWEIGERD:
        return {"reactie": "GEWEIGERD"}
    if reden is Reden.ONDER_DREMPEL:
        return {"bedrag": str(max(1, gemeente.minimumCent - 1000)), "aantal_maanden": "0.1"}
    if reden is Reden.TE_JONG:
        return {"ontstaansdatum": (peildatum - timedelta(days=gemeente.minimumDagen - 1)).isoformat()}
    return dict.fromkeys(empty[reden], "")


def _sound(dice: _Dice, at: int, convenant: Convenant, peildatum: date) -> Cells:
    """Give one row to be reported; amounts in cents and dates in ISO form, to be spelled later."""
    gemeente = _gemeente(convenant, at)
    return _tenant(dice, at, gemeente) | _arrears(dice, gemeente, peildatum) | _effort(dice, peildatum)


def _gemeente(convenant: Convenant, at: int) -> Gemeente:
    return convenant.gemeenten[at % len(convenant.gemeenten)]


def _tenant(dice: _Dice, at: int, gemeente: Gemeente) -> Cells:
    return {
        "voorletters": f"{dice.of('ABCDEFGHJKLMNPRSTVW', 'initial')}.",
        "voorvoegsel": dice.of(_PREFIXES, "prefix"),
        "achternaam": dice.of(_NAMES, "name"),
        "geboortedatum": date(
            1950 + dice.below(55, "year"), 1 + dice.below(12, "month"), 1 + dice.below(28, "day")
        ).isoformat()
        if dice.below(3, "birth") == 0
        else "",
        "postcode": _postcode(dice, gemeente),
        "huisnummer": str(1 + dice.below(240, "house")),
        "huisletter": dice.of(("", "", "", "A", "B"), "letter"),
        "telefoon": f"06-0000{dice.below(10000, 'phone'):04d}" if dice.below(2, "has phone") else "",
        "email": f"huurder{at + 1}@example.org" if dice.below(3, "has mail") else "",
        "woonplaats": gemeente.naam,
        "gemeentecode": gemeente.code,
    }


def _arrears(dice: _Dice, gemeente: Gemeente, peildatum: date) -> Cells:
    rent, tenths = 45000 + dice.below(45000, "rent"), 10 + dice.below(25, "months")
    begun = peildatum - timedelta(days=max(gemeente.minimumDagen, 30) + dice.below(40, "age"))
    return {
        "bedrag": str(max(gemeente.minimumCent, rent * tenths // 10)),
        "aantal_maanden": f"{tenths // 10}.{tenths % 10}",
        "ontstaansdatum": begun.isoformat(),
        "peildatum": peildatum.isoformat(),
    }


def _effort(dice: _Dice, peildatum: date) -> Cells:
    """Give what the corporation did first: one or two reminders and attempts, a pointer to debt help, the offer."""
    first, second = peildatum - timedelta(days=21), peildatum - timedelta(days=12)
    twice = dice.below(2, "twice") == 1
    days = [first, second] if twice else [second]
    return {
        "herinnering_op": "|".join(day.isoformat() for day in days),
        "contact_op": "|".join((day + timedelta(days=3)).isoformat() for day in days),
        "contact_soort": "|".join(dice.of(_KINDS, f"kind {day}") for day in days),
        "contact_bereikt": "|".join(dice.of(("ja", "nee"), f"reached {day}") for day in days),
        "gewezen_schuldhulp_op": second.isoformat(),
        "aanbod_op": second.isoformat(),
        "reactie": dice.of(("GEEN_REACTIE", "AKKOORD"), "answer"),
        "crisis": "ja" if dice.below(20, "crisis") == 0 else "nee",
        "warme_overdracht": "ja" if dice.below(10, "warm") == 0 else "nee",
        "regeling_loopt": "ja" if dice.below(10, "plan") == 0 else "nee",
        "convenant_uitsluiting": "GEEN",
    }


def _spell(name: str, value: str, dutch: bool) -> str:
    """Spell amounts (cents until here) and dates the Dutch way or the technical way."""
    if name == "bedrag" and value.isdigit():
        euros, cents = divmod(int(value), 100)
        return f"{euros:,}".replace(",", ".") + f",{cents:02d}" if dutch else f"{euros}.{cents:02d}"
    if dutch and COLUMNS[name].expected in {"datum", "datums"}:
        return "|".join(
            "-".join(reversed(part.split("-"))) if part[:4].isdigit() else part for part in value.split("|")
        )
    return value


def _postcode(dice: _Dice, gemeente: Gemeente) -> str:
    """Choose a postcode within the municipality's ranges."""
    first, last = dice.of(gemeente.postcodes, "range")
    number = int(first) + dice.below(int(last) - int(first) + 1, "postcode")
    return f"{number}{dice.of('ABCDEGHJKLMNPRTVWXZ', 'first')}{dice.of('ABCEGHJKLMNPRTVWXZ', 'second')}"
