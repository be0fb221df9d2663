"""The key that signs the notes of a log: Ed25519, as C2SP signed notes want it. It signs no message and no receipt."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys.encoding import encode, spell_fingerprint, thumbprint
from schemas.values import Digest

SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class LogKey:
    """A log's signing key: its 32-byte seed (a secret, never shown) and the public half."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise ValueError("a seed has 32 bytes")

    @classmethod
    def generate(cls) -> Self:
        """Make a new key from the operating system's chance."""
        return cls(secrets.token_bytes(SEED_BYTES))

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes of the public key (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    @property
    def kid(self) -> Digest:
        """The RFC 7638 thumbprint (RFC 8037 §2); C2SP notes name the key in another way."""
        return thumbprint(self._required())

    def fingerprint(self) -> str:
        """Give the thumbprint as people compare it."""
        return spell_fingerprint(self.kid.raw)

    def jwk(self) -> dict[str, str]:
        """Give the private JWK. The result is a secret: only the key ring writes it down."""
        return {**self._required(), "alg": "Ed25519", "use": "sig", "kid": self.kid, "d": encode(self.seed)}

    def _required(self) -> dict[str, str]:
        return {"kty": "OKP", "crv": "Ed25519", "x": encode(self.public_bytes)}
