"""What the file leaves open: said in remarks, so that nobody takes a good report for more than it is."""

from __future__ import annotations

from collections.abc import Sequence

from .case import Case
from .messages import Message


def conclude(case: Case, messages: Sequence[Message]) -> None:
    """Remark on what is not there, on whose fingerprints the reader is to compare, and on completeness."""
    for message in messages:
        _verdict(case, message)
    _missing(case, messages)
    _parties(case, messages)
    case.remark(
        "volledigheid is niet aangetoond: wat een partij niet bewaarde of wegliet, staat er niet in",
        "completeness is not shown: what a party did not keep, or left out, is not there",
    )


def _verdict(case: Case, message: Message) -> None:
    if "aanvaard" not in message.found or message.verdict is not None:
        return
    if "niet-afgeleverd" in message.found:
        case.remark(
            f"volgens de beurs niet afgeleverd, zonder oordeel van de ontvanger: {message.subject}",
            f"not delivered according to the exchange, without a verdict of the recipient: {message.subject}",
        )
    else:
        case.remark(
            f"geen oordeel van de ontvanger: {message.subject}", f"no verdict of the recipient: {message.subject}"
        )


def _missing(case: Case, messages: Sequence[Message]) -> None:
    digests = {message.jws.digest for message in messages}
    named = {message.event.get("vorige") for message in messages} - digests - {None}
    for one in sorted(map(str, named)):
        case.remark(f"een eerder bericht ontbreekt: {one}", f"an earlier message is missing: {one}")
    ids = {message.event.get("id") for message in messages}
    answered = {str(message.event.get("antwoordop")) for message in messages if message.event.get("antwoordop")}
    for one in sorted(answered - {str(known) for known in ids}):
        case.remark(f"het beantwoorde bericht ontbreekt: {one}", f"the message that is answered is missing: {one}")


def _parties(case: Case, messages: Sequence[Message]) -> None:
    """First keys are trusted because people compared fingerprints; the reader can do the same."""
    named = {str(message.event.get(role)) for message in messages for role in ("source", "ontvanger")}
    for mailbox in sorted(named | {case.exporter}):
        standing, fingerprint = case.register.standing(mailbox, case.register.size), case.register.fingerprint(mailbox)
        if standing is None or fingerprint is None:
            continue
        whose = f"{standing.naam}, {mailbox}"
        case.remark(
            f"vergelijk met de eigenaar de vingerafdruk van de eerste sleutel van {whose}: {fingerprint}",
            f"compare with its owner the fingerprint of the first key of {whose}: {fingerprint}",
        )
        if standing.geschorst:
            case.remark(f"inmiddels geschorst: {whose}", f"suspended since: {whose}")
