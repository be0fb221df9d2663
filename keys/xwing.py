"""Sealing keys: ML-KEM-768 beside X25519, one seed for both (X-Wing; JWK of draft-ietf-jose-hpke-pq-pqt-01).

This module knows what such a key *is*. Sealing and opening with it is ``keys.sealing``, which the exchange never
loads (law 1).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from keys.encoding import encode, spell_fingerprint, thumbprint
from keys.suites import SEALING_NAMES, SealingSuite
from schemas.values import Digest

SEED_BYTES = 32
PUBLIC_BYTES = 1216
_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64
_PROBE = X25519PrivateKey.from_private_bytes(b"\x01" * 32)


@dataclass(frozen=True, slots=True, eq=False)
class PublicSealingKey:
    """A mailbox's public sealing key; equal when the ``kid`` is."""

    lattice: MLKEM768PublicKey
    curve: X25519PublicKey
    kid: Digest
    suite: SealingSuite = SealingSuite.PQT_1

    @classmethod
    def from_raw(cls, raw: bytes) -> Self:
        """Read the 1216 bytes of a public key: ML-KEM-768, then X25519.

        Raises:
            ValueError: they are no public key: a wrong length, a coefficient that is not reduced (FIPS 203 §7.2),
                or a point of small order, with which the classical half would give nothing.
        """
        if len(raw) != PUBLIC_BYTES:
            raise ValueError("a public key has 1216 bytes")
        lattice = MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC_BYTES])  # checks the coefficients
        curve = X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC_BYTES:])
        _PROBE.exchange(curve)  # refuses a point of small order
        return cls.of(lattice, curve)

    @classmethod
    def of(cls, lattice: MLKEM768PublicKey, curve: X25519PublicKey) -> Self:
        """Put the two halves together."""
        return cls(lattice, curve, thumbprint(_required(lattice, curve)))

    def jwk(self) -> dict[str, str]:
        """Give the public JWK, exactly the members that we accept."""
        return {**_required(self.lattice, self.curve), "use": "enc", "kid": self.kid}

    def fingerprint(self) -> str:
        """Give the thumbprint as people compare it."""
        return spell_fingerprint(self.kid.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicSealingKey) and self.kid == other.kid

    def __hash__(self) -> int:
        return hash(self.kid)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PrivateSealingKey:
    """A private sealing key, held in this process. Its ``repr`` shows the ``kid`` only."""

    seed: bytes
    lattice: MLKEM768PrivateKey
    curve: X25519PrivateKey
    public: PublicSealingKey

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Grow both halves from 32 bytes: SHAKE256 gives 64 for ML-KEM-768 and 32 for X25519 (X-Wing §5.2).

        Raises:
            ValueError: the seed has another length.
        """
        if len(seed) != SEED_BYTES:
            raise ValueError("a seed has 32 bytes")
        grown = hashlib.shake_256(seed).digest(96)
        lattice = MLKEM768PrivateKey.from_seed_bytes(grown[:_MLKEM_SEED_BYTES])
        curve = X25519PrivateKey.from_private_bytes(grown[_MLKEM_SEED_BYTES:])
        return cls(seed, lattice, curve, PublicSealingKey.of(lattice.public_key(), curve.public_key()))

    @classmethod
    def generate(cls) -> Self:
        """Make a new key from the operating system's chance."""
        return cls.from_seed(secrets.token_bytes(SEED_BYTES))

    @property
    def kid(self) -> Digest:
        """The thumbprint of the public half."""
        return self.public.kid

    @property
    def suite(self) -> SealingSuite:
        """What it opens."""
        return self.public.suite

    def jwk(self) -> dict[str, str]:
        """Give the private JWK. The result is a secret: only the key ring writes it down."""
        return {**self.public.jwk(), "priv": encode(self.seed)}

    def __repr__(self) -> str:
        return f"PrivateSealingKey(kid={self.kid!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PrivateSealingKey) and self.kid == other.kid

    def __hash__(self) -> int:
        return hash(self.kid)


def _required(lattice: MLKEM768PublicKey, curve: X25519PublicKey) -> dict[str, str]:
    pub = encode(lattice.public_bytes_raw() + curve.public_bytes_raw())
    return {"kty": "AKP", "alg": SEALING_NAMES[SealingSuite.PQT_1].alg, "pub": pub}
