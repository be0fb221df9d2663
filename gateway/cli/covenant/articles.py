"""The covenant as tables: who takes part, who sends what to whom, which terms and gates count."""

from __future__ import annotations

from gateway.cli.covenant.agreed import name_of, short_of
from gateway.cli.speech import out, table
from schemas.covenants import (
    Bereikt,
    BerichtRegel,
    Convenant,
    Deelnemer,
    Eerder,
    Gevolg,
    Inhoudstermijn,
    Melding,
    Poort,
    Route,
    Soort,
    Termijn,
    Voorwaarde,
)

EFFECT = {Gevolg.BLOKKEERT: "blocks", Gevolg.WAARSCHUWT: "warns"}


def show(convenant: Convenant) -> None:
    """Print the whole covenant."""
    out.print(heading(convenant), soft_wrap=True)
    out.print(f"Digest {convenant.digest}\n", soft_wrap=True)
    rows = [_party(convenant, deelnemer) for deelnemer in convenant.deelnemers]
    table(f"{len(rows)} participants", ("name", "kind", "works for", "mailboxes", "oin"), rows)
    types = [_type(regel) for regel in convenant.berichten]
    table(f"\n{len(types)} message types", ("", "type", "from → to", "answers"), types)
    gates = [_gate(poort) for poort in convenant.poorten]
    table(f"\n{len(gates)} gates", ("gate", "before", "effect", "unless first came"), gates)
    terms = [_term(termijn) for termijn in convenant.termijnen]
    table(f"\n{len(terms)} reply terms, watched by the exchange", ("term", "after", "within", "answer", "told"), terms)
    content = [_content_term(termijn) for termijn in convenant.inhoudstermijnen]
    columns = ("term", "after", "within", "owed by", "met by")
    table(f"\n{len(content)} terms on content, watched by the connectors", columns, content)


def heading(convenant: Convenant) -> str:
    """Say in a line which covenant it is, and from when on it holds."""
    return f"{convenant.naam}, version {convenant.versie}, from {convenant.geldigVanaf.isoformat()}"


def way(van: Soort | None, naar: Soort | None) -> str:
    """Say from which kind to which; nothing where neither is named."""
    return f"{van or 'any'}→{naar or 'any'}" if van or naar else ""


def opening(poort: Poort) -> str:
    """Say which earlier messages open a gate."""
    return " or ".join(_earlier(eerder) for eerder in poort.eerst)


def told(meldingen: tuple[Melding, ...]) -> str:
    """Say who is told that a term ended, and when."""
    return "; ".join(f"{' and '.join(m.aan)} {f'{m.na} later' if m.na else 'at once'}" for m in meldingen)


def said(als: Voorwaarde) -> str:
    """Say a condition as people read it; nothing if there is none."""
    return ", ".join(f"{veld} = {'/'.join(_value(value) for value in values)}" for veld, values in als.items())


def met_by(termijn: Inhoudstermijn) -> str:
    """Say which messages meet a term on content."""
    return ", ".join(name_of(v.type) + (f" ({said(v.als)})" if v.als else "") for v in termijn.vervuld)


def after(termijn: Inhoudstermijn) -> str:
    """Say what makes a term on content begin."""
    return name_of(termijn.op) + (f" ({said(termijn.als)})" if termijn.als else "")


def _value(value: str | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "given" if value == "*" else value


def _earlier(eerder: Eerder) -> str:
    far = "" if eerder.bereikt is Bereikt.AANVAARD else f"once {eerder.bereikt}"
    return " ".join(part for part in (short_of(eerder.type), way(eerder.van, eerder.naar), far) if part)


def _party(convenant: Convenant, deelnemer: Deelnemer) -> tuple[str, ...]:
    everywhere = len(deelnemer.gebied) == len(convenant.gemeenten)
    areas = (
        "all five"
        if everywhere and len(convenant.gemeenten) == 5
        else ", ".join(convenant.gemeente(code).naam for code in deelnemer.gebied)
    )
    return deelnemer.naam, deelnemer.soort, areas, " ".join(deelnemer.namen), deelnemer.oin


def _type(regel: BerichtRegel) -> tuple[str, ...]:
    ways = ", ".join(_route(route) for route in regel.routes) if regel.inGebruik else "not in use"
    answers = " ".join(short_of(code) for code in regel.antwoordOp)
    return short_of(regel.code), name_of(regel.code), ways, answers


def _route(route: Route) -> str:
    notes = {"opens a dossier": route.opent, "after help": route.naHulp, "any area": not route.gebied}
    named = ", ".join(note for note, holds in notes.items() if holds)
    return way(route.van, route.naar) + (f" ({named})" if named else "")


def _gate(poort: Poort) -> tuple[str, ...]:
    before = " ".join(part for part in (short_of(poort.voor), way(poort.van, poort.naar)) if part)
    return poort.code, before, EFFECT[poort.gevolg], opening(poort)


def _term(termijn: Termijn) -> tuple[str, ...]:
    answer = " ".join(short_of(code) for code in termijn.door)
    return termijn.code, short_of(termijn.op), str(termijn.binnen), answer, told(termijn.meldingen)


def _content_term(termijn: Inhoudstermijn) -> tuple[str, ...]:
    after = f"{short_of(termijn.op)}{f' if {said(termijn.als)}' if termijn.als else ''}"
    within = f"{termijn.binnen}{f' of {termijn.vanaf}' if termijn.vanaf else ''}"
    return termijn.code, after, within, termijn.plichtige, " ".join(short_of(v.type) for v in termijn.vervuld)
