"""Every parser of this package: a value that spells back to the very input, or its own error."""

from __future__ import annotations

import contextlib

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.tlog.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint, spell
from gateway.tlog.errors import NoteError, TileError
from gateway.tlog.notes import NoteSigner, NoteVerifier, open_note, sign_note
from gateway.tlog.tiles import parse_tile_path, tile_path

SIGNER = NoteSigner("seinpost.example/verkeer", bytes(32))
NOTE = sign_checkpoint(Checkpoint(SIGNER.name, 12, bytes(32)), SIGNER)
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]) | st.just("\n")).map(lambda t: t + "\n")


@settings(deadline=None)
@given(TEXTS)
def test_any_text_can_be_signed_and_opened(text: str) -> None:
    """Signing and opening are each other's inverse."""
    assert open_note(sign_note(text, [SIGNER]), [SIGNER.verifier]).text == text


@settings(deadline=None)
@given(st.integers(0, len(NOTE)), st.integers(0, 12), st.text(max_size=12))
def test_a_spliced_note_is_refused_or_the_same(start: int, length: int, insert: str) -> None:
    """No edit of a checkpoint passes, unless it adds lines that nobody is known by, or restores the original."""
    changed = NOTE[:start] + insert + NOTE[start + length :]
    with contextlib.suppress(NoteError):
        assert open_checkpoint(changed, SIGNER.verifier) == (SIGNER.name, 12, bytes(32))


@settings(deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"[a-z]{1,3}\n[0-9]{1,4}\n[A-Za-z0-9+/]{43}=\n", fullmatch=True)))
@example("a\n0\n" + "A" * 43 + "=\n")
def test_checkpoint_text_has_one_spelling(text: str) -> None:
    """What is read as a checkpoint spells back to the same characters."""
    with contextlib.suppress(NoteError):
        assert spell(parse_checkpoint(text)) == text


@settings(deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"tile/[0-9]{1,2}/(x[0-9]{3}/)?[0-9]{3}(\.p/[0-9]{1,3})?", fullmatch=True)))
@example("tile/0/x001/234.p/5")
def test_tile_paths_have_one_spelling(path: str) -> None:
    """What is read as a tile's path spells back to the same characters."""
    with contextlib.suppress(TileError):
        assert tile_path(*parse_tile_path(path)) == path


@settings(deadline=None)
@given(st.integers(0, 63), st.integers(0, 10**15), st.integers(1, 256))
def test_tile_paths_read_back(level: int, n: int, width: int) -> None:
    """Every tile has a path that names it."""
    assert parse_tile_path(tile_path(level, n, width)) == (level, n, width)


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(max_size=4).map(lambda noise: SIGNER.vkey + noise)))
def test_keys_have_one_spelling(vkey: str) -> None:
    """What is read as a note key spells back to the same characters."""
    with contextlib.suppress(NoteError):
        assert NoteVerifier.parse(vkey).vkey == vkey
