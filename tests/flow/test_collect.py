"""Collecting: at least once on the wire, receipts booked once, ends that are never silent."""

from __future__ import annotations

import asyncio

import pytest

from gateway.errors import GatewayError, RejectedError
from gateway.flow.collect import Collect, Collected, Request
from schemas.envelope import MAX_COLLECTED, MAX_LADING
from schemas.problems import Problem
from tests.exchange import DE_SLEUTELS, LEIDERDORP, ONS_DOEL, House, Party, read


def codes(collected: Collected) -> list[Problem | None]:
    return [b.code if isinstance(b, GatewayError) else None for b in collected.booked]


async def test_a_message_is_offered_until_its_receipt_is_booked(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """A lost answer costs a lease: the message is offered again, to the byte, until its receipt is booked."""
    await corporatie.deliver(gemeente)
    (first,) = (await gemeente.collect()).messages
    assert (await gemeente.collect()).messages == []
    house.clock.tick(seconds=31)
    (again,) = (await gemeente.collect()).messages
    assert again == first
    booked = await gemeente.collect(receipts=[gemeente.receipt(again)])
    assert codes(booked) == [None]
    house.clock.tick(days=1)
    assert (await gemeente.collect()).messages == []
    assert await house.kinds() == ["aanvaard", "aangeboden", "ontvangen"]


async def test_a_receipt_is_booked_once_and_forwarded_until_seen(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """The same receipt again gets the same *geboekt*; the sender gets both until it says that it saw them."""
    await corporatie.deliver(gemeente)
    (handed,) = (await gemeente.collect()).messages
    receipt = gemeente.receipt(handed)
    one = await gemeente.collect(receipts=[receipt, receipt])
    await house.restart()
    two = await gemeente.collect(receipts=[receipt])
    assert len({*one.booked, *two.booked}) == 1
    (sent,) = (await corporatie.collect()).receipts
    assert (sent.receipt, sent.geboekt) == (receipt, one.booked[0])
    assert (await corporatie.collect()).receipts == [sent]
    assert (await corporatie.collect(seen=[sent.number])).receipts == []
    assert (await house.kinds()).count("ontvangen") == 1


async def test_another_receipt_after_the_first_is_refused(house: House, corporatie: Party, gemeente: Party) -> None:
    """A recipient says once how a message ended; saying otherwise later changes nothing (I5)."""
    await corporatie.deliver(gemeente)
    (handed,) = (await gemeente.collect()).messages
    await gemeente.collect(receipts=[gemeente.receipt(handed)])
    house.clock.tick(seconds=5)
    other = await gemeente.collect(receipts=[gemeente.receipt(handed, "opent-niet"), gemeente.receipt(handed)])
    assert codes(other) == [Problem.BEWIJS_BESTAAT] * 2
    assert (await house.counts())["ontvangen"] == 1


async def test_one_bad_receipt_does_not_fail_its_batch(corporatie: Party, gemeente: Party) -> None:
    """Each receipt has its own outcome, in the order in which they were handed in."""
    for _ in range(2):
        await corporatie.deliver(gemeente)
    one, two = (await gemeente.collect()).messages
    wrong_digest = gemeente.receipt(one, digest=read(two.aanvaard)["digest"])
    wrong_leaf = gemeente.receipt(one, blad=read(two.aanvaard)["digest"])
    unknown = gemeente.receipt(one, id="019a9f3e-7c00-7abc-8def-ffffffffffff")
    foreign = gemeente.receipt(one, ontvanger=corporatie.mailbox)
    batch = [gemeente.receipt(one), "geen bewijs", wrong_digest, wrong_leaf, unknown, foreign, one.aanvaard]
    answer = await gemeente.collect(receipts=[*batch, gemeente.receipt(two, "opent-niet")])
    assert codes(answer)[0] is codes(answer)[-1] is None
    assert codes(answer)[2:5] == [Problem.BEWIJS_ONJUIST, Problem.BEWIJS_ONJUIST, Problem.NIET_GEVONDEN]
    assert codes(answer)[5] is Problem.AFZENDER_ONJUIST
    assert all(isinstance(booked, RejectedError) for booked in answer.booked[1:-1])


async def test_the_sender_cannot_sign_for_the_recipient(house: House, corporatie: Party, gemeente: Party) -> None:
    """A receipt counts only with the recipient's key, in the recipient's own mailbox (I5)."""
    await corporatie.deliver(gemeente)
    (handed,) = (await gemeente.collect()).messages
    forged = corporatie.receipt(handed)
    assert codes(await corporatie.collect(receipts=[forged])) == [Problem.AFZENDER_ONJUIST]
    assert codes(await gemeente.collect(receipts=[forged])) == [Problem.SLEUTEL_ONBEKEND]
    assert "ontvangen" not in await house.kinds()


async def test_a_receipt_under_a_former_key_is_booked_only_if_it_was(corporatie: Party, gemeente: Party) -> None:
    """A signature counts if its key is active when it is booked; what was booked before is answered again."""
    for _ in range(2):
        await corporatie.deliver(gemeente)
    one, two = (await gemeente.collect()).messages
    early, late = gemeente.receipt(one), gemeente.receipt(two)
    first = await gemeente.collect(receipts=[early])
    await gemeente.renew()
    second = await gemeente.collect(receipts=[early, late])
    assert second.booked[0] == first.booked[0]
    assert codes(second) == [None, Problem.SLEUTEL_ONBEKEND]
    assert codes(await gemeente.collect(receipts=[gemeente.receipt(two)])) == [None]


async def test_a_first_hand_out_is_logged_once(house: House, corporatie: Party, gemeente: Party) -> None:
    """The first hand-out is an entry, the next ones are not."""
    await corporatie.deliver(gemeente)
    for _ in range(3):
        await gemeente.collect()
        house.clock.tick(seconds=31)
    assert await house.kinds() == ["aanvaard", "aangeboden"]


async def test_what_expires_comes_back_to_both_exactly_once(house: House, corporatie: Party, gemeente: Party) -> None:
    """An overdue message ends once, with a signed notice for both parties that names its first hand-out (I1, I9)."""
    await corporatie.deliver(gemeente)
    await gemeente.collect()
    await corporatie.deliver(gemeente)
    house.clock.tick(days=14, seconds=-1)
    assert await house.gateway.expire() == 0
    house.clock.tick(seconds=1)
    assert (await gemeente.collect()).messages == []
    assert [await house.gateway.expire() for _ in range(2)] == [2, 0]
    await house.restart()
    assert await house.gateway.expire() == 0
    for party in (corporatie, gemeente):
        notices = [read(sent.receipt) for sent in (await party.collect()).receipts]
        assert [notice["soort"] for notice in notices] == ["niet-afgeleverd"] * 2
        assert [notice.get("aangeboden") for notice in notices] == [1, None]
        assert [notice["volgnummer"] for notice in notices] == [1, 2]
    assert (await house.kinds()).count("niet-afgeleverd") == 2
    assert (await house.counts())["niet-afgeleverd"] == 2


async def test_many_overdue_messages_end_in_batches(house: House, corporatie: Party, gemeente: Party) -> None:
    """More than one batch of them ends in one run."""
    await corporatie.send(*(corporatie.message(gemeente) for _ in range(300)))
    house.clock.tick(days=15)
    assert await house.gateway.expire() == 300
    assert (await house.counts())["wacht"] == 0


async def test_a_late_receipt_is_booked_and_forwarded(house: House, corporatie: Party, gemeente: Party) -> None:
    """After the notice a valid receipt still counts, and the sender hears of it."""
    await corporatie.deliver(gemeente)
    (handed,) = (await gemeente.collect()).messages
    house.clock.tick(days=15)
    await house.gateway.expire()
    assert codes(await gemeente.collect(receipts=[gemeente.receipt(handed)])) == [None]
    kinds = [read(sent.receipt)["soort"] for sent in (await corporatie.collect()).receipts]
    assert kinds == ["niet-afgeleverd", "ontvangen"]
    assert (await house.counts()) == {"aanvaard": 1, "afgewezen": 0, "wacht": 0, "ontvangen": 1}


async def test_a_restored_recipient_collects_again(house: House, corporatie: Party, gemeente: Party) -> None:
    """``vanaf`` offers what is from that index on once more, settled or not, and is logged with its count."""
    for _ in range(3):
        await corporatie.deliver(gemeente)
    first = (await gemeente.collect()).messages
    await gemeente.collect(receipts=[gemeente.receipt(handed) for handed in first])
    again = await gemeente.collect(again_from=1)
    assert again.messages == first[1:]
    assert (await house.entries())[-1] | {"tijd": 0, "zout": 0} == {
        "soort": "opnieuw-opgehaald", "ontvanger": gemeente.mailbox, "vanaf": 1, "aantal": 2, "tijd": 0, "zout": 0,
    }  # fmt: skip
    house.clock.tick(seconds=31)
    other = [gemeente.receipt(handed) for handed in again.messages]
    assert codes(await gemeente.collect(receipts=other)) == [Problem.BEWIJS_BESTAAT] * 2
    house.clock.tick(seconds=31)
    assert (await gemeente.collect()).messages == []
    assert (await house.counts())["ontvangen"] == 3


async def test_a_stranger_cannot_end_a_renewed_delivery(house: House, corporatie: Party, gemeente: Party) -> None:
    """A receipt of another mailbox about the same message leaves the delivery as it is (I11)."""
    ander = await house.join(LEIDERDORP)
    await corporatie.deliver(gemeente)
    (handed,) = (await gemeente.collect()).messages
    await gemeente.collect(receipts=[gemeente.receipt(handed)])
    assert len((await gemeente.collect(again_from=0)).messages) == 1
    forged = ander.receipt(handed, ontvanger=ander.mailbox)
    assert codes(await ander.collect(receipts=[forged])) == [Problem.NIET_GEVONDEN]
    house.clock.tick(seconds=31)
    assert (await gemeente.collect()).messages == [handed]


async def test_a_mailbox_is_its_owners(house: House, corporatie: Party, gemeente: Party) -> None:
    """Nobody collects from another's mailbox, nor from a suspended one (I11)."""
    await corporatie.deliver(gemeente)
    with pytest.raises(RejectedError) as error:
        await house.gateway.collect(corporatie.peer, Request(gemeente.mailbox))
    assert error.value.code is Problem.NIET_GEVONDEN
    await house.gateway.onboard.suspend(gemeente.oin)
    with pytest.raises(RejectedError):
        await gemeente.collect()


async def test_who_waits_while_suspended_gets_nothing(house: House, corporatie: Party, gemeente: Party) -> None:
    """A question that is open when the suspension comes is not answered with messages (T9)."""
    await corporatie.deliver(gemeente)
    (handed,) = (await gemeente.collect()).messages
    asking = asyncio.create_task(corporatie.collect(wait_seconds=20))
    await asyncio.sleep(0.05)
    await house.gateway.onboard.suspend(corporatie.oin)
    await gemeente.collect(receipts=[gemeente.receipt(handed)])
    with pytest.raises(RejectedError):
        await asking


async def test_a_message_wakes_who_waits(corporatie: Party, gemeente: Party) -> None:
    """Whoever waits is answered when something comes, and with nothing when its time is over."""
    async with asyncio.timeout(10):
        asking = asyncio.create_task(gemeente.collect(wait_seconds=30))
        await asyncio.sleep(0.05)
        await corporatie.deliver(gemeente)
        (handed,) = (await asking).messages
        answering = asyncio.create_task(corporatie.collect(wait_seconds=30))
        await asyncio.sleep(0.05)
        await gemeente.collect(receipts=[gemeente.receipt(handed)])
        assert len((await answering).receipts) == 1
        assert await gemeente.collect(wait_seconds=0.05) == Collected([], [], [], more=False)


async def test_what_comes_between_the_look_and_the_wait_is_heard(
    corporatie: Party, gemeente: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that is committed just after the mailbox looked empty does not wait for the next round."""
    real = Collect._anything

    async def slow(self: Collect, request: Request) -> bool:
        found = await real(self, request)
        if not found:
            await corporatie.deliver(gemeente)
        return found

    monkeypatch.setattr(Collect, "_anything", slow)
    async with asyncio.timeout(10):
        assert len((await gemeente.collect(wait_seconds=30)).messages) == 1


async def test_an_answer_has_an_end(house: House, corporatie: Party, gemeente: Party) -> None:
    """An answer stays below its size and its maximum, and says that there is more."""
    lading = "x" * MAX_LADING
    count = MAX_COLLECTED // MAX_LADING + 2
    for _ in range(count):
        await corporatie.deliver(gemeente, lading=lading)
    first = await gemeente.collect()
    assert 1 <= len(first.messages) < count
    assert first.more
    second = await gemeente.collect()
    assert len(first.messages) + len(second.messages) == count
    assert not second.more
    house.clock.tick(seconds=31)
    three = await gemeente.collect(maximum=3)
    assert (len(three.messages), three.more) == (3, True)


async def test_only_the_parties_look_a_message_up(house: House, corporatie: Party, gemeente: Party) -> None:
    """Sender and recipient see where a message stands; to anybody else it is not there (I11)."""
    ander, inspect = await house.join(DE_SLEUTELS), house.gateway.inspect
    sent = await corporatie.deliver(gemeente)
    states = []

    async def look() -> None:
        one, two = [await inspect.message(party.peer, ONS_DOEL, sent.id) for party in (corporatie, gemeente)]
        assert one == two
        states.append(one.state)
        with pytest.raises(RejectedError) as error:
            await inspect.message(ander.peer, ONS_DOEL, sent.id)
        assert error.value.code is Problem.NIET_GEVONDEN

    await look()
    (handed,) = (await gemeente.collect()).messages
    await look()
    await gemeente.collect(receipts=[gemeente.receipt(handed, "opent-niet")])
    await look()
    assert states == ["wacht", "aangeboden", "geweigerd"]


async def test_a_sender_sees_its_refusals_and_nobody_else_does(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """A refused message stands as *afgewezen* for its sender, with the receipt; for the recipient it is not there."""
    wrong = corporatie.message(gemeente, type="nl.huurschuld.onbekend.v1")
    (verdict,) = await corporatie.send(wrong)
    message_id = read(wrong["envelop"])["id"]
    standing = await house.gateway.inspect.message(corporatie.peer, ONS_DOEL, message_id)
    assert (standing.state, standing.receipt_kind) == ("afgewezen", "afgewezen")
    assert isinstance(verdict, RejectedError)
    assert standing.receipt == verdict.receipt
    with pytest.raises(RejectedError):
        await house.gateway.inspect.message(gemeente.peer, ONS_DOEL, message_id)
    with pytest.raises(RejectedError):
        await house.gateway.inspect.entry(gemeente.peer, 0)
    assert await house.gateway.inspect.entry(corporatie.peer, 0)
