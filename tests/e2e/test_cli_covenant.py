"""The commands for people who write policy: show, check, explain, diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.covenants import leidse_regio
from tests.e2e.command import COR, GEM, World, free_port

TEXT = leidse_regio().decode()
SIGNAL = "nl.huurschuld.vroegsignaal.v1"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A folder with the covenant's file and nothing else."""
    (tmp_path / "oud.toml").write_text(TEXT)
    return World(tmp_path, free_port())


def propose(world: World, old: str, new: str) -> str:
    """Write a covenant with one change."""
    assert old in TEXT
    (world.root / "nieuw.toml").write_text(TEXT.replace(old, new, 1))
    return "nieuw.toml"


def test_show(world: World) -> None:
    """Participants, types with their ways, gates and terms are all there; JSON has the names of the file."""
    shown = world("covenant", "show").out
    for part in ("19 participants", "17 message types", "gates", "reply terms", "terms on content"):
        assert part in shown
    assert "GEM→COR (after help)" in shown
    assert "VSM COR→GEM once aangeboden" in shown
    told = world("covenant", "show", "--covenant", "oud.toml", "--json").json
    assert len(told["deelnemer"]) == 19
    assert told["digest"] not in ("", None)
    assert world("covenant", "show", "--toml").out == TEXT


def test_check(world: World) -> None:
    """A covenant that holds together ends with 0; one that does not with 1, its line and what stands there."""
    assert "holds together" in world("covenant", "check", "oud.toml").out
    assert world("covenant", "check", "oud.toml", "--json").json["ok"] is True
    wrong = propose(world, 'als = { urgentie = "CRISIS" }', 'als = { spoed = "CRISIS" }')
    line = TEXT[: TEXT.index('als = { urgentie = "CRISIS" }')].count("\n") + 1
    done = world("covenant", "check", wrong)
    assert (done.code, done.out) == (1, "")
    assert f"nieuw.toml, line {line}: spoed: the message has no field spoed" in done.err
    assert f'{line} | als = {{ spoed = "CRISIS" }}' in done.err
    done = world("covenant", "check", wrong, "--json")
    assert (done.code, done.json["ok"], done.json["regel"]) == (1, False, line)
    assert world("covenant", "check", "geen.toml").code == 2


def test_check_refuses_a_rule_that_would_tell_of_others(world: World) -> None:
    """A corporation must not be refused because of a referral that it may not see."""
    told = '{ type = "nl.huurschuld.verwijzing.v1", van = "GEM", naar = "SHV" },'
    wrong = propose(world, '{ type = "nl.huurschuld.opschortingsverzoek.v1", van = "SHV", naar = "COR" },', told)
    done = world("covenant", "check", wrong)
    assert done.code == 1
    assert "COR would be refused because of nl.huurschuld.verwijzing.v1 from GEM to SHV" in done.err


def test_check_holds_to_the_floor(world: World) -> None:
    """What no covenant may allow is refused with its line and what to do, also where every other rule allows it."""
    wrong = propose(world, '{ van = "GEM", naar = "COR" },', '{ van = "COR", naar = "COR" },')
    done = world("covenant", "check", wrong)
    line = TEXT[: TEXT.index('{ van = "GEM", naar = "COR" },')].count("\n") + 1
    assert done.code == 1
    assert f"line {line}: COR never sends COR anything; take the route out" in done.err


def test_explain_one(world: World) -> None:
    """A decision comes with its line; a party is an OIN or a part of its name, a type its name, letters or code."""
    ways = (("Ons Doel", "gemeente leiden", "vroegsignaal"), (COR, GEM, SIGNAL), ("ons", GEM, "vsm"))
    outs = {world("covenant", "explain", "--from", f, "--to", t, "--type", k).out for f, t, k in ways}
    assert len(outs) == 1
    shown = outs.pop()
    assert "✓ Ons Doel may send Gemeente Leiden vroegsignaal (VSM)." in shown
    line = TEXT[: TEXT.index("opent = true }")].count("\n") + 1
    assert f'line {line}: {{ van = "COR", naar = "GEM", opent = true }},' in shown
    assert "erasing when that time is over is not yet carried out" in shown
    told = world("covenant", "explain", "--from", "ons", "--to", GEM, "--type", "vsm", "--json").json
    assert (told["mag"], told["regel"], told["klasse"]) == (True, line, "P4")
    assert [term["code"] for term in told["termijnen"]] == ["terugkoppeling"]


@pytest.mark.parametrize(
    ("sender", "recipient", "kind", "says"),
    [
        ("Ons Doel", "Portaal", "vroegsignaal", "not COR→COR, only COR→GEM"),
        ("Gemeente Leiden", "Kwadraad", "verwijzing", "no municipality in common"),
        ("Ons Doel", "Hecht", "zorgmelding", "not in use"),
        ("Portaal", "Portaal", "vroegsignaal", "default deny"),
    ],
)
def test_explain_a_refusal(world: World, sender: str, recipient: str, kind: str, says: str) -> None:
    """What may not be sent is explained too; the question was answered, so the exit code is 0."""
    words = ("covenant", "explain", "--from", sender, "--to", recipient, "--type", kind)
    done = world(*words)
    assert (done.code, done.out[0]) == (0, "✗")
    assert says in done.out
    told = world(*words, "--json").json
    assert (told["mag"], "termijnen" in told) == (False, False)


def test_explain_many(world: World) -> None:
    """Two of three words give a line for each cell that is left, fewer the matrix; JSON has every cell."""
    shown = world("covenant", "explain", "--from", "Kredietbank", "--to", "DUWO").out
    assert "4 of 17 allowed, from Kredietbank Nederland, to DUWO" in shown
    shown = world("covenant", "explain").out
    assert "850 of 6137 cells allowed" in shown
    assert "Never: COR→COR" in shown
    told = world("covenant", "explain", "--json").json["cellen"]
    assert (len(told), sum(cell["mag"] for cell in told)) == (6137, 850)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from", "leiden"), "could be Gemeente Leiden, Sociaal Wijkteam Leiden"),
        (("--to", "Amsterdam"), "expected one of Ons Doel"),
        (("--type", "brief"), "expected one of vroegsignaal"),
        (("--at", "2026-12-01"), "needs --dir"),
        (("--dir", "beurs", "--covenant", "oud.toml"), "not both"),
        (("--dir", ".", "--at", "morgen"), "no day such as"),
    ],
)
def test_wrong_use(world: World, words: tuple[str, ...], says: str) -> None:
    """Words that could mean several things, or nothing, are named with what was expected."""
    done = world("covenant", "explain", *words)
    assert done.code == 2
    assert says in done.err


def test_the_covenant_that_held_at_a_moment(world: World) -> None:
    """A folder's register tells which covenant held when; before the first there was none."""
    assert world("init", "beurs", "--host", "localhost", "--covenant", "oud.toml").code == 0
    words = ("covenant", "explain", "--dir", "beurs", "--from", "DUWO", "--to", "Portaal", "--type", "VSM", "--json")
    told = world(*words).json["convenant"]
    assert told["digest"] == world("covenant", "show", "--json").json["digest"]
    assert world(*words, "--at", "2099-01-01T12:00").json["convenant"] == told
    assert world(*words, "--at", "2099-01-01T12:00+02:00").json["convenant"] == told
    before = world(*words, "--at", "2001-01-01")
    assert before.code == 4
    assert "no covenant held at that moment; the first one holds from" in before.err
    assert world("covenant", "show", "--dir", "elders").code == 4


def test_a_party_has_the_same_covenant(founded: World) -> None:
    """In a party's folder the covenant is that of the register which its connector replayed itself."""
    told = [
        founded("covenant", "show", "--dir", folder, "--json").json for folder in ("beurs", "corporatie", "gemeente")
    ]
    assert told[0] == told[1] == told[2]
    assert len(told[0]["deelnemer"]) == 19


def test_diff(world: World) -> None:
    """The same is 0; a difference is 1 and is told in words and in JSON; a file that is no covenant is 4."""
    same = world("covenant", "diff", "oud.toml", "oud.toml")
    assert (same.code, "No difference" in same.out) == (0, True)
    assert world("covenant", "diff", "oud.toml", "oud.toml", "--json").json == []
    new = propose(world, 'naam = "DUWO"', 'naam = "Duwo"')
    done = world("covenant", "diff", "oud.toml", new)
    assert done.code == 1
    assert "~ 00000099000000004000 Duwo: naam: DUWO → Duwo" in done.out
    assert "0 added, 0 removed, 1 changed" in done.out
    told = world("covenant", "diff", "oud.toml", new, "--json")
    assert (told.code, told.json[0]["veld"], told.json[0]["na"]) == (1, "naam", "Duwo")
    gate = TEXT[
        TEXT.index('[[poort]]\ncode = "signaal-voor-dreiging"') : TEXT.index('[[poort]]\ncode = "terugkoppeling')
    ]
    done = world("covenant", "diff", propose(world, gate, ""), "oud.toml")
    assert "+ signaal-voor-dreiging" in done.out
    done = world("covenant", "diff", "oud.toml", propose(world, "[bewaring]", "[bewaring"))
    assert done.code == 4
    assert "nieuw.toml, line 11: no TOML" in done.err
