"""The closed lists of algorithms. Nothing outside them is ever tried (T10).

A suite is one whole choice, never a menu. To come: ``PS256`` for parties that sign with software of
their own, and ``nlgov-1`` (RSA-OAEP with A256GCM, the NL GOV encryption module), listed as not
quantum-safe. ``Ed25519`` signs log notes only; it is no suite, so no message can ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SignatureSuite(StrEnum):
    """How messages, receipts and key statements are signed; the value is the JOSE ``alg`` (RFC 7518 §3.1)."""

    ES256 = "ES256"


class SealingSuite(StrEnum):
    """How payloads are sealed; the number is part of the name because drafts are not RFCs."""

    PQT_1 = "pqt-1"


@dataclass(frozen=True, slots=True)
class SealingNames:
    """How JOSE calls the parts of a sealing suite: key encryption ``alg``, content encryption ``enc``."""

    alg: str
    enc: str


SEALING_NAMES: dict[SealingSuite, SealingNames] = {
    SealingSuite.PQT_1: SealingNames(alg="HPKE-9-KE", enc="A256GCM"),
}
"""``pqt-1`` is ML-KEM-768 with X25519 (X-Wing), SHAKE256 and AES-256-GCM: draft-ietf-jose-hpke-pq-pqt-01."""
