"""``seinpost terms``: what a party and the administrator see of who must answer whom, and by when."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from gateway.clock import system_clock
from gateway.covenant.calendar import until
from schemas.covenants import leidse_regio, load_covenant
from tests.e2e.command import GEM, HUUR, VROEG, World, deliver

DUTY = load_covenant(leidse_regio()).termijn("terugkoppeling")


def test_terms_of_signals_are_shown_to_both_and_to_the_administrator(served: World) -> None:
    """Each signal asks the municipality for an answer within five working days of its receipt."""
    deliver(served, 8)
    sent = {one["id"] for one in served("connector", "show", "corporatie", "--messages", "--json").json["berichten"]}
    for folder in ("corporatie", "gemeente", "beurs"):
        told = served("terms", "--dir", folder, "--json").json
        assert not told["meer"]
        assert {term["id"] for term in told["termijnen"]} == sent
        for term in told["termijnen"]:
            assert (term["source"], term["ontvanger"], term["aanZet"]) == (HUUR, VROEG, GEM)
            assert (term["code"], term["stand"], term["niveau"], term["teLaatSeconden"]) == (DUTY.code, "loopt", 0, 0)
            begun = datetime.fromisoformat(term["begin"])
            assert system_clock() - begun < timedelta(minutes=10)
            assert datetime.fromisoformat(term["einde"]) == until(begun, DUTY.binnen)
    shown = served("terms", "--dir", "corporatie").out
    assert f"{len(sent)} running terms in corporatie" in shown
    assert "Gemeente Leiden" in shown
    assert re.search(r"t/m\s\d\d-\d\d-\d{4}", shown)
    assert " late." not in shown


def test_terms_of_a_dossier(served: World) -> None:
    """In the folder of a party a dossier's terms are shown, its own only; an exchange does not know dossiers."""
    deliver(served, 3)
    (first, *_) = served("inbox", "--dir", "gemeente", "--json").json
    told = served("terms", "--dir", "gemeente", "--dossier", first["dossier"], "--json").json
    assert [term["id"] for term in told["termijnen"]] == [first["id"]]
    assert "1 terms of this dossier" in served("terms", "--dir", "gemeente", "--dossier", first["dossier"]).out
    unknown = served("terms", "--dir", "gemeente", "--dossier", "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10")
    assert (unknown.code, unknown.out) == (1, "")
    assert served("terms", "--dir", "gemeente", "--dossier", "x").code == 2
    assert served("terms", "--dir", "beurs", "--dossier", first["dossier"]).code == 2


def test_terms_without_an_exchange(world: World) -> None:
    """When it does not run, a party and the administrator are told so; a folder of neither is a wrong folder."""
    assert world("terms", "--dir", "corporatie").code == 3
    assert world("terms", "--dir", "beurs").code == 3
    assert world("terms", "--dir", "nergens").code == 4


def test_nobody_asks_for_terms_in_vain(served: World) -> None:
    """Without messages there are no terms, and that is said."""
    assert "0 running terms in beurs" in served("terms", "--dir", "beurs").out
    told = served("terms", "--dir", "corporatie", "--json").json
    assert told == {"termijnen": [], "meer": False, "inhoudstermijnen": []}


def test_terms_on_content_are_the_partys_own(served: World) -> None:
    """Both parties of a signal watch that the tenant is spoken to in time; the exchange cannot."""
    deliver(served, 3)
    sent = {one["id"] for one in served("connector", "show", "corporatie", "--messages", "--json").json["berichten"]}
    for folder in ("corporatie", "gemeente"):
        told = served("terms", "--dir", folder, "--json").json["inhoudstermijnen"]
        assert {one["id"] for one in told} == sent
        assert {one["id"] for one in told if one["code"] == "eindresultaat"} == sent
        for one in told:
            assert (one["aanZet"], one["stand"], one["teLaatSeconden"]) == (GEM, "loopt", 0)
        shown = served("terms", "--dir", folder).out
        assert f"{len(told)} on content" in shown
        one_dossier = served("terms", "--dir", folder, "--dossier", told[0]["dossier"], "--json").json
        assert {one["id"] for one in one_dossier["inhoudstermijnen"]} == {told[0]["id"]}
    assert "inhoudstermijnen" not in served("terms", "--dir", "beurs", "--json").json
    assert "on content" not in served("terms", "--dir", "beurs").out
