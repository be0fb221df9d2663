"""Whether the covenant's file holds together: each mistake is planted in the real file, and named by its line."""

from __future__ import annotations

import re

import pytest

from schemas.berichten.ontruiming import DreigendeOntruiming
from schemas.covenants import CovenantError, leidse_regio, load_covenant
from schemas.covenants.velden import untrue

TEXT = leidse_regio().decode()
NL = "nl.huurschuld."
VRA_GATE = f'{{ type = "{NL}verwijzingsantwoord.v1", van = "SHV", naar = "GEM" }},'
SIGNAL_GATE = f'{{ type = "{NL}vroegsignaal.v1", van = "COR", naar = "GEM" }},'
SLA = f'code = "{NL}saldo-opgave.v1"\nroutes = [\n  {{ van = "COR", naar = "GEM", naHulp = true }},'
TEAM = '{ van = "SWT", naar = "GEM" },\n  { van = "SHV", naar = "GEM" },'

TWICE = [
    ('{ van = "GEM", naar = "SHV" },', '{ van = "GEM", naar = "SWT", opent = true },', None, "GEM to SWT occurs twice"),
    ('code = "signaal-voor-dreiging"', 'code = "signaal-voor-wijziging"', None, "occurs twice"),
    ('code = "saldo-opgave"', 'code = "terugkoppeling"', None, "occurs twice"),
    ('code = "eindresultaat"', 'code = "eerste-gesprek"', None, "occurs twice"),
    ('code = "eindresultaat"', 'code = "terugkoppeling"', None, "occurs twice"),
    ('naam = "incasso"', 'naam = "hulp"', None, "occurs twice"),
]

UNKNOWN = [
    (f'code = "{NL}afsluiting.v1"', f'code = "{NL}einde.v1"', None, "not in the catalogue"),
    (f'antwoordOp = ["{NL}saldoverzoek.v1"]', f'antwoordOp = ["{NL}saldo.v1"]', None, "does not have"),
    (f'voor = "{NL}wijziging.v1"', f'voor = "{NL}wijzigen.v1"', None, "does not have"),
    (SIGNAL_GATE, SIGNAL_GATE.replace("vroegsignaal", "signaal"), None, "does not have"),
    (f'op = "{NL}vroegsignaal.v1"', f'op = "{NL}signaal.v1"', None, "does not have"),
    (f'door = ["{NL}saldo-opgave.v1"]', f'door = ["{NL}opgave.v1"]', None, "does not have"),
    (f'op = "{NL}ontruimingsuitkomst.v1"', f'op = "{NL}uitkomst.v1"', None, "does not have"),
    (f'  {{ type = "{NL}opschortingsverzoek.v1" }}', f'  {{ type = "{NL}opschorting.v1" }}', None, "does not have"),
    (f'  "{NL}afsluiting.v1",', f'  "{NL}sluiting.v1",', None, "does not have"),
    (f'bij = "{NL}afsluiting.v1"', f'bij = "{NL}sluiting.v1"', None, "does not have"),
]

CONDITIONS = [
    ('als = { urgentie = "CRISIS" }', 'als = { spoed = "CRISIS" }', None, "no field spoed"),
    ('als = { urgentie = "CRISIS" }', 'als = { urgentie = "SPOED" }', None, '"SPOED" is no value of it'),
    ("als = { crisissignaal = false }", 'als = { crisissignaal = "false" }', None, "expected one of true, false"),
    ('als = { verzoekUitstelTot = "*" }', 'als = { verzoekUitstelTot = "2027-01-01" }', None, 'one of "*"'),
    ('als = { status = ["Afgerond", "Niet', 'als = { status = ["Klaar", "Niet', None, '"Klaar" is no value'),
    ('als = { resultaat = "HULP_LOOPT" }', 'als = { resultaat = "LOOPT" }', None, '"LOOPT" is no value'),
    ("alsOp = { lopendeHuurAfgesproken = true }", "alsOp = { lopendeHuur = true }", None, "no field lopendeHuur"),
    ("alsOp = { lopendeHuurAfgesproken = true }", 'alsOp = { lopendeHuurAfgesproken = "ja" }', None, '"ja"'),
    ('als = { convenantUitsluiting = "WOONFRAUDE" }', 'alsOp = { fase = "VONNIS" }', None, "answers nothing"),
    ('vanaf = "ontruimingOp"', 'vanaf = "fase"', None, "fase is no date"),
    ('vanaf = "ontruimingOp"', 'vanaf = "ontruimdOp"', None, "no field ontruimdOp"),
    ('tot = "tot"', 'tot = "besluit"', None, "besluit is no date"),
    ('tot = "tot"', 'tot = "einde"', None, "no field einde"),
]

STATES = [
    ('van = ["NIET_GEMELD"]', 'van = ["NIETS"]', None, "NIETS is no state of the track hulp"),
    ('naar = "IN_TRAJECT"', 'naar = "TRAJECT"', None, "TRAJECT is no state"),
    ('daarna = "SOCIALE_INCASSO"', 'daarna = "INCASSO"', None, "INCASSO is no state"),
    ('terug = ["GEDAGVAARD", "VONNIS"', 'terug = ["GEDAAGD", "VONNIS"', None, "GEDAAGD is no state"),
    (
        'mits = { incasso = ["ONTRUIMD"] }',
        'mits = { incasso = ["LEEG"] }',
        None,
        "LEEG is no state of the track incasso",
    ),
    ('mits = { incasso = ["ONTRUIMD"] }', 'mits = { uitkomst = ["OPEN"] }', None, "its own track"),
    ('door = "COR"', 'door = "SWT"', None, "SWT does not send"),
    ('hulpStanden = ["HULP_GEACCEPTEERD", "IN_', 'hulpStanden = ["AANVAARD", "IN_', None, "AANVAARD is no state"),
]

KEPT = [
    ('"Inwoner is overleden" = "OVERLEDEN"', "", "[projectie]", "add what the corporation sees of: Inwoner is overl"),
    ('"Inwoner is overleden" = "OVERLEDEN"', '"Inwoner is overleden" = "DOOD"', None, "OVERLEDEN"),
    (f'antwoordOp = ["{NL}dreigende-ontruiming.v1"]', f'antwoordOp = ["{NL}terugkoppeling.v1"]', None, "leads back"),
    (SLA, SLA.replace("GEM", "MZO"), None, "MZO sends COR nothing that this could answer"),
    (
        'van = "GEM"\nnaar = "COR"\neerst',
        'van = "SWT"\nnaar = "COR"\neerst',
        f'voor = "{NL}opschorting',
        "goes that way",
    ),
    (SIGNAL_GATE, SIGNAL_GATE.replace("COR", "SWT"), None, "never opens the gate"),
    (f'door = ["{NL}terugkoppeling.v1"]', f'door = ["{NL}afsluiting.v1"]', None, "does not answer"),
    (TEAM, TEAM.replace('{ van = "SWT", naar = "GEM" },', ""), f'door = ["{NL}verwijzingsa', "no route to answer GEM"),
    (
        f'[{{ type = "{NL}verwijzingsantwoord.v1" }}]',
        f'[{{ type = "{NL}afsluiting.v1" }}]',
        None,
        "between GEM and MZO",
    ),
]

WAY = '  { van = "GEM", naar = "COR" },'
HELP = 'hulpStanden = ["HULP_GEACCEPTEERD"'
BUDGET = '"(Budget)advies en/of quick fix" = "HULP_GEACCEPTEERD"'
OTHER = '"Niet opgepakt: andere reden" = "NIET_OPGEPAKT"'
KNOWN = '"Inwoner heeft al een ander lopend traject" = "HULP_LOOPT"'
VERVOLG = '"Vervolghulp en/of verwijzing" = "HULP_GEACCEPTEERD"'

FLOOR = [
    ('bsnNaar = ["SHV", "GEM"]', 'bsnNaar = ["SHV", "COR"]', None, "never goes to a corporation; take COR out"),
    ('toetsers = ["GEM", "SHV"', 'toetsers = ["COR", "SHV"', None, "never tests the subsistence minimum"),
    (HELP, HELP.replace("HULP_GEACCEPTEERD", "NIET_GEMELD"), None, "in NIET_GEMELD nobody accepted help; take it out"),
    (HELP, HELP.replace("HULP_GEACCEPTEERD", "GEMELD"), None, "in GEMELD nobody accepted help; take it out"),
    (HELP, HELP.replace("HULP_GEACCEPTEERD", "INGETROKKEN"), None, "in INGETROKKEN nobody accepted help; take it out"),
    (WAY, WAY.replace("GEM", "COR"), None, "COR never sends COR anything; take the route out"),
    (WAY, WAY.replace("GEM", "SWT"), None, "SWT never sends COR anything; take the route out"),
    (WAY, WAY.replace("GEM", "MZO"), None, "MZO never sends COR anything; take the route out"),
    (
        '"SHV", naar = "COR", naHulp = true',
        '"SHV", naar = "COR"',
        None,
        "SHV to COR only after the tenant accepted help",
    ),
    (
        '"COR", naar = "SHV", naHulp = true',
        '"COR", naar = "SHV"',
        None,
        "COR to SHV only after the tenant accepted help",
    ),
    (OTHER, OTHER.replace("NIET_OPGEPAKT", "ONTERECHT_SIGNAAL"), None, "expected NIET_OPGEPAKT: a corporation never"),
    (KNOWN, KNOWN.replace("HULP_LOOPT", "AFGESLOTEN"), None, 'may not tell it from "Inwoner al bekend bij'),
    (BUDGET, BUDGET.replace("HULP_GEACCEPTEERD", "ZELF_OPGELOST"), VERVOLG, 'may not tell it from "(Budget)advies'),
]

SEEN = [
    (VRA_GATE, VRA_GATE.replace(', van = "SHV", naar = "GEM"', ""), None, "SHV would be refused because of"),
    (VRA_GATE, VRA_GATE.replace("SHV", "SWT"), None, "from SWT to GEM, which it may not see"),
    (
        f'{{ type = "{NL}opschortingsverzoek.v1", van = "SHV", naar = "COR" }},',
        f'{{ type = "{NL}verwijzing.v1", van = "GEM", naar = "SHV" }},',
        None,
        "COR would be refused because of nl.huurschuld.verwijzing.v1",
    ),
    (
        VRA_GATE + '\n]\ngevolg = "blokkeert"',
        VRA_GATE + '\n]\ngevolg = "waarschuwt"',
        VRA_GATE,
        "COR would be warned about nl.huurschuld.verwijzingsantwoord.v1",
    ),
    ('{ na = "3 werkdagen", aan = ["afzender", "ontvanger"] }', '{ aan = ["COR"] }', None, "COR would be told"),
    ('{ na = "2 werkdagen", aan = ["afzender", "ontvanger"] }', '{ aan = ["GEM"] }', None, "GEM would be told"),
]


@pytest.mark.parametrize(("old", "new", "at", "says"), [*TWICE, *UNKNOWN, *CONDITIONS, *STATES, *KEPT, *FLOOR, *SEEN])
def test_a_mistake_is_named_by_its_line(old: str, new: str, at: str | None, says: str) -> None:
    """Whatever does not hold together, the error says where, and what to do."""
    where = TEXT.index(at or old) + len(at or old)
    with pytest.raises(CovenantError, match=re.escape(says)) as caught:
        load_covenant(TEXT.replace(old, new, 1).encode())
    assert caught.value.line == TEXT[:where].count("\n") + 1, str(caught.value)


def test_each_track_is_there() -> None:
    """Help, collection and outcome: a file without one of them is refused where its tracks begin."""
    first, last = TEXT.index("[[spoor]]"), TEXT.index('[[spoor]]\nnaam = "uitkomst"')
    text = TEXT[:last] + TEXT[TEXT.index("[[stap]]") :]
    with pytest.raises(CovenantError, match="exactly the tracks hulp, incasso, uitkomst") as caught:
        load_covenant(text.encode())
    assert caught.value.line == TEXT[:first].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{ na = "2 werkdagen", aan = ["afzender", "ontvanger"] }', '{ aan = ["COR"] }'),
        ('{ na = "1 werkdag", aan = ["afzender", "ontvanger"] }', '{ aan = ["COR", "GEM"] }'),
        (SIGNAL_GATE, f'{{ type = "{NL}vroegsignaal.v1" }},'),
        ('als = { urgentie = "CRISIS" }', 'als = { urgentie = "*" }'),
        ("inGebruik = false", "inGebruik = true"),
    ],
)
def test_what_all_concerned_may_see_is_accepted(old: str, new: str) -> None:
    """The check refuses no rule whose verdict rests on what its parties know, and no condition that can be met."""
    assert old in TEXT
    load_covenant(TEXT.replace(old, new, 1).encode())


def test_a_corporation_may_be_told_less() -> None:
    """The parties may let two results look alike that did not: the floor forbids only to tell more."""
    assert '"Inwoner is overleden" = "OVERLEDEN"' in TEXT
    load_covenant(TEXT.replace('overleden" = "OVERLEDEN"', 'overleden" = "NIET_OPGEPAKT"').encode())


def test_a_condition_looks_into_blocks() -> None:
    """A dotted path is followed into a block, through what may be absent; text is not mistaken for truth."""
    assert list(untrue(DreigendeOntruiming, {"achterstand.bedragCent": ("*",), "ontruimingOp": ("*",)})) == []
    assert [path for path, _ in untrue(DreigendeOntruiming, {"achterstand.bedrag": ("*",)})] == ["achterstand.bedrag"]
    assert [path for path, _ in untrue(DreigendeOntruiming, {"fase.naam": ("*",)})] == ["fase.naam"]
