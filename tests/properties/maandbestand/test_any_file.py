"""Any bytes get an answer, and what the generator writes is read back as it was meant."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.connector.maandbestand import Beoordeling, FoutCode, beoordeel, forms, rapport_json, rapport_tekst
from gateway.connector.maandbestand.cells import Cells, decode, split_rows
from gateway.connector.maandbestand.columns import COLUMNS
from gateway.connector.maandbestand.voorbeeld import voorbeeld_bestand
from tests.unit.maandbestand.files import CONVENANT, NAMES, REGELS, file, row, wrongs

HEADER = ";".join(NAMES).encode() + b"\n"
NASTY = st.lists(st.sampled_from([*'a1;"\n\r|,.- \x00é\ud800', "999990019"]), max_size=12).map("".join)
CELLS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4)


def sane(found: Beoordeling) -> None:
    """Hold what is promised of every verdict."""
    judged = len(found.te_melden) + len(found.niet_te_melden) + len(found.al_gemeld) + len(found.dubbel)
    assert judged == found.rijen or (found.fouten and not found.te_melden)
    assert list(found.fouten) == sorted(found.fouten, key=lambda fout: (fout.regel, fout.kolomnummer))
    assert all(fout.code is not FoutCode.BERICHT_ONGELDIG for fout in found.fouten), "a form is laxer than the schema"
    for language in ("nl", "en"):
        assert rapport_tekst(found, language)
        assert json.dumps(rapport_json(found, language))


@settings(max_examples=300, deadline=None)
@given(st.binary())
@example(b"\xff\xfe")
@example(b'"')
def test_any_bytes(data: bytes) -> None:
    """Bytes alone, and below a good header, give a verdict and both reports."""
    sane(beoordeel(data, REGELS))
    sane(beoordeel(HEADER + data, REGELS))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), NASTY, max_size=6))
def test_any_cells(cells: dict[str, str]) -> None:
    """Whatever stands in the cells of a row, the row gets one verdict and the row below keeps its own."""
    data = "".join(
        ";".join('"' + (row() | one).get(name, "").replace('"', '""') + '"' for name in NAMES) + "\n"
        for one in (cells, {"referentie": "onder"})
    )
    found = beoordeel(HEADER + data.encode("utf-8", "surrogatepass"), REGELS)
    sane(found)
    assert found.rijen == 2
    assert all(fout.regel >= 2 and fout.kolom in COLUMNS for fout in found.fouten)
    assert len({(fout.regel, fout.kolom) for fout in found.fouten}) == len(found.fouten)


@settings(max_examples=200, deadline=None)
@given(st.lists(CELLS, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_rows_survive_quoting(table: list[list[str]], newline: str) -> None:
    """Any text in quoted cells is read back to the character, at its physical line."""
    text, wanted, line = "", list[Cells](), 1
    for cells in table:
        quoted = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells) + newline
        if any(cell.strip() for cell in cells):
            wanted.append(Cells(line, tuple(cells)))
        line += quoted.replace("\r\n", "\n").replace("\r", "\n").count("\n")
        text += quoted
    read = decode(text.encode())
    assert read is not None
    assert list(split_rows(read)) == wanted


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 40), st.integers(0, 800), st.sampled_from(["Ons Doel", "Portaal", "DUWO"]))
def test_generated_files_are_good(seed: int, rows: int, days: int, naam: str) -> None:
    """Whatever the seed and the day, the generator's file is good, and known to itself."""
    day = date(2024, 9, 1) + timedelta(days=days)
    data = voorbeeld_bestand(naam, seed, rows, CONVENANT, day)
    found = beoordeel(data, REGELS)
    assert (wrongs(found), found.rijen, len(found.niet_te_melden)) == ([], rows, rows // 8)
    again = beoordeel(data, REGELS, {reported.identity: reported.digest for reported in found.te_melden})
    assert len(again.al_gemeld) == len(found.te_melden)
    assert not again.te_melden


@given(st.integers(1, 999_999_999))
def test_amounts_keep_every_cent(cents: int) -> None:
    """Each way to spell an amount is read as the same cents."""
    euros, rest = divmod(cents, 100)
    grouped = f"{euros:,}".replace(",", ".")
    for cell in (f"{euros},{rest:02d}", f"{euros}.{rest:02d}", f"{grouped},{rest:02d}"):
        assert forms.bedrag(cell) == cents


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_dates_keep_every_day(day: date) -> None:
    """Each way to spell a date is read as the same day."""
    for cell in (day.isoformat(), f"{day:%d-%m-%Y}", f"{day.day}-{day.month}-{day.year}"):
        assert forms.datum(cell) == day


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 5), st.sampled_from(NAMES))
def test_planted_anywhere(at: int, column: str) -> None:
    """A citizen service number in any cell of any row is the one *fout*, in its place."""
    rows = [row(referentie=f"R{number}") for number in range(6)]
    rows[at] = {**rows[at], column: "999990019"}
    assert wrongs(beoordeel(file(*rows), REGELS)) == [(at + 2, column, "bsn")]
