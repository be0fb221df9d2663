"""What is said about a row of the monthly file: exactly one verdict each, as values.

A *fout* never repeats what the cell holds: the report is mailed around and kept, and a
cell may be a name or a citizen service number. It says where, what is wrong, and which
form is expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from schemas.berichten.signaal import Vroegsignaal
from schemas.covenants import Bezorgvenster
from schemas.values import Digest, Gemeentecode, Mailbox


class Identity(NamedTuple):
    """What makes a row the same row in another file: one arrears episode on one reference date."""

    referentie: str
    ontstaansdatum: date
    peildatum: date


class FoutCode(StrEnum):
    """What is wrong; each code has a text in both languages."""

    BESTAND_TE_GROOT = "bestand-te-groot"
    TE_VEEL_RIJEN = "te-veel-rijen"
    BESTAND_LEEG = "bestand-leeg"
    GEEN_UTF8 = "geen-utf8"
    SCHEIDINGSTEKEN = "scheidingsteken"
    KOLOM_ONBEKEND = "kolom-onbekend"
    KOLOM_ONTBREEKT = "kolom-ontbreekt"
    KOLOM_DUBBEL = "kolom-dubbel"
    AANHALINGSTEKEN = "aanhalingsteken"
    AANTAL_CELLEN = "aantal-cellen"
    LEEG = "leeg"
    VORM = "vorm"
    DUBBELZINNIG = "dubbelzinnig"
    TE_LANG = "te-lang"
    BSN = "bsn"
    IN_DE_TOEKOMST = "in-de-toekomst"
    VOLGORDE = "volgorde"
    ONGELIJK_AANTAL = "ongelijk-aantal"
    GEEN_REACTIE_VERMELD = "geen-reactie-vermeld"
    GEMEENTE_ONBEKEND = "gemeente-onbekend"
    BUITEN_GEBIED = "buiten-gebied"
    GEMEENTE_DUBBELZINNIG = "gemeente-dubbelzinnig"
    GEMEENTE_STRIJDIG = "gemeente-strijdig"
    WOONPLAATS_STRIJDIG = "woonplaats-strijdig"
    BERICHT_ONGELDIG = "bericht-ongeldig"
    TWEEMAAL_ANDERS = "tweemaal-anders"
    EERDER_ANDERS = "eerder-anders"


@dataclass(frozen=True, slots=True)
class Fout:
    """One thing that keeps the whole file at home.

    ``regel`` is a physical line of the file, from 1; ``kolomnummer`` counts from 1 in the
    file's own order and is 0 where no single cell is meant; ``verwacht`` names the text
    that says what is expected, and ``gegevens`` fills both texts (numbers and names of
    columns, never the content of a cell).
    """

    regel: int
    kolom: str
    kolomnummer: int
    code: FoutCode
    verwacht: str
    gegevens: tuple[tuple[str, str], ...] = ()


class Reden(StrEnum):
    """Why a sound row is not reported; the order is the order in which reasons are listed."""

    AANBOD_GEWEIGERD = "aanbod-geweigerd"
    GEEN_CONTACTPOGING = "geen-contactpoging"
    NIET_GEWEZEN_OP_SCHULDHULP = "niet-gewezen-op-schuldhulp"
    GEEN_HERINNERING = "geen-herinnering"
    GEEN_AANBOD = "geen-aanbod"
    ONDER_DREMPEL = "onder-drempel"
    TE_JONG = "te-jong"
    TE_OUD = "te-oud"


@dataclass(frozen=True, slots=True)
class NietTeMelden:
    """A sound row that the law or the municipality's threshold keeps at home; ``redenen`` has at least one."""

    regel: int
    referentie: str
    redenen: tuple[Reden, ...]
    gegevens: tuple[tuple[str, str], ...] = ()

    @property
    def reden(self) -> Reden:
        """The first reason: the one to count by."""
        return self.redenen[0]


@dataclass(frozen=True, slots=True)
class AlGemeld:
    """The same identity with the same content went out before: skipped, so that a repeat does no harm."""

    regel: int
    identity: Identity


@dataclass(frozen=True, slots=True)
class Dubbel:
    """The same identity with the same content stands higher up in this file: skipped."""

    regel: int
    eerste_regel: int
    identity: Identity


@dataclass(frozen=True, slots=True)
class TeMelden:
    """A row that becomes one message. ``digest`` covers what the row says, not how it is spelled."""

    regel: int
    identity: Identity
    digest: Digest
    gemeente: Gemeentecode
    ontvanger: Mailbox
    bericht: Vroegsignaal


@dataclass(frozen=True, slots=True)
class Beoordeling:
    """The verdict on a whole file.

    With any *fout* ``te_melden`` is empty, whatever the other rows are worth: nothing of
    such a file is sent, and no caller can get that wrong. ``rijen`` counts the rows with
    content. Without *fouten*, ``te_melden``, ``niet_te_melden``, ``al_gemeld`` and
    ``dubbel`` together are exactly ``rijen``. ``buiten_venster`` holds the days on which the
    covenant wants monthly files when today is none of them: said, and no reason to refuse.
    """

    rijen: int
    fouten: tuple[Fout, ...] = ()
    te_melden: tuple[TeMelden, ...] = ()
    niet_te_melden: tuple[NietTeMelden, ...] = ()
    al_gemeld: tuple[AlGemeld, ...] = ()
    dubbel: tuple[Dubbel, ...] = ()
    buiten_venster: Bezorgvenster | None = None

    @property
    def redenen(self) -> Mapping[Reden, int]:
        """How many rows were left out, by their first reason."""
        counted: dict[Reden, int] = {}
        for row in self.niet_te_melden:
            counted[row.reden] = counted.get(row.reden, 0) + 1
        return {reden: counted[reden] for reden in Reden if reden in counted}

    @property
    def crisis(self) -> int:
        """How many of the rows to report tell of a crisis: those do not wait for the days of delivery."""
        return sum(row.bericht.crisissignaal for row in self.te_melden)

    @property
    def per_gemeente(self) -> Mapping[Gemeentecode, int]:
        """How many rows go to each municipality."""
        counted: dict[Gemeentecode, int] = {}
        for row in self.te_melden:
            counted[row.gemeente] = counted.get(row.gemeente, 0) + 1
        return dict(sorted(counted.items()))
