"""The lock on a key ring: from a passphrase or a key file to an AES-256-GCM key, parameters named by version.

The file says which kind of lock it has; that, the salt and the nonce are authenticated with the content. A version
stands for one set of parameters in this module, so a file cannot ask for weaker ones, nor for all our memory.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from keys.encoding import decode, encode
from keys.errors import KeyRingError
from keys.private_files import create_private, read_private
from schemas.strict import NotStrictJsonError, canonical_json, parse_json

FORMAT = "seinpost-sleutelbos-1"
_PASSPHRASE_KIND = "wachtzin-1"  # noqa: S105 - the name of a kind of lock
_KEY_FILE_KIND = "sleutelbestand-1"
_KEY_BYTES, _SALT_BYTES, _NONCE_BYTES = 32, 16, 12
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Passphrase:
    """What a person types, at least 8 characters; the same on every keyboard (NFKC)."""

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.text) < _SHORTEST:
            raise KeyRingError("a passphrase has at least 8 characters; use several words")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file with 32 random bytes, for services that start unattended; keep it off the backups of the ring."""

    path: Path


Secret = Passphrase | KeyFile


def make_key_file(path: Path) -> KeyFile:
    """Make a new key file, readable by its owner only.

    Raises:
        KeyRingError: there is such a file already; it is left alone.
    """
    create_private(path, secrets.token_bytes(_KEY_BYTES))
    return KeyFile(path)


@dataclass(frozen=True, slots=True)
class Lock:
    """One ring's lock, opened: the key, and what the file says about how to make it again."""

    kind: str
    salt: bytes
    key: bytes = field(repr=False)

    @classmethod
    def make(cls, secret: Secret) -> Self:
        """Make a lock for a new ring."""
        kind = _kind(secret)
        salt = secrets.token_bytes(_SALT_BYTES)
        return cls(kind, salt, _key(secret, salt))

    def shut(self, content: bytes) -> bytes:
        """Give the bytes of the file; a fresh nonce each time."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        head = {"formaat": FORMAT, "slot": self.kind, "zout": encode(self.salt), "nonce": encode(nonce)}
        sealed = AESGCM(self.key).encrypt(nonce, content, canonical_json(head))
        return canonical_json({**head, "inhoud": encode(sealed)}) + b"\n"


def open_lock(data: bytes, secret: Secret) -> tuple[Lock, bytes]:
    """Open the bytes of a file; give the lock, for writing it again, and the content.

    Raises:
        KeyRingError: it is no key ring, its lock is of another kind, the secret is wrong, or a byte was changed.
    """
    head, salt, nonce, sealed = _take_apart(data)
    if head["slot"] != _kind(secret):
        raise KeyRingError(f"this key ring opens with a {_called(head['slot'])}")
    lock = Lock(head["slot"], salt, _key(secret, salt))
    try:
        return lock, AESGCM(lock.key).decrypt(nonce, sealed, canonical_json(head))
    except InvalidTag:
        raise KeyRingError(f"wrong {_called(lock.kind)}, or the key ring was changed on disk") from None


def _take_apart(data: bytes) -> tuple[dict[str, str], bytes, bytes, bytes]:
    try:
        members = parse_json(data, 1)
        known = members["formaat"] == FORMAT and members.keys() == {"formaat", "slot", "zout", "nonce", "inhoud"}
        sealed, salt, nonce = (decode(members[name]) for name in ("inhoud", "zout", "nonce"))
        known = known and isinstance(members["slot"], str)
    except (NotStrictJsonError, ValueError, TypeError, KeyError, AttributeError):
        known = False
    if not known or len(salt) != _SALT_BYTES or len(nonce) != _NONCE_BYTES:
        raise KeyRingError("this is not a key ring of ours, or one of a newer version")
    del members["inhoud"]
    return members, salt, nonce, sealed


def _kind(secret: Secret) -> str:
    return _PASSPHRASE_KIND if isinstance(secret, Passphrase) else _KEY_FILE_KIND


def _called(kind: str) -> str:
    return {_PASSPHRASE_KIND: "passphrase", _KEY_FILE_KIND: "key file"}.get(kind, "lock of a newer version")


def _key(secret: Secret, salt: bytes) -> bytes:
    if isinstance(secret, KeyFile):
        key = read_private(secret.path)
        if len(key) != _KEY_BYTES:
            raise KeyRingError(f"{secret.path} is not a key file: it has not 32 bytes")
        return key
    # wachtzin-1: RFC 9106 §4, second recommendation (64 MiB, 3 passes, 4 lanes)
    stretch = Argon2id(salt=salt, length=_KEY_BYTES, iterations=3, lanes=4, memory_cost=64 * 1024)
    return stretch.derive(unicodedata.normalize("NFKC", secret.text).encode())
