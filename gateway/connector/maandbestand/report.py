"""The verdict on a file, for people and for programs. No name, address or content of a cell stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.connector.maandbestand.texts import Language, expected, reasons, wrong
from gateway.connector.maandbestand.verdicts import Beoordeling, Fout, Identity

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "nl": {
        "title": "Maandbestand: {n} rijen",
        "fouten": "Fout ({n}). Er wordt niets verzonden; verbeter het bestand en bied het opnieuw aan.",
        "te_melden": "Te melden ({n})",
        "niet_te_melden": "Niet te melden ({n})",
        "al_gemeld": "Al gemeld, overgeslagen ({n})",
        "dubbel": "Dubbel in dit bestand, overgeslagen ({n})",
        "file": "bestand",
        "line": "regel {n}",
        "column": "kolom {name}",
        "expected": "verwacht",
        "same": "zelfde als regel {n}",
        "window": "Vandaag valt buiten de bezorgdagen van het convenant (dag {first} tot en met {last} van de maand). "
        "Versturen kan; op die dagen verwacht de gemeente het bestand. Crisissignalen ({n}) wachten niet.",
    },
    "en": {
        "title": "Monthly file: {n} rows",
        "fouten": "Wrong ({n}). Nothing is sent; correct the file and offer it again.",
        "te_melden": "To report ({n})",
        "niet_te_melden": "Not to report ({n})",
        "al_gemeld": "Reported before, skipped ({n})",
        "dubbel": "Twice in this file, skipped ({n})",
        "file": "file",
        "line": "line {n}",
        "column": "column {name}",
        "expected": "expected",
        "same": "same as line {n}",
        "window": "Today is not one of the covenant's days of delivery (day {first} up to and including {last} of the "
        "month). It can be sent; on those days the municipality expects it. Crisis signals ({n}) do not wait.",
    },
}


def rapport_tekst(beoordeling: Beoordeling, language: Language = "nl") -> str:
    """Tell the verdict in plain text: every *fout* first, then what goes where, then what is left out and why."""
    return "\n".join(_lines(beoordeling, language)) + "\n"


def _lines(verdict: Beoordeling, language: Language) -> Iterator[str]:
    words = _WORDS[language]
    yield words["title"].format(n=verdict.rijen)
    if verdict.fouten:
        yield words["fouten"].format(n=len(verdict.fouten))
        yield from (f"  {_place(fout, words)}: {_complaint(fout, language)}" for fout in verdict.fouten)
    else:
        yield words["te_melden"].format(n=len(verdict.te_melden))
        yield from (f"  gemeente {code}: {count}" for code, count in verdict.per_gemeente.items())
        yield from _window(verdict, words)
    if verdict.niet_te_melden:
        yield words["niet_te_melden"].format(n=len(verdict.niet_te_melden))
    for left in verdict.niet_te_melden:
        place = words["line"].format(n=left.regel)
        yield f"  {place}, {left.referentie}: {'; '.join(reasons(left, language))}"
    if verdict.al_gemeld:
        yield words["al_gemeld"].format(n=len(verdict.al_gemeld))
    yield from (f"  {words['line'].format(n=row.regel)}, {row.identity.referentie}" for row in verdict.al_gemeld)
    if verdict.dubbel:
        yield words["dubbel"].format(n=len(verdict.dubbel))
    for again in verdict.dubbel:
        yield f"  {words['line'].format(n=again.regel)}: {words['same'].format(n=again.eerste_regel)}"


def _window(verdict: Beoordeling, words: Mapping[str, str]) -> Iterator[str]:
    venster = verdict.buiten_venster
    if venster is not None and verdict.te_melden:
        yield words["window"].format(first=venster.vanDag, last=venster.totDag, n=verdict.crisis)


def _place(fout: Fout, words: Mapping[str, str]) -> str:
    line = words["line"].format(n=fout.regel) if fout.regel else words["file"]
    name = " ".join(part for part in (fout.kolom, f"({fout.kolomnummer})" if fout.kolomnummer else "") if part)
    return f"{line}, {words['column'].format(name=name)}" if name else line


def _complaint(fout: Fout, language: Language) -> str:
    return f"{wrong(fout, language)}; {_WORDS[language]['expected']}: {expected(fout, language)}"


def rapport_json(beoordeling: Beoordeling, language: Language = "nl") -> dict[str, object]:
    """Give the verdict as JSON values; codes are stable; ``wat``, ``verwacht`` and ``teksten`` are for people."""
    return {
        "rijen": beoordeling.rijen,
        "verzendbaar": not beoordeling.fouten,
        "bezorgdagen": {"buiten": beoordeling.buiten_venster is not None, "crisis": beoordeling.crisis},
        "fouten": [
            {
                "regel": fout.regel,
                "kolom": fout.kolom,
                "kolomnummer": fout.kolomnummer,
                "code": fout.code.value,
                "wat": wrong(fout, language),
                "verwacht": expected(fout, language),
            }
            for fout in beoordeling.fouten
        ],
        "teMelden": [
            {"regel": row.regel, **_identity(row.identity), "gemeente": row.gemeente, "ontvanger": row.ontvanger}
            for row in beoordeling.te_melden
        ],
        "nietTeMelden": [
            {
                "regel": row.regel,
                "referentie": row.referentie,
                "redenen": [reden.value for reden in row.redenen],
                "teksten": list(reasons(row, language)),
            }
            for row in beoordeling.niet_te_melden
        ],
        "alGemeld": [{"regel": row.regel, **_identity(row.identity)} for row in beoordeling.al_gemeld],
        "dubbel": [{"regel": row.regel, "eersteRegel": row.eerste_regel} for row in beoordeling.dubbel],
    }


def _identity(identity: Identity) -> dict[str, str]:
    return {
        "referentie": identity.referentie,
        "ontstaansdatum": identity.ontstaansdatum.isoformat(),
        "peildatum": identity.peildatum.isoformat(),
    }
