"""Onboarding: one code, one participant; successors vouched for; suspension that counts at once."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from gateway.errors import ConfigurationError, RejectedError
from gateway.flow.found import Found
from gateway.flow.onboard import Joining
from gateway.rules.register import Register
from gateway.rules.rows import Log, LogHead
from keys.jwk import PrivateSealingKey, PrivateSigningKey
from schemas.covenants import leidse_regio, load_covenant
from schemas.problems import Problem
from schemas.values import Oin
from tests.exchange import BEURS, LEIDEN, ONS_DOEL, House, Party, new_key


async def joining(house: House, oin: Oin = ONS_DOEL) -> tuple[Party, Joining]:
    party = house.newcomer(oin)
    body = party.application(await house.gateway.onboard.invite(oin))
    return party, Joining(body["code"].raw, body["verzoek"], [new_key(spelled) for spelled in body["sleutels"]])


async def refused(house: House, application: Joining) -> Problem:
    """Expect a refusal that leaves the register as it was."""
    before = house.gateway.registry.current
    with pytest.raises(RejectedError) as error:
        await house.gateway.onboard.join(application)
    async with house.gateway.store.read() as view:
        assert (await view.head(Log.REGISTER)).head == before.head
    return error.value.code


async def test_the_same_request_gets_the_same_answer(house: House) -> None:
    """A lost answer costs nothing: the same request with the same code is answered alike, also after a restart."""
    _, application = await joining(house)
    first = await house.gateway.onboard.join(application)
    await house.restart()
    house.clock.tick(days=30)
    assert await house.gateway.onboard.join(application) == first
    assert [e["soort"] for e in await house.entries(Log.REGISTER)][3:] == [
        "deelnemer", "sleutel", "sleutel", "certificaat",
    ]  # fmt: skip


async def test_a_code_counts_once(house: House) -> None:
    """A used code with another request is no code; neither is an unknown or an old one."""
    _, application = await joining(house)
    _, other = await joining(house)
    await house.gateway.onboard.join(application)
    with pytest.raises(RejectedError, match="al-toegetreden"):
        await joining(house)
    assert await refused(house, replace(other, secret=application.secret)) is Problem.UITNODIGING_ONGELDIG
    assert await refused(house, replace(other, secret=bytes(16))) is Problem.UITNODIGING_ONGELDIG
    house.clock.tick(days=7, seconds=1)
    assert await refused(house, other) is Problem.UITNODIGING_ONGELDIG


async def test_a_request_that_is_wrong_leaves_the_code_unused(house: House) -> None:
    """A join is whole or nothing: a missing key, a false proof or no request is refused and can be mended."""
    party, application = await joining(house)
    stranger = house.newcomer(LEIDEN)
    signing, sealing = application.keys
    forged = new_key({**party.key("verzegelen", party.sealing), "bewijs": signing.proof})
    foreign = new_key(stranger.key("ondertekenen", stranger.signing))
    assert await refused(house, replace(application, keys=[signing])) is Problem.ONGELDIGE_INVOER
    assert await refused(house, replace(application, keys=[sealing])) is Problem.HANDTEKENING_ONGELDIG
    assert await refused(house, replace(application, keys=[signing, forged])) is Problem.HANDTEKENING_ONGELDIG
    assert await refused(house, replace(application, keys=[*application.keys, foreign])) is Problem.ONGELDIGE_INVOER
    assert await refused(house, replace(application, request="geen verzoek")) is Problem.ONGELDIGE_INVOER
    await house.gateway.onboard.join(application)
    assert house.gateway.registry.current.owns(party.mailbox)


async def test_only_participants_of_the_covenant_are_invited(house: House) -> None:
    """Whoever the covenant does not name gets no code."""
    with pytest.raises(RejectedError):
        await house.gateway.onboard.invite(Oin("00000099000000999000"))


async def test_a_successor_is_vouched_for_by_the_one_before(house: House, corporatie: Party) -> None:
    """A later key is signed by the active signing key; by itself, by another party or for another box it is not."""
    onboard, successor = house.gateway.onboard, PrivateSigningKey.generate()
    stranger = await house.join(LEIDEN)
    own_word = replace(corporatie, signing=successor).key("ondertekenen", successor)
    strangers_word = replace(corporatie, signing=stranger.signing).key("ondertekenen", successor)
    for spelled, code in (
        (own_word, Problem.HANDTEKENING_ONGELDIG),
        (strangers_word, Problem.HANDTEKENING_ONGELDIG),
        (stranger.key("ondertekenen", successor), Problem.NIET_GEVONDEN),
    ):
        with pytest.raises(RejectedError) as error:
            await onboard.renew_key(corporatie.peer, new_key(spelled))
        assert error.value.code is code
    await onboard.renew_key(corporatie.peer, new_key(corporatie.key("verzegelen", PrivateSealingKey.generate())))
    await corporatie.renew()
    assert house.gateway.registry.current.signing_key(corporatie.mailbox) == corporatie.signing.public


async def test_a_suspension_is_logged_once_and_takes_the_code_along(house: House) -> None:
    """Suspending again changes nothing; certificates are revoked with it and an open code is gone."""
    corporatie, first = await joining(house)
    _, application = await joining(house)
    corporatie.certificate = (await house.gateway.onboard.join(first))["certificaat"]
    for _ in range(2):
        await house.gateway.onboard.suspend(corporatie.oin)
    kinds = [e["soort"] for e in await house.entries(Log.REGISTER)]
    assert kinds[-2:] == ["geschorst", "certificaat-ingetrokken"]
    assert corporatie.peer.serial in house.gateway.registry.current.revoked
    assert await refused(house, application) is Problem.UITNODIGING_ONGELDIG
    with pytest.raises(RejectedError):
        await house.gateway.onboard.suspend(LEIDEN)
    with pytest.raises(RejectedError):
        await corporatie.renew()


async def test_the_register_replays_to_the_state_that_the_gateway_has(house: House, corporatie: Party) -> None:
    """Folding the served entries gives the gateway's own register: nobody can be shown another key."""
    await corporatie.renew()
    await house.gateway.onboard.suspend(corporatie.oin)
    async with house.gateway.store.read() as view:
        bodies = await view.bodies(Log.REGISTER, 0, house.gateway.registry.current.size)
    assert Register.fold(body or b"" for body in bodies) == house.gateway.registry.current
    assert all(json.loads(body or b"")["zout"] for body in bodies)


class SlowReading:
    """A snapshot that is slow to read: meanwhile somebody else folds further."""

    def __init__(self, head: LogHead, bodies: list[bytes | None], meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._head, self._bodies, self._meanwhile = head, bodies, meanwhile

    async def head(self, _: Log) -> LogHead:
        return self._head

    async def bodies(self, _: Log, start: int, end: int) -> list[bytes | None]:
        await self._meanwhile()
        return self._bodies[start:end]


async def test_the_register_never_goes_back_in_memory(house: House, corporatie: Party) -> None:
    """A reader that folded less than another one does not put the older state back."""
    registry, before = house.gateway.registry, house.gateway.registry.current
    async with house.gateway.store.read() as view:
        head, bodies = await view.head(Log.REGISTER), await view.bodies(Log.REGISTER, 0, before.size)

    async def meanwhile() -> None:
        registry.current = before
        await corporatie.renew()

    registry.current = Register.empty()
    slow = SlowReading(head, bodies, meanwhile)
    assert await registry.at(slow) == before  # type: ignore[arg-type]  # as far as ``at`` looks, it is a reading
    assert registry.current.size == before.size + 1


async def test_an_exchange_is_founded_once(house: House) -> None:
    """Founding again is refused and changes nothing."""
    gateway, convenant = house.gateway, load_covenant(leidse_regio())
    before = gateway.registry.current.head
    with pytest.raises(ConfigurationError, match="before"):
        await Found(gateway.store, house.clock, gateway.accept.salt)(
            BEURS, ("", ""), PrivateSigningKey.generate().public, convenant
        )
    async with gateway.store.read() as view:
        assert (await view.head(Log.REGISTER)).head == before
