"""The pages of docs/berichten are complete, and are what the models, the covenant, the examples and the texts say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from schemas.berichten.berichttype import MessageType
from schemas.berichten.klassen import data_class, leaves
from schemas.berichten.projectie import PROJECTIE
from schemas.catalogue import TYPEN
from schemas.covenants import Convenant, leidse_regio, load_covenant
from schemas.pages import main, pages, stale
from schemas.pages.conditions import conditions
from schemas.pages.fields import blocks, keys, lists
from schemas.pages.forms import in_words
from schemas.pages.page import PROJECTION, SECTIONS, Examples, index, page
from schemas.pages.words import key_of, texts

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "berichten"
EXAMPLES = ROOT / "schemas" / "published" / "examples"
PAGES = {name: data.decode() for name, data in pages()}
TEXT = leidse_regio().decode()
CONVENANT = load_covenant(leidse_regio())
BY_NAME = {item.name: item for item in TYPEN}


def section(name: str, title: str) -> str:
    """Give what stands under a heading of a type's page."""
    return PAGES[f"{name}.md"].split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0].strip()


def written(item: MessageType, convenant: Convenant = CONVENANT) -> str:
    return page(item, convenant, Examples({}, {}))


def test_the_pages_are_what_the_code_says() -> None:
    """Nobody edits a page by hand, and nothing that it tells changes in silence."""
    assert stale(FOLDER) == []
    assert main(["--check"], FOLDER) == 0


def test_drift_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed, a missing and a superfluous page are each named, and writing again mends the first two."""
    folder = tmp_path / "docs" / "berichten"
    assert main([], folder) == 0
    assert stale(folder) == []
    (folder / "vroegsignaal.md").write_text("anders", encoding="utf-8")
    (folder / "afsluiting.md").unlink()
    (folder / "oud.md").write_text("oud", encoding="utf-8")
    assert stale(folder) == ["afsluiting.md", "oud.md", "vroegsignaal.md"]
    assert main(["--check"], folder) == 1
    assert "run python -m schemas.pages" in capsys.readouterr().out
    assert main([], folder) == 0
    assert stale(folder) == ["oud.md"]


def test_there_is_a_page_for_each_type_and_the_index_leads_to_it() -> None:
    """All seventeen, and no others; the index has a row for each with its short code."""
    assert PAGES.keys() == {"README.md", *(f"{item.name}.md" for item in TYPEN)}
    for item in TYPEN:
        assert f"| {item.short} | [{item.title_nl}]({item.name}.md) |" in PAGES["README.md"]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_section_is_there_with_something_in_it(name: str) -> None:
    """The same sections in the same order; what has nothing to say says that."""
    found = re.findall(r"^## (.*)$", PAGES[f"{name}.md"], re.MULTILINE)
    assert tuple(found) == (*SECTIONS, PROJECTION) if name == "terugkoppeling" else tuple(found) == SECTIONS
    assert all(section(name, title) for title in found)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_leaf_is_told_with_its_class(name: str) -> None:
    """Each field of the model stands in a table, required or not as the model has it, with its data class."""
    told = section(name, "Velden")
    for path, field in leaves(BY_NAME[name].model):
        rows = [row.split(" | ") for row in told.splitlines() if row.startswith(f"| `{path.rpartition('.')[2]}` |")]
        classes = [row[3] for row in rows]
        assert str(data_class(field)) in classes, path
        assert any((row[2] == "ja") is field.is_required() for row in rows), path
        assert all(row[4].endswith(". |") for row in rows), path


def test_every_field_has_a_meaning_and_no_meaning_is_superfluous() -> None:
    """The table of texts names every field of every type, and nothing that no field uses."""
    used = set().union(*(keys(item) for item in TYPEN))
    assert used == set(texts()["velden"])
    for key, said in texts()["velden"].items():
        assert said[0].isupper(), key
        assert said.endswith("."), key


def test_every_code_has_words_and_no_words_are_superfluous() -> None:
    """A list of codes is explained code for code; one that is spelled in words (DDAS) needs none."""
    found = {name: members for item in TYPEN for name, members in lists(item).items()}
    explained = {name: list(said) for name, said in texts()["waarden"].items()}
    for name, members in found.items():
        if any(re.fullmatch(r"[A-Z_]+", member) for member in members):
            assert sorted(explained[name]) == sorted(members), name
    assert explained.keys() <= found.keys()


def test_every_condition_that_a_schema_cannot_say_is_of_a_type_or_block() -> None:
    """No sentence is left of a block that is gone."""
    known = {block.name for item in TYPEN for block in blocks(item)}
    assert set(texts()["voorwaarden"]) <= known


def _models(model: type[BaseModel]) -> set[type[BaseModel]]:
    found = {model}
    for field in model.model_fields.values():
        stack: list[Any] = [field.annotation]
        while stack:
            one = stack.pop()
            stack.extend(get_args(one))
            if isinstance(one, type) and issubclass(one, BaseModel):
                found |= _models(one)
    return found


@pytest.mark.parametrize("name", BY_NAME)
def test_a_model_with_conditions_has_them_on_its_page(name: str) -> None:
    """Whatever a model checks between its fields is said, by the schema or by the texts."""
    item = BY_NAME[name]
    said = {block.name: conditions(block.name, block.schema) for block in blocks(item)}
    for model in _models(item.model):
        if model.__pydantic_decorators__.model_validators:
            assert said[item.name if model is item.model else model.__name__], model
    assert all(sentence in section(name, "Voorwaarden tussen velden") for one in said.values() for sentence in one)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_example_is_shown_and_every_refusal_explained(name: str) -> None:
    """The published examples stand on the page as published, and of each that is refused it says why."""
    shown = [json.loads(one) for one in re.findall(r"```json\n(.*?)\n```", section(name, "Voorbeelden"), re.DOTALL)]
    good = [json.loads(path.read_text(encoding="utf-8")) for path in (EXAMPLES / name).glob("*.json")]
    assert len(shown) == len(good)
    assert all(one in shown for one in good)
    assert "### Volledig" in section(name, "Voorbeelden")
    assert "### Minimaal" in section(name, "Voorbeelden")
    for path in (EXAMPLES / name / "geweigerd").glob("*.json"):
        assert f"| {json.loads(path.read_text(encoding='utf-8'))['waarom']} |" in section(name, "Wat wordt geweigerd")


@pytest.mark.parametrize("name", BY_NAME)
def test_every_rule_of_the_covenant_is_told(name: str) -> None:
    """Legal basis, routes, answers, terms and gates of the covenant stand on the page of the type they are about."""
    item, text = BY_NAME[name], PAGES[f"{name}.md"]
    regel = CONVENANT.bericht(item.code)
    assert regel is not None
    assert regel.grondslag in text
    assert regel.doel in text
    assert ("In gebruik | ja" in text) is regel.inGebruik
    for route in regel.routes:
        row = next(
            line
            for line in section(name, "Wie stuurt het aan wie").splitlines()
            if [cell[-4:-1] for cell in line.split(" | ")[:2]] == [route.van, route.naar]
        )
        assert ("pas nadat de huurder hulp heeft aangenomen" in row) is route.naHulp
        assert ("mag een dossier openen" in row) is route.opent
        assert ("dezelfde gemeente" in row) is route.gebied
    for other in CONVENANT.berichten:
        back = other.code.split(".")[2]
        assert (f"[{back}]({back}.md)" in section(name, "Antwoorden")) is (
            item.code in other.antwoordOp or other.code in regel.antwoordOp
        )
    for term in (*CONVENANT.termijnen, *CONVENANT.inhoudstermijnen):
        assert (f"**{term.code}**" in section(name, "Termijnen")) is (term.op == item.code)
    for gate in CONVENANT.poorten:
        assert (f"**{gate.code}**" in section(name, "Poorten")) is (gate.voor == item.code)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_promises_what_is_not_done(name: str) -> None:
    """How long data are kept is agreed; that nothing is erased by it yet stands where a reader sees the terms."""
    assert "wordt nog niet uitgevoerd" in PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    """A link is to a file that is there, or to a heading of the page."""
    headings = {f"#{one.lower().replace(' ', '-')}" for one in re.findall(r"^#+ (.*)$", PAGES[name], re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]*)\)", PAGES[name]):
        assert target in headings if target.startswith("#") else (FOLDER / target).resolve().exists(), target


def test_the_projection_is_whole() -> None:
    """Every result that a municipality knows, with what the corporation sees, on the page of the feedback alone."""
    told = section("terugkoppeling", PROJECTION)
    for known, seen in PROJECTIE.items():
        assert f"| {known.value} | `{seen.value}` |" in told
    assert [name for name, text in PAGES.items() if f"## {PROJECTION}" in text] == ["terugkoppeling.md"]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ('binnen = "10 werkdagen"', 'binnen = "9 werkdagen"', "saldoverzoek"),
        ('gevolg = "waarschuwt"', 'gevolg = "blokkeert"', "dreigende-ontruiming"),
        ("inGebruik = false", "inGebruik = true", "zorgmelding"),
        ('{ van = "COR", naar = "GEM", opent = true }', '{ van = "COR", naar = "GEM" }', "vroegsignaal"),
        ("P3 = 6, P4 = 6", "P3 = 6, P4 = 7", "zorgmelding"),
        ('"Inwoner is overleden" = "OVERLEDEN"', '"Inwoner is overleden" = "NIET_OPGEPAKT"', "terugkoppeling"),
        ('bsnNaar = ["SHV", "GEM"]', 'bsnNaar = ["SHV"]', "verwijzing"),
        ("minimumCent = 10000", "minimumCent = 12550", "vroegsignaal"),
    ],
)
def test_a_change_of_the_covenant_shows(old: str, new: str, name: str) -> None:
    """Planted: another term, effect, route, retention, projection or threshold is another page."""
    assert old in TEXT
    changed = load_covenant(TEXT.replace(old, new, 1).encode())
    assert written(BY_NAME[name], changed) != written(BY_NAME[name])


def test_a_change_of_use_shows_in_the_index() -> None:
    """Planted: a type that is taken into use is told so there too."""
    changed = load_covenant(TEXT.replace("inGebruik = false", "inGebruik = true").encode())
    assert index(TYPEN, changed) != index(TYPEN, CONVENANT)


def test_a_field_without_a_text_is_an_error() -> None:
    """Planted: a new field cannot stay without a meaning, nor take that of another block by chance."""
    with pytest.raises(KeyError, match="no meaning"):
        key_of("vroegsignaal.huurder.lievelingskleur")
    assert key_of("vroegsignaal.huurder.vertegenwoordiger.email") == "vertegenwoordiger.email"
    assert key_of("vroegsignaal.huurder.email") == "email"


def test_a_form_without_words_is_an_error() -> None:
    """Planted: a new form of text cannot stay without words."""
    with pytest.raises(KeyError, match="without words"):
        in_words("kleur", {"type": "string", "pattern": "^rood$"})


@pytest.mark.parametrize(
    "rule",
    [
        {"if": {"properties": {"a": {"pattern": "x"}}}, "then": {"required": ["b"]}},
        {"if": {"properties": {"a": {"const": 1}}}, "then": {"minProperties": 2}},
        {"if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"b": {"minimum": 2}}}},
        {"if": {"properties": {"a": {"const": 1}}}, "else": {"required": ["b"]}},
        {"oneOf": [{"not": {}}]},
    ],
)
def test_a_condition_without_words_is_an_error(rule: dict[str, Any]) -> None:
    """Planted: a schema that says something new is not passed over."""
    with pytest.raises(ValueError, match="no words yet"):
        conditions("geen", {"properties": {}, "allOf": [rule]})


def test_a_type_without_a_rule_is_an_error() -> None:
    """Planted: a type that the covenant does not have gets no page."""
    item = MessageType("geen", "GEEN", "", "", BY_NAME["afsluiting"].model, "", "", "")
    with pytest.raises(KeyError, match="not in the covenant"):
        written(item)
    with pytest.raises(KeyError, match="not in the covenant"):
        index([item], CONVENANT)
