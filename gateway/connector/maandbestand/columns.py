"""The columns of the monthly file (DOMAIN 3.4): which must be there, which must be filled, and their forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter

from gateway.connector.maandbestand import forms
from gateway.connector.maandbestand.cells import Cells, is_utf8
from gateway.connector.maandbestand.verdicts import Fout, FoutCode
from schemas.berichten.vormen import (
    Email,
    Huisletter,
    Naam,
    Plaats,
    Referentie,
    Toevoeging,
    Voorletters,
    Voorvoegsel,
)
from schemas.bsn import find_bsn


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``empty`` is the value of an empty cell; ``required`` says that a cell may not be empty.

    ``free`` marks text with room for a citizen service number: it is searched for one even
    when its form is right. ``optional`` columns may be left out of the file.
    """

    name: str
    form: Callable[[str], object]
    expected: str
    required: bool = False
    free: bool = False
    optional: bool = False
    empty: object = None


_TABLE = (
    Column("referentie", forms.text(TypeAdapter(Referentie)), "referentie", required=True, free=True),
    Column("voorletters", forms.text(TypeAdapter(Voorletters)), "voorletters", free=True),
    Column("voorvoegsel", forms.text(TypeAdapter(Voorvoegsel)), "voorvoegsel", free=True),
    Column("achternaam", forms.text(TypeAdapter(Naam)), "naam", required=True, free=True),
    Column("geboortedatum", forms.datum, "datum"),
    Column("postcode", forms.postcode, "postcode", required=True),
    Column("huisnummer", forms.huisnummer, "huisnummer", required=True),
    Column("huisletter", forms.text(TypeAdapter(Huisletter)), "huisletter"),
    Column("toevoeging", forms.text(TypeAdapter(Toevoeging)), "toevoeging"),
    Column("telefoon", forms.telefoon, "telefoon", free=True),
    Column("email", forms.text(TypeAdapter(Email)), "email", free=True),
    Column("bedrag", forms.bedrag, "bedrag", required=True),
    Column("aantal_maanden", forms.maanden, "maanden", required=True),
    Column("ontstaansdatum", forms.datum, "datum", required=True),
    Column("peildatum", forms.datum, "datum", required=True),
    Column("herinnering_op", forms.several(forms.datum), "datums", empty=()),
    Column("contact_op", forms.several(forms.datum), "datums", empty=()),
    Column("contact_soort", forms.several(forms.contactsoort), "soorten", empty=()),
    Column("contact_bereikt", forms.several(forms.ja_nee), "ja-nee-lijst", empty=()),
    Column("gewezen_schuldhulp_op", forms.datum, "datum"),
    Column("aanbod_op", forms.datum, "datum"),
    Column("reactie", forms.reactie, "reactie"),
    Column("crisis", forms.ja_nee, "ja-nee", empty=False),
    Column("warme_overdracht", forms.ja_nee, "ja-nee", empty=False),
    Column("regeling_loopt", forms.ja_nee, "ja-nee", empty=False),
    Column("convenant_uitsluiting", forms.uitsluiting, "uitsluiting", empty="GEEN"),
    Column("woonplaats", forms.text(TypeAdapter(Plaats)), "plaats", free=True, optional=True),
    Column("gemeentecode", forms.gemeentecode, "gemeentecode", optional=True),
)
COLUMNS = {column.name: column for column in _TABLE}
"""Every column by its name, in the order in which the covenant lists them."""

_WIDEST = 2 * len(COLUMNS)
"""Of a wider header the rest is not looked at: half of these are unknown or double already."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands where in this file."""

    names: tuple[str, ...]

    def number(self, name: str) -> int:
        """The column's place in the file, from 1; 0 when the file does not have it."""
        return self.names.index(name) + 1 if name in self.names else 0

    def fout(self, regel: int, name: str, code: FoutCode, expected: str = "", **data: str) -> Fout:
        """Build a *fout* about one column of one row."""
        return Fout(regel, name, self.number(name), code, expected or COLUMNS[name].expected, tuple(data.items()))


def read_header(row: Cells) -> Header | tuple[Fout, ...]:
    """Find each known column, in any order, capitals and surrounding space aside.

    A cell that is no column name is pointed out by its number, not repeated: a file without
    a header begins with somebody's name.
    """
    if row.broken is not None:
        return (Fout(row.regel, "", row.broken + 1, FoutCode.AANHALINGSTEKEN, "aanhalingsteken"),)
    names = tuple(cell.strip().lower() for cell in row.cells)
    if len(names) == 1 and any(mark in names[0] for mark in ",\t|"):
        return (Fout(row.regel, "", 0, FoutCode.SCHEIDINGSTEKEN, "scheidingsteken"),)
    absent = [column.name for column in _TABLE if not column.optional and column.name not in names]
    found = [Fout(row.regel, name, 0, FoutCode.KOLOM_ONTBREEKT, "kolomnamen") for name in absent]
    found += [fout for at, name in enumerate(names[:_WIDEST]) if (fout := _heading(row.regel, names, at, name))]
    return tuple(found) if found else Header(names)


def _heading(regel: int, names: tuple[str, ...], at: int, name: str) -> Fout | None:
    if not is_utf8(name):
        return Fout(regel, "", at + 1, FoutCode.GEEN_UTF8, "utf8")
    if find_bsn(name):
        return Fout(regel, "", at + 1, FoutCode.BSN, "geen-bsn")
    if name not in COLUMNS:
        return Fout(regel, "", at + 1, FoutCode.KOLOM_ONBEKEND, "kolomnamen")
    if name in names[:at]:
        return Fout(regel, name, at + 1, FoutCode.KOLOM_DUBBEL, "kolom-eenmaal")
    return None
