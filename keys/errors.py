"""What can be wrong with a key, a signature or a seal. Every text is safe to show: no secret, no input."""

from __future__ import annotations


class KeysError(Exception):
    """Something about keys does not hold; the subclasses say what, and the text what to do."""


class SignatureError(KeysError):
    """A JWS is not one of ours, or its signature is not by this key: treat the bytes as unsigned noise.

    ``code`` is one word from a closed list, for counting and for problem details; nothing may be
    learned from which key or message it was.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class SealingError(KeysError):
    """The payload cannot be sealed; make it smaller."""


class OpeningError(KeysError):
    """A sealed payload does not open. One text for every cause, so that nobody learns which (an oracle)."""

    code = "verzegeling-onjuist"

    def __init__(self) -> None:
        super().__init__("the sealed payload does not open with this key")


class KeyFormError(KeysError):
    """A JWK is not a key of ours, to the letter; its owner must send another."""


class KeyRingError(KeysError):
    """The key ring cannot be opened, read or written; the text says why and whose turn it is."""


class CertificateError(KeysError):
    """A certificate, request or revocation list does not hold; ask its maker for another."""
