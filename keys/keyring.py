"""A party's private keys, on disk in one file, encrypted.

Keys are kept under names such as ``huur/ondertekenen``. The last one added under a name is the active one; the
others stay, because old messages must still open. Beside keys it holds secrets as plain bytes, such as the PEM of
a TLS key. ``keys.locking`` is the lock on the file: a passphrase stretched with Argon2id, or a key file.

The ring hands out keys, it does not use them (law 1).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Self, TypeVar, overload

from keys.encoding import decode, encode
from keys.errors import KeyFormError, KeyRingError
from keys.jwk import LogKey, PrivateKey, PrivateSealingKey, PrivateSigningKey, parse_private
from keys.locking import KeyFile, Lock, Passphrase, Secret, make_key_file, open_lock
from keys.private_files import create_private, read_private, replace_private
from schemas.strict import NotStrictJsonError, canonical_json, parse_json

__all__ = ["KeyFile", "KeyRing", "Passphrase", "Secret", "make_key_file"]

Key = TypeVar("Key", PrivateSigningKey, PrivateSealingKey, LogKey)

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}(/[a-z0-9][a-z0-9._-]{0,79}){0,3}")
_DAMAGED = "the key ring opened, but holds something that this version cannot read"


class KeyRing:
    """The open ring. Changes are in memory until ``save``; one task at a time may use it."""

    def __init__(self, path: Path, lock: Lock, stored: bytes) -> None:
        self._path = path
        self._lock = lock
        self._stored = stored
        self._keys: list[tuple[str, PrivateKey]] = []
        self._secrets: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"KeyRing({str(self._path)!r}, {len(self._keys)} keys)"

    @classmethod
    def create(cls, path: Path, secret: Secret) -> Self:
        """Make a new, empty ring; on return its file is on disk, mode 0600.

        Raises:
            KeyRingError: there is such a file already; it is left alone.
        """
        lock = Lock.make(secret)
        ring = cls(path, lock, b"")
        ring._stored = lock.shut(ring._spell())
        create_private(path, ring._stored)
        return ring

    @classmethod
    def open(cls, path: Path, secret: Secret) -> Self:
        """Open the ring at ``path``.

        Raises:
            KeyRingError: the secret is wrong, others can read the file, or it is damaged; the text says which.
        """
        stored = read_private(path)
        lock, content = open_lock(stored, secret)
        ring = cls(path, lock, stored)
        ring._read(content)
        return ring

    def save(self) -> None:
        """Write the ring back: after a crash the file is the old one or the new one.

        Raises:
            KeyRingError: another process changed the file meanwhile, or the disk refuses; memory is unchanged.
        """
        data = self._lock.shut(self._spell())
        replace_private(self._path, data, self._stored)
        self._stored = data

    def add(self, name: str, key: PrivateKey) -> None:
        """Make ``key`` the active one of ``name``; those before it stay.

        Raises:
            KeyRingError: the name has another form, or the ring holds this key already: a key has one use.
        """
        _check_name(name)
        if any(held.kid == key.kid for _, held in self._keys):
            raise KeyRingError("the key ring holds this key already; a key has one use")
        self._keys.append((name, key))

    def names(self) -> list[str]:
        """Tell under which names there are keys, sorted."""
        return sorted({name for name, _ in self._keys})

    @overload
    def all(self, name: str) -> list[PrivateKey]: ...
    @overload
    def all(self, name: str, kind: type[Key]) -> list[Key]: ...
    def all(self, name: str, kind: Any = PrivateKey) -> Any:
        """Give all keys of ``name``, the newest first; with ``kind``, they are of that kind.

        Raises:
            KeyRingError: one is of another kind.
        """
        found = [key for held, key in reversed(self._keys) if held == name]
        if not all(isinstance(key, kind) for key in found):
            raise KeyRingError(f"a key under {name} is of another kind than is needed here")
        return found

    @overload
    def active(self, name: str) -> PrivateKey: ...
    @overload
    def active(self, name: str, kind: type[Key]) -> Key: ...
    def active(self, name: str, kind: Any = PrivateKey) -> Any:
        """Give the newest key of ``name``; with ``kind``, it is of that kind.

        Raises:
            KeyRingError: there is none, or it is of another kind.
        """
        found = self.all(name, kind)
        if not found:
            raise KeyRingError(f"the key ring holds no key under {name}")
        return found[0]

    def by_kid(self, kid: str) -> PrivateKey:
        """Give the key with this thumbprint.

        Raises:
            KeyRingError: the ring does not hold it.
        """
        for _, key in self._keys:
            if key.kid == kid:
                return key
        raise KeyRingError("the key ring holds no key with this thumbprint")

    def put_secret(self, name: str, value: bytes) -> None:
        """Keep bytes under ``name``, in place of what was there.

        Raises:
            KeyRingError: the name has another form.
        """
        _check_name(name)
        self._secrets[name] = bytes(value)

    def secret(self, name: str) -> bytes:
        """Give the bytes kept under ``name``.

        Raises:
            KeyRingError: there are none.
        """
        if name not in self._secrets:
            raise KeyRingError(f"the key ring holds no secret under {name}")
        return self._secrets[name]

    def _spell(self) -> bytes:
        keys = [{"naam": name, "jwk": key.jwk()} for name, key in self._keys]
        return canonical_json({"sleutels": keys, "geheimen": {n: encode(v) for n, v in self._secrets.items()}})

    def _read(self, content: bytes) -> None:
        try:
            members = parse_json(content)
            for held in members["sleutels"]:
                self.add(held["naam"], parse_private(held["jwk"]))
            for name, value in members["geheimen"].items():
                self.put_secret(name, decode(value))
        except (NotStrictJsonError, KeyFormError, KeyError, TypeError, ValueError, AttributeError):
            raise KeyRingError(_DAMAGED) from None


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise KeyRingError("a name in the key ring is like huur/ondertekenen: small letters, digits, dots and dashes")
