"""The decision in words: the rule that made it, by its line, and all that then counts for the message."""

from __future__ import annotations

import pytest

from gateway.covenant.explaining import Explanation, Reason, explain, matrix
from schemas.berichten.klassen import DataClass
from schemas.covenants import Deelnemer, leidse_regio, load_covenant
from schemas.problems import Problem

COVENANT = load_covenant(leidse_regio())
LINES = COVENANT.text.split("\n")


def party(name: str) -> Deelnemer:
    return next(deelnemer for deelnemer in COVENANT.deelnemers if name in deelnemer.naam)


def cell(van: str, naar: str, name: str) -> Explanation:
    return explain(COVENANT, party(van), party(naar), f"nl.huurschuld.{name}.v1")


def test_a_type_that_may_be_sent() -> None:
    """A referral: its route by the line, what it is for, its reply and terms, and how long what is in it stays."""
    found = cell("Gemeente Leiden", "Wijkteam", "verwijzing")
    assert found.allowed
    assert found.reason is Reason.ROUTE
    assert found.cited is not None
    assert found.cited.text == '{ van = "GEM", naar = "SWT" },'
    assert LINES[found.cited.line - 1].strip() == found.cited.text
    assert found.regel is not None
    assert "Wet gemeentelijke schuldhulpverlening" in found.regel.grondslag
    assert found.answers == ()
    assert found.answered_by == ("nl.huurschuld.verwijzingsantwoord.v1",)
    assert [term.code for term, _ in found.terms] == ["verwijzingsantwoord"]
    assert [term.code for term, _ in found.content_terms] == ["antwoord-op-crisisverwijzing"]
    assert (found.klasse, found.bewaarmaanden) == (DataClass.P3, 6)


def test_gates_come_with_their_lines() -> None:
    """Only the gates on this way are named, each where it stands."""
    debt_help = cell("Kredietbank", "Ons Doel", "opschortingsverzoek")
    assert [gate.code for gate, _ in debt_help.gates] == ["traject-voor-opschortingsverzoek"]
    for gate, cited in debt_help.gates:
        assert cited.text == "[[poort]]"
        assert LINES[cited.line] == f'code = "{gate.code}"'
    assert debt_help.route is not None
    assert debt_help.route.naHulp


def test_what_it_may_answer_depends_on_the_way() -> None:
    """To debt help a decision to pause answers a request; to the municipality also its answer to a threat."""
    request, threat = "nl.huurschuld.opschortingsverzoek.v1", "nl.huurschuld.ontruimingsantwoord.v1"
    assert cell("Portaal", "Kredietbank", "opschortingsbesluit").answers == (request,)
    assert cell("Portaal", "Gemeente Leiden", "opschortingsbesluit").answers == (request, threat)


@pytest.mark.parametrize(
    ("van", "naar", "name", "reason", "says"),
    [
        ("Ons Doel", "Portaal", "vroegsignaal", Reason.GEEN_ROUTE, "routes = ["),
        ("Incluzio", "Ons Doel", "opschortingsverzoek", Reason.GEEN_ROUTE, "routes = ["),
        ("Gemeente Leiden", "Kwadraad", "verwijzing", Reason.GEEN_GEBIED, '{ van = "GEM", naar = "SWT" },'),
        ("Ons Doel", "Hecht", "zorgmelding", Reason.BUITEN_GEBRUIK, "inGebruik = false"),
        ("Gemeente Leiden", "Gemeente Leiden", "verwijzing", Reason.ZICHZELF, None),
        ("Ons Doel", "Gemeente Leiden", "onbekend", Reason.GEEN_BERICHT, None),
    ],
)
def test_a_type_that_may_not_be_sent(van: str, naar: str, name: str, reason: Reason, says: str | None) -> None:
    """Why not, and the line of the file that shows it; nothing is named that would count if it were allowed."""
    found = cell(van, naar, name)
    assert not found.allowed
    assert found.reason is reason
    assert (found.cited and found.cited.text) == says
    assert found.objection in (Problem.NIET_TOEGESTAAN, Problem.TYPE_ONBEKEND)
    assert not any((found.route, found.gates, found.terms, found.answers, found.answered_by, found.klasse))


def test_every_cited_line_is_what_it_says() -> None:
    """Whatever line is named anywhere in the matrix, the file has those words there, and never a heading by chance."""
    for found in matrix(COVENANT):
        cited = [found.cited] if found.cited else []
        cited += [line for _, line in (*found.gates, *found.terms, *found.content_terms)]
        assert all(LINES[line - 1].strip() == text for line, text in cited)
        if found.allowed:
            assert found.cited is not None
            assert found.cited.text.startswith(f'{{ van = "{found.van.soort}", naar = "{found.naar.soort}"')
