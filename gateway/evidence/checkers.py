"""The signature checks that the verifier is handed when this product runs it; an outsider brings others."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.tlog.errors import NoteError
from gateway.tlog.notes import NoteVerifier
from keys.errors import KeysError
from keys.jwk import PublicSigningKey, parse_public


def check_signature(jwk: Mapping[str, str], signing_input: bytes, signature: bytes) -> bool:
    """Tell whether this is a good ES256 signature by the key; a key that is none of ours signed nothing."""
    try:
        key = parse_public(jwk)
    except KeysError:
        return False
    return isinstance(key, PublicSigningKey) and key.verifies(signature, signing_input)


def check_note(vkey: str, text: bytes, signature: bytes) -> bool:
    """Tell whether this is a good Ed25519 signature under the text of a note."""
    try:
        return NoteVerifier.parse(vkey).accepts(text.decode(), signature)
    except (NoteError, UnicodeDecodeError):
        return False
