"""The monthly file judged as a whole: bytes and the covenant in, one verdict a row out. Pure (law 3).

1. Size first, before anything is read. 2. Bytes to rows to cells. 3. The header. 4. Each row on
its own, with every *fout* in it. 5. Each sound row against the rows above it and against what
was reported before. 6. Law and threshold. 7. The message. With any *fout* nothing is to be sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

from gateway.connector.maandbestand.cells import Cells, decode, split_rows
from gateway.connector.maandbestand.columns import Header, read_header
from gateway.connector.maandbestand.duty import left_out
from gateway.connector.maandbestand.message import to_report
from gateway.connector.maandbestand.routing import Router
from gateway.connector.maandbestand.rows import Row, RowReader
from gateway.connector.maandbestand.verdicts import (
    AlGemeld,
    Beoordeling,
    Dubbel,
    Fout,
    FoutCode,
    Identity,
    NietTeMelden,
    TeMelden,
)
from schemas.covenants import Bezorgvenster, Convenant
from schemas.values import Digest

MAX_BYTES = 4 * 1024 * 1024
MAX_ROWS = 10_000

Verdict = tuple[Fout, ...] | TeMelden | NietTeMelden | AlGemeld | Dubbel
V = TypeVar("V", TeMelden, NietTeMelden, AlGemeld, Dubbel)


@dataclass(frozen=True, slots=True)
class Regels:
    """What a file is judged by: the covenant, the day of today, and how large a file may be."""

    convenant: Convenant
    vandaag: date
    max_bytes: int = MAX_BYTES
    max_rows: int = MAX_ROWS


def beoordeel(data: bytes, regels: Regels, known: Mapping[Identity, Digest] = MappingProxyType({})) -> Beoordeling:
    """Judge a monthly file; any bytes get an answer.

    ``known`` holds what was reported before, in files that went out: the same identity with the
    same digest is skipped, with another digest it is a *fout* that points to ``wijziging``.
    On return every row with content has exactly one verdict, in the file's own order, and the
    *fouten* are sorted by line and then by column.
    """
    if len(data) > regels.max_bytes:
        return _unread(FoutCode.BESTAND_TE_GROOT, "grootte", meest=str(regels.max_bytes))
    text = decode(data)
    if text is None:
        return _unread(FoutCode.GEEN_UTF8, "utf8")
    rows = list(islice(split_rows(text), regels.max_rows + 2))
    if not rows:
        return _unread(FoutCode.BESTAND_LEEG, "inhoud")
    if len(rows) > regels.max_rows + 1:
        return _unread(FoutCode.TE_VEEL_RIJEN, "rijen", meest=str(regels.max_rows))
    header = read_header(rows[0])
    if not isinstance(header, Header):
        return Beoordeling(len(rows) - 1, fouten=header)
    ledger = _Ledger(RowReader(header, Router.of(regels.convenant), regels.vandaag), known)
    venster = regels.convenant.bezorgvenster
    return _gather([ledger.judge(cells) for cells in rows[1:]], None if venster.holds(regels.vandaag) else venster)


def _unread(code: FoutCode, expected: str, **data: str) -> Beoordeling:
    return Beoordeling(0, fouten=(Fout(0, "", 0, code, expected, tuple(data.items())),))


@dataclass(slots=True)
class _Ledger:
    """Judges row after row, and remembers the identities that it met."""

    read: RowReader
    known: Mapping[Identity, Digest]
    seen: dict[Identity, tuple[int, Digest]] = field(default_factory=dict)

    def judge(self, cells: Cells) -> Verdict:
        """Give one row its verdict."""
        row = self.read(cells)
        if not isinstance(row, Row):
            return row
        return self._repeated(row) or left_out(row) or to_report(row, self.read.header)

    def _repeated(self, row: Row) -> Verdict | None:
        """Tell what an identity met before means: skipped, wrong, or ``None`` when it is new."""
        identity, digest = row.identity, row.digest()
        first, told = self.seen.setdefault(identity, (row.regel, digest))
        if first != row.regel:
            if told == digest:
                return Dubbel(row.regel, first, identity)
            return (self._fout(row, FoutCode.TWEEMAAL_ANDERS, "een-van-beide", eerste=str(first)),)
        if identity not in self.known:
            return None
        if self.known[identity] == digest:
            return AlGemeld(row.regel, identity)
        return (self._fout(row, FoutCode.EERDER_ANDERS, "wijziging"),)

    def _fout(self, row: Row, code: FoutCode, expected: str, **data: str) -> Fout:
        return self.read.header.fout(row.regel, "referentie", code, expected, **data)


def _gather(verdicts: Sequence[Verdict], buiten_venster: Bezorgvenster | None) -> Beoordeling:
    fouten = [fout for verdict in verdicts if isinstance(verdict, tuple) for fout in verdict]
    return Beoordeling(
        rijen=len(verdicts),
        fouten=tuple(sorted(fouten, key=lambda fout: (fout.regel, fout.kolomnummer))),
        te_melden=() if fouten else _only(TeMelden, verdicts),
        niet_te_melden=_only(NietTeMelden, verdicts),
        al_gemeld=_only(AlGemeld, verdicts),
        dubbel=_only(Dubbel, verdicts),
        buiten_venster=buiten_venster,
    )


def _only(kind: type[V], verdicts: Iterable[Verdict]) -> tuple[V, ...]:
    return tuple(verdict for verdict in verdicts if isinstance(verdict, kind))
