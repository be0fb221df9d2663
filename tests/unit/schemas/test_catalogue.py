"""The catalogue names each type once, and reads strictly."""

from __future__ import annotations

import re
from typing import Any

import pytest

from schemas.catalogue import CATALOGUE, parse_bericht
from schemas.covenants import leidse_regio, load_covenant
from schemas.envelope import Envelope, MalformedError
from schemas.values import MessageId

CODE = "nl.huurschuld.wijziging.v1"
CASE = "019a9f3e-7c00-7abc-8def-0123456789ab"


def test_each_type_is_described() -> None:
    """Codes fit the envelope, short codes differ, and everything that a reader needs is there."""
    form = Envelope.model_json_schema()["properties"]["type"]["pattern"]
    for code, item in CATALOGUE.items():
        assert code == item.code
        assert re.search(form, code)
        assert all((item.title_nl, item.title_en, item.legal_basis, item.purpose, item.description))
    assert len({item.short for item in CATALOGUE.values()}) == len(CATALOGUE)


def test_the_covenant_and_the_catalogue_agree() -> None:
    """The Leiden covenant rules exactly the types in use, on the same legal bases."""
    covenant = load_covenant(leidse_regio())
    assert [rule.code for rule in covenant.berichten] == list(CATALOGUE)
    for rule in covenant.berichten:
        assert rule.grondslag == CATALOGUE[rule.code].legal_basis


def test_a_bericht_is_read_by_its_type() -> None:
    """The type decides which model reads."""
    read = parse_bericht(CODE, {"signaalId": CASE, "reden": "BETAALD"})
    assert type(read) is CATALOGUE[CODE].model
    assert isinstance(getattr(read, "signaalId", None), MessageId)


@pytest.mark.parametrize("code", ["", "nl.huurschuld.ontvangstbewijs.v1", "nl.huurschuld.wijziging.v2"])
def test_an_unknown_type_is_refused(code: str) -> None:
    """A type that is not in use has no model."""
    with pytest.raises(MalformedError):
        parse_bericht(code, {})


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"signaalId": CASE, "reden": "BETAALD", "achterstand": None}, "#/achterstand"),
        ({"signaalId": CASE}, "#/reden"),
        ({"signaalId": CASE, "reden": "BETAALD", "999990019": 1}, "#"),
        ([], "#"),
        ("x", "#"),
        (None, "#"),
    ],
)
def test_a_fault_points_and_repeats_nothing(given: Any, pointer: str) -> None:
    """A fault names the place by the schema's own words, never by the sender's."""
    with pytest.raises(MalformedError) as caught:
        parse_bericht(CODE, given)
    assert caught.value.faults[0][0] == pointer
    assert "999990019" not in repr(caught.value.faults)
