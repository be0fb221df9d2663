"""What the covenant says of the content of what is sent: it needs the dossier, so no exchange can judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from gateway.client.trust import Trust
from gateway.covenant.contacts import CONTACT, contact_of
from gateway.covenant.content import Objection, cautions, objections
from gateway.covenant.passage import Passed
from gateway.covenant.sending import parties_ruling
from gateway.errors import RejectedError
from schemas.berichten.berichttype import code_of
from schemas.berichten.projectie import Eindresultaat
from schemas.berichten.signaal import RESULTATEN
from schemas.catalogue import parse_bericht
from schemas.covenants import Convenant
from schemas.envelope import MalformedError
from schemas.problems import Problem
from schemas.texts import Language
from schemas.values import Mailbox, Oin

TERUGKOPPELING = code_of("terugkoppeling")
INSIDE = "eindresultaat"
"""What a municipality gives instead of status and resultaat: its own end result, which never travels."""


def covenant_now(trust: Trust, now: datetime) -> Convenant:
    """Give the covenant that holds.

    Raises:
        RejectedError: the register has none yet.
    """
    convenant = trust.register.convenant_at(now)
    if convenant is None:
        raise RejectedError(Problem.TYPE_ONBEKEND, "no covenant holds yet: let the connector run once")
    return convenant


def projected(convenant: Convenant, code: str, bericht: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the bericht as it may travel: a municipality's own end result becomes what a landlord may see of it.

    That is the covenant's ``projectie`` table; the status follows from the result. There is no way back, and no
    field for anything finer (DOMAIN 3.3).

    Raises:
        RejectedError: the end result is none of DDAS, or a status or result is given beside it.
    """
    if code != TERUGKOPPELING or INSIDE not in bericht:
        return bericht
    if not bericht.keys().isdisjoint({"status", "resultaat"}):
        _reject("give eindresultaat, or status and resultaat; not both")
    known = {result.value: seen for result, seen in convenant.projectie.items()}
    seen = known.get(str(bericht[INSIDE]))
    if seen is None:
        _reject(f"expected one of: {'; '.join(result.value for result in Eindresultaat)}")
    status = next(status for status, results in RESULTATEN.items() if seen in results)
    rest = {name: value for name, value in bericht.items() if name != INSIDE}
    return {**rest, "status": status.value, "resultaat": seen.value}


def with_contact(convenant: Convenant, code: str, bericht: Mapping[str, Any], oin: Oin) -> Mapping[str, Any]:
    """Give a terugkoppeling that leaves out the contact with the one that the covenant gives its sender."""
    contact = contact_of(convenant, oin) if code == TERUGKOPPELING and CONTACT not in bericht else None
    return bericht if contact is None else {**bericht, CONTACT: contact}


def check_bericht(code: str, bericht: Mapping[str, Any]) -> None:
    """Return only if the bericht fits the schema of its type.

    Raises:
        RejectedError: with every fault at once; correct them.
    """
    try:
        parse_bericht(code, bericht)
    except MalformedError as error:
        raise RejectedError(Problem.ONGELDIGE_INVOER, "the bericht does not fit its schema", error.faults) from None


def check_parties(convenant: Convenant, code: str, source: Mailbox, ontvanger: Mailbox) -> None:
    """Return only if the covenant lets this sender send this type to this recipient, whatever the dossier.

    Raises:
        RejectedError: it never does: signed and sent, the message would only be refused, with its number spent.
    """
    objection = parties_ruling(convenant, code, source, ontvanger).objection
    if objection is not None:
        raise RejectedError(objection, f"the covenant lets {source} send no {code} to {ontvanger}")


def check_answer(convenant: Convenant, candidate: Passed, earlier: Sequence[Passed]) -> None:
    """Return only if the message answers what its type must answer: a message to this mailbox, from its recipient.

    Raises:
        RejectedError: the exchange would refuse it for that, with its number spent.
    """
    rule, op = convenant.bericht(candidate.type), candidate.antwoordop
    if rule is None or (op is None and not rule.antwoordVerplicht):
        return
    back = (candidate.ontvanger, candidate.source)
    if not any(one.id == op and (one.source, one.ontvanger) == back and one.type in rule.antwoordOp for one in earlier):
        names = " or ".join(code.split(".")[2] for code in rule.antwoordOp) or "nothing"
        told = [("#/antwoordop", f"expected the id of a message from the recipient in this dossier: {names}")]
        raise RejectedError(Problem.ANTWOORDOP_ONJUIST, "", told)


def expiry(convenant: Convenant, code: str, wanted: datetime | None, now: datetime) -> datetime:
    """Give the moment after which the exchange stops offering a message: the one wanted, or the covenant's default.

    Raises:
        RejectedError: the covenant has no such type, or allows no such moment.
    """
    rule = convenant.bericht(code)
    if rule is None:
        raise RejectedError(Problem.TYPE_ONBEKEND, "the covenant does not name this type")
    bounds = rule.verlooptijd
    if wanted is None:
        return now + bounds.standaard
    if wanted.tzinfo is not None and not bounds.minimum <= wanted - now <= bounds.maximum:
        told = f"expected a moment between {bounds.minimum.days} and {bounds.maximum.days} days from now"
        raise RejectedError(
            Problem.VERLOOPTIJD_ONJUIST, "the covenant allows no such verlooptijd", [("#/verlooptijd", told)]
        )
    return wanted


def check_content(
    convenant: Convenant, candidate: Passed, earlier: Sequence[Passed], language: Language
) -> tuple[Objection, ...]:
    """Return only if the covenant has no objection to the message in its dossier; give what it warns of.

    Raises:
        RejectedError: with every objection, where in the bericht it is, in the language asked for.
    """
    found = objections(convenant, candidate, earlier, sending=True)
    if found:
        faults = [(f"#{one.pointer}", said(one, language)) for one in found]
        raise RejectedError(Problem.NIET_VOLGENS_CONVENANT, "", faults)
    return tuple(cautions(convenant, candidate, earlier))


def said(one: Objection, language: Language) -> str:
    """Give an objection or a caution in words."""
    return one.nl if language == "nl" else one.en


def _reject(told: str) -> NoReturn:
    raise RejectedError(Problem.ONGELDIGE_INVOER, "the bericht does not fit its schema", [(f"#/{INSIDE}", told)])
