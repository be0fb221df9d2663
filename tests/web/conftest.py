"""A serving exchange with two parties that joined over the network."""

from __future__ import annotations

import pytest

from tests.exchange import LEIDEN, ONS_DOEL, House, Party


async def join(house: House, oin: str) -> Party:
    """Let a participant join as it would: with its code, over TLS, without a certificate yet."""
    party = house.newcomer(oin)  # type: ignore[arg-type]  # an Oin is a str
    application = party.application(await house.gateway.onboard.invite(party.oin))
    answer = await house.ask("POST", "/v1/aanmeldingen", None, application)
    assert answer.status == 201, answer.body
    party.certificate = answer.json["certificaat"]
    return party


@pytest.fixture
async def sender(exchange: House) -> Party:
    """A corporation at the serving exchange."""
    return await join(exchange, ONS_DOEL)


@pytest.fixture
async def recipient(exchange: House) -> Party:
    """A municipality at the serving exchange."""
    return await join(exchange, LEIDEN)
