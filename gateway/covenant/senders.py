"""Rules on who sends what to whom that need the content: after help, by number, on a move, unasked, excluded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.covenant.case import Case, Objection
from gateway.covenant.tracks import help_accepted
from gateway.covenant.wording import objection
from schemas.berichten.berichttype import code_of
from schemas.covenants import Soort


def sender_objections(case: Case) -> Iterator[Objection]:
    """Give the objections to this sender saying this to this recipient (DOMAIN 1.2, 3.1, 3.5)."""
    if _before_help(case):
        yield objection("hulp-niet-aanvaard")
    if not _number_allowed(case):
        yield from (objection("bsn-niet-toegestaan", at) for at in _numbers(case.candidate.bericht, ""))
    if case.candidate.type == code_of("verwijzing"):
        yield from _referral(case)
    if case.candidate.type == code_of("afsluiting"):
        yield from _exclusion(case)


def _before_help(case: Case) -> bool:
    """What goes on about an earlier message between the two is not cut off when help ends.

    Between a corporation and debt help nothing tells of help: each has that from the municipality. There its sender
    is held to this by what it knows, and the exchange by its gates; for the recipient to judge by what the sender
    does not know would tell it.
    """
    regel = case.convenant.bericht(case.candidate.type)
    van, naar = case.kinds
    route = regel.route(van, naar) if regel and van and naar else None
    if route is None or not route.naHulp:
        return False
    if not case.sending and Soort.GEM not in case.kinds:
        return False
    concerns = {case.candidate.antwoordop, case.says("betreft")}
    return not help_accepted(case.told) and not any(one.id in concerns for one in case.between)


def _number_allowed(case: Case) -> bool:
    """UAVG art. 46: from a municipality, to whom the covenant names, and never to a corporation whatever it names."""
    van, naar = case.kinds
    return van is Soort.GEM and naar is not Soort.COR and naar in case.convenant.grenzen.bsnNaar


def _numbers(value: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Find every field named ``bsn``, however deep."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from [f"{at}/{name}"] if name == "bsn" else _numbers(inner, f"{at}/{name}")
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _numbers(inner, f"{at}/{index}")


def _referral(case: Case) -> Iterator[Objection]:
    if (case.kinds == (Soort.GEM, Soort.GEM)) != (case.says("doel") == "OVERDRACHT_GEMEENTE"):
        yield objection("overdracht-tussen-gemeenten", "/doel")
    if case.says("toestemming") == "NEE_BEMOEIZORG" and case.kinds[1] is not Soort.MZO:
        yield objection("bemoeizorg-naar-meldpunt", "/toestemming")


def _exclusion(case: Case) -> Iterator[Objection]:
    if case.says("uitkomst") == "UITGESLOTEN" and case.kinds[0] is not Soort.COR:
        yield objection("uitgesloten-door-corporatie", "/uitkomst")
