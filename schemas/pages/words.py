"""Dutch words for what data say in codes: kinds of participants, classes, fields, values, lists."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.berichten.klassen import DataClass
from schemas.catalogue import CATALOGUE
from schemas.covenants import Betrokkene, Gevolg, Soort, Voorwaarde

KINDS: Mapping[Soort, str] = {
    Soort.COR: "woningcorporatie",
    Soort.GEM: "gemeente",
    Soort.SWT: "sociaal wijkteam",
    Soort.SHV: "schuldhulpverlener",
    Soort.MZO: "meldpunt zorg en overlast",
}
CLASSES: Mapping[DataClass, str] = {
    DataClass.G: "geen persoonsgegeven",
    DataClass.P1: "wie iemand is en hoe hij te bereiken is",
    DataClass.P2: "financieel of kwetsbaar",
    DataClass.P3: "burgerservicenummer",
    DataClass.P4: "bijzonder of strafrechtelijk, AVG art. 9 en 10",
}
EFFECTS: Mapping[Gevolg, str] = {
    Gevolg.BLOKKEERT: "anders weigert de beurs het bericht",
    Gevolg.WAARSCHUWT: "anders gaat het bericht door en krijgen beide partijen een ondertekende waarschuwing",
}


@cache
def texts() -> Mapping[str, Any]:
    """Give the tables of ``velden.toml``: ``velden``, ``voorwaarden`` and ``waarden``."""
    return tomllib.loads(files("schemas.texts").joinpath("velden.toml").read_text(encoding="utf-8"))


def key_of(path: str) -> str:
    """Give the key under which the meaning of a field stands: the longest end of ``type.path`` that is there.

    Raises:
        KeyError: nobody said what the field means; add it to ``schemas/texts/velden.toml``.
    """
    parts = path.split(".")
    for start in range(len(parts)):
        key = ".".join(parts[start:])
        if key in texts()["velden"]:
            return key
    raise KeyError(f"{path}: no meaning in schemas/texts/velden.toml")


def meaning(path: str) -> str:
    """Say what a field means. Raises ``KeyError`` as ``key_of``."""
    return str(texts()["velden"][key_of(path)])


def listed(words: Sequence[str], last: str = "en") -> str:
    """Join words as a sentence does."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def code(value: object) -> str:
    """Spell a value as it travels."""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def link(type_code: str) -> str:
    """Name a type, with a link to its page."""
    item = CATALOGUE[type_code]
    return f"[{item.name}]({item.name}.md)"


def links(type_codes: Sequence[str], last: str = "en") -> str:
    """Name types, each with a link to its page."""
    return listed([link(one) for one in type_codes], last)


def party(who: Betrokkene | Soort) -> str:
    """Name a party of a message, or whoever of the dossier is of that kind."""
    return f"de {who}" if isinstance(who, Betrokkene) else f"wie in het dossier {KINDS[who]} is"


def condition(als: Voorwaarde) -> str:
    """Say what fields must say; empty where nothing is asked."""
    return listed(
        [
            f"`{field}` {'er staat' if values == ('*',) else listed([code(v) for v in values], 'of') + ' is'}"
            for field, values in als.items()
        ]
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Write a table in Markdown."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
