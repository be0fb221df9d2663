"""Before anything is signed, a message is refused that the exchange could only refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from gateway.connector.connector import Connector
from gateway.errors import RejectedError
from schemas.problems import Problem
from tests.unit.connector.exchange import HUUR, VROEG
from tests.unit.connector.region import BERICHT, message


@pytest.mark.parametrize("sender", ["corporatie to itself", "gemeente signals"])
def test_message_between_the_wrong_parties(corporatie: Connector, gemeente: Connector, sender: str) -> None:
    """To oneself, or of a type that this kind of party never sends: refused with a reason, and no number is spent."""
    connector = corporatie if sender.startswith("corporatie") else gemeente
    with pytest.raises(RejectedError) as caught:
        connector.spool_message(replace(message(), ontvanger=HUUR))
    assert caught.value.code is Problem.NIET_TOEGESTAAN
    assert connector.overview().outgoing == {}


def test_envelope_that_cannot_be_made(corporatie: Connector) -> None:
    """What fits no envelope is refused by name of the field, and nothing of the message is told."""
    with pytest.raises(RejectedError) as caught:
        corporatie.spool_message(message(verlooptijd=datetime(2026, 12, 1)))  # noqa: DTZ001 - the mistake
    assert caught.value.code is Problem.ONGELDIGE_INVOER
    assert [pointer for pointer, _ in caught.value.faults] == ["#/verlooptijd"]
    told = f"{caught.value} {caught.value.faults} {caught.value.__cause__}"
    secrets: list[Any] = [VROEG, HUUR, "2026, 12", BERICHT["huurder"]["achternaam"]]
    assert not any(str(secret) in told for secret in secrets)
    assert corporatie.overview().outgoing == {}
