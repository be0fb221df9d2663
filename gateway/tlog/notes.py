"""Signed notes (C2SP signed-note 1.0.0): text that names its signers, Ed25519 only."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.tlog.errors import NoteError

MAX_NOTE_BYTES = 64 * 1024
MAX_SIGNATURES = 100
_ED25519 = b"\x01"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]{1,200}")
_SIGNATURE = re.compile(r"— ([^\s+]{1,200}) ([A-Za-z0-9+/=]+)")


class Signature(NamedTuple):
    """One signature of a note: the key's name and 4-byte id, and the bytes it made."""

    name: str
    key_id: bytes
    signature: bytes


class OpenedNote(NamedTuple):
    """A note whose ``signatures`` are all good, each by a known key, at least one; others were left out."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class NoteVerifier:
    """A key by which notes are believed: its name and its 32 public bytes."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> NoteVerifier:
        """Read a key spelled ``name+id+base64``.

        Raises:
            NoteError: it is not the canonical spelling of an Ed25519 note key.
        """
        name, _, rest = vkey.partition("+")
        raw = _unbase64(rest.partition("+")[2])
        if len(raw) != 33 or raw[:1] != _ED25519 or not _is_name(name):
            raise NoteError("expected an Ed25519 note key: name+id+base64")
        verifier = cls(name, raw[1:])
        if verifier.vkey != vkey:
            raise NoteError("the id of the note key does not belong to it")
        return verifier

    @property
    def key_id(self) -> bytes:
        """The four bytes that, with the name, point out this key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as text, to hand to those who must check."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public)}"

    def accepts(self, text: str, signature: bytes) -> bool:
        """Tell whether this key signed exactly this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


class NoteSigner:
    """A key that signs notes under its name; the seed is 32 bytes and stays inside."""

    __slots__ = ("_key", "verifier")

    def __init__(self, name: str, seed: bytes) -> None:
        if not _is_name(name):
            raise NoteError("the name of a note key has no spaces and no plus")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = NoteVerifier(name, self._key.public_key().public_bytes_raw())

    @property
    def name(self) -> str:
        """The key's name; of a log, its origin."""
        return self.verifier.name

    @property
    def vkey(self) -> str:
        """The public half as text."""
        return self.verifier.vkey

    def sign(self, text: str) -> Signature:
        """Sign a note's text; the same text gives the same bytes (RFC 8032)."""
        return Signature(self.name, self.verifier.key_id, self._key.sign(text.encode()))


def sign_note(text: str, signers: Sequence[NoteSigner]) -> str:
    """Return the note: the text, a blank line, and one line for each signer.

    Raises:
        NoteError: the text does not end in a newline or holds other control characters, or nobody signs.
    """
    _check_text(text)
    if not 1 <= len(signers) <= MAX_SIGNATURES:
        raise NoteError("a note has 1 to 100 signatures")
    made = [signer.sign(text) for signer in signers]
    return text + "\n" + "".join(f"— {one.name} {_base64(one.key_id + one.signature)}\n" for one in made)


def open_note(note: str, verifiers: Sequence[NoteVerifier]) -> OpenedNote:
    """Return the text and its good signatures; signatures by unknown keys are passed over.

    Raises:
        NoteError: not a note, a bad signature by a known key, or none by any: do not read the text.
    """
    text, signatures = split_note(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    good = []
    for one in signatures:
        verifier = known.get((one.name, one.key_id))
        if verifier is None:
            continue
        if not verifier.accepts(text, one.signature):
            raise NoteError("a known key's signature under the note is wrong")
        good.append(one)
    if not good:
        raise NoteError("no known key signed the note")
    return OpenedNote(text, tuple(dict.fromkeys(good)))


def split_note(note: str) -> tuple[str, list[Signature]]:
    """Split a note into its text and signatures, none of them checked yet.

    Raises:
        NoteError: not the one spelling of a note, over 64 KiB or over 100 signatures.
    """
    if len(note) > MAX_NOTE_BYTES:
        raise NoteError("a note has at most 64 KiB")
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    if not blank or not lines.endswith("\n"):
        raise NoteError("expected a text, a blank line and signatures")
    _check_text(text)
    rows = lines[:-1].split("\n")
    if len(rows) > MAX_SIGNATURES:
        raise NoteError("a note has 1 to 100 signatures")
    return text, [_parse_signature(row) for row in rows]


def _parse_signature(row: str) -> Signature:
    match = _SIGNATURE.fullmatch(row)
    if not match or not _is_name(match[1]):
        raise NoteError("expected a signature line: dash, name, base64")
    raw = _unbase64(match[2])
    if len(raw) < 5:
        raise NoteError("a signature has a key id and at least one byte more")
    return Signature(match[1], raw[:4], raw[4:])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteError("a note's text ends in a newline and has no other control characters")
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise NoteError("a note is UTF-8") from None
    if size > MAX_NOTE_BYTES:
        raise NoteError("a note has at most 64 KiB")


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name.isprintable()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _unbase64(text: str) -> bytes:
    """Decode standard base64 with its padding, in its one spelling (RFC 4648 section 3.5)."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("expected base64") from None
    if _base64(raw) != text:
        raise NoteError("expected canonical base64")
    return raw
