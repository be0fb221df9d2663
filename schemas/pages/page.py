"""One page: what a developer, a case worker and an auditor want to know of a message type, in this order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from schemas.berichten.berichttype import MessageType
from schemas.berichten.klassen import DataClass
from schemas.covenants import BerichtRegel, Convenant
from schemas.pages import fields, limits, rules
from schemas.pages.words import CLASSES, KINDS, code, links, listed, table

NOTE = "<!-- Gemaakt door python -m schemas.pages: wijzig het model, het convenant of schemas/texts/velden.toml. -->"
SECTIONS = (
    "Doel en grondslag",
    "Wie stuurt het aan wie",
    "Velden",
    "Voorwaarden tussen velden",
    "Voorbeelden",
    "Wat wordt geweigerd",
    "Antwoorden",
    "Termijnen",
    "Poorten",
    "Grenzen aan de inhoud",
    "Bewaren",
)
"""The sections that every page has."""

PROJECTION = "Wat de corporatie ziet"
"""The section that the page of the feedback has besides."""


EVERYWHERE = (
    "- Geen bericht van of aan een corporatie heeft een BSN of vrije tekst. Over verblijf zegt geen bericht iets.",
    "- Een veld dat leeg is, wordt weggelaten; `null` is geen waarde, en een onbekend veld wordt geweigerd.",
    "- Bedragen zijn hele eurocenten. Datums zijn dagen in Nederland.",
    "- Afzender, ontvanger, dossier en het bericht waarop wordt geantwoord staan op de envelop, niet in het bericht.",
    "- De koppeling van de afzender controleert voor het sturen, die van de ontvanger na het openen. Wie weigert,",
    "  ondertekent een technische code; wat er inhoudelijk van wordt gevonden, staat in een antwoord.",
)
"""What holds for every type."""


@dataclass(frozen=True, slots=True)
class Examples:
    """The published examples of one type: those that pass, and those that are refused, by the name of the file."""

    good: Mapping[str, Any]
    refused: Mapping[str, Any]


def page(item: MessageType, convenant: Convenant, examples: Examples) -> str:
    """Write the page of one type. Raises ``KeyError`` if a field, a form or the type's rule is missing."""
    regel = convenant.bericht(item.code)
    if regel is None:
        raise KeyError(f"{item.code}: not in the covenant")
    parts = (
        _purpose(item, regel),
        rules.routes(regel),
        [*fields.tables(item), *fields.values(item)],
        list(fields.between(item)) or ["Er zijn er geen."],
        _examples(examples.good),
        _refused(item, examples.refused),
        rules.answers(convenant, regel),
        rules.terms(convenant, regel),
        rules.gates(convenant, regel),
        list(limits.limits(convenant, regel)) or ["- Het convenant stelt er geen."],
        rules.keeping(convenant, item, regel),
    )
    lines = [f"# {item.title_nl} ({item.short})", "", NOTE, "", item.description]
    for title, part in zip(SECTIONS, parts, strict=True):
        lines += ["", f"## {title}", "", *part]
    if item.name == "terugkoppeling":
        lines += ["", f"## {PROJECTION}", "", *rules.projection(convenant)]
    return "\n".join(lines) + "\n"


def _purpose(item: MessageType, regel: BerichtRegel) -> Iterator[str]:
    schema = f"{item.name}.v{item.version.partition('.')[0]}.schema.json"
    rows = [
        ("Doel", regel.doel),
        ("Grondslag", regel.grondslag),
        ("In gebruik", "ja" if regel.inGebruik else "nee: niemand mag het sturen"),
        ("Type", f"{code(item.code)}, versie {item.version}"),
        ("Schema", f"[{schema}](../../schemas/published/berichten/{schema})"),
        ("Hoogste gegevensklasse", f"{item.data_class}: {CLASSES[item.data_class]}"),
        ("Engels", item.title_en),
    ]
    yield from table(("", ""), rows)


def _examples(good: Mapping[str, Any]) -> Iterator[str]:
    order = sorted(good, key=lambda name: (not name.startswith("volledig"), name != "minimaal", name))
    for at, name in enumerate(order):
        title = name.replace("-", " ").capitalize()
        yield from ([""] if at else [])
        yield from (f"### {title}", "", "```json", json.dumps(good[name], ensure_ascii=False, indent=2), "```")


def _refused(item: MessageType, refused: Mapping[str, Any]) -> Iterator[str]:
    yield "Elk voorbeeld staat in de map van dit type, onder `geweigerd`."
    yield ""
    rows = [(one["waarom"], _sees(one), _file(item, name)) for name, one in sorted(refused.items())]
    yield from table(("Waarom", "Wie het ziet", "Voorbeeld"), rows)


def _sees(one: Mapping[str, Any]) -> str:
    return "het schema" if one["schemaZietHet"] else "de koppeling"


def _file(item: MessageType, name: str) -> str:
    return f"[{name}](../../schemas/published/examples/{PurePosixPath(item.name, 'geweigerd', name)}.json)"


def index(items: Sequence[MessageType], convenant: Convenant) -> str:
    """Write the page that leads to the others."""
    rows = [_row(item, convenant) for item in items]
    lines = [
        "# De berichten",
        "",
        NOTE,
        "",
        f"De {len(items)} berichttypen van het convenant ({convenant.naam}, versie {convenant.versie}).",
        "Elke pagina zegt waarvoor een bericht is, wie het aan wie stuurt, wat erin staat en wat niet, wat erop volgt",
        "en hoe lang het blijft.",
        "",
        *table(("", "Bericht", "Van en aan", "Antwoord", "Termijn", "In gebruik"), rows),
        "",
        "Ontvangst is geen bericht: dat zeggen de ontvangstbewijzen, zie [De API voor deelnemers](../api.md).",
        "",
        "## Voor elk bericht",
        "",
        *EVERYWHERE,
        "",
        "## Partijen",
        "",
        *table(("Code", "Partij"), [(soort.value, words) for soort, words in KINDS.items()]),
        "",
        "## Gegevensklassen",
        "",
        *table(("Klasse", "Wat", "Bewaren na sluiten"), _classes(convenant)),
        "",
        "Na deze termijnen wissen is afgesproken, en wordt nog niet uitgevoerd.",
    ]
    return "\n".join(lines) + "\n"


def _row(item: MessageType, convenant: Convenant) -> tuple[str, ...]:
    regel = convenant.bericht(item.code)
    if regel is None:
        raise KeyError(f"{item.code}: not in the covenant")
    ways: dict[str, list[str]] = {}
    for route in regel.routes:
        ways.setdefault(route.van, []).append(route.naar)
    replies = [one.code for one in convenant.berichten if item.code in one.antwoordOp]
    return (
        item.short,
        f"[{item.title_nl}]({item.name}.md)",
        "; ".join(f"{van} aan {listed(naar)}" for van, naar in ways.items()),
        links(replies, "of"),
        listed([f"{one.binnen}" for one in convenant.termijnen_op(item.code)]),
        "ja" if regel.inGebruik else "nee",
    )


def _classes(convenant: Convenant) -> list[tuple[str, ...]]:
    kept = convenant.bewaring.klassen
    return [(one.value, CLASSES[one], f"{kept[one]} maanden") for one in DataClass]
