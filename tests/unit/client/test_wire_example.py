"""The published wire example, to the byte: what we compose and what we open is what others see."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.client.compose import Draft, Mark, Place, SealedDraft, message_id, sign_draft, spell_payload
from gateway.client.opening import RefusedError, open_payload
from gateway.client.proofs import sign_receipt
from keys.jwk import PrivateSealingKey, PrivateSigningKey, parse_private
from schemas.envelope import Envelope
from schemas.receipts import Ontvangen
from schemas.values import Digest, MessageId, RandomId, Salt

EXAMPLE: dict[str, Any] = json.loads(
    resources.files("schemas.published").joinpath("vectors/wire-example.json").read_text("utf-8")
)
EVENT = EXAMPLE["event"]
ENVELOPE = Envelope.parse(json.dumps(EVENT).encode())
BERICHT = json.loads(EXAMPLE["payload"])["bericht"]


def signing_key(name: str) -> PrivateSigningKey:
    key = parse_private(EXAMPLE["keys"][name])
    assert isinstance(key, PrivateSigningKey)
    return key


def sealing_key() -> PrivateSealingKey:
    key = parse_private(EXAMPLE["keys"]["recipient_sealing"])
    assert isinstance(key, PrivateSealingKey)
    return key


DRAFT = Draft(ENVELOPE.source, ENVELOPE.ontvanger, ENVELOPE.dossier, ENVELOPE.type, BERICHT, ENVELOPE.verlooptijd)
MARK = Mark(ENVELOPE.id, Salt(json.loads(EXAMPLE["payload"])["zout"]), ENVELOPE.time)


def test_payload_is_the_example() -> None:
    """Given id, salt and fields, the padded payload comes out to the byte."""
    assert spell_payload(DRAFT, MARK).decode() == EXAMPLE["payload"]


def test_envelope_is_the_example() -> None:
    """Given the sealed payload and the numbering, the signed envelope and its digest come out to the byte."""
    sealed = SealedDraft(DRAFT, MARK, EXAMPLE["lading"], "", ENVELOPE.data)
    composed = sign_draft(sealed, Place(ENVELOPE.reeks, 1), ENVELOPE.beurs, signing_key("sender_signing"))
    assert composed.envelop == EXAMPLE["envelop"]
    assert composed.digest == EXAMPLE["digest"]


def test_example_opens() -> None:
    """The example's payload opens with its recipient's key and passes every check."""
    key = sealing_key()
    assert open_payload(ENVELOPE, EXAMPLE["lading"], {key.kid: key}) == BERICHT


def test_receipt_is_the_example() -> None:
    """The recipient's receipt, signed from stored facts, is the example's to the byte."""
    receipt = Ontvangen.parse(json.dumps(EXAMPLE["ontvangen"]["payload"]).encode())
    assert sign_receipt(receipt, signing_key("recipient_signing")) == EXAMPLE["ontvangen"]["jws"]


OTHER_ID = RandomId("6e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10")
ANSWERED = MessageId("019a9f3e-7c00-7abc-8def-0123456789ac")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"dossier": OTHER_ID}, "velden-verschillen"),
        ({"antwoordop": ANSWERED}, "velden-verschillen"),
        ({"id": ANSWERED}, "velden-verschillen"),
        ({"source": ENVELOPE.ontvanger}, "velden-verschillen"),
        ({"type": "nl.huurschuld.wijziging.v1"}, "velden-verschillen"),
        ({"data": ENVELOPE.data.model_copy(update={"inhoud": Digest.of(b"")})}, "inhoud-verschilt"),
    ],
)
def test_payload_that_says_otherwise(change: dict[str, Any], code: str) -> None:
    """A payload whose fields or digest are not the envelope's is refused, and the code says which."""
    key, envelope = sealing_key(), ENVELOPE.model_copy(update=change)
    with pytest.raises(RefusedError) as refusal:
        open_payload(envelope, EXAMPLE["lading"], {key.kid: key})
    assert refusal.value.code == code


def test_payload_that_does_not_open() -> None:
    """A JWE that was changed, or is for somebody else, is refused with its own code."""
    key = sealing_key()
    lading = EXAMPLE["lading"]
    for changed, keys, code in (
        (lading[:-2] + "AA", {key.kid: key}, "opent-niet"),
        ("x" + lading, {key.kid: key}, "opent-niet"),
        (lading, {}, "niet-voor-ons-verzegeld"),
    ):
        with pytest.raises(RefusedError) as refusal:
            open_payload(ENVELOPE, changed, keys)
        assert refusal.value.code == code


MOMENTS = st.integers(1_600_000_000_000, 7_000_000_000_000).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)


@given(MOMENTS, st.lists(st.binary(min_size=10, max_size=10), min_size=2, max_size=20))
def test_ids_grow(moment: datetime, chances: list[bytes]) -> None:
    """Ids of one process always grow, also within a millisecond and when the clock goes back; each is a UUIDv7."""
    made: list[MessageId] = []
    for i, chance in enumerate(chances):
        made.append(message_id(moment - timedelta(seconds=i), chance, made[-1] if made else None))
    assert made == sorted(set(made))
    assert int(made[0].replace("-", "")[:12], 16) == int(
        (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)
    )


def test_id_at_the_end_of_chance() -> None:
    """When chance has used up a millisecond, the next id is in the following one."""
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    last = message_id(moment, b"\xff" * 10)
    assert message_id(moment, b"\x00" * 10, last) > last
