"""What differs between two covenants: each change is found once, under the name that people know the thing by."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.covenant.differing import Change, Difference, differences, plain
from schemas.covenants import Convenant, leidse_regio, load_covenant

TEXT = leidse_regio().decode()
COVENANT = load_covenant(TEXT.encode())
NL = "nl.huurschuld"
ENDS = '["HULP_AFGEROND", "INGETROKKEN"]'


def changed(old: str, new: str) -> Convenant:
    assert old in TEXT
    return load_covenant(TEXT.replace(old, new, 1).encode())


CHANGES = [
    ('versie = "2.0.0"', 'versie = "2.1.0"', ("convenant", "", "versie"), ("2.0.0", "2.1.0")),
    ("totDag = 25", "totDag = 26", ("bezorgvenster", "", "totDag"), (25, 26)),
    ('ophalen = "1 werkdag"', 'ophalen = "2 werkdagen"', ("grenzen", "", "ophalen"), ("1 werkdag", "2 werkdagen")),
    ("minimumCent = 10000", "minimumCent = 12000", ("gemeente", "0546", "minimumCent"), (10000, 12000)),
    ('naam = "DUWO"', 'naam = "Duwo"', ("deelnemer", "00000099000000004000", "naam"), ("DUWO", "Duwo")),
    ("inGebruik = false", "inGebruik = true", ("bericht", f"{NL}.zorgmelding.v1", "inGebruik"), (False, True)),
    ("opent = true", "opent = false", ("route", f"{NL}.vroegsignaal.v1 COR → GEM", "opent"), (True, False)),
    ('"waarschuwt"', '"blokkeert"', ("poort", "signaal-voor-dreiging", "gevolg"), ("waarschuwt", "blokkeert")),
    ('binnen = "5 werkdagen"', 'binnen = "1 week"', ("termijn", "terugkoppeling", "binnen"), ("5 werkdagen", "1 week")),
    ('"4 weken"', '"3 weken"', ("inhoudstermijn", "eerste-gesprek", "binnen"), ("4 weken", "3 weken")),
    (f"eind = {ENDS}", 'eind = ["INGETROKKEN"]', ("spoor", "hulp", "eind"), (json.loads(ENDS), ["INGETROKKEN"])),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "values"), CHANGES)
def test_one_change_is_one_difference(old: str, new: str, where: tuple[str, str, str], values: tuple[Any, Any]) -> None:
    """Whatever is changed in the file is told, with the value before and after."""
    section, name, field = where
    assert differences(COVENANT, changed(old, new)) == [Difference(section, name, Change.CHANGED, field, *values)]


def test_parts_of_a_value_are_told_whole() -> None:
    """A retention per class, or how long a message is offered, is shown as it stands in the file."""
    found = differences(COVENANT, changed("P4 = 6", "P4 = 7"))
    assert [(item.field, item.after["P4"]) for item in found] == [("klassen", 7)]
    found = differences(COVENANT, changed('minimum = "5 dagen"', 'minimum = "121 uur"'))
    assert [(item.before["minimum"], item.after["minimum"]) for item in found] == [("5 dagen", "121 uur")]


def test_the_same_is_the_same() -> None:
    """A covenant does not differ from itself, nor from one with other comments and blank lines."""
    assert differences(COVENANT, COVENANT) == []
    assert differences(COVENANT, load_covenant(f"# een opmerking\n\n{TEXT}".encode())) == []


def test_added_is_the_reverse_of_removed() -> None:
    """A route, a gate, and a step that only one of the two has are added from one side, removed from the other."""
    gate = TEXT[
        TEXT.index('[[poort]]\ncode = "signaal-voor-dreiging"') : TEXT.index('[[poort]]\ncode = "terugkoppeling')
    ]
    without = changed(gate, "")
    assert [item[:3] for item in differences(COVENANT, without)] == [("poort", "signaal-voor-dreiging", Change.REMOVED)]
    assert [item[:3] for item in differences(without, COVENANT)] == [("poort", "signaal-voor-dreiging", Change.ADDED)]
    step = changed('hoger = true\nnaar = "GEMELD"', 'naar = "GEMELD"')
    assert [(i.section, i.change) for i in differences(COVENANT, step)] == [
        ("stap", Change.REMOVED),
        ("stap", Change.ADDED),
    ]


def test_the_order_of_steps_counts() -> None:
    """The first step that fits is taken, so another order is another covenant."""
    first, second, third = (f"[[stap]]{part}" for part in TEXT.split("[[stap]]")[1:4])
    found = differences(COVENANT, changed(first + second + third, second + first + third))
    assert found == [Difference("stap", "order of the steps", Change.CHANGED)]


def test_everything_spells_as_json() -> None:
    """The whole covenant spells as JSON with the names of the file, and without what the loader added."""
    spelled = json.loads(json.dumps(plain(COVENANT)))
    assert not {"digest", "text"} & set(spelled)
    assert spelled["bericht"][0]["verlooptijd"] == {
        "minimum": "5 dagen",
        "standaard": "14 dagen",
        "maximum": "30 dagen",
    }
    assert spelled["deelnemer"][0]["postvakken"] == ["huur"]
    assert spelled["bewaring"]["klassen"]["P3"] == 6
    assert spelled["termijn"][0]["meldingen"][1] == {"na": "5 werkdagen", "aan": ["afzender", "ontvanger"]}
