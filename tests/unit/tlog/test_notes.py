"""Signed notes and checkpoints: read what others sign, refuse everything else."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from gateway.tlog import notes
from gateway.tlog.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint, spell
from gateway.tlog.errors import NoteError
from gateway.tlog.notes import MAX_NOTE_BYTES, NoteSigner, NoteVerifier, open_note, sign_note, split_note
from tests.unit.tlog.reference import root

VECTOR = json.loads(
    (Path(__file__).parents[3] / "schemas" / "published" / "vectors" / "signed-note.json").read_text("utf-8")
)
LOG = NoteSigner("seinpost.example/leidse-regio/verkeer", bytes(range(32)))
OTHER = NoteSigner("seinpost.example/leidse-regio/register", bytes(range(1, 33)))
HEAD = Checkpoint(LOG.name, 300, root(0, 300))
NOTE = sign_checkpoint(HEAD, LOG)


def test_a_note_made_by_other_software() -> None:
    """The published example opens with each of its keys, and with both."""
    keys = [NoteVerifier.parse(vkey) for vkey in VECTOR["vkeys"]]
    for chosen in ([keys[0]], [keys[1]], keys):
        opened = open_note(VECTOR["note"], chosen)
        assert opened.text == VECTOR["text"]
        assert [one.name for one in opened.signatures] == [key.name for key in chosen]
    assert [key.vkey for key in keys] == VECTOR["vkeys"]


def test_what_we_sign_opens() -> None:
    """Two signers, either of whom suffices; the same text gives the same note."""
    text = "een\n\ntwee\n"
    note = sign_note(text, [LOG, OTHER])
    assert open_note(note, [OTHER.verifier]).text == text
    assert len(open_note(note, [LOG.verifier, OTHER.verifier]).signatures) == 2
    assert note == sign_note(text, [LOG, OTHER])
    assert NoteVerifier.parse(LOG.vkey) == LOG.verifier


def test_unknown_keys_are_passed_over_and_bad_signatures_are_not() -> None:
    """Name or id alone does not make a key known; a known key's wrong signature rejects the note."""
    text, signatures = split_note(NOTE)
    same_name = NoteSigner(LOG.name, bytes(32))
    with pytest.raises(NoteError, match="no known key"):
        open_note(NOTE, [same_name.verifier, OTHER.verifier])
    with pytest.raises(NoteError, match="no known key"):
        open_note(NOTE, [])
    forged = base64.b64encode(signatures[0].key_id + bytes(64)).decode()
    with pytest.raises(NoteError, match="is wrong"):
        open_note(NOTE + f"— {LOG.name} {forged}\n", [LOG.verifier])
    unknown = base64.b64encode(b"\x00\x00\x00\x00" + bytes(64)).decode()
    assert open_note(NOTE + f"— {LOG.name} {unknown}\n", [LOG.verifier]).text == text
    assert len(open_note(NOTE + NOTE.splitlines(keepends=True)[-1], [LOG.verifier]).signatures) == 1


def test_every_flipped_byte_is_refused() -> None:
    """Nothing in a checkpoint can be changed unseen, neither text nor signature line."""
    raw = NOTE.encode()
    for position in range(len(raw)):
        changed = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :]
        with pytest.raises((NoteError, UnicodeDecodeError)):
            open_checkpoint(changed.decode(), LOG.verifier)


def test_a_planted_verifier_that_believes_anything_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flip test is not satisfied by the note's form alone."""
    monkeypatch.setattr(notes.NoteVerifier, "accepts", lambda *_: True)
    assert open_checkpoint(NOTE.replace("\n300\n", "\n301\n"), LOG.verifier).size == 301


@pytest.mark.parametrize(
    "note",
    [
        "", "\n", "\n\n", "tekst\n", "tekst\n\n", NOTE[:-1], NOTE + "\n", NOTE + "x\n", NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—  "), NOTE.replace("\n\n", "\n"), NOTE.replace("\n", "\r\n"), "\x00" + NOTE,
        NOTE.replace("=\n", "\n"), NOTE + "— a b\n", NOTE + "— a AAAA\n", NOTE + "— a+b AAAAAAAA\n",
        NOTE + "— a\u00a0b AAAAAAAA\n", NOTE + "— a AAAAAAAB\n"[:-2] + "_\n", "\ud800" + NOTE, NOTE + "—  AAAAAAAA\n",
        "x" * MAX_NOTE_BYTES + NOTE, "é" * (MAX_NOTE_BYTES // 2) + NOTE, NOTE + "— a AAAAAAAA\n" * 100,
        NOTE + "— a AAAAAB==\n",
    ],
)  # fmt: skip
def test_what_is_no_note(note: str) -> None:
    """Each wrong form is refused before any signature is looked at."""
    with pytest.raises(NoteError):
        open_note(note, [LOG.verifier])


@pytest.mark.parametrize("text", ["", "geen regeleinde", "tab\t\n", "\r\n", "\ud800\n", "x" * MAX_NOTE_BYTES + "\n"])
def test_what_is_no_text(text: str) -> None:
    """Nothing is signed that others could not read back."""
    with pytest.raises(NoteError):
        sign_note(text, [LOG])


def test_who_may_sign() -> None:
    """At least one signer; names without spaces and plus."""
    with pytest.raises(NoteError):
        sign_note("tekst\n", [])
    for name in ("", "a b", "a+b", "a\u2003b", "a\nb", "a\x7f"):
        with pytest.raises(NoteError):
            NoteSigner(name, bytes(32))


@pytest.mark.parametrize(
    "vkey",
    [
        "", "a", "a+b", "+", "++", LOG.vkey + "=", LOG.vkey[:-1], " " + LOG.vkey, "x" + LOG.vkey, LOG.vkey + "\n",
        LOG.vkey.replace("+", "+0", 1), f"a+{'0' * 8}+{'A' * 44}",
        f"a+{'0' * 8}+AQ{'A' * 42}",
    ],
)  # fmt: skip
def test_what_is_no_key(vkey: str) -> None:
    """A key has one spelling, and its id belongs to it."""
    with pytest.raises(NoteError):
        NoteVerifier.parse(vkey)


def test_key_id_in_capitals_is_another_spelling() -> None:
    """Hex is lower case here, so that keys can be compared as text."""
    name, key_id, key = LOG.vkey.split("+", 2)
    with pytest.raises(NoteError):
        NoteVerifier.parse(f"{name}+{key_id.upper()}+{key}")


def test_checkpoint_text() -> None:
    """Three lines; the specification's example reads and spells back."""
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = parse_checkpoint(text)
    assert checkpoint[:2] == ("example.com/behind-the-sofa", 20852163)
    assert spell(checkpoint) == text
    assert open_checkpoint(NOTE, LOG.verifier) == HEAD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n300\n", "\n0300\n"), ("\n300\n", "\n+300\n"), ("\n300\n", "\n-1\n"), ("\n300\n", "\n\n"),
        ("\n300\n", "\n\u0663\n"), ("\n300\n", f"\n{10**20}\n"), ("=\n", "\n"), ("=\n", "=\nextra\n"),
        ("seinpost", "sein post"), ("seinpost", "sein+post"), ("=\n", "=\n\n"), ("=\n", "="), ("seinpost", "\x7f"),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint(old: str, new: str) -> None:
    """No leading zeros, no extension lines, one spelling of the root."""
    with pytest.raises(NoteError):
        parse_checkpoint(spell(HEAD).replace(old, new))


def test_loose_base64_is_refused() -> None:
    """Unused bits of the last character would give one root two spellings."""
    text = spell(Checkpoint("a", 1, bytes(32)))
    with pytest.raises(NoteError):
        parse_checkpoint(text.replace("A=\n", "B=\n"))


@pytest.mark.parametrize("wrong", [HEAD._replace(size=-1), HEAD._replace(root=b""), HEAD._replace(origin="a b")])
def test_what_is_not_spelled(wrong: Checkpoint) -> None:
    """A checkpoint that could not be read back is not written."""
    with pytest.raises(NoteError):
        spell(wrong)


def test_a_log_speaks_for_itself_only() -> None:
    """Neither signer nor reader takes one log's head for another's."""
    with pytest.raises(NoteError):
        sign_checkpoint(HEAD, OTHER)
    with pytest.raises(NoteError):
        open_checkpoint(sign_note(spell(HEAD), [OTHER]), OTHER.verifier)
