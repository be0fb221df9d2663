"""What the covenant says about a type, in words: routes, answers, terms, gates, how long it counts and is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from schemas.berichten.berichttype import MessageType
from schemas.berichten.klassen import DataClass, data_class, leaves
from schemas.covenants import Bereikt, BerichtRegel, Convenant, Eerder, Inhoudstermijn, Poort, Route, Soort, Termijn
from schemas.pages.words import CLASSES, EFFECTS, KINDS, condition, link, links, listed, party, table

_REACHED = {
    Bereikt.AANVAARD: "door de beurs aanvaard",
    Bereikt.AANGEBODEN: "aan de ontvanger aangeboden",
    Bereikt.ONTVANGEN: "door de ontvanger ontvangen",
}


def routes(regel: BerichtRegel) -> Iterator[str]:
    """Write who may send it to whom."""
    rows = [(_kind(route, "van"), _kind(route, "naar"), _conditions(route)) for route in regel.routes]
    yield from table(("Van", "Aan", "Voorwaarden"), rows)
    yield from ("", "Wat hier niet staat, mag niet: de beurs weigert het.")
    if not regel.inGebruik:
        yield from ("", "**Niet in gebruik**: ook langs deze weg stuurt nu niemand het.")


def _kind(route: Route, side: str) -> str:
    soort = route.van if side == "van" else route.naar
    return f"{KINDS[soort]} ({soort})"


def _conditions(route: Route) -> str:
    """Say the conditions of a route."""
    area = (
        "beide werken voor ten minste één dezelfde gemeente" if route.gebied else "ook tussen verschillende gemeenten"
    )
    first = "mag een dossier openen" if route.opent else "hoort bij een dossier dat er al is"
    return "; ".join([area, first, *(["pas nadat de huurder hulp heeft aangenomen"] if route.naHulp else [])])


def answers(convenant: Convenant, regel: BerichtRegel) -> Iterator[str]:
    """Write what it answers, and what answers it."""
    if regel.antwoordVerplicht:
        yield f"- Het antwoordt altijd op {links(regel.antwoordOp, 'of')}, genoemd in `antwoordop`."
    elif regel.antwoordOp:
        yield f"- Het mag antwoorden op {links(regel.antwoordOp, 'of')}, genoemd in `antwoordop`."
    else:
        yield "- Het is zelf geen antwoord."
    back = [one.code for one in convenant.berichten if regel.code in one.antwoordOp]
    yield f"- Erop antwoordt {links(back, 'of')}." if back else "- Er komt geen bericht als antwoord op."


def terms(convenant: Convenant, regel: BerichtRegel) -> Iterator[str]:
    """Write the terms that it starts and those that it meets, watched by the exchange or by the connectors."""
    reply = [line for one in convenant.termijnen_op(regel.code) for line in _reply(convenant, one)]
    content = [line for one in convenant.inhoudstermijnen if one.op == regel.code for line in _content(one)]
    yield from reply or ["- De beurs let op geen antwoordtermijn."]
    yield from content or ["- De koppelingen letten op geen termijn die van de inhoud afhangt."]
    met = [f"`{one.code}` op {link(one.op)}" for one in convenant.termijnen if regel.code in one.door]
    done = [said for one in convenant.inhoudstermijnen for said in _meets(one, regel.code)]
    if met or done:
        yield "- Het vervult een eerdere termijn:"
        yield from (f"  - {said}" for said in (*met, *done))


def _reply(convenant: Convenant, termijn: Termijn) -> Iterator[str]:
    yield f"- **{termijn.code}**: de ontvanger antwoordt binnen {termijn.binnen} met {links(termijn.door, 'of')}."
    begin = f"vanaf de ontvangst, en uiterlijk {convenant.grenzen.ophalen} na de aanvaarding"
    yield f"  De beurs telt {begin}. Is er dan geen antwoord, dan stuurt zij een ondertekende melding:"
    for level, one in enumerate(termijn.meldingen, 1):
        when = f"{one.na} na het einde" if one.na else "aan het einde"
        yield f"  - trede {level}, {when}: aan {listed([party(who) for who in one.aan])}"


def _content(termijn: Inhoudstermijn) -> Iterator[str]:
    who = party(termijn.plichtige)
    acts = f"als {condition(termijn.als)}, handelt {who}" if termijn.als else f"{who} handelt"
    begin = f"na het einde van de dag in `{termijn.vanaf}`" if termijn.vanaf else "na de ontvangst"
    yield f"- **{termijn.code}**: {acts} binnen {termijn.binnen} {begin}."
    met = [_with(one.type, condition(one.als)) for one in termijn.vervuld]
    yield f"  Vervuld met {listed(met, 'of')}. Grondslag: {termijn.grondslag}."
    again = listed([str(one) for one in termijn.meldingen])
    yield f"  Beide koppelingen letten erop en zeggen het aan het einde{f', en weer {again} later' if again else ''}."


def _with(type_code: str, asked: str) -> str:
    return f"{link(type_code)} (als {asked})" if asked else link(type_code)


def _meets(termijn: Inhoudstermijn, type_code: str) -> Iterator[str]:
    """Say of which term, and when, a message of the type meets it."""
    for one in termijn.vervuld:
        if one.type == type_code:
            asked = condition(one.als)
            yield f"`{termijn.code}` op {link(termijn.op)}{f', als {asked}' if asked else ''}"


def gates(convenant: Convenant, regel: BerichtRegel) -> Iterator[str]:
    """Write the gates that it passes, and those that it opens for others."""
    passed = [line for one in convenant.poorten_voor(regel.code) for line in _gate(one)]
    yield from passed or ["- Er gaat geen poort aan vooraf."]
    opened = [one for one in convenant.poorten if any(first.type == regel.code for first in one.eerst)]
    if opened:
        yield f"- Het opent: {listed([f'`{one.code}` voor {link(one.voor)}' for one in opened])}."


def _gate(poort: Poort) -> Iterator[str]:
    way = _way(poort.van, poort.naar)
    yield f"- **{poort.code}**{f' ({way})' if way else ''}: {poort.reden}."
    yield f"  Eerst {'dit' if len(poort.eerst) == 1 else 'een van deze'}; {EFFECTS[poort.gevolg]}:"
    yield from (f"  - {_earlier(one)}" for one in poort.eerst)


def _way(van: Soort | None, naar: Soort | None) -> str:
    return " ".join([*([f"van {KINDS[van]}"] if van else []), *([f"aan {KINDS[naar]}"] if naar else [])])


def _earlier(one: Eerder) -> str:
    return f"{' '.join(filter(None, [link(one.type), _way(one.van, one.naar)]))}: {_REACHED[one.bereikt]}"


def keeping(convenant: Convenant, item: MessageType, regel: BerichtRegel) -> Iterator[str]:
    """Write how long it is offered and how long what of it is kept."""
    offered, bewaring = regel.verlooptijd, convenant.bewaring
    yield (
        f"- De beurs biedt het {_span(offered.standaard)} aan, tenzij de afzender met `verlooptijd` anders kiest: "
        f"ten minste {_span(offered.minimum)}, ten hoogste {_span(offered.maximum)}. Daarna volgt *niet-afgeleverd*."
    )
    yield "- Afgesproken bewaartermijnen. Na een termijn wissen wordt nog niet uitgevoerd, door wie ook:"
    yield f"  - de verzegelde inhoud bij de beurs: {regel.bewaarDagen} dagen na de ontvangst"
    yield "  - de gegevens bij een deelnemer, geteld vanaf het sluiten van het dossier:"
    present = {data_class(field) for _, field in leaves(item.model)}
    for one in DataClass:
        if one in present:
            yield f"    - {one} ({CLASSES[one]}): {bewaring.klassen[one]} maanden"
    proof = "kenmerken, tijden en digests, geen persoonsgegevens"
    yield f"  - het bewijs in het logboek ({proof}): {bewaring.bewijsJaren} jaar"


def _span(length: timedelta) -> str:
    hours, rest = divmod(int(length.total_seconds()), 3600)
    if rest or hours % 24:
        return f"{hours} uur"
    return f"{hours // 24} {'dag' if hours == 24 else 'dagen'}"


def projection(convenant: Convenant) -> Iterator[str]:
    """Write what of the municipality's own result the corporation sees."""
    yield "De gemeente legt meer vast dan de corporatie mag weten. Haar koppeling weigert meer te sturen."
    yield "Verschillende resultaten zien er voor de corporatie hetzelfde uit: er is geen weg terug."
    yield ""
    yield from table(
        ("De gemeente legt vast (DDAS)", "De corporatie ziet"),
        [(one.value, f"`{seen.value}`") for one, seen in convenant.projectie.items()],
    )
