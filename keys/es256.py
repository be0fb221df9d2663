"""Signing keys: ECDSA on P-256 with SHA-256 (RFC 7518 §3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from keys.encoding import encode, spell_fingerprint, thumbprint
from keys.suites import SignatureSuite
from schemas.values import Digest

SIGNATURE_BYTES = 64
"""A raw signature is r, then s, 32 bytes each (RFC 7518 §3.4)."""

_VERIFY = ec.ECDSA(SHA256())
_SIGN = ec.ECDSA(SHA256(), deterministic_signing=True)


@dataclass(frozen=True, slots=True, eq=False)
class PublicSigningKey:
    """A party's public signing key; equal when the ``kid`` is, cheap to use again and again."""

    handle: ec.EllipticCurvePublicKey
    kid: Digest
    suite: SignatureSuite = SignatureSuite.ES256

    @classmethod
    def of(cls, handle: ec.EllipticCurvePublicKey) -> Self:
        """Wrap a P-256 key; the point is on the curve, or ``cryptography`` would not have made it."""
        return cls(handle, thumbprint(_required(handle)))

    def jwk(self) -> dict[str, str]:
        """Give the public JWK, exactly the members that we accept."""
        return {**_required(self.handle), "alg": self.suite.value, "use": "sig", "kid": self.kid}

    def fingerprint(self) -> str:
        """Give the thumbprint as people compare it."""
        return spell_fingerprint(self.kid.raw)

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Tell whether the raw 64-byte signature over ``data`` is by this key. Safe to call from many threads."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        try:
            self.handle.verify(encode_dss_signature(r, s), data, _VERIFY)
        except InvalidSignature:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicSigningKey) and self.kid == other.kid

    def __hash__(self) -> int:
        return hash(self.kid)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PrivateSigningKey:
    """A private signing key, held in this process. Its ``repr`` shows the ``kid`` only."""

    handle: ec.EllipticCurvePrivateKey
    public: PublicSigningKey

    @classmethod
    def of(cls, handle: ec.EllipticCurvePrivateKey) -> Self:
        """Wrap a P-256 private key."""
        return cls(handle, PublicSigningKey.of(handle.public_key()))

    @classmethod
    def generate(cls) -> Self:
        """Make a new key from the operating system's chance."""
        return cls.of(ec.generate_private_key(ec.SECP256R1()))

    @property
    def kid(self) -> Digest:
        """The thumbprint of the public half."""
        return self.public.kid

    def jwk(self) -> dict[str, str]:
        """Give the private JWK. The result is a secret: only the key ring writes it down."""
        scalar = self.handle.private_numbers().private_value
        return {**self.public.jwk(), "d": encode(scalar.to_bytes(32))}

    def sign(self, data: bytes) -> bytes:
        """Sign deterministically (RFC 6979): the same data gives the same 64 bytes, so a repeat needs no store."""
        r, s = decode_dss_signature(self.handle.sign(data, _SIGN))
        return r.to_bytes(32) + s.to_bytes(32)

    def __repr__(self) -> str:
        return f"PrivateSigningKey(kid={self.kid!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PrivateSigningKey) and self.kid == other.kid

    def __hash__(self) -> int:
        return hash(self.kid)


def _required(handle: ec.EllipticCurvePublicKey) -> dict[str, str]:
    point = handle.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": encode(point.x.to_bytes(32)), "y": encode(point.y.to_bytes(32))}
