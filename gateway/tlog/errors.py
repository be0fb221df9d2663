"""What this package refuses. Texts hold no input, so that they are safe to show."""

from __future__ import annotations


class TlogError(ValueError):
    """Anything that a log, a proof or a note must not be."""


class TileError(TlogError):
    """No tile: a path that is not canonical, or fewer or other hashes than the plan asked for."""


class ProofError(TlogError):
    """The proof does not show what it should. Keep the proof and both heads: they are evidence."""


class NoteError(TlogError):
    """No note, no good signature by a known key, or a bad one; the text must then not be read at all."""
