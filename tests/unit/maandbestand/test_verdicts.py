"""What is reported, what is left out and why, what is skipped."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import cast

import pytest

from gateway.connector.maandbestand import (
    AlGemeld,
    Beoordeling,
    Dubbel,
    FoutCode,
    Reden,
    beoordeel,
    rapport_json,
    rapport_tekst,
    texts,
)
from gateway.connector.maandbestand.cells import Cells
from gateway.connector.maandbestand.columns import COLUMNS, Header
from gateway.connector.maandbestand.message import to_report
from gateway.connector.maandbestand.routing import Router
from gateway.connector.maandbestand.rows import Row, RowReader
from gateway.connector.maandbestand.verdicts import Fout
from schemas.berichten.blokken import Contactsoort
from tests.unit.maandbestand.files import CONVENANT, NAMES, REGELS, VANDAAG, file, judged, row, wrongs

ROUTER = Router.of(CONVENANT)
LEIDEN = next(gemeente for gemeente in CONVENANT.gemeenten if gemeente.code == "0546")


def test_reported() -> None:
    """The row of the wire example becomes that message, for the municipality of the dwelling."""
    (reported,) = judged(row(woonplaats="Leiden")).te_melden
    assert reported.gemeente == "0546"
    assert reported.ontvanger == ROUTER.gemeenten[LEIDEN.code].ontvanger
    assert json.loads(reported.bericht.model_dump_json(exclude_none=True)) == EXAMPLE


REASONS = [
    ({"reactie": "geweigerd"}, [Reden.AANBOD_GEWEIGERD]),
    ({"reactie": "WEIGERING"}, [Reden.AANBOD_GEWEIGERD]),
    ({"contact_op": "", "contact_soort": "", "contact_bereikt": ""}, [Reden.GEEN_CONTACTPOGING]),
    ({"contact_op": ""}, [Reden.GEEN_CONTACTPOGING]),
    ({"gewezen_schuldhulp_op": ""}, [Reden.NIET_GEWEZEN_OP_SCHULDHULP]),
    ({"herinnering_op": " "}, [Reden.GEEN_HERINNERING]),
    ({"aanbod_op": "", "reactie": ""}, [Reden.GEEN_AANBOD]),
    ({"aanbod_op": "", "reactie": "GEWEIGERD"}, [Reden.AANBOD_GEWEIGERD, Reden.GEEN_AANBOD]),
    ({"bedrag": "0,01"}, [Reden.ONDER_DREMPEL]),
    ({"ontstaansdatum": "2026-10-22"}, [Reden.TE_JONG]),
]


@pytest.mark.parametrize(("changes", "reasons"), REASONS)
def test_left_out(changes: dict[str, str], reasons: list[Reden]) -> None:
    """An absent date, a refusal, a small or young debt: left out with every reason, and the rest goes on."""
    found = judged(row(referentie="A", **changes), row())
    assert not found.fouten
    assert [(left.regel, left.referentie, list(left.redenen)) for left in found.niet_te_melden] == [(2, "A", reasons)]
    assert [reported.regel for reported in found.te_melden] == [3]
    assert found.redenen == {reasons[0]: 1}


def test_thresholds_are_the_first_that_pass() -> None:
    """The threshold's own amount and the thirtieth day are reported; a cent or a day less is not."""
    euros = f"{LEIDEN.minimumCent // 100},{LEIDEN.minimumCent % 100:02d}"
    assert judged(row(bedrag=euros, ontstaansdatum="2026-10-21")).te_melden
    less = LEIDEN.minimumCent - 1
    assert judged(row(bedrag=f"{less // 100},{less % 100:02d}")).niet_te_melden


def test_malformed_date_is_fout_even_with_a_refusal() -> None:
    """Absent is left out, unreadable is *fout*: a bad date is not taken for an absent one."""
    assert wrongs(judged(row(aanbod_op="ooit", reactie="GEWEIGERD"))) == [(2, "aanbod_op", "vorm")]


def test_same_row_twice() -> None:
    """The same identity with the same content is skipped, however it is spelled; other content is *fout*."""
    again = row(bedrag="845.5", ontstaansdatum="2026-10-01", postcode="2311aa", gemeentecode="0546", crisis="nee")
    found = judged(row(), again)
    assert found.dubbel == (Dubbel(3, 2, found.te_melden[0].identity),)
    changed = judged(row(), row(bedrag="845,51"))
    assert wrongs(changed) == [(3, "referentie", "tweemaal-anders")]
    assert "regel 2" in rapport_tekst(changed)


def test_against_history() -> None:
    """What was reported is skipped; what changed since is *fout* and points to wijziging, also when now refused."""
    first = judged(row())
    known = {reported.identity: reported.digest for reported in first.te_melden}
    (identity,) = known
    assert judged(row(bedrag="845.50"), known=known).al_gemeld == (AlGemeld(2, identity),)
    for change in ({"bedrag": "900"}, {"reactie": "GEWEIGERD"}, {"telefoon": "0612345678"}):
        changed = judged(row(**change), known=known)
        assert wrongs(changed) == [(2, "referentie", "eerder-anders")]
        assert "wijziging" in rapport_tekst(changed)
    assert len(judged(row(peildatum="21-11-2026"), known=known).te_melden) == 1


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "gemeentecode"])
def test_digest_covers_every_column(column: str) -> None:
    """A change in any column but the one that only routes is other content."""
    other = dict(OTHERS)[column]
    extra = {"contact_soort": "Telefoon", "contact_bereikt": "nee"} if column == "contact_op" else {}
    digests = {reported.digest for reported in judged(row()).te_melden}
    changed = judged(row(**{column: other}, **extra))
    assert not changed.fouten
    assert digests.isdisjoint(reported.digest for reported in changed.te_melden)


def test_multiple_contacts() -> None:
    """Several attempts and reminders in one cell arrive in their order."""
    told = row(contact_op="2026-11-03|10-11-2026", contact_soort="Huisbezoek|Telefoon", contact_bereikt="nee | ja")
    (reported,) = judged(told).te_melden
    attempts = json.loads(reported.bericht.model_dump_json())["incassoVerantwoording"]["contactpogingen"]
    assert attempts == [
        {"datum": "2026-11-03", "soort": "Huisbezoek", "bereikt": False},
        {"datum": "2026-11-10", "soort": "Telefoon", "bereikt": True},
    ]


def test_stricter_schema_is_fout() -> None:
    """What the message's schema would refuse does not go out, even if a form let it pass; the value is not told."""
    sound = RowReader(Header(NAMES), ROUTER, VANDAAG)(Cells(7, tuple(row().get(name, "") for name in NAMES)))
    assert isinstance(sound, Row)
    (fout,) = cast("tuple[Fout, ...]", to_report(replace(sound, achternaam="R2-geheim"), Header(NAMES)))
    assert (fout.regel, fout.kolom, fout.kolomnummer, fout.code) == (7, "achternaam", 4, FoutCode.BERICHT_ONGELDIG)
    report = rapport_tekst(Beoordeling(1, fouten=(fout,)))
    assert "huurder.achternaam" in report
    assert "geheim" not in report


def test_header_alone_is_a_good_month() -> None:
    """A file without rows has nothing wrong and nothing to report."""
    found = beoordeel(file(), REGELS)
    assert (found.rijen, found.fouten, found.te_melden) == (0, (), ())


def test_reports() -> None:
    """Both reports name lines, references, codes and counts; the JSON one is JSON."""
    found = judged(row(), row(referentie="B", reactie="GEWEIGERD"), row())
    text = rapport_tekst(found)
    for part in (
        "Maandbestand: 3 rijen",
        "Te melden (1)",
        "gemeente 0546: 1",
        "regel 3, B: de huurder weigerde",
        "regel 4: zelfde als regel 2",
    ):
        assert part in text
    assert "Monthly file: 3 rows" in rapport_tekst(found, "en")
    told = json.loads(json.dumps(rapport_json(found)))
    assert told["verzendbaar"] is True
    assert told["nietTeMelden"][0]["redenen"] == ["aanbod-geweigerd"]
    bad = judged(row(), row(referentie="B", bedrag="1.234"))
    assert "regel 3, kolom bedrag (12): het bedrag is op twee manieren te lezen" in rapport_tekst(bad)
    assert rapport_json(bad)["verzendbaar"] is False


def test_no_text_is_missing() -> None:
    """Every code and every expectation has its words in both languages."""
    data = tuple((name, "x") for name in ("aantal", "verwacht", "kolom", "eerste", "meest", "codes", "namen", "veld"))
    for code in FoutCode:
        for language in ("nl", "en"):
            assert texts.wrong(Fout(1, "", 0, code, "datum", data), language)
    for column in COLUMNS.values():
        assert texts.expected(Fout(1, "", 0, FoutCode.VORM, column.expected, data), "nl")
    assert set(texts.reason_codes()) == set(Reden)


def test_one_word_per_column() -> None:
    """A row has a field for each column by its own name, and the manual names every column."""
    assert {field.name for field in fields(Row)} == {*COLUMNS, "regel", "route"}
    manual = (Path(__file__).parents[3] / "docs/maandbestand.md").read_text()
    assert all(f"\n| `{name}` |" in manual for name in COLUMNS)
    assert all(f"| `{reden.value}` |" in manual for reden in Reden)
    assert all(f"`{kind.value}`" in manual for kind in Contactsoort)


def test_example_in_the_manual() -> None:
    """The file shown in the manual is a good one."""
    manual = (Path(__file__).parents[3] / "docs/maandbestand.md").read_text()
    shown = next(block for block in manual.split("```") if block.startswith("\nreferentie;"))
    found = beoordeel(shown.lstrip("\n").encode(), REGELS)
    assert (wrongs(found), found.rijen, len(found.te_melden)) == ([], 2, 2)


OTHERS = {
    "referentie": "B",
    "voorletters": "B.",
    "voorvoegsel": "van",
    "achternaam": "Anders",
    "geboortedatum": "1980-01-01",
    "postcode": "2311 AB",
    "huisnummer": "2",
    "huisletter": "A",
    "toevoeging": "2",
    "telefoon": "0612345678",
    "email": "",
    "bedrag": "845,51",
    "aantal_maanden": "1,3",
    "ontstaansdatum": "2026-10-02",
    "peildatum": "2026-11-21",
    "herinnering_op": "10-10-2026",
    "contact_op": "04-11-2026",
    "contact_soort": "Telefoon",
    "contact_bereikt": "ja",
    "gewezen_schuldhulp_op": "2026-10-23",
    "aanbod_op": "2026-10-23",
    "reactie": "AKKOORD",
    "crisis": "ja",
    "warme_overdracht": "ja",
    "regeling_loopt": "ja",
    "convenant_uitsluiting": "WOONFRAUDE",
    "woonplaats": "Leiden",
}.items()
EXAMPLE = {
    "huurder": {
        "referentieCorporatie": "H-2026-00123",
        "voorletters": "T.E.",
        "achternaam": "Voorbeeld",
        "postcode": "2311AA",
        "huisnummer": 1,
        "woonplaats": "Leiden",
        "email": "t.voorbeeld@example.org",
    },
    "achterstand": {
        "bedragCent": 84550,
        "peildatum": "2026-11-20",
        "ontstaansdatum": "2026-10-01",
        "aantalMaanden": 1.2,
    },
    "incassoVerantwoording": {
        "contactpogingen": [{"datum": "2026-11-03", "soort": "Huisbezoek", "bereikt": False}],
        "gewezenOpSchuldhulpOp": "2026-10-24",
        "herinneringen": ["2026-10-10", "2026-10-24"],
        "aanbodGegevensdelingOp": "2026-10-24",
        "reactieHuurder": "GEEN_REACTIE",
    },
    "crisissignaal": False,
    "warmeOverdracht": False,
    "regelingLoopt": False,
    "convenantUitsluiting": "GEEN",
}


@pytest.mark.parametrize("day", range(1, 29))
def test_days_of_delivery(day: int) -> None:
    """Outside the covenant's days the report says so, and that crisis signals do not wait; the verdict is the same."""
    first, last = CONVENANT.bezorgvenster.vanDag, CONVENANT.bezorgvenster.totDag
    regels = replace(REGELS, vandaag=VANDAAG.replace(month=12, day=day))
    found = beoordeel(file(row(), row(referentie="H-2", crisis="ja")), regels)
    assert len(found.te_melden) == 2
    outside = not first <= day <= last
    for language, words in (("nl", "buiten de bezorgdagen"), ("en", "not one of the covenant's days")):
        told = rapport_tekst(found, cast("texts.Language", language))
        assert (words in told) == outside
        assert ("(1) wachten niet" in told or "(1) do not wait" in told) == outside
    assert rapport_json(found)["bezorgdagen"] == {"buiten": outside, "crisis": 1}
