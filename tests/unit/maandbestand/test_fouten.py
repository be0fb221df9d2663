"""Each mistake in an otherwise good file gives exactly its own *fout*, at its line and column."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gateway.connector.maandbestand import FoutCode, beoordeel, rapport_json, rapport_tekst
from gateway.connector.maandbestand.columns import COLUMNS
from tests.unit.maandbestand.files import BSN, NAMES, REGELS, file, judged, row, wrongs

PLANTED = [
    *((name, "", "leeg") for name, column in COLUMNS.items() if column.required),
    ("referentie", "x" * 36, "te-lang"),
    ("voorletters", "x" * 21, "te-lang"),
    ("voorvoegsel", "x" * 21, "te-lang"),
    ("achternaam", "x" * 201, "te-lang"),
    ("achternaam", "a\x00b", "vorm"),
    ("geboortedatum", "onbekend", "vorm"),
    ("geboortedatum", "21-11-2026", "volgorde"),
    ("postcode", "2311", "vorm"),
    ("postcode", "1012 AB", "buiten-gebied"),
    ("huisnummer", "1a", "vorm"),
    ("huisletter", "AB", "vorm"),
    ("toevoeging", "12345", "vorm"),
    ("telefoon", "123", "vorm"),
    ("email", "geen", "vorm"),
    ("bedrag", "1.234", "dubbelzinnig"),
    ("bedrag", "0", "vorm"),
    ("aantal_maanden", "1,25", "vorm"),
    ("ontstaansdatum", "31-02-2026", "vorm"),
    ("ontstaansdatum", "21-11-2026", "volgorde"),
    ("ontstaansdatum", "23-11-2026", "in-de-toekomst"),
    ("geboortedatum", "23-11-2026", "in-de-toekomst"),
    ("peildatum", "23-11-2026", "in-de-toekomst"),
    ("herinnering_op", "10-10-2026|x", "vorm"),
    ("herinnering_op", "10-10-2026|23-11-2026", "in-de-toekomst"),
    ("contact_op", "x", "vorm"),
    ("contact_op", "2026-11-23", "in-de-toekomst"),
    ("contact_soort", "Brief|Telefoon", "ongelijk-aantal"),
    ("contact_soort", "Postduif", "vorm"),
    ("achternaam", "Jansen 2", "vorm"),
    ("referentie", "René", "vorm"),
    ("telefoon", f"+{BSN}", "bsn"),
    ("achternaam", "999.990.019", "bsn"),
    ("contact_soort", "", "ongelijk-aantal"),
    ("contact_bereikt", "", "ongelijk-aantal"),
    ("contact_bereikt", "misschien", "vorm"),
    ("gewezen_schuldhulp_op", "gisteren", "vorm"),
    ("aanbod_op", "2026-13-01", "vorm"),
    ("reactie", "", "geen-reactie-vermeld"),
    ("reactie", "prima", "vorm"),
    ("crisis", "j", "vorm"),
    ("warme_overdracht", "2", "vorm"),
    ("regeling_loopt", "x", "vorm"),
    ("convenant_uitsluiting", "FRAUDE", "vorm"),
    ("woonplaats", "Leiderdorp", "woonplaats-strijdig"),
    ("gemeentecode", "546", "vorm"),
    ("gemeentecode", "0363", "gemeente-onbekend"),
    ("gemeentecode", "0547", "gemeente-strijdig"),
    *((name, BSN, "bsn") for name in COLUMNS),
    ("achternaam", f"Voorbeeld ({BSN})", "bsn"),
]


@pytest.mark.parametrize(("column", "cell", "code"), PLANTED)
def test_planted(column: str, cell: str, code: str) -> None:
    """One bad cell among good rows is the one *fout*, and keeps every row at home."""
    good = [row(referentie=f"R{at}") for at in range(2)]
    assert not judged(*good).fouten
    spoiled = row(referentie="R9") | {column: cell}
    assert wrongs(judged(good[0], spoiled, good[1])) == [(3, column, code)]


def test_every_error_at_once_in_order() -> None:
    """All errors of all rows come in one report, by line and then by the file's own column order."""
    names = tuple(reversed(NAMES))
    data = file(
        row(), row(referentie="B", bedrag="1.234", achternaam=""), row(referentie="C", postcode="x"), names=names
    )
    found = beoordeel(data, REGELS)
    assert wrongs(found) == [(3, "bedrag", "dubbelzinnig"), (3, "achternaam", "leeg"), (4, "postcode", "vorm")]
    assert [fout.kolomnummer for fout in found.fouten] == [names.index(fout.kolom) + 1 for fout in found.fouten]


def test_lines_after_embedded_newlines() -> None:
    """The line named is the one an editor shows, also below cells with line ends."""
    data = file(row(achternaam="Van\r\nVoor\nbeeld"), row(referentie="B", huisnummer="nul"), newline="\r\n")
    assert wrongs(beoordeel(data, REGELS)) == [(5, "huisnummer", "vorm")]


HEADERS = [
    (lambda names: [*names, "opmerking"], [(1, "", "kolom-onbekend")]),
    (lambda names: [*names, ""], [(1, "", "kolom-onbekend")]),
    (lambda names: [name for name in names if name != "bedrag"], [(1, "bedrag", "kolom-ontbreekt")]),
    (lambda names: [*names, " BEDRAG"], [(1, "bedrag", "kolom-dubbel")]),
    (lambda names: [*names, BSN], [(1, "", "bsn")]),
    (lambda names: [",".join(names)], [(1, "", "scheidingsteken")]),
    (lambda names: ['"' + names[0] + '"x', *names[1:]], [(1, "", "aanhalingsteken")]),
]


@pytest.mark.parametrize(("change", "expected"), HEADERS)
def test_header(change: object, expected: list[tuple[int, str, str]]) -> None:
    """Unknown, missing and double columns are named, and nothing below is read."""
    assert callable(change)
    header = ";".join(change(list(NAMES)))
    assert wrongs(beoordeel(f"{header}\nx;y\n".encode(), REGELS)) == expected


def test_endless_header() -> None:
    """A header of a million columns is refused without a million complaints."""
    for name in ("bedrag", "x", ""):
        assert 30 < len(beoordeel((name + ";").encode() * 500_000 + b"x\n", REGELS).fouten) < 100


def test_header_forms() -> None:
    """Order, capitals, surrounding space and a byte order mark do not count; two columns may stay away."""
    names = tuple(name for name in reversed(NAMES) if name not in {"woonplaats", "gemeentecode"})
    data = file(row(), names=names)
    header, rest = data.split(b"\n", 1)
    shouted = b"\xef\xbb\xbf" + b";".join(b" " + name + b" " for name in header.upper().split(b";"))
    assert len(beoordeel(shouted + b"\r\n" + rest, REGELS).te_melden) == 1


def test_file_without_header_is_not_repeated() -> None:
    """The first row of a file without a header is somebody's data: it does not reach the report."""
    data = file(row(achternaam="Geheimpje")).split(b"\n", 1)[1]
    found = beoordeel(data, REGELS)
    assert found.fouten
    assert "Geheimpje" not in rapport_tekst(found)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", FoutCode.BESTAND_LEEG),
        (b"\xef\xbb\xbf\r\n;;\r\n", FoutCode.BESTAND_LEEG),
        (file(row()).decode().encode("utf-16"), FoutCode.GEEN_UTF8),
        (b"x" * 101, FoutCode.BESTAND_TE_GROOT),
    ],
)
def test_whole_file(data: bytes, code: FoutCode) -> None:
    """A file that cannot be read at all gives one *fout* about the file."""
    regels = replace(REGELS, max_bytes=max(100, len(data) - 1) if code is FoutCode.BESTAND_TE_GROOT else 10_000)
    assert wrongs(beoordeel(data, regels)) == [(0, "", code.value)]


def test_limits_are_the_last_that_pass() -> None:
    """A file of exactly the largest size passes, one more byte or row does not."""
    data = file(row(), row(referentie="B"))
    assert len(beoordeel(data, replace(REGELS, max_bytes=len(data), max_rows=2)).te_melden) == 2
    assert wrongs(beoordeel(data, replace(REGELS, max_bytes=len(data) - 1))) == [(0, "", "bestand-te-groot")]
    assert wrongs(beoordeel(data, replace(REGELS, max_rows=1))) == [(0, "", "te-veel-rijen")]


def test_misshapen_rows() -> None:
    """Too few or many cells, a broken quote and a byte that is no UTF-8 are each found where they are."""
    data = file(row(), row(referentie="B"), row(referentie="C"), row(referentie="D", achternaam="René"))
    header, first, second, third, fourth, _ = data.split(b"\n")
    broken = second.replace(b'"B"', b'"B"x')
    lines = [header, first + b";", broken, third[:-3], fourth.replace("é".encode(), b"\xe9")]
    assert wrongs(beoordeel(b"\n".join(lines), REGELS)) == [
        (2, "", "aantal-cellen"),
        (3, "referentie", "aanhalingsteken"),
        (4, "", "aantal-cellen"),
        (5, "achternaam", "geen-utf8"),
    ]


def test_bsn_in_a_misshapen_row() -> None:
    """A citizen service number is found also where the row has too many cells."""
    data = file(row(achternaam=BSN)).rstrip(b"\n") + b";" + BSN.encode() + b"\n"
    assert wrongs(beoordeel(data, REGELS)) == [(2, "", "aantal-cellen"), (2, "achternaam", "bsn"), (2, "", "bsn")]


def test_bsn_in_reference() -> None:
    """A reference may not look like a citizen service number either; the *fout* says where, and what to do."""
    for reference in (BSN, "x" + BSN, f"H-{BSN}", f"{BSN[:3]} {BSN[3:6]} {BSN[6:]}"):
        told = judged(row(), row(referentie=reference), row(achternaam=BSN, referentie="3"))
        assert wrongs(told) == [(3, "referentie", "bsn"), (4, "achternaam", "bsn")]
        assert [fout.verwacht for fout in told.fouten] == ["referentie-geen-bsn", "geen-bsn"]
        assert told.fouten[0].kolomnummer == 1
    assert len(judged(row(referentie=f"H{BSN[:4]}-{BSN[4:]}")).te_melden) == 1


def test_not_a_bsn() -> None:
    """Telephone numbers, amounts and other nine or more digits are no citizen service numbers."""
    phones = [
        row(referentie=f"{at}", telefoon=f"+31 {number}") for at, number in enumerate(range(999990001, 999990024))
    ]
    assert not judged(*phones, row(referentie=f"1{BSN}", bedrag="1.234.567,82"), row(referentie="123456789")).fouten


def test_phone_in_a_misshapen_row() -> None:
    """A row of too many cells is called that, and its telephone number is not taken for something else."""
    data = file(row(telefoon=f"+31 {BSN}")).rstrip(b"\n") + b";\n"
    assert wrongs(beoordeel(data, REGELS)) == [(2, "", "aantal-cellen")]


def test_errors_do_not_repeat_cells() -> None:
    """No report holds what a bad cell held."""
    secret = "Zq9-geheim"
    bad = {name: secret for name in NAMES if name not in {"referentie", "achternaam"}}
    found = judged(row(achternaam=f"{secret} {BSN}") | bad)
    assert len(found.fouten) > 15
    for language in ("nl", "en"):
        report = rapport_tekst(found, language) + str(rapport_json(found, language))
        assert not re.search(f"{secret}|{BSN}", report)
