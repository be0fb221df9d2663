"""The forms of single fields: bounded, and matched by a pattern that every regular-expression engine reads alike.

No form is free text, except the one line of ``Toelichting``, which no message to or from a corporation has.
Forms that leave room for nine digits refuse a citizen service number.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from schemas.bsn import find_bsn, no_bsn
from schemas.envelope import Wire
from schemas.values import Cents


class Blok(Wire):
    """A block of a message: immutable, nothing unknown, no conversions; errors never show what was sent."""

    model_config = ConfigDict(hide_input_in_errors=True)


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TENTH = Decimal("0.1")


def _datum(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("expected a date such as 2026-11-20")
    return date.fromisoformat(value)


Datum = Annotated[
    date,
    BeforeValidator(_datum),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DATE.pattern}$"}),
]
"""A calendar date; outside ``YYYY-MM-DD`` and nothing else."""


def _maanden(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ValueError("expected a number")  # noqa: TRY004 - pydantic gathers ValueError only
    # repr() is the shortest text that means this float: of 1.2 it is 1.2, which no arithmetic on the float gives
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or not 0 <= number < 100 or number != number.quantize(_TENTH):
        raise ValueError("expected 0 to 99.9 months, with at most one decimal")
    return number.quantize(_TENTH)


def _spell_maanden(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


AantalMaanden = Annotated[
    Decimal,
    BeforeValidator(_maanden),
    PlainSerializer(_spell_maanden, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 99.9}),
]
"""Months of rent, dec(3,1): exact inside, a JSON number outside.

The schema has no ``multipleOf: 0.1``: validators that reckon in binary refuse 1.2 under it.
"""


def _above_zero(value: Cents) -> Cents:
    if value == 0:
        raise ValueError("expected an amount above zero")
    return value


BedragCent = Annotated[
    Cents,
    AfterValidator(_above_zero),
    WithJsonSchema({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10**12}),
]
"""An amount above zero in whole euro cents."""

_LETTER = r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u1E00-\u1EFF"
_APOSTROPHE = r"'\u2019\u02BC"
_NAME = rf"^[{_LETTER}{_APOSTROPHE}][{_LETTER}{_APOSTROPHE}\u0300-\u036F ,./-]*$"

Naam = Annotated[str, StringConstraints(pattern=_NAME, max_length=200)]
"""A person's name in Latin script, as the civil registry writes names: no digits."""

Plaats = Annotated[str, StringConstraints(pattern=_NAME.replace(",./", ".()/"), max_length=80)]
"""A place, as the register of addresses (BAG) names it."""

Voorletters = Annotated[str, StringConstraints(pattern=rf"^[{_LETTER}][{_LETTER}\u0300-\u036F. -]*$", max_length=20)]

Voorvoegsel = Annotated[str, StringConstraints(pattern=_NAME, max_length=20)]

Werknaam = Annotated[str, StringConstraints(pattern=_NAME, max_length=80)]
"""The name of somebody at work."""

Organisatienaam = Annotated[
    str,
    StringConstraints(pattern=rf"^[{_LETTER}0-9][{_LETTER}{_APOSTROPHE}\u0300-\u036F0-9 ,.&+()/-]*$", max_length=200),
    AfterValidator(no_bsn),
]
"""The name of a person or firm that acts for somebody; digits may occur, a citizen service number may not."""


def _own_mark(value: str) -> str:
    """Nobody can tell a reference that passes the 11-proof from a citizen service number, so none may (UAVG art. 46).

    Letters before or after leave the number as readable as it was; between its digits they do not.
    """
    if find_bsn(value):
        raise ValueError(
            "expected no citizen service number (BSN); a reference of your own that looks like one needs"
            " a letter or a dash between its digits, such as H-2026-00123"
        )
    return value


Referentie = Annotated[
    str, StringConstraints(pattern=r"^[!-~]([ -~]*[!-~])?$", max_length=35), AfterValidator(_own_mark)
]
"""A corporation's own reference, AN35, that cannot be taken for a citizen service number."""

Kenmerk = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z./_-]*[0-9][A-Za-z0-9./_-]*$", max_length=35),
    AfterValidator(_own_mark),
]
"""What an account, a claim or a payment is known by: no spaces and a digit at least, so that it is no sentence.

It cannot be taken for a citizen service number either.
"""

Huisnummer = Annotated[int, Field(ge=1, le=99_999)]
Huisletter = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]$")]
Toevoeging = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,4}$")]

AdresseerbaarObjectId = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}0[123][0-9]{10}$")]
"""A dwelling, berth or stand in the register of addresses (BAG): 16 digits, kind 01, 02 or 03. Never routed on."""

Telefoon = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$"), AfterValidator(no_bsn)]
"""A telephone number as E.164 spells it."""

Email = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*"
        r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$",
        max_length=254,
    ),
    AfterValidator(no_bsn),
]
"""A mail address in the form that people have (RFC 5321 allows more)."""

_PRINTED = rf"!-~{_LETTER}\u0300-\u036F\u2013\u2014\u2018\u2019\u201C\u201D\u2026\u20AC"

Toelichting = Annotated[
    str,
    StringConstraints(pattern=rf"^[{_PRINTED}]([{_PRINTED} ]*[{_PRINTED}])?$", max_length=280),
    AfterValidator(no_bsn),
]
"""One line of text between helpers (DOMAIN 3.4, VRW): Latin script, no citizen service number."""
