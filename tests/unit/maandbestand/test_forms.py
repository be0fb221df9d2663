"""Every spelling that the monthly file accepts, and the ones near it that it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from gateway.connector.maandbestand import FoutCode, forms
from gateway.connector.maandbestand.forms import FormError
from schemas.berichten.vormen import Email, Naam, Voorletters

AMOUNTS = {
    "845": 84500,
    "845,5": 84550,
    "845.5": 84550,
    "845,50": 84550,
    "845.50": 84550,
    "0,01": 1,
    "0.5": 50,
    "1234": 123400,
    "1234,56": 123456,
    "1234.56": 123456,
    "1.234,56": 123456,
    "1.234,5": 123450,
    "12.345,00": 1234500,
    "1.234.567,89": 123456789,
    "9999999,99": 999999999,
}
TWO_WAYS = ["1.234", "1,234", "12.345", "845.500", "845,505", "0.500", "000,000"]
NO_AMOUNT = [
    *(
        "0",
        "0,00",
        "-5",
        "+5",
        "€ 5",
        "5 €",
        "5 euro",
        "1,234.56",
        "1.23,45",
        "1.2345,00",
        "1234.567",
        "1.234.567",
        "12.34.56",
    ),
    *(
        "1 234,56",
        "007",
        "00,50",
        "5,",
        ",50",
        ".50",
        "5.",
        "1e3",
        "NaN",
        "\u0663\u0664",
        "845,5O",
        "12345678",
        "1.234,567",
        "1..5",
        "0.123,45",
    ),
]


@pytest.mark.parametrize(("cell", "cents"), AMOUNTS.items())
def test_amount_read(cell: str, cents: int) -> None:
    """Euros become whole cents, exactly."""
    assert forms.bedrag(cell) == cents


@pytest.mark.parametrize(("cells", "code"), [(TWO_WAYS, FoutCode.DUBBELZINNIG), (NO_AMOUNT, FoutCode.VORM)])
def test_amount_refused(cells: list[str], code: FoutCode) -> None:
    """What can be read in two ways is refused as such; what is no amount above zero is refused."""
    for cell in cells:
        assert refusal(forms.bedrag, cell) is code, cell


ACCEPTED: list[tuple[Callable[[str], Any], dict[str, object]]] = [
    (
        forms.datum,
        {
            "2026-11-20": date(2026, 11, 20),
            "20-11-2026": date(2026, 11, 20),
            "1-2-2026": date(2026, 2, 1),
            "01-2-2026": date(2026, 2, 1),
            "29-02-2024": date(2024, 2, 29),
            "1900-01-01": date(1900, 1, 1),
            "31-12-2100": date(2100, 12, 31),
        },
    ),
    (
        forms.ja_nee,
        {"ja": True, "JA": True, "true": True, "1": True, "nee": False, "Nee": False, "FALSE": False, "0": False},
    ),
    (
        forms.maanden,
        {
            "1": Decimal("1.0"),
            "2,5": Decimal("2.5"),
            "2.5": Decimal("2.5"),
            "0": Decimal("0.0"),
            "99.9": Decimal("99.9"),
        },
    ),
    (
        forms.reactie,
        {
            "AKKOORD": "AKKOORD",
            "geen reactie": "GEEN_REACTIE",
            "Geen_Reactie": "GEEN_REACTIE",
            "weigering": "GEWEIGERD",
        },
    ),
    (forms.uitsluiting, {"geen": "GEEN", "Woonfraude": "WOONFRAUDE"}),
    (forms.postcode, {"2311AA": "2311AA", "2311 AA": "2311AA", "2311 aa": "2311AA"}),
    (forms.huisnummer, {"1": 1, "99999": 99999}),
    (forms.gemeentecode, {"0546": "0546", "GM0546": "0546", "gm0546": "0546"}),
    (
        forms.telefoon,
        dict.fromkeys(
            (
                "0612345678",
                "06-12345678",
                "06 1234 5678",
                "+31612345678",
                "+31 (0)6 12345678",
                "0031612345678",
                "(06) 12345678",
            ),
            "+31612345678",
        ),
    ),
    (
        forms.text(TypeAdapter(Email)),
        {"a@example.org": "a@example.org", "A.b+c@mail.example.org": "A.b+c@mail.example.org"},
    ),
    (forms.text(TypeAdapter(Naam)), {"Vijf": "Vijf", "a \t\n b": "a b", "e\u0301": "é", "d'Êé": "d'Êé"}),
    (forms.contactsoort, {"Huisbezoek": "Huisbezoek", "TELEFOON": "Telefoon", "sms/whatsapp": "SMS/Whatsapp"}),
    (forms.several(forms.ja_nee), {"ja": (True,), "ja|nee": (True, False), " ja | nee ": (True, False)}),
]
REFUSED: list[tuple[Callable[[str], Any], list[str]]] = [
    (
        forms.datum,
        [
            *(
                "31-02-2026",
                "2026-02-30",
                "29-02-2026",
                "20-11-26",
                "2026-1-2",
                "20/11/2026",
                "20.11.2026",
                "11-20-2026",
                "20261120",
            ),
            *(
                "2026-11-20T00:00:00",
                "2026-11-20 00:00",
                "46346",
                "1899-12-31",
                "2101-01-01",
                "0-1-2026",
                "20-11-02026",
                "\u0662\u0660-11-2026",
            ),
        ],
    ),
    (forms.ja_nee, ["j", "n", "yes", "no", "waar", "x", "2", "01", "ja nee", "-"]),
    (forms.maanden, ["100", "1,25", "1.", ",5", "-1", "01", "een", "1/2"]),
    (forms.reactie, ["ja", "GEEN", "GEENREACTIE", "GEWEIGERD!"]),
    (forms.uitsluiting, ["nee", "FRAUDE", "GEEN WOONFRAUDE"]),
    (
        forms.postcode,
        ["2311", "2311A", "0311AA", "2311SA", "2311SD", "2311SS", "2311  AA", "AA2311", "2311-AA", "2311ﬀ"],
    ),
    (forms.huisnummer, ["0", "100000", "12a", "-1", "1.0", "012"]),
    (forms.gemeentecode, ["546", "GM546", "05460", "Leiden", "GMGM0546"]),
    (forms.telefoon, ["612345678", "061234567", "06123456789", "06-1234abcd", "+", "bellen", "0012", "+0612345678"]),
    (
        forms.text(TypeAdapter(Email)),
        [
            "a",
            "a@b",
            "@example.org",
            "a@example..org",
            "a b@example.org",
            "a@example.org;b@example.org",
            "a@-example.org",
        ],
    ),
    (forms.text(TypeAdapter(Naam)), ["a\x00b", "a\u200bb", "\x7f", "R2", "-"]),
    (forms.contactsoort, ["Postduif", "tel", "Huis bezoek"]),
    (forms.several(forms.ja_nee), ["ja|", "|ja", "ja||nee", "ja|misschien", "|", "|".join(["ja"] * 51)]),
]


@pytest.mark.parametrize(("form", "cells"), ACCEPTED)
def test_accepted(form: Callable[[str], Any], cells: dict[str, object]) -> None:
    """Each listed spelling is read as the listed value."""
    for cell, value in cells.items():
        assert form(cell) == value, cell


@pytest.mark.parametrize(("form", "cells"), REFUSED)
def test_refused(form: Callable[[str], Any], cells: list[str]) -> None:
    """Each near miss is refused as malformed, without its content in the text."""
    for cell in cells:
        assert refusal(form, cell) is FoutCode.VORM, cell


def test_too_long() -> None:
    """Text and addresses over their length are called too long."""
    assert refusal(forms.text(TypeAdapter(Voorletters)), "A" * 21) is FoutCode.TE_LANG
    assert refusal(forms.text(TypeAdapter(Email)), "a" * 250 + "@example.org") is FoutCode.TE_LANG


def refusal(form: Callable[[str], Any], cell: str) -> FoutCode:
    with pytest.raises(FormError) as caught:
        form(cell)
    return caught.value.code
