"""Which municipality is the dwelling in? Route per dwelling, never per corporation (DOMAIN 0).

The covenant's postcode ranges decide. A ``gemeentecode`` has to agree with them, and settles a
postcode that two municipalities share; a ``woonplaats`` that names a municipality of the covenant
does the same, more weakly. A place that names none says nothing: a municipality has many places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from gateway.connector.maandbestand.verdicts import FoutCode
from schemas.covenants import Convenant, Gemeente
from schemas.values import Gemeentecode, Mailbox, Postcode


@dataclass(frozen=True, slots=True)
class Route:
    """Where the message goes: the municipality of the dwelling, and its first mailbox in the covenant."""

    gemeente: Gemeente
    ontvanger: Mailbox


@dataclass(frozen=True, slots=True)
class Misrouted:
    """No single municipality: the column to look at, what is wrong, what is expected."""

    kolom: str
    code: FoutCode
    verwacht: str
    gegevens: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Router:
    """Finds the way of each row, in a table that is made once for a whole file."""

    gemeenten: Mapping[Gemeentecode, Route]

    @classmethod
    def of(cls, convenant: Convenant) -> Self:
        """Take each municipality of the covenant with its first mailbox."""
        return cls(
            {
                gemeente.code: Route(gemeente, convenant.gemeente_deelnemer(gemeente.code).postvakken[0])
                for gemeente in convenant.gemeenten
            }
        )

    def __call__(
        self, postcode: Postcode | None, code: Gemeentecode | None, woonplaats: str | None
    ) -> Route | Misrouted | None:
        """Give the way, or why there is no single one; ``None`` when the postcode could not be read."""
        everywhere = tuple(self.gemeenten.values())
        if code is not None and code not in self.gemeenten:
            return _misrouted("gemeentecode", FoutCode.GEMEENTE_ONBEKEND, "gemeenten", everywhere)
        if postcode is None:
            return None
        found = [way for way in everywhere if way.gemeente.covers(postcode)]
        if not found:
            return _misrouted("postcode", FoutCode.BUITEN_GEBIED, "postcode-gebied", everywhere)
        chosen = [way for way in found if code in (None, way.gemeente.code)]
        if not chosen:
            return _misrouted("gemeentecode", FoutCode.GEMEENTE_STRIJDIG, "gemeente-van-postcode", found)
        return self._by_place(chosen, (woonplaats or "").casefold())

    def _by_place(self, found: Sequence[Route], woonplaats: str) -> Route | Misrouted:
        """Hold the place against the municipalities that are left."""
        named = [way for way in self.gemeenten.values() if way.gemeente.naam.casefold() == woonplaats]
        left = [way for way in found if way in named] if named else found
        if not left:
            return _misrouted("woonplaats", FoutCode.WOONPLAATS_STRIJDIG, "gemeente-van-postcode", found)
        if len(left) > 1:
            return _misrouted("postcode", FoutCode.GEMEENTE_DUBBELZINNIG, "gemeente-erbij", left)
        return left[0]


def _misrouted(kolom: str, code: FoutCode, expected: str, ways: Sequence[Route]) -> Misrouted:
    codes = ", ".join(way.gemeente.code for way in ways)
    names = ", ".join(way.gemeente.naam for way in ways)
    return Misrouted(kolom, code, expected, (("codes", codes), ("namen", names)))
