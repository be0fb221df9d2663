"""The key ring: what is kept comes back, and nobody else gets at it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from keys import private_files
from keys.encoding import decode, encode
from keys.errors import KeyRingError
from keys.jwk import LogKey, PrivateSealingKey, PrivateSigningKey
from keys.keyring import KeyFile, KeyRing, Passphrase, make_key_file

PASSPHRASE = Passphrase("correct paard batterij nietje")


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    return make_key_file(tmp_path / "sleutelbestand")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sleutels"


def test_everything_comes_back(path: Path, key_file: KeyFile) -> None:
    """Keys of all kinds, in order, and secrets, under their names."""
    ring = KeyRing.create(path, key_file)
    old, new = PrivateSealingKey.generate(), PrivateSealingKey.generate()
    signing, log = PrivateSigningKey.generate(), LogKey.generate()
    for name, key in (("huur/verzegelen", old), ("huur/verzegelen", new), ("huur/ondertekenen", signing)):
        ring.add(name, key)
    ring.add("logboek/register", log)
    ring.put_secret("tls", b"first")
    ring.put_secret("tls", b"\x00PEM\xff")
    ring.save()
    again = KeyRing.open(path, key_file)
    assert again.names() == ["huur/ondertekenen", "huur/verzegelen", "logboek/register"]
    assert again.active("huur/verzegelen") == new
    assert again.all("huur/verzegelen", PrivateSealingKey) == [new, old]
    assert again.active("huur/ondertekenen", PrivateSigningKey).jwk() == signing.jwk()
    assert again.active("logboek/register", LogKey).seed == log.seed
    assert again.by_kid(old.kid) == old
    assert again.secret("tls") == b"\x00PEM\xff"
    assert again.all("niets") == []


def test_what_is_not_there_is_said(path: Path, key_file: KeyFile) -> None:
    """An absent name, secret or thumbprint, or another kind of key, is an error that names what was asked."""
    ring = KeyRing.create(path, key_file)
    ring.add("tls", PrivateSigningKey.generate())
    for ask in (
        lambda: ring.active("huur/verzegelen"),
        lambda: ring.secret("tls"),
        lambda: ring.by_kid("A" * 43),
        lambda: ring.active("tls", LogKey),
        lambda: ring.all("tls", PrivateSealingKey),
    ):
        with pytest.raises(KeyRingError):
            ask()


def test_a_key_has_one_use(path: Path, key_file: KeyFile) -> None:
    """The same key under a second name, or twice, is refused."""
    ring, key = KeyRing.create(path, key_file), PrivateSigningKey.generate()
    ring.add("huur/ondertekenen", key)
    for name in ("huur/ondertekenen", "ontvangstbewijzen"):
        with pytest.raises(KeyRingError, match="one use"):
            ring.add(name, key)


@pytest.mark.parametrize("name", ["", "Huur", "a b", "../x", "/a", "a/", "a//b", "a/b/c/d/e", "a\n", "é", "x" * 200])
def test_names_have_one_form(path: Path, key_file: KeyFile, name: str) -> None:
    """A name is small letters, digits, dots and dashes, in at most four parts."""
    ring = KeyRing.create(path, key_file)
    with pytest.raises(KeyRingError, match="name"):
        ring.add(name, PrivateSigningKey.generate())
    with pytest.raises(KeyRingError, match="name"):
        ring.put_secret(name, b"")


def test_a_passphrase_opens_and_a_wrong_one_says_so(path: Path, key_file: KeyFile) -> None:
    """The right passphrase opens, however its letters are composed; a wrong one, and a key file, do not."""
    KeyRing.create(path, Passphrase("caf\u00e9 aan zee"))
    assert KeyRing.open(path, Passphrase("cafe\u0301 aan zee")).names() == []
    with pytest.raises(KeyRingError, match="wrong passphrase"):
        KeyRing.open(path, Passphrase("cafe aan zee"))
    with pytest.raises(KeyRingError, match="opens with a passphrase"):
        KeyRing.open(path, key_file)


def test_a_wrong_key_file_says_so(path: Path, key_file: KeyFile, tmp_path: Path) -> None:
    """Another key file, a passphrase, and a file of another length do not open."""
    KeyRing.create(path, key_file)
    with pytest.raises(KeyRingError, match="wrong key file"):
        KeyRing.open(path, make_key_file(tmp_path / "ander"))
    with pytest.raises(KeyRingError, match="opens with a key file"):
        KeyRing.open(path, PASSPHRASE)
    private_files.create_private(tmp_path / "kort", b"short")
    with pytest.raises(KeyRingError, match="32 bytes"):
        KeyRing.open(path, KeyFile(tmp_path / "kort"))


def test_a_short_passphrase_is_refused() -> None:
    """Seven characters are no secret; the text is not repeated, nor shown by ``repr``."""
    with pytest.raises(KeyRingError) as caught:
        Passphrase("geheim!")
    assert "geheim!" not in str(caught.value)
    assert "batterij" not in repr(PASSPHRASE)


def test_nothing_readable_is_on_disk(path: Path, key_file: KeyFile) -> None:
    """Neither a key, nor a name, nor a secret stands in the file in the clear."""
    ring, key = KeyRing.create(path, key_file), PrivateSigningKey.generate()
    ring.add("huur/ondertekenen", key)
    ring.put_secret("tls/verbinding", b"-----BEGIN " + b"PRIVATE KEY-----")
    ring.save()
    data = path.read_bytes()
    for secret in (key.jwk()["d"], key.kid, "huur/", "tls/", "PRIVATE"):  # a slash is no letter of base64url
        assert secret.encode() not in data


def test_every_changed_member_is_noticed(path: Path, key_file: KeyFile) -> None:
    """Header and ciphertext are authenticated together: no weaker lock, salt, nonce or version passes."""
    KeyRing.create(path, key_file)
    stored = json.loads(path.read_text())
    flipped = decode(stored["inhoud"])
    changes = {
        "formaat": "seinpost-sleutelbos-0",
        "slot": "wachtzin-1",
        "zout": encode(bytes(16)),
        "nonce": encode(bytes(12)),
        "inhoud": encode(bytes([flipped[0] ^ 1]) + flipped[1:]),
        "extra": "x",
    }
    for name, value in changes.items():
        path.write_text(json.dumps({**stored, name: value}))
        with pytest.raises(KeyRingError):
            KeyRing.open(path, key_file)
    for name in stored:
        path.write_text(json.dumps({key: value for key, value in stored.items() if key != name}))
        with pytest.raises(KeyRingError, match="not a key ring"):
            KeyRing.open(path, key_file)
    path.write_text(json.dumps(stored))
    assert KeyRing.open(path, key_file).names() == []


def test_a_ring_of_another_kind_of_content_is_damaged(path: Path, key_file: KeyFile) -> None:
    """What opens but holds something else is called damaged, not guessed at."""
    ring = KeyRing.create(path, key_file)
    for content in (b"{}", b"[]", b'{"sleutels":[{"naam":"a","jwk":{}}],"geheimen":{}}', b"x"):
        data = ring._lock.shut(content)
        path.write_bytes(data)
        with pytest.raises(KeyRingError, match="cannot read"):
            KeyRing.open(path, key_file)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610, 0o601, 0o620])
def test_files_that_others_can_reach_are_refused(path: Path, key_file: KeyFile, mode: int) -> None:
    """Neither ring nor key file is used when group or others have any right on it (T6)."""
    KeyRing.create(path, key_file)
    for file in (path, key_file.path):
        file.chmod(mode)
        with pytest.raises(KeyRingError, match="chmod 600"):
            KeyRing.open(path, key_file)
        file.chmod(0o600)
    assert KeyRing.open(path, key_file).names() == []


def test_files_are_made_for_their_owner_only(path: Path, key_file: KeyFile) -> None:
    """Mode 0600 from the first moment, after a save too, whatever the umask."""
    before = os.umask(0)
    try:
        ring = KeyRing.create(path, key_file)
        ring.save()
        other = make_key_file(path.with_name("ander"))
    finally:
        os.umask(before)
    assert {file.stat().st_mode & 0o777 for file in (path, other.path)} == {0o600}


def test_nothing_is_overwritten(path: Path, key_file: KeyFile) -> None:
    """Making a ring or key file where one is leaves it as it was, and leaves nothing beside it."""
    KeyRing.create(path, key_file)
    before = path.read_bytes(), key_file.path.read_bytes()
    with pytest.raises(KeyRingError, match="exists already"):
        KeyRing.create(path, key_file)
    with pytest.raises(KeyRingError, match="exists already"):
        make_key_file(key_file.path)
    assert (path.read_bytes(), key_file.path.read_bytes()) == before
    assert sorted(file.name for file in path.parent.iterdir()) == ["sleutelbestand", "sleutels"]


def test_a_save_over_someone_elses_save_is_refused(path: Path, key_file: KeyFile) -> None:
    """Two processes that rotate at once: the second is told, and no key is lost."""
    KeyRing.create(path, key_file)
    one, two = KeyRing.open(path, key_file), KeyRing.open(path, key_file)
    one.add("a", PrivateSigningKey.generate())
    two.add("b", PrivateSigningKey.generate())
    one.save()
    with pytest.raises(KeyRingError, match="another process"):
        two.save()
    assert KeyRing.open(path, key_file).names() == ["a"]
    one.add("c", PrivateSigningKey.generate())
    one.save()


def test_a_failed_save_leaves_the_old_ring(path: Path, key_file: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at the last moment: the old file is whole, nothing lies beside it, and saving again works."""
    ring = KeyRing.create(path, key_file)
    ring.add("a", PrivateSigningKey.generate())
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(private_files.os, "fsync", full)
        with pytest.raises(KeyRingError, match="No space left"):
            ring.save()
    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) == 2
    ring.save()
    assert KeyRing.open(path, key_file).names() == ["a"]


def test_a_save_is_on_disk(path: Path, key_file: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file is flushed before it takes the name, and the folder after."""
    ring = KeyRing.create(path, key_file)
    steps: list[str] = []
    flush, rename = os.fsync, Path.replace

    def flushed(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        flush(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(self, target)

    monkeypatch.setattr(private_files.os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    ring.save()
    assert steps == ["file", "rename", "folder"]


def test_what_is_no_file_is_refused(tmp_path: Path, key_file: KeyFile) -> None:
    """An absent path, a directory, a pipe and an enormous file end in a clear error, not in waiting."""
    os.mkfifo(tmp_path / "pijp", 0o600)
    private_files.create_private(tmp_path / "groot", bytes(4 * 1024 * 1024 + 1))
    expected = {"weg": "No such", "": "ordinary", "pijp": "ordinary", "groot": "larger", "weg/sleutels": "No such"}
    for name, reason in expected.items():
        with pytest.raises(KeyRingError, match=reason):
            KeyRing.open(tmp_path / name, key_file)
    with pytest.raises(KeyRingError):
        KeyRing.create(tmp_path / "weg" / "sleutels", key_file)


def test_a_ring_shows_no_secret(path: Path, key_file: KeyFile) -> None:
    """``repr`` of a ring and of its lock hold neither key nor secret."""
    ring = KeyRing.create(path, key_file)
    ring.put_secret("tls", b"zeer geheim")
    assert "geheim" not in repr(ring)
    assert repr(ring._lock.key) not in repr(ring._lock)
