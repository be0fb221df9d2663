"""A sound row becomes the message to its municipality: the block ``bericht`` of DOMAIN 3.4, without ``kop``."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import ValidationError

from gateway.connector.maandbestand.columns import Header
from gateway.connector.maandbestand.rows import Row
from gateway.connector.maandbestand.verdicts import Fout, FoutCode, TeMelden
from schemas.berichten.signaal import Vroegsignaal

_SAID = {
    "referentieCorporatie": "referentie",
    "huisnummertoevoeging": "toevoeging",
    "bedragCent": "bedrag",
    "aantalMaanden": "aantal_maanden",
    "contactpogingen": "contact_op",
    "soort": "contact_soort",
    "bereikt": "contact_bereikt",
    "gewezenOpSchuldhulpOp": "gewezen_schuldhulp_op",
    "herinneringen": "herinnering_op",
    "aanbodGegevensdelingOp": "aanbod_op",
    "reactieHuurder": "reactie",
    "crisissignaal": "crisis",
    "warmeOverdracht": "warme_overdracht",
    "regelingLoopt": "regeling_loopt",
    "convenantUitsluiting": "convenant_uitsluiting",
}
"""Which column a field of the message comes from, where the names differ."""


def to_report(row: Row, header: Header) -> TeMelden | tuple[Fout, ...]:
    """Make the message of a row that may be reported.

    The columns' forms are meant to be as strict as the message's own schema; where the schema is stricter
    after all, that is a *fout* too: nothing that a recipient would refuse is sent.
    """
    try:
        bericht = Vroegsignaal.model_validate_json(json.dumps(_said(row)))
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False, include_input=False)
        return tuple(dict.fromkeys(_unfit(row, header, problem["loc"]) for problem in told))
    return TeMelden(row.regel, row.identity, row.digest(), row.route.gemeente.code, row.route.ontvanger, bericht)


def _unfit(row: Row, header: Header, loc: tuple[int | str, ...]) -> Fout:
    """Point to the column of the innermost field that is one; what the schema says of the value stays here."""
    names = [_SAID.get(str(part), str(part)) for part in loc]
    column = next((name for name in reversed(names) if header.number(name)), "")
    data = (("veld", ".".join(str(part) for part in loc) or "vroegsignaal"),)
    return Fout(row.regel, column, header.number(column), FoutCode.BERICHT_ONGELDIG, "vroegsignaal", data)


def _said(row: Row) -> Mapping[str, object]:
    return {
        "huurder": _filled(_huurder(row)),
        "achterstand": {
            "bedragCent": row.bedrag,
            "peildatum": row.peildatum.isoformat(),
            "ontstaansdatum": row.ontstaansdatum.isoformat(),
            "aantalMaanden": float(row.aantal_maanden),  # one decimal: JSON spells it back exactly
        },
        "incassoVerantwoording": _incasso(row),
        "crisissignaal": row.crisis,
        "warmeOverdracht": row.warme_overdracht,
        "regelingLoopt": row.regeling_loopt,
        "convenantUitsluiting": row.convenant_uitsluiting,
    }


def _huurder(row: Row) -> Mapping[str, object]:
    return {
        "referentieCorporatie": row.referentie,
        "voorletters": row.voorletters,
        "voorvoegsel": row.voorvoegsel,
        "achternaam": row.achternaam,
        "geboortedatum": row.geboortedatum and row.geboortedatum.isoformat(),
        "postcode": row.postcode,
        "huisnummer": row.huisnummer,
        "huisletter": row.huisletter,
        "huisnummertoevoeging": row.toevoeging,
        "woonplaats": row.woonplaats,
        "telefoon": row.telefoon,
        "email": row.email,
    }


def _incasso(row: Row) -> Mapping[str, object]:
    attempts = zip(row.contact_op, row.contact_soort, row.contact_bereikt, strict=True)
    return _filled(
        {
            "contactpogingen": [
                {"datum": day.isoformat(), "soort": kind, "bereikt": reached} for day, kind, reached in attempts
            ],
            "gewezenOpSchuldhulpOp": row.gewezen_schuldhulp_op and row.gewezen_schuldhulp_op.isoformat(),
            "herinneringen": [day.isoformat() for day in row.herinnering_op],
            "aanbodGegevensdelingOp": row.aanbod_op and row.aanbod_op.isoformat(),
            "reactieHuurder": row.reactie,
        }
    )


def _filled(fields: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
