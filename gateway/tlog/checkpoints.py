"""Checkpoints (C2SP tlog-checkpoint 1.0.0): the head of a log, signed, as everybody may see it."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from gateway.tlog.errors import NoteError
from gateway.tlog.notes import NoteSigner, NoteVerifier, open_note, sign_note

# No extension lines: nobody monitors them, and the post-quantum co-signature does not cover them.
_TEXT = re.compile(r"([^\s+]{1,200})\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n", re.ASCII)


class Checkpoint(NamedTuple):
    """A log's head: the log named ``origin`` has ``size`` entries and this 32-byte root."""

    origin: str
    size: int
    root: bytes


def spell(checkpoint: Checkpoint) -> str:
    """Return the note text.

    Raises:
        NoteError: origin, size or root is none.
    """
    text = f"{checkpoint.origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode('ascii')}\n"
    if parse_checkpoint(text) != checkpoint:
        raise NoteError("not a checkpoint")
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a note text as a checkpoint; it says nothing until its signature is verified.

    Raises:
        NoteError: not three lines, a size with leading zeros, or loose base64.
    """
    match = _TEXT.fullmatch(text)
    if not match or not match[1].isprintable():
        raise NoteError("expected three lines: origin, size, root")
    try:
        root = base64.b64decode(match[3], validate=True)
    except binascii.Error:
        raise NoteError("expected base64") from None
    if base64.b64encode(root).decode("ascii") != match[3]:
        raise NoteError("expected canonical base64")
    return Checkpoint(match[1], int(match[2]), root)


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> str:
    """Return the signed note. A log signs only heads that extend every head it signed before (invariant I7).

    Raises:
        NoteError: the signer's name is not the log's origin.
    """
    if checkpoint.origin != signer.name:
        raise NoteError("a log signs its own checkpoints only")
    return sign_note(spell(checkpoint), [signer])


def open_checkpoint(note: str, verifier: NoteVerifier) -> Checkpoint:
    """Return the checkpoint that this log signed.

    Raises:
        NoteError: not signed by the log's key, not a checkpoint, or another log's.
    """
    checkpoint = parse_checkpoint(open_note(note, [verifier]).text)
    if checkpoint.origin != verifier.name:
        raise NoteError("the checkpoint is another log's")
    return checkpoint
