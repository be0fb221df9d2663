"""The form of one field, in words, from its published JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from schemas.berichten import geldvormen, vormen
from schemas.pages.words import code, listed
from schemas.values import Bsn, MessageId, Oin, Postcode, RandomId

Schema = Mapping[str, Any]

_WORDS: tuple[tuple[Any, str], ...] = (
    (vormen.Naam, "naam in Latijns schrift, zonder cijfers, ten hoogste 200 tekens"),
    (vormen.Plaats, "plaatsnaam, ten hoogste 80 tekens"),
    (vormen.Voorletters, "letters, punten en spaties, ten hoogste 20 tekens"),
    (vormen.Voorvoegsel, "woorden zonder cijfers, ten hoogste 20 tekens"),
    (vormen.Werknaam, "naam in Latijns schrift, zonder cijfers, ten hoogste 80 tekens"),
    (vormen.Organisatienaam, "naam van een persoon of organisatie, zonder BSN, ten hoogste 200 tekens"),
    (vormen.Referentie, "ten hoogste 35 tekens (ASCII), zonder spatie aan begin of eind"),
    (vormen.Kenmerk, "ten hoogste 35 letters, cijfers en `.` `/` `_` `-`, met ten minste één cijfer"),
    (vormen.Huisletter, "één letter"),
    (vormen.Toevoeging, "één tot vier letters, cijfers of streepjes"),
    (vormen.AdresseerbaarObjectId, "zestien cijfers (BAG)"),
    (vormen.Telefoon, "internationaal, zoals `+31715160000`"),
    (vormen.Email, "mailadres, zonder BSN, ten hoogste 254 tekens"),
    (vormen.Toelichting, "één regel tekst, zonder BSN, ten hoogste 280 tekens"),
    (vormen.Datum, "datum, `JJJJ-MM-DD`"),
    (geldvormen.Iban, "Nederlandse IBAN zonder spaties, met kloppende controlecijfers"),
    (geldvormen.Zaaknummer, "ECLI, of zeven of acht cijfers met of zonder rolnummer"),
    (Postcode, "vier cijfers en twee letters, zonder spatie"),
    (Bsn, "negen cijfers die de elfproef doorstaan"),
    (Oin, "OIN, twintig tekens"),
    (MessageId, "UUID, versie 7, kleine letters"),
    (RandomId, "UUID, versie 4, kleine letters"),
)


def _form(schema: Schema) -> tuple[object, ...]:
    return schema.get("pattern"), schema.get("maxLength")


STRINGS: Mapping[tuple[object, ...], str] = {_form(TypeAdapter(kind).json_schema()): words for kind, words in _WORDS}
"""What each form of text is called, by its pattern and greatest length; two kinds of one form share their words."""


def in_words(name: str, schema: Schema) -> str:
    """Say the form of a leaf field.

    Raises:
        KeyError: a form that has no words yet; add it to ``_WORDS``.
    """
    if "enum" in schema or "const" in schema:
        return listed([code(one) for one in schema.get("enum", [schema.get("const")])], "of")
    reader = {"array": _array, "integer": _integer, "number": _number, "boolean": _boolean, "string": _string}
    return reader[schema["type"]](name, schema)


def _string(name: str, schema: Schema) -> str:
    if _form(schema) not in STRINGS:
        raise KeyError(f"{name}: a form of text without words in schemas/pages/forms.py")
    return STRINGS[_form(schema)]


def _boolean(_: str, __: Schema) -> str:
    return "`true` of `false`"


def _integer(name: str, schema: Schema) -> str:
    if name.endswith("Cent"):
        return f"hele eurocenten, {'meer dan nul' if 'exclusiveMinimum' in schema else 'nul of meer'}"
    return f"geheel getal, {schema['minimum']} tot en met {schema['maximum']}"


def _number(_: str, schema: Schema) -> str:
    most = str(schema["maximum"]).replace(".", ",")
    return f"getal, {schema['minimum']} tot en met {most}, hooguit één decimaal"


def _array(name: str, schema: Schema) -> str:
    return f"lijst van {bounds(schema)}: {in_words(name, schema['items'])}"


def bounds(schema: Schema) -> str:
    """Say how many a list holds."""
    most = f"{schema['maxItems']}{', elk één keer' if schema.get('uniqueItems') else ''}"
    return f"{schema.get('minItems', 0)} tot en met {most}"
