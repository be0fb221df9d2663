"""The forms of single values in the covenant's file, each refused where it stands when it is not of its form."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from schemas.envelope import TypeCode
from schemas.values import Gemeentecode

T = TypeVar("T", bound=Hashable)
D = TypeVar("D", bound=date)
FIRST_YEAR = 2000


class Data(BaseModel):
    """Immutable, nothing unknown, no conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Soort(StrEnum):
    """What kind of participant: corporation, municipality, neighbourhood team, debt help, care and nuisance desk."""

    COR = "COR"
    GEM = "GEM"
    SWT = "SWT"
    SHV = "SHV"
    MZO = "MZO"


def once(values: tuple[T, ...]) -> tuple[T, ...]:
    """Return only if no value occurs twice."""
    if len(set(values)) != len(values):
        raise ValueError("expected each value once")
    return values


Regel = Annotated[str, StringConstraints(pattern=r"^\S(.{0,298}\S)?$")]
"""One line of text for people."""

Naam = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=60)]
"""The code of a rule: what a decision, a notice and a text for people know it by."""

EenSoort = Annotated[Soort, Field(strict=False)]
Codes = Annotated[tuple[Gemeentecode, ...], Field(strict=False, min_length=1), AfterValidator(once)]
Soorten = Annotated[tuple[EenSoort, ...], Field(strict=False, min_length=1), AfterValidator(once)]
Typen = Annotated[tuple[TypeCode, ...], Field(strict=False), AfterValidator(once)]
BoxName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Cijfers = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}$")]
Stand = Annotated[str, StringConstraints(pattern=r"^[A-Z]+(_[A-Z]+)*$", max_length=40)]
"""A state of a track."""


def _in_order(bounds: tuple[str, str]) -> tuple[str, str]:
    if bounds[0] > bounds[1]:
        raise ValueError("expected the first postcode of a range before its last")
    return bounds


Gebied = Annotated[tuple[Cijfers, Cijfers], Field(strict=False), AfterValidator(_in_order)]


class Eenheid(StrEnum):
    """In what a term is counted. All but hours are days of the Dutch calendar, counted in Europe/Amsterdam."""

    UUR = "uur"
    DAG = "dag"
    WERKDAG = "werkdag"
    WEEK = "week"
    MAAND = "maand"


_UNITS = {
    "uur": Eenheid.UUR,
    "dag": Eenheid.DAG,
    "dagen": Eenheid.DAG,
    "werkdag": Eenheid.WERKDAG,
    "werkdagen": Eenheid.WERKDAG,
    "week": Eenheid.WEEK,
    "weken": Eenheid.WEEK,
    "maand": Eenheid.MAAND,
    "maanden": Eenheid.MAAND,
}
_SPAN = re.compile(rf"([1-9][0-9]{{0,3}}) ({'|'.join(_UNITS)})")


class Termijnduur(Data):
    """A length of time as the covenant says it: ``5 werkdagen``, ``4 weken``, ``2 maanden``.

    When it ends depends on the calendar (``gateway.covenant.calendar``).
    """

    aantal: Annotated[int, Field(ge=1, le=9999)]
    eenheid: Eenheid

    def __str__(self) -> str:
        """Spell as the file does."""
        plural = {"dag": "dagen", "werkdag": "werkdagen", "week": "weken", "maand": "maanden"}
        return f"{self.aantal} {self.eenheid if self.aantal == 1 else plural.get(self.eenheid, self.eenheid)}"


def _span(value: object) -> Termijnduur:
    if isinstance(value, Termijnduur):
        return value
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("expected a length of time such as '5 werkdagen', '4 weken' or '2 maanden'")
    return Termijnduur(aantal=int(found[1]), eenheid=_UNITS[found[2]])


Lengte = Annotated[Termijnduur, BeforeValidator(_span)]


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    span = _span(value)
    if span.eenheid is Eenheid.UUR:
        return timedelta(hours=span.aantal)
    if span.eenheid is Eenheid.DAG:
        return timedelta(days=span.aantal)
    raise ValueError("expected a duration such as '14 dagen' or '36 uur'")


Duur = Annotated[timedelta, BeforeValidator(_duration)]
"""A length of time that needs no calendar."""


def _of_our_time(value: D) -> D:
    if not FIRST_YEAR <= value.year < FIRST_YEAR + 1000:  # so that no count of time from it leaves the calendar
        raise ValueError("expected a year from 2000 to 2999")
    return value


def _begin(value: object) -> date | datetime:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("expected a moment with its offset, such as 2027-01-01T00:00:00+01:00")
        return _of_our_time(value)
    if isinstance(value, date):
        return _of_our_time(value)
    raise ValueError("expected a date such as 2027-01-01, or a moment with its offset")


Ingang = Annotated[date | datetime, BeforeValidator(_begin)]
"""From when on: a day (that begins at midnight in Amsterdam), or a moment."""

Veld = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)*$", max_length=80)]
"""The dotted path of a field in a message, such as ``achterstand.bedragCent``."""

ANY = "*"
"""In a condition: the field is there at all, whatever it says."""

_Scalar = str | bool


def _alternatives(value: object) -> tuple[_Scalar, ...]:
    values = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    if not values or not all(isinstance(item, (str, bool)) for item in values):
        raise ValueError("expected a value or a list of values: texts, true or false")
    return values


Alternatieven = Annotated[tuple[_Scalar, ...], BeforeValidator(_alternatives), AfterValidator(once)]
Voorwaarde = dict[Veld, Alternatieven]
"""What fields of a message must say: each one of the values given; ``"*"`` means that it is there at all."""
