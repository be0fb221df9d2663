"""The spellings that a cell may have, each turned into one value or refused.

A form takes a cell without surrounding space, never empty, and returns its value; it
raises ``FormError`` with the code of what is wrong. Digits are ASCII digits. What two
readers could read differently is refused: nothing is guessed, nothing is rounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from gateway.connector.maandbestand.verdicts import FoutCode
from schemas.berichten.blokken import Contactsoort
from schemas.values import Cents, Gemeentecode, Postcode

T = TypeVar("T")

MOST = 50
"""So many attempts or reminders a message takes (schemas.berichten.blokken)."""

_SPACE = re.compile(r"[ \t\r\n\u00a0]+")
_WHOLE = r"(?:0|[1-9][0-9]{0,6})"
_EUROS = re.compile(rf"({_WHOLE})(?:[.,]([0-9]{{1,2}}))?")
_GROUPED = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3}){1,2}),([0-9]{1,2})")
_EITHER = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_MONTHS = re.compile(r"(?:0|[1-9][0-9]?)(?:[.,][0-9])?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DUTCH = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_YES = frozenset({"ja", "true", "1"})
_NO = frozenset({"nee", "false", "0"})
_KINDS = {kind.value.lower(): kind for kind in Contactsoort}
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class Reactie(StrEnum):
    """What the tenant answered to the offer of Bgs art. 2(d)."""

    GEEN_REACTIE = "GEEN_REACTIE"
    AKKOORD = "AKKOORD"
    GEWEIGERD = "GEWEIGERD"


class FormError(ValueError):
    """The cell does not have the form; the text holds nothing of the cell."""

    def __init__(self, code: FoutCode = FoutCode.VORM) -> None:
        super().__init__(code.value)
        self.code = code


def text(adapter: TypeAdapter[str]) -> Callable[[str], str]:
    """Accept what the message's own schema accepts, in Unicode's composed form and with runs of space made one."""

    def read(cell: str) -> str:
        value = _SPACE.sub(" ", unicodedata.normalize("NFC", cell))
        try:
            return adapter.validate_python(value)
        except ValidationError as error:
            kinds = {problem["type"] for problem in error.errors(include_url=False, include_input=False)}
            raise FormError(FoutCode.TE_LANG if "string_too_long" in kinds else FoutCode.VORM) from None

    return read


def matching(pattern: str) -> Callable[[str], str]:
    """Accept what matches ``pattern`` from end to end, unchanged."""
    compiled = re.compile(pattern)

    def read(cell: str) -> str:
        if not compiled.fullmatch(cell):
            raise FormError
        return cell

    return read


def bedrag(cell: str) -> Cents:
    """Read euros as whole cents: ``845``, ``845,5``, ``845,50``, ``845.50``, ``1234,56`` or ``1.234,56``, above zero.

    ``1.234`` and ``1,234`` could be a thousand or one and a bit, so they are refused.
    """
    if _EITHER.fullmatch(cell):
        raise FormError(FoutCode.DUBBELZINNIG)
    found = _EUROS.fullmatch(cell) or _GROUPED.fullmatch(cell)
    if not found:
        raise FormError
    cents = int(found[1].replace(".", "")) * 100 + int((found[2] or "").ljust(2, "0"))
    if cents == 0:
        raise FormError
    return Cents(cents)


def maanden(cell: str) -> Decimal:
    """Read a number of months, 0 to 99.9, with at most one decimal after a comma or a point (DOMAIN: dec(3,1))."""
    if not _MONTHS.fullmatch(cell):
        raise FormError
    return Decimal(cell.replace(",", ".")).quantize(Decimal("0.1"))


def datum(cell: str) -> date:
    """Read ``2026-11-20``, ``20-11-2026`` or ``1-2-2026`` (day first), in the years 1900 to 2100."""
    iso, dutch = _ISO.fullmatch(cell), _DUTCH.fullmatch(cell)
    if iso:
        year, month, day = iso.groups()
    elif dutch:
        day, month, year = dutch.groups()
    else:
        raise FormError
    if not 1900 <= int(year) <= 2100:
        raise FormError
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise FormError from None


def ja_nee(cell: str) -> bool:
    """Read ``ja``, ``true`` or ``1``; ``nee``, ``false`` or ``0``; capitals or not. Anything else is refused."""
    word = cell.lower()
    if word not in _YES | _NO:
        raise FormError
    return word in _YES


def reactie(cell: str) -> Reactie:
    """Read the tenant's answer, capitals or not, space or underscore; ``WEIGERING`` is ``GEWEIGERD``."""
    word = cell.upper().replace(" ", "_")
    try:
        return Reactie("GEWEIGERD" if word == "WEIGERING" else word)
    except ValueError:
        raise FormError from None


def postcode(cell: str) -> Postcode:
    """Read ``2311AA``, ``2311 AA`` or ``2311 aa``."""
    if not cell.isascii():
        raise FormError
    try:
        return Postcode(cell.upper().replace(" ", "", 1))
    except ValueError:
        raise FormError from None


def huisnummer(cell: str) -> int:
    """Read a house number, 1 to 99999, without its letter or addition."""
    return int(matching("[1-9][0-9]{0,4}")(cell))


def gemeentecode(cell: str) -> Gemeentecode:
    """Read ``0546`` or ``GM0546``. ``546`` is refused: a spreadsheet that ate the zero may have eaten more."""
    try:
        return Gemeentecode(cell.upper().removeprefix("GM"))
    except ValueError:
        raise FormError from None


def telefoon(cell: str) -> str:
    """Read a telephone number as E.164: ``06-12345678``, ``+31 (0)6 1234 5678`` or ``0031612345678``."""
    digits = re.sub(r"[ ()-]", "", cell.replace("(0)", ""))
    if re.fullmatch(r"0[1-9][0-9]{8}", digits):
        return "+31" + digits[1:]
    return matching(_E164.pattern)("+" + digits[2:] if digits.startswith("00") else digits)


def contactsoort(cell: str) -> Contactsoort:
    """Read how contact was sought, one of the words of DDAS, capitals or not."""
    found = _KINDS.get(cell.lower())
    if found is None:
        raise FormError
    return found


def several(form: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Accept one to fifty values with ``|`` between them, space around it or not; none may be empty."""

    def read(cell: str) -> tuple[T, ...]:
        parts = [part.strip() for part in cell.split("|")]
        if not all(parts) or len(parts) > MOST:
            raise FormError
        return tuple(form(part) for part in parts)

    return read


def uitsluiting(cell: str) -> str:
    """Read the covenant's exclusion, capitals or not: ``GEEN`` or ``WOONFRAUDE``."""
    return matching("GEEN|WOONFRAUDE")(cell.upper())
