"""Keys as they are written down: JSON Web Keys read to the letter (RFC 7517, RFC 7518 §6.2, RFC 9964).

A JWK is accepted in one form only. The key it holds is spelled again and compared with what came in: a member
too many or too few, a loose base64url spelling, a ``kid`` that is not the thumbprint, a private half that does
not belong to the public one, all end there. ``alg`` and ``use`` are fixed by the kind of key, so no message can
make a key do another key's work (T10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec

from keys.ed25519 import LogKey
from keys.encoding import decode
from keys.errors import KeyFormError
from keys.es256 import PrivateSigningKey, PublicSigningKey
from keys.xwing import PrivateSealingKey, PublicSealingKey

__all__ = [
    "LogKey",
    "PrivateKey",
    "PrivateSealingKey",
    "PrivateSigningKey",
    "PublicKey",
    "PublicSealingKey",
    "PublicSigningKey",
    "parse_private",
    "parse_public",
]

PublicKey = PublicSigningKey | PublicSealingKey
PrivateKey = PrivateSigningKey | PrivateSealingKey | LogKey

_MAX_MEMBERS = 8
_MAX_MEMBER_LENGTH = 2048
_UNLIKE = "members, spelling or kid of the key differ from the one form that we accept"


def parse_public(jwk: Mapping[str, object]) -> PublicKey:
    """Read a party's public key. The same key read again gives the same object while it is remembered.

    Raises:
        KeyFormError: it is not a public key of ours, to the letter.
    """
    return _parse_public(tuple(sorted(_members(jwk).items())))


def parse_private(jwk: Mapping[str, object]) -> PrivateKey:
    """Read a private key: of a party, or of a log. Nothing of it is remembered here.

    Raises:
        KeyFormError: it is not a private key of ours, to the letter; the text holds nothing of it.
    """
    members = _members(jwk)
    try:
        key = _PRIVATE[members["kty"]](members)
        matches = key.jwk() == members
    except (KeyError, ValueError):
        raise KeyFormError("not a private key of a kind that we know") from None
    if not matches:
        raise KeyFormError(_UNLIKE)
    return key


@lru_cache(maxsize=512)
def _parse_public(pairs: tuple[tuple[str, str], ...]) -> PublicKey:
    members = dict(pairs)
    try:
        key = _PUBLIC[members["kty"]](members)
    except (KeyError, ValueError):
        raise KeyFormError("not a signing or sealing key of a suite that we know") from None
    if key.jwk() != members:
        raise KeyFormError(_UNLIKE)
    return key


def _members(jwk: Mapping[str, object]) -> dict[str, str]:
    if not isinstance(jwk, Mapping) or len(jwk) > _MAX_MEMBERS:
        raise KeyFormError("a key is a JSON object with the members of its kind")
    members: dict[str, str] = {}
    for name, value in jwk.items():
        if not isinstance(value, str) or len(value) > _MAX_MEMBER_LENGTH:
            raise KeyFormError("every member of a key is a text of ordinary length")
        members[str(name)] = str(value)
    return members


def _public_signing(members: dict[str, str]) -> PublicKey:
    x, y = (int.from_bytes(decode(members[name])) for name in "xy")
    return PublicSigningKey.of(ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key())


def _public_sealing(members: dict[str, str]) -> PublicKey:
    return PublicSealingKey.from_raw(decode(members["pub"]))


def _private_signing(members: dict[str, str]) -> PrivateKey:
    return PrivateSigningKey.of(ec.derive_private_key(int.from_bytes(decode(members["d"])), ec.SECP256R1()))


def _private_sealing(members: dict[str, str]) -> PrivateKey:
    return PrivateSealingKey.from_seed(decode(members["priv"]))


def _private_log(members: dict[str, str]) -> PrivateKey:
    return LogKey(decode(members["d"]))


_PUBLIC: dict[str, Callable[[dict[str, str]], PublicKey]] = {"EC": _public_signing, "AKP": _public_sealing}
_PRIVATE: dict[str, Callable[[dict[str, str]], PrivateKey]] = {
    "EC": _private_signing,
    "AKP": _private_sealing,
    "OKP": _private_log,
}
