"""Accepting: a repeat is the same answer, a refusal is one entry, and one flush serves many."""

from __future__ import annotations

import asyncio

from gateway.errors import RejectedError
from gateway.flow.accept import Receipted
from schemas.problems import Problem
from tests.exchange import House, Party, read


async def test_a_call_after_a_call_is_served(corporatie: Party, gemeente: Party) -> None:
    """A caller that calls again at once, without giving way to anybody, is answered too."""
    async with asyncio.timeout(5):
        await corporatie.deliver(gemeente)
        await corporatie.deliver(gemeente)


async def test_a_refusal_between_two_messages_does_not_turn_the_numbering_back(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """After accepted, refused, accepted in one call the next number is the fourth."""
    wrong = corporatie.compose(gemeente, volgnummer=2, type="nl.huurschuld.onbekend.v1")
    first, third = corporatie.message(gemeente), corporatie.message(gemeente, volgnummer=3)
    verdicts = await corporatie.send(first, wrong, third)
    assert [type(v) for v in verdicts] == [Receipted, RejectedError, Receipted]
    assert (await corporatie.deliver(gemeente, volgnummer=4)).receipt
    assert await house.kinds() == ["aanvaard", "afgewezen", "aanvaard", "aanvaard"]


async def test_a_number_too_far_records_nothing(house: House, corporatie: Party, gemeente: Party) -> None:
    """A message whose predecessor is missing is told so; it may be sent again, so it is no refusal."""
    early = corporatie.compose(gemeente, volgnummer=2)
    (verdict,) = await corporatie.send(early)
    assert isinstance(verdict, RejectedError)
    assert verdict.code is Problem.VOLGNUMMER_ONTBREEKT
    assert verdict.receipt is None
    assert await house.kinds() == []
    await corporatie.deliver(gemeente)
    (verdict,) = await corporatie.send(early)
    assert isinstance(verdict, Receipted)
    assert read(verdict.receipt)["logboek"]["index"] == 1
