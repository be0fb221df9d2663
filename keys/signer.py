"""Who signs: a port with one method, so that the key may live in this process or in a token that never gives it up."""

from __future__ import annotations

from typing import Protocol

from keys.jwk import PrivateSigningKey


class Signer(Protocol):
    """Signs with one ES256 key. A PKCS#11 token fits here: it hashes and signs, the key stays inside."""

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint of the key."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Give the raw 64-byte signature, r then s, over SHA-256 of ``data``.

        Receipts are made again from the stored row after a crash, so a signer of receipts must be deterministic
        (RFC 6979) or its signatures stored.
        """
        ...


class KeySigner:
    """A signer with the key in memory."""

    def __init__(self, key: PrivateSigningKey) -> None:
        self._key = key

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint of the key."""
        return self._key.kid

    def sign(self, data: bytes) -> bytes:
        """Give the raw 64-byte signature; the same data gives the same bytes."""
        return self._key.sign(data)
