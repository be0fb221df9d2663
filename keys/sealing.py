"""Seal a payload for one recipient, and open it. CLIENT SIDE ONLY: the exchange never loads this module (law 1).

Compact JWE (RFC 7516 §7.1), suite ``pqt-1``: a fresh A256GCM content key, itself encrypted with HPKE (key
encryption mode, draft-ietf-jose-hpke-encrypt) to the recipient's ML-KEM-768 and X25519 key. Whoever wants the
payload must break both. Frozen to the published vector of draft-ietf-jose-hpke-pq-pqt-01.

Nothing here says who sealed it: that is the signed envelope's task, which holds the digest of the JWE and of the
payload (T2). AES-GCM does not commit to its plaintext; ``inhoud`` does.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from keys.encoding import decode, encode
from keys.errors import OpeningError, SealingError
from keys.jwk import PrivateSealingKey, PublicSealingKey
from keys.suites import SEALING_NAMES, SealingSuite
from schemas.strict import NotStrictJsonError, canonical_json, parse_json

LADING_TYP: Final = "lading+jwe"
MAX_PAYLOAD: Final = 1024 * 1024
"""Longest padded payload in bytes."""
MAX_LADING: Final = 1_402_000
"""Longest JWE in characters: a payload of MAX_PAYLOAD makes 1 400 370."""

_NAMES: Final = SEALING_NAMES[SealingSuite.PQT_1]
_HPKE: Final = Suite(KEM.MLKEM768_X25519, KDF.SHAKE256, AEAD.AES_256_GCM)
_INFO: Final = b"JOSE-HPKE rcpt\xff" + _NAMES.enc.encode("ascii") + b"\xff"
_SMALLEST: Final = 2048
_CEK_BYTES, _IV_BYTES, _TAG_BYTES, _EK_BYTES, _ENCRYPTED_KEY_BYTES = 32, 12, 16, 1120, 48
_MAX_HEADER_LENGTH: Final = 4096


def pad(payload: bytes) -> bytes:
    """Lengthen a JSON payload with spaces to 2, 4, 8, ... KiB, so that its size gives nothing away.

    JSON readers pass over the spaces, so nothing ever takes them off: the digest is that of the padded bytes.
    """
    size = _SMALLEST
    while size < len(payload):
        size *= 2
    return payload.ljust(size)


def seal(payload: bytes, recipient: PublicSealingKey) -> str:
    """Seal ``payload`` (padded already) for the holder of ``recipient``; twice the same gives two different texts.

    Raises:
        SealingError: the payload is larger than a message may be.
    """
    if len(payload) > MAX_PAYLOAD:
        raise SealingError("the payload is larger than 1 MiB; send less in one message")
    content_key = secrets.token_bytes(_CEK_BYTES)
    wrapped = _HPKE.encrypt(content_key, MLKEM768X25519PublicKey(recipient.lattice, recipient.curve), info=_INFO)
    header = encode(canonical_json({**_fixed(recipient.kid), "ek": encode(wrapped[:_EK_BYTES])}))
    iv = secrets.token_bytes(_IV_BYTES)
    sealed = AESGCM(content_key).encrypt(iv, payload, header.encode("ascii"))
    parts = (wrapped[_EK_BYTES:], iv, sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:])
    return ".".join((header, *(encode(part) for part in parts)))


def open_sealed(jwe: str, key: PrivateSealingKey, max_length: int = MAX_LADING) -> bytes:
    """Open what was sealed for ``key``; the bytes are the sender's only once the signed digests match.

    Raises:
        OpeningError: for whatever reason; refuse the message, the sender must seal it again.
    """
    if len(jwe) > max_length:
        raise OpeningError
    return _open(jwe, key, _fixed(key.kid))


def recipient(jwe: str) -> str:
    """Tell for which key (``kid``) a JWE says that it was sealed. Choose your key by it; believe nothing yet.

    Raises:
        OpeningError: it is not a JWE of ours.
    """
    header = _header(jwe.partition(".")[0])
    if header != {**_fixed(header.get("kid", "")), "ek": header.get("ek")}:
        raise OpeningError
    return header["kid"]


def _fixed(kid: str) -> dict[str, str]:
    return {"alg": _NAMES.alg, "cty": "json", "enc": _NAMES.enc, "kid": kid, "typ": LADING_TYP}


def _open(jwe: str, key: PrivateSealingKey, fixed: Mapping[str, str]) -> bytes:
    """Open a JWE whose header is exactly ``fixed`` and ``ek``; the published vector has fewer members than ours."""
    try:
        protected, *rest = jwe.split(".")
        header = _header(protected)
        if header != {**fixed, "ek": header.get("ek")}:
            raise OpeningError
        ek, (encrypted_key, iv, ciphertext, tag) = decode(header["ek"]), (decode(part) for part in rest)
        if (len(ek), len(encrypted_key), len(iv), len(tag)) != (_EK_BYTES, _ENCRYPTED_KEY_BYTES, _IV_BYTES, _TAG_BYTES):
            raise OpeningError
        content_key = _HPKE.decrypt(ek + encrypted_key, MLKEM768X25519PrivateKey(key.lattice, key.curve), info=_INFO)
        return AESGCM(content_key).decrypt(iv, ciphertext + tag, protected.encode("ascii"))
    except (ValueError, InvalidTag):
        raise OpeningError from None


def _header(segment: str) -> dict[str, str]:
    if len(segment) > _MAX_HEADER_LENGTH:
        raise OpeningError
    try:
        header = parse_json(decode(segment), 1)
    except (NotStrictJsonError, ValueError):
        raise OpeningError from None
    if not isinstance(header, dict) or not all(isinstance(value, str) for value in header.values()):
        raise OpeningError
    return header
