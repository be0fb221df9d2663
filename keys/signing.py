"""JWS in, verified bytes out: compact serialisation (RFC 7515 §7.1), one header form, one suite.

Order of reading, and it stops at the first fault: length, three parts, base64url in its one spelling, header
(exactly ``alg``, ``kid`` and ``typ``, each key once), ``alg`` in the suite, the ``typ`` that the caller expects,
the form of ``kid``, the size of the signature. Only then does anybody look for a key, and only a key that the
caller trusts already: a header cannot bring one (T10). ``read`` gives the payload as *unverified*; it becomes
somebody's word in ``verify``.

An ES256 signature can be changed into another valid one, so no digest covers it: a JWS is known by the SHA-256
of its signing input.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from keys.encoding import decode, encode
from keys.errors import SignatureError
from keys.es256 import SIGNATURE_BYTES
from keys.jwk import PrivateSigningKey, PublicSigningKey
from keys.signer import Signer
from keys.suites import SignatureSuite
from schemas.strict import NotStrictJsonError, canonical_json, parse_json
from schemas.values import Digest

__all__ = ["SignatureError", "Unverified", "digest", "read", "sign", "verify"]

ENVELOPE_TYP: Final = "bericht+jws"
AANVAARD_TYP: Final = "aanvaard+jws"
AFGEWEZEN_TYP: Final = "afgewezen+jws"
ONTVANGEN_TYP: Final = "ontvangen+jws"
GEWEIGERD_TYP: Final = "geweigerd+jws"
GEBOEKT_TYP: Final = "geboekt+jws"
NIET_AFGELEVERD_TYP: Final = "niet-afgeleverd+jws"
KEY_TYP: Final = "sleutel+jws"
BUNDLE_TYP: Final = "bewijs+jws"

MAX_LENGTH: Final = 65_536
_MAX_HEADER_LENGTH: Final = 512
_MEMBERS: Final = frozenset({"alg", "kid", "typ"})


@dataclass(frozen=True, slots=True)
class Unverified:
    """A well-formed JWS of the expected kind that nobody has vouched for yet.

    ``digest`` is that of the signing input: the name under which receipts quote this JWS.
    """

    kid: str
    alg: SignatureSuite
    payload: bytes
    digest: Digest
    signing_input: bytes
    signature: bytes


def read(jws: str, typ: str, max_length: int = MAX_LENGTH) -> Unverified:
    """Take a JWS of kind ``typ`` apart without believing it.

    Raises:
        SignatureError: it is not one of ours, to the letter; count it and drop it.
    """
    header, payload, signature = _split(jws, max_length)
    alg, kid, found = _header(header)
    if found != typ:
        raise SignatureError("typ-onjuist", "the JWS is of another kind than is expected here")
    raw = _decode(signature)
    if len(raw) != SIGNATURE_BYTES:
        raise SignatureError("handtekening-vorm", "an ES256 signature has 64 bytes")
    signing_input = f"{header}.{payload}".encode("ascii")
    return Unverified(kid, alg, _decode(payload), Digest.of(signing_input), signing_input, raw)


def verify(unverified: Unverified, key: PublicSigningKey) -> bytes:
    """Give the payload as the word of the holder of ``key``. Safe to call from many threads.

    The caller answers for ``key``: it comes from the register, by the ``kid``, for this mailbox and this use.

    Raises:
        SignatureError: the key is another than the header names, or the signature is not by it.
    """
    if unverified.kid != key.kid or unverified.alg is not key.suite:
        raise SignatureError("sleutel-onbekend", "the JWS names another key")
    if not key.verifies(unverified.signature, unverified.signing_input):
        raise SignatureError("handtekening-ongeldig", "the signature is not by this key over these bytes")
    return unverified.payload


def sign(payload: bytes, key: PrivateSigningKey | Signer, typ: str) -> str:
    """Make the JWS of kind ``typ`` over ``payload``. With a key in memory the same input gives the same text.

    Raises:
        SignatureError: the signer gave no ES256 signature; its token needs attention.
    """
    signing_input = f"{_spell_header(key.kid, typ)}.{encode(payload)}"
    signature = key.sign(signing_input.encode("ascii"))
    if len(signature) != SIGNATURE_BYTES:
        raise SignatureError("handtekening-vorm", "the signer gave no 64-byte ES256 signature")
    return f"{signing_input}.{encode(signature)}"


def digest(jws: str) -> Digest:
    """Give the digest of the signing input: all before the last dot. Says nothing about the signature.

    Raises:
        SignatureError: it has not the three parts of a JWS.
    """
    header, payload, _ = _split(jws, len(jws))
    return Digest.of(f"{header}.{payload}".encode("ascii"))


def _split(jws: str, max_length: int) -> tuple[str, str, str]:
    if len(jws) > max_length:
        raise SignatureError("te-lang", "the JWS is longer than is accepted here")
    parts = jws.split(".")
    if len(parts) != 3 or not jws.isascii():
        raise SignatureError("geen-jws", "a JWS has three parts of base64url with dots between them")
    return parts[0], parts[1], parts[2]


@lru_cache(maxsize=1024)
def _header(segment: str) -> tuple[SignatureSuite, str, str]:
    """Read a header once; a sender's headers are all alike. Faulty ones are not remembered."""
    if len(segment) > _MAX_HEADER_LENGTH:
        raise SignatureError("te-lang", "the JWS header is longer than its members can be")
    try:
        header = parse_json(_decode(segment), 4)
    except NotStrictJsonError:
        raise SignatureError("kop-vorm", "the JWS header is not strict JSON") from None
    if not isinstance(header, dict):
        raise SignatureError("kop-vorm", "the JWS header is not a JSON object")
    if header.keys() != _MEMBERS:
        raise SignatureError("kop-onbekend", "the JWS header has exactly alg, kid and typ")
    if not all(isinstance(value, str) for value in header.values()):
        raise SignatureError("kop-vorm", "the members of the JWS header are texts")
    return _suite(header["alg"]), _kid(header["kid"]), header["typ"]


def _suite(alg: str) -> SignatureSuite:
    try:
        return SignatureSuite(alg)
    except ValueError:
        raise SignatureError("alg-onbekend", "the alg of the JWS is outside the closed list") from None


def _kid(kid: str) -> str:
    try:
        return Digest(kid)
    except ValueError:
        raise SignatureError("kid-vorm", "the kid of the JWS is not a SHA-256 thumbprint") from None


@lru_cache(maxsize=256)
def _spell_header(kid: str, typ: str) -> str:
    return encode(canonical_json({"alg": SignatureSuite.ES256.value, "kid": kid, "typ": typ}))


def _decode(segment: str) -> bytes:
    try:
        return decode(segment)
    except ValueError:
        raise SignatureError("base64url-vorm", "a part of the JWS is not strict base64url") from None
