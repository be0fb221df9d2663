"""The bounds that the covenant sets to the content of a type, which the connectors at both ends hold it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from schemas.berichten.berichttype import code_of
from schemas.covenants import BerichtRegel, Convenant, Gemeente
from schemas.pages.words import KINDS, code, listed, table


def limits(convenant: Convenant, regel: BerichtRegel) -> Iterator[str]:
    """Write the bounds of one type; nothing if it has none."""
    if any(route.naHulp for route in regel.routes):
        states = listed([code(one) for one in convenant.grenzen.hulpStanden], "of")
        yield f"- *Pas nadat de huurder hulp heeft aangenomen*: het spoor hulp staat op {states}."
    if regel.code in _OWN:
        yield from _OWN[regel.code](convenant)


def _signal(convenant: Convenant) -> Iterator[str]:
    window = convenant.bezorgvenster
    yield f"- Maandbestanden komen van de {window.vanDag}e tot en met de {window.totDag}e van de maand;"
    yield "  een crisissignaal wacht daar niet op."
    yield "- Onder de drempel van de gemeente van de woning wordt niet gemeld:"
    yield ""
    yield from table(
        ("Gemeente", "Ten minste", "Dagen sinds het ontstaan"), [_threshold(one) for one in convenant.gemeenten]
    )


def _threshold(gemeente: Gemeente) -> tuple[str, str, str]:
    most = f" tot en met {gemeente.maximumDagen}" if gemeente.maximumDagen else " of meer"
    euros, cents = divmod(gemeente.minimumCent, 100)
    return f"{gemeente.naam} ({gemeente.code})", f"€ {euros},{cents:02}", f"{gemeente.minimumDagen}{most}"


def _referral(convenant: Convenant) -> Iterator[str]:
    yield f"- Een BSN gaat alleen naar {listed([KINDS[one] for one in convenant.grenzen.bsnNaar], 'of')}."


def _plan(convenant: Convenant) -> Iterator[str]:
    testers = listed([KINDS[one] for one in convenant.grenzen.toetsers], "of")
    yield f"- De toets op het bestaansminimum is van {testers}, nooit van een corporatie. De `toetser` is een"
    yield "  van de twee partijen van het bericht, want een derde blijft voor de corporatie onbekend."
    yield f"- Een toets telt {convenant.grenzen.toetsGeldig}, of tot er een termijn wordt gemist."


def _eviction(convenant: Convenant) -> Iterator[str]:
    bounds = convenant.grenzen
    yield "De koppelingen waarschuwen hun mensen, en het bericht gaat door:"
    yield ""
    yield f"- bij een dagvaarding minder dan {bounds.dagvaardingNa} na het signaal, of na een signaal ouder dan"
    yield f"  {bounds.signaalGeldig};"
    yield f"- als tussen aanzegging en ontruiming minder dan {bounds.aanzeggingDagen} dagen liggen."


_OWN: Mapping[str, Callable[[Convenant], Iterator[str]]] = {
    code_of("vroegsignaal"): _signal,
    code_of("verwijzing"): _referral,
    code_of("regelingsvoorstel"): _plan,
    code_of("regelingsbesluit"): _plan,
    code_of("dreigende-ontruiming"): _eviction,
}
