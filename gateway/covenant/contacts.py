"""Whom a corporation may turn to at a municipality: the one point that the covenant gives, and no other words.

A name is text, and text can tell: why a signal was not taken up, or which team has the case (DOMAIN 3.3). So nothing
that a municipality writes for a case reaches a corporation here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.covenant.case import Case, Objection
from gateway.covenant.wording import objection
from schemas.berichten.berichttype import code_of
from schemas.covenants import Convenant, Soort
from schemas.values import Oin

CONTACT = "behandelaarContact"
_TERUGKOPPELING = code_of("terugkoppeling")


def contact_of(convenant: Convenant, oin: Oin) -> Mapping[str, Any] | None:
    """Give a municipality's contact point as a bericht spells it; ``None`` for whoever is no municipality."""
    deelnemer = convenant.deelnemer(oin)
    if deelnemer is None or deelnemer.soort is not Soort.GEM:
        return None
    return convenant.gemeente(deelnemer.gebied[0]).contact.model_dump(mode="json", exclude_none=True)


def contact_objections(case: Case) -> Iterator[Objection]:
    """Give the objection to a terugkoppeling that names another contact than the covenant does for its sender."""
    if case.candidate.type != _TERUGKOPPELING:
        return
    if case.says(CONTACT) != contact_of(case.convenant, case.candidate.source.oin):
        yield objection("ander-contact", f"/{CONTACT}")
