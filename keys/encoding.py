"""Base64url with one spelling per value, thumbprints (RFC 7638), and fingerprints that people read aloud."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

from schemas.strict import canonical_json
from schemas.values import Digest


def encode(data: bytes) -> str:
    """Spell bytes in base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read base64url in its one spelling: no padding, no blanks, no loose last bits (RFC 4648 §3.5).

    Python's decoder skips what it does not know, so the result is spelled again and compared.

    Raises:
        ValueError: there is another spelling of the same bytes, or none; the text repeats no input.
    """
    try:
        raw = text.encode("ascii")
        data = urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not base64url") from None
    if urlsafe_b64encode(data).rstrip(b"=") != raw:
        raise ValueError("not the one spelling of base64url")
    return data


def thumbprint(members: Mapping[str, str]) -> Digest:
    """Give the RFC 7638 thumbprint of a key's required members: what we call its ``kid``."""
    return Digest.of(canonical_json(dict(members)))


def spell_fingerprint(digest: bytes) -> str:
    """Spell a digest for comparison by people: hexadecimal in groups of four, which survive a telephone."""
    digits = digest.hex()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
