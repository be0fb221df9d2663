"""The covenant's file: what the Leiden region agreed, and each mistake named by its line."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from schemas.catalogue import CATALOGUE
from schemas.covenants import MAX_BYTES, Convenant, CovenantError, Soort, leidse_regio, load_covenant
from schemas.covenants.lines import line_of
from schemas.values import Digest, Mailbox, Oin, Postcode

DATA = leidse_regio()
TEXT = DATA.decode()


@pytest.fixture(scope="module")
def covenant() -> Convenant:
    return load_covenant(DATA)


def _changed(old: str, new: str, count: int = 1) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new, count).encode()


def _line(fragment: str) -> int:
    """Give the line on which a piece of the file ends."""
    return TEXT[: TEXT.index(fragment) + len(fragment)].count("\n") + 1


def test_it_is_known_by_its_bytes(covenant: Convenant) -> None:
    """Text and digest are those of the file, so that a decision can quote it."""
    assert covenant.text.encode() == DATA
    assert covenant.digest == Digest.of(DATA)
    assert covenant.geldigVanaf == date(2026, 11, 1)
    assert len(DATA) < MAX_BYTES


def test_nineteen_participants(covenant: Convenant) -> None:
    """Eight corporations, five municipalities, six partners, all with test numbers."""
    kinds = [deelnemer.soort for deelnemer in covenant.deelnemers]
    assert (kinds.count(Soort.COR), kinds.count(Soort.GEM), len(kinds)) == (8, 5, 19)
    assert all(deelnemer.oin.startswith("00000099") for deelnemer in covenant.deelnemers)
    names = {Soort.COR: "huur", Soort.GEM: "vroegsignalering"}
    for deelnemer in covenant.deelnemers:
        assert deelnemer.postvakken == (Mailbox.of(deelnemer.oin, names.get(deelnemer.soort, "hulp")),)


def test_lookups(covenant: Convenant) -> None:
    """Everything is found by its own key, and absence is an answer."""
    leiden = covenant.gemeente_deelnemer("0546")
    assert leiden.naam == "Gemeente Leiden"
    assert covenant.deelnemer(leiden.oin) is leiden
    assert covenant.deelnemer(Oin("00000099999999999000")) is None
    assert covenant.gemeente("0638").naam == "Zoeterwoude"
    assert covenant.bericht("nl.huurschuld.onbekend.v1") is None
    for at, regel in enumerate(covenant.berichten):
        assert covenant.bericht(regel.code) is covenant.berichten[covenant.plaats(regel.code)]
        assert covenant.plaats(regel.code) == at
    with pytest.raises(KeyError):
        covenant.gemeente("0000")
    with pytest.raises(KeyError):
        covenant.gemeente_deelnemer("0000")
    with pytest.raises(KeyError):
        covenant.plaats("nl.huurschuld.onbekend.v1")


@pytest.mark.parametrize(
    ("postcode", "naam"),
    [
        ("2299ZZ", None),
        ("2300AA", "Leiden"),
        ("2334ZZ", "Leiden"),
        ("2335AA", None),
        ("2340AA", "Oegstgeest"),
        ("2343ZZ", "Oegstgeest"),
        ("2350AA", "Leiderdorp"),
        ("2353ZZ", "Leiderdorp"),
        ("2250AA", "Voorschoten"),
        ("2254ZZ", "Voorschoten"),
        ("2380AA", "Zoeterwoude"),
        ("2382ZZ", "Zoeterwoude"),
        ("1012AB", None),
    ],
)
def test_the_postcode_decides_the_municipality(covenant: Convenant, postcode: str, naam: str | None) -> None:
    """A range holds its first and its last postcode, and nothing beside them."""
    found = covenant.gemeente_van(Postcode(postcode))
    assert (found.naam if found else None) == naam


def test_who_sends_what(covenant: Convenant) -> None:
    """No route joins two corporations, and teams and the care desk send corporations nothing (DOMAIN 3.1)."""
    for regel in covenant.berichten:
        for route in regel.routes:
            assert (route.van, route.naar) != (Soort.COR, Soort.COR)
            assert route.naar is not Soort.COR or route.van in (Soort.GEM, Soort.SHV)
            assert route.gebied or (route.van, route.naar) == (Soort.GEM, Soort.GEM)
        assert regel.verlooptijd.standaard == timedelta(days=14)
        assert regel.verlooptijd.minimum < regel.verlooptijd.standaard < regel.verlooptijd.maximum
        assert regel.bewaarDagen == 30
        assert regel.doel == CATALOGUE[regel.code].purpose
    assert [regel.code for regel in covenant.berichten if not regel.inGebruik] == ["nl.huurschuld.zorgmelding.v1"]


def test_every_corporation_shares_an_area_with_every_municipality(covenant: Convenant) -> None:
    """Corporations let everywhere; a neighbourhood team works where it is named."""
    teams = {deelnemer.naam: deelnemer for deelnemer in covenant.deelnemers}
    for corporation in (d for d in covenant.deelnemers if d.soort is Soort.COR):
        assert all(corporation.shares_area(covenant.gemeente_deelnemer(g.code)) for g in covenant.gemeenten)
    assert teams["Kwadraad"].shares_area(teams["Gemeente Zoeterwoude"])
    assert not teams["Kwadraad"].shares_area(teams["Gemeente Leiden"])


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ('[["2340", "2343"]]', '[["2330", "2343"]]', '[["2340"', "overlaps"),
        ('[["2340", "2343"]]', '[["2343", "2340"]]', '[["2340"', "before its last"),
        ('[["2340", "2343"]]', '[["234", "2343"]]', '[["2340"', "postcodes"),
        ('naam = "Leiden"', "naam = 3", 'naam = "Leiden"', "string"),
        ('oin = "00000099000000104000"', 'oin = "104"', 'oin = "00000099000000104000"', "OIN"),
        ('oin = "00000099000000104000"', 'oin = "00000099000000103000"', 'oin = "00000099000000104000"', "twice"),
        ('code = "0579"', 'code = "0546"', 'code = "0579"', "twice"),
        ('code = "nl.huurschuld.terugkoppeling.v1"', 'code = "nl.huurschuld.vroegsignaal.v1"',
         'code = "nl.huurschuld.terugk', "twice"),
        ('gebied = ["0579", "0638"]', 'gebied = ["0579", "0639"]', 'gebied = ["0579", "0638"]', "does not have"),
        ('gebied = ["0579", "0638"]', 'gebied = ["0579", "0579"]', 'gebied = ["0579", "0638"]', "once"),
        ('gebied = ["0547"]', 'gebied = ["0547", "0579"]', 'gebied = ["0547"]', "once, and for itself"),
        ('gebied = ["0638"]', 'gebied = ["0626"]', 'code = "0638"', "no participant"),
        ('minimum = "5 dagen"', 'minimum = "15 dagen"', 'verlooptijd = { minimum = "5', "ascend"),
        ('minimum = "5 dagen"', 'minimum = "5 eeuwen"', 'verlooptijd = { minimum = "5', "length of time"),
        ('soort = "SHV"', 'soort = "XYZ"', 'soort = "SHV"', "COR"),
        ("bewijsJaren = 7", 'bewijsJaren = "7"', "bewijsJaren = 7", "integer"),
        ("bewijsJaren = 7\n", "\n", "[bewaring]", "required"),
        ('versie = "2.0.0"', 'text = "2.0.0"', 'versie = "2.0.0"', "unknown here"),
        ('versie = "2.0.0"', 'digest = "2.0.0"', 'versie = "2.0.0"', "unknown here"),
        ('doel = "De gemeente een huur', '# "De gemeente een huur', "[[bericht]]", "required"),
        ("[bewaring]", "[bewaring", "[bewaring]", "no TOML"),
        ("geldigVanaf = 2026-11-01", "geldigVanaf = 2026-11-31", "geldigVanaf", "no TOML"),
        ("geldigVanaf = 2026-11-01", 'geldigVanaf = "2026-11-01"', "geldigVanaf", "date"),
        ('"nl.huurschuld.vroegsignaal.v1", ', '"nl.huurschuld.saldo.v1", ', 'antwoordOp = ["nl', "does not have"),
        ("minimumDagen = 30", "maximumDagen = 10", "[[gemeente]]", "below minimumDagen"),
        ('postvakken = ["huur"]', 'postvakken = ["Huur"]', 'postvakken = ["huur"]', "postvakken"),
        ('postvakken = ["huur"]', "postvakken = []", 'postvakken = ["huur"]', "postvakken"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_line(old: str, new: str, at: str, says: str) -> None:
    """Whatever is wrong, the error says where to look and what is expected."""
    with pytest.raises(CovenantError, match=re.escape(says)) as caught:
        load_covenant(_changed(old, new))
    assert caught.value.line == _line(at), str(caught.value)


def test_a_municipality_must_take_part() -> None:
    """A municipality that is no participant could never get a message."""
    with pytest.raises(CovenantError, match="no participant") as caught:
        load_covenant(_changed('soort = "GEM"', 'soort = "MZO"'))
    assert caught.value.line == _line('code = "0546"')


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\xff", 1),
        (b"naam = 1\nversie = '\xe9'", 2),
        (b"x" * (MAX_BYTES + 1), 1),
        (b"\n" * (MAX_BYTES // 2 + 1), 1),
        (b"a = " + b"[" * 20_000, 1),
        (b"a = " + b"9" * 10_000, 1),
        (b'\na = """\n', 3),
        (b"\xef\xbb\xbf" + DATA, 1),
    ],
)
def test_other_bytes_are_refused(data: bytes, line: int) -> None:
    """Empty, too large, not UTF-8, nested without end: each is an error with a line, never a crash."""
    with pytest.raises(CovenantError) as caught:
        load_covenant(data)
    assert caught.value.line == line


def test_lines_are_found() -> None:
    """An item is found where it begins, a value in an inline table at its key, a missing one at its heading."""
    text = "a = 1\n[b]\nc = [\n 1,\n]\n[[d]]\ne = {f = 1}\n[[d]]\n  e = 2\n"
    assert [line_of(text, path) for path in (("a",), ("b", "c", 0), ("d", 1, "e"), ("d", 0, "e", "f"))] == [1, 4, 9, 7]
    assert [line_of(text, path) for path in (("d", 1, "x"), ("b", "x"), ("x",), ())] == [8, 2, 1, 1]


def test_lines_of_items_are_found() -> None:
    """An item is found where it begins, whatever texts, comments and brackets stand around it."""
    text = 'a = [\'[\', "],", # ],\n [1,\n 2], {b = [\n3]},\n\n 4] # [\n"b c" = [[]]\nd = 5\n'
    assert [line_of(text, ("a", item)) for item in range(6)] == [1, 1, 2, 3, 6, 1]
    assert [line_of(text, path) for path in (("b c",), ("b c", 0, 1), ("d",), ("d", 0))] == [7, 7, 8, 8]


def test_a_fault_is_named_where_it_is_not_around_it() -> None:
    """When every item of a list is wrong, the error names the first wrong item, not the list that was left empty."""
    data = TEXT.replace("minimumDagen = 30", "minimumDagen = -1").encode()
    with pytest.raises(CovenantError, match=r"gemeente\.0\.minimumDagen: Input should be greater") as caught:
        load_covenant(data)
    assert caught.value.line == _line("minimumDagen = 30")
