"""May a message be sent? Decided on metadata alone: type, parties, dossier, what came before, moment (DOMAIN §3.1).

Whatever the covenant does not allow is refused. A verdict depends only on facts that the sender may see: whether it
is itself a member of the dossier, and the messages that it sent or is to receive there; a warning, only on those that
the recipient saw too. An unknown dossier and another's dossier answer alike, and so do the messages in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.covenants import Bereikt, BerichtRegel, Convenant, Eerder, Gevolg, Poort, Route, Soort
from schemas.envelope import Envelope
from schemas.problems import Problem
from schemas.values import Mailbox, Oin, from_milliseconds

Place = tuple[str | int, ...]

_FAR = {Bereikt.AANVAARD: 0, Bereikt.AANGEBODEN: 1, Bereikt.ONTVANGEN: 2}


class Earlier(NamedTuple):
    """An earlier message of the dossier that the sender sent or is to receive; refused ones are left out.

    ``bereikt`` is how far it came; what was received was also offered, and what was offered also accepted.
    """

    source: Mailbox
    ontvanger: Mailbox
    type: str
    bereikt: Bereikt


class Seen(NamedTuple):
    """What the decision may know besides the envelope: nothing but what its sender may see.

    ``members`` are the organisations of the dossier so far; absent if it is new. ``answered`` is the type of the
    message that ``antwoordop`` names, if it is of this dossier and went from this recipient to this sender.
    """

    members: frozenset[Oin] | None = None
    answered: str | None = None
    earlier: Sequence[Earlier] = ()


class Ruling(NamedTuple):
    """The decision: no ``objection`` means that it may be sent; then ``warnings`` are the gates to warn both of.

    ``place`` is where in the covenant's file the rule stands that decided, as ``schemas.covenants.lines.line_of``
    wants it; empty if none does (default deny).
    """

    objection: Problem | None = None
    warnings: tuple[Poort, ...] = ()
    place: Place = ()


class _Way(NamedTuple):
    """A type on its way between two kinds of participant: what the covenant says about it."""

    ruling: Ruling
    rule: BerichtRegel | None = None
    route: Route | None = None


def may_send(convenant: Convenant, envelope: Envelope, seen: Seen, moment: int) -> Ruling:
    """Decide whether the covenant lets the message pass at ``moment`` (milliseconds).

    In this order: the parties, membership of the dossier, the answer, the time until it lapses, the gates.
    """
    way = _way(convenant, envelope.type, envelope.source, envelope.ontvanger)
    rule, route = way.rule, way.route
    if rule is None or route is None:
        return way.ruling
    at = way.ruling.place[:2]
    if not _member(route, envelope.source.oin, seen.members):
        return Ruling(Problem.DOSSIER_ONBEKEND, place=way.ruling.place)
    if not _answers(rule, envelope, seen):
        return Ruling(Problem.ANTWOORDOP_ONJUIST, place=(*at, "antwoordOp"))
    left = envelope.verlooptijd - from_milliseconds(moment)
    if not rule.verlooptijd.minimum <= left <= rule.verlooptijd.maximum:
        return Ruling(Problem.VERLOOPTIJD_ONJUIST, place=(*at, "verlooptijd"))
    return _through_gates(convenant, envelope, route, seen, way.ruling)


def parties_ruling(convenant: Convenant, type_code: str, source: Mailbox, ontvanger: Mailbox) -> Ruling:
    """Decide whether this sender may ever send this type to this recipient.

    It needs no fact but the covenant, so a connector asks it before it signs anything.
    """
    return _way(convenant, type_code, source, ontvanger).ruling


def gates_on(convenant: Convenant, type_code: str, van: Soort, naar: Soort) -> tuple[Poort, ...]:
    """Give the gates that a type passes on its way from one kind to another, in the order of the file."""
    return tuple(
        poort
        for poort in convenant.poorten_voor(type_code)
        if (poort.van is None or poort.van is van) and (poort.naar is None or poort.naar is naar)
    )


def place_of_gate(convenant: Convenant, poort: Poort) -> Place:
    """Give where in the file a gate of this covenant stands."""
    return "poort", next(at for at, other in enumerate(convenant.poorten) if other is poort)


def _way(convenant: Convenant, type_code: str, source: Mailbox, ontvanger: Mailbox) -> _Way:
    rule = convenant.bericht(type_code)
    if rule is None:
        return _Way(Ruling(Problem.TYPE_ONBEKEND))
    at: Place = ("bericht", convenant.plaats(type_code))
    if not rule.inGebruik:
        return _Way(Ruling(Problem.TYPE_ONBEKEND, place=(*at, "inGebruik")))
    sender, recipient = convenant.deelnemer(source.oin), convenant.deelnemer(ontvanger.oin)
    if sender is None or recipient is None or sender is recipient:
        return _Way(Ruling(Problem.NIET_TOEGESTAAN))
    for number, route in enumerate(rule.routes):
        if route.van is sender.soort and route.naar is recipient.soort:
            place = (*at, "routes", number)
            if route.gebied and not sender.shares_area(recipient):
                return _Way(Ruling(Problem.NIET_TOEGESTAAN, place=place))
            return _Way(Ruling(place=place), rule, route)
    return _Way(Ruling(Problem.NIET_TOEGESTAAN, place=(*at, "routes")))


def _member(route: Route, sender: Oin, members: frozenset[Oin] | None) -> bool:
    """The first message opens a dossier; from then on only members send, and others join as recipient of a member.

    Who else is a member never counts: a verdict on it would tell the sender of traffic that it may not see.
    """
    return route.opent if members is None else sender in members


def _answers(rule: BerichtRegel, envelope: Envelope, seen: Seen) -> bool:
    """A message that the sender does not know and one that it may not know of are both no message to answer."""
    if envelope.antwoordop is None:
        return not rule.antwoordVerplicht
    return seen.answered in rule.antwoordOp


def _through_gates(convenant: Convenant, envelope: Envelope, route: Route, seen: Seen, allowed: Ruling) -> Ruling:
    warnings: list[Poort] = []
    for poort in gates_on(convenant, envelope.type, route.van, route.naar):
        if _unlocked(convenant, poort, envelope, seen.earlier):
            continue
        if poort.gevolg is Gevolg.BLOKKEERT:
            return Ruling(Problem.POORT_GESLOTEN, place=place_of_gate(convenant, poort))
        warnings.append(poort)
    return allowed._replace(warnings=tuple(warnings)) if warnings else allowed


def _unlocked(convenant: Convenant, poort: Poort, envelope: Envelope, earlier: Sequence[Earlier]) -> bool:
    """Only what the sender knows counts, and both are warned, so that a warning rests on what both know.

    What the sender may not see would not be handed in; it is left out here once more, because a verdict on it would
    tell a corporation of the traffic with a care partner.
    """
    told = [envelope.source.oin]
    if poort.gevolg is Gevolg.WAARSCHUWT:
        told.append(envelope.ontvanger.oin)
    for message in earlier:
        for eerder in poort.eerst:
            if message.type == eerder.type and _opens(convenant, eerder, message) and _knows(told, message):
                return True
    return False


def _knows(told: Sequence[Oin], message: Earlier) -> bool:
    parties = (message.source.oin, message.ontvanger.oin)
    return all(oin in parties for oin in told)


def _opens(convenant: Convenant, eerder: Eerder, message: Earlier) -> bool:
    if _FAR[message.bereikt] < _FAR[eerder.bereikt]:
        return False
    return _is(convenant, message.source, eerder.van) and _is(convenant, message.ontvanger, eerder.naar)


def _is(convenant: Convenant, mailbox: Mailbox, soort: Soort | None) -> bool:
    if soort is None:
        return True
    found = convenant.deelnemer(mailbox.oin)
    return found is not None and found.soort is soort
