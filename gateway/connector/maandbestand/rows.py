"""One row of cells becomes one typed row, or every *fout* in it. Each cell gives one *fout* at most, the gravest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from gateway.connector.maandbestand.cells import Cells, is_utf8
from gateway.connector.maandbestand.columns import COLUMNS, Column, Header
from gateway.connector.maandbestand.forms import FormError, Reactie, telefoon
from gateway.connector.maandbestand.routing import Misrouted, Route, Router
from gateway.connector.maandbestand.verdicts import Fout, FoutCode, Identity
from schemas.berichten.blokken import Contactsoort
from schemas.bsn import find_bsn
from schemas.strict import canonical_json
from schemas.values import Cents, Digest, Gemeentecode, Postcode


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sound row: its line, its way to a municipality, and each column by its own name, read."""

    regel: int
    route: Route
    referentie: str
    voorletters: str | None
    voorvoegsel: str | None
    achternaam: str
    geboortedatum: date | None
    postcode: Postcode
    huisnummer: int
    huisletter: str | None
    toevoeging: str | None
    telefoon: str | None
    email: str | None
    bedrag: Cents
    aantal_maanden: Decimal
    ontstaansdatum: date
    peildatum: date
    herinnering_op: tuple[date, ...]
    contact_op: tuple[date, ...]
    contact_soort: tuple[Contactsoort, ...]
    contact_bereikt: tuple[bool, ...]
    gewezen_schuldhulp_op: date | None
    aanbod_op: date | None
    reactie: Reactie | None
    crisis: bool
    warme_overdracht: bool
    regeling_loopt: bool
    convenant_uitsluiting: str
    woonplaats: str | None = None
    gemeentecode: Gemeentecode | None = None

    @property
    def identity(self) -> Identity:
        """The row's identity (the issue's definition)."""
        return Identity(self.referentie, self.ontstaansdatum, self.peildatum)

    def digest(self) -> Digest:
        """Digest what the row says. Spelling does not count, nor does ``gemeentecode``, which only helps routing."""
        said = {name: _spell(getattr(self, name)) for name in COLUMNS if name != "gemeentecode"}
        return Digest.of(canonical_json({name: value for name, value in said.items() if value not in (None, [])}))


def _spell(value: object) -> object:
    if isinstance(value, tuple):
        return [_spell(item) for item in value]
    return str(value) if isinstance(value, (date, Decimal)) else value


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows below a header."""

    header: Header
    router: Router
    vandaag: date

    def __call__(self, cells: Cells) -> Row | tuple[Fout, ...]:
        """Read one row, or tell everything that is wrong in it, whatever else is wrong."""
        if cells.broken is not None or len(cells.cells) != len(self.header.names):
            return self._misshapen(cells)
        values, found = dict[str, Any](), list[Fout]()
        for name, cell in zip(self.header.names, cells.cells, strict=True):
            outcome = self._cell(COLUMNS[name], cell)
            if isinstance(outcome, FormError):
                found.append(self._fout(cells.regel, name, outcome.code))
            else:
                values[name] = outcome
        found.extend(self._across(cells.regel, values))
        route = self.router(values.get("postcode"), values.get("gemeentecode"), values.get("woonplaats"))
        if isinstance(route, Misrouted):
            found.append(self.header.fout(cells.regel, route.kolom, route.code, route.verwacht, **dict(route.gegevens)))
        if found or not isinstance(route, Route):  # without a postcode there is no route, and that is a fout already
            return tuple(found)
        return Row(regel=cells.regel, route=route, **values)

    def _cell(self, column: Column, cell: str) -> object:
        """Give the value of one cell, or the ``FormError`` that says why it has none."""
        if not is_utf8(cell):
            return FormError(FoutCode.GEEN_UTF8)
        bare = cell.strip()
        if not bare:
            return FormError(FoutCode.LEEG) if column.required else column.empty
        try:
            value = column.form(bare)
        except FormError as error:
            return FormError(FoutCode.BSN) if find_bsn(bare) else error
        # free text alone: a sound date, amount or telephone number is not a citizen service number
        return FormError(FoutCode.BSN) if column.free and isinstance(value, str) and find_bsn(value) else value

    def _misshapen(self, row: Cells) -> tuple[Fout, ...]:
        """Tell what keeps the row from being read cell by cell, and where it holds a citizen service number."""
        names = self.header.names
        found = [
            Fout(row.regel, names[at] if at < len(names) else "", at + 1, FoutCode.BSN, "geen-bsn")
            for at, cell in enumerate(row.cells)
            if _suspect(cell)
        ]
        if row.broken is not None:
            name = names[row.broken] if row.broken < len(names) else ""
            found.append(Fout(row.regel, name, row.broken + 1, FoutCode.AANHALINGSTEKEN, "aanhalingsteken"))
        else:
            counts = (("aantal", str(len(row.cells))), ("verwacht", str(len(names))))
            found.append(Fout(row.regel, "", 0, FoutCode.AANTAL_CELLEN, "aantal-cellen", counts))
        return tuple(found)

    def _fout(self, regel: int, name: str, code: FoutCode) -> Fout:
        number = "referentie-geen-bsn" if name == "referentie" else "geen-bsn"
        special = {FoutCode.BSN: number, FoutCode.GEEN_UTF8: "utf8", FoutCode.DUBBELZINNIG: "bedrag-duidelijk"}
        return self.header.fout(regel, name, code, special.get(code, ""))

    def _across(self, regel: int, values: Mapping[str, Any]) -> Iterator[Fout]:
        """Hold cells against one another; a cell that could not be read is left out of it."""
        for name in _DATES:
            moments = values.get(name) or ()
            if any(moment > self.vandaag for moment in (moments if isinstance(moments, tuple) else (moments,))):
                yield self.header.fout(regel, name, FoutCode.IN_DE_TOEKOMST, "niet-na-vandaag")
        for earlier, later in _ORDER:
            first, last = values.get(earlier), values.get(later)
            if first and last and last < first <= self.vandaag:
                yield self.header.fout(regel, earlier, FoutCode.VOLGORDE, "niet-na", kolom=later)
        for name in ("contact_soort", "contact_bereikt"):
            contacts, count = values.get("contact_op"), values.get(name)
            if contacts and count is not None and len(contacts) != len(count):
                yield self.header.fout(regel, name, FoutCode.ONGELIJK_AANTAL, "evenveel", aantal=str(len(contacts)))
        if values.get("aanbod_op") and "reactie" in values and values["reactie"] is None:
            yield self.header.fout(regel, "reactie", FoutCode.GEEN_REACTIE_VERMELD)


_DATES = tuple(name for name, column in COLUMNS.items() if column.expected in {"datum", "datums"})
_ORDER = (("ontstaansdatum", "peildatum"), ("geboortedatum", "peildatum"))


def _suspect(cell: str) -> bool:
    """Search a cell of which nobody can say what it should be; a telephone number is none, however it is spaced."""
    try:
        return find_bsn(telefoon(cell.strip()))
    except FormError:
        return find_bsn(cell)
