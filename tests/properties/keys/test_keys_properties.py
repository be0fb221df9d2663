"""Every reader of this package holds against whatever comes in, and every round trip ends where it began."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys import sealing, signing
from keys.certificates import (
    Authority,
    RevocationList,
    load_certificate,
    make_request,
    make_tls_key,
    oin_of,
    read_request,
)
from keys.encoding import decode, encode
from keys.errors import CertificateError, KeyFormError, KeyRingError, OpeningError, SignatureError
from keys.jwk import LogKey, PrivateSealingKey, PrivateSigningKey, parse_private, parse_public
from keys.keyring import KeyFile, KeyRing, make_key_file
from schemas.values import Digest, parse_instant

SIGNING = PrivateSigningKey.generate()
SEALING = PrivateSealingKey.generate()
TYP = signing.ENVELOPE_TYP
NOW = parse_instant("2026-11-22T10:00:00Z")
JWS = signing.sign(b'{"bedrag":84550,"lijst":[1,2,3]}', SIGNING, TYP)
JWE = sealing.seal(sealing.pad(b'{"bedrag":84550}'), SEALING.public)
BASE64URL = string.ascii_letters + string.digits + "-_"
WIRE = st.sampled_from(BASE64URL + "=.+/ \n\x00é")

changes = st.tuples(st.integers(min_value=0), st.sampled_from(["replace", "insert", "remove", "cut"]), WIRE)


def _changed(text: str, change: tuple[int, str, str]) -> str:
    at, what, character = change[0] % len(text), change[1], change[2]
    return {
        "replace": text[:at] + character + text[at + 1 :],
        "insert": text[:at] + character + text[at:],
        "remove": text[:at] + text[at + 1 :],
        "cut": text[:at],
    }[what]


@given(st.binary(max_size=200))
def test_base64url_comes_back(data: bytes) -> None:
    """Bytes are read as they were spelled."""
    assert decode(encode(data)) == data


@given(st.text(alphabet=BASE64URL + "=+/\n é", max_size=12) | st.text(max_size=12))
def test_base64url_has_one_spelling(text: str) -> None:
    """Whatever is read is spelled in no other way; the rest is a plain ``ValueError``."""
    try:
        data = decode(text)
    except ValueError:
        return
    assert encode(data) == text


@given(st.binary(max_size=2000), st.sampled_from([TYP, signing.KEY_TYP, signing.GEBOEKT_TYP]))
def test_a_signed_payload_comes_back(payload: bytes, typ: str) -> None:
    """Signing and verifying gives the payload, again gives the same text; the digest leaves out the last part."""
    jws = signing.sign(payload, SIGNING, typ)
    unverified = signing.read(jws, typ)
    assert signing.verify(unverified, SIGNING.public) == payload
    assert signing.sign(payload, SIGNING, typ) == jws
    assert unverified.digest == signing.digest(jws) == Digest.of(jws.rpartition(".")[0].encode())


@given(changes)
def test_any_change_of_a_jws_is_refused(change: tuple[int, str, str]) -> None:
    """One character replaced, added, taken away, or everything after it: refused (I6)."""
    text = _changed(JWS, change)
    if text == JWS:
        return
    with pytest.raises(SignatureError):
        signing.verify(signing.read(text, TYP), SIGNING.public)


def test_every_bit_of_a_jws_counts() -> None:
    """Each single bit of header, payload and signature, flipped by itself, is noticed."""
    parts = [decode(part) for part in JWS.split(".")]
    for number, part in enumerate(parts):
        for bit in range(8 * len(part)):
            flipped = bytearray(part)
            flipped[bit // 8] ^= 1 << bit % 8
            text = ".".join(encode(bytes(flipped) if n == number else other) for n, other in enumerate(parts))
            with pytest.raises(SignatureError):
                signing.verify(signing.read(text, TYP), SIGNING.public)


@given(st.text(max_size=80) | st.lists(st.binary(max_size=60), max_size=4).map(lambda p: ".".join(map(encode, p))))
def test_reading_noise_gives_one_kind_of_error(text: str) -> None:
    """Whatever comes in for a JWS or a JWE, the readers say no in their own words."""
    with pytest.raises(SignatureError):
        signing.read(text, TYP)
    with pytest.raises(OpeningError):
        sealing.open_sealed(text, SEALING)
    with pytest.raises(OpeningError):
        sealing.recipient(text)


@given(st.binary(max_size=5000))
@settings(max_examples=50)
def test_a_sealed_payload_comes_back(payload: bytes) -> None:
    """Sealing and opening gives the payload, padded or not."""
    assert sealing.open_sealed(sealing.seal(payload, SEALING.public), SEALING) == payload
    padded = sealing.pad(payload)
    assert padded.startswith(payload)
    assert not padded[len(payload) :].strip(b" ")
    assert len(padded) >= 2048
    assert len(padded) & (len(padded) - 1) == 0


@given(changes)
def test_any_change_of_a_jwe_is_refused(change: tuple[int, str, str]) -> None:
    """One character replaced, added, taken away, or everything after it: it does not open (I6)."""
    text = _changed(JWE, change)
    if text == JWE:
        return
    with pytest.raises(OpeningError):
        sealing.open_sealed(text, SEALING)


values = st.none() | st.booleans() | st.integers() | st.text(max_size=60) | st.binary(max_size=40).map(encode)
names = st.sampled_from(["kty", "crv", "x", "y", "d", "alg", "use", "kid", "pub", "priv"]) | st.text(max_size=5)


@given(st.dictionaries(names, values | st.sampled_from(["EC", "AKP", "OKP", "P-256", "ES256", "sig"]), max_size=9))
def test_noise_is_no_key(jwk: dict[str, Any]) -> None:
    """Whatever JSON holds in place of a key ends in the one error."""
    with pytest.raises(KeyFormError):
        parse_public(jwk)
    with pytest.raises(KeyFormError):
        parse_private(jwk)


@given(st.sampled_from([SIGNING.jwk(), SEALING.jwk(), LogKey(b"s" * 32).jwk()]), st.integers(min_value=0), changes)
def test_any_change_of_a_key_is_refused(jwk: dict[str, str], which: int, change: tuple[int, str, str]) -> None:
    """One character of one member changed: it is no key any more."""
    name = sorted(jwk)[which % len(jwk)]
    changed = {**jwk, name: _changed(jwk[name], change)}
    if changed == jwk:
        return
    with pytest.raises(KeyFormError):
        parse_private(changed)


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bit_of_a_key_ring_counts(tmp_path: Path, at: int, bit: int) -> None:
    """A key ring with one bit changed on disk does not open."""
    path, key_file = tmp_path / "ring", tmp_path / "key"
    if not path.exists():
        KeyRing.create(path, make_key_file(key_file)).save()
    from_disk = path.read_bytes()
    secret = KeyFile(key_file)
    changed = bytearray(from_disk)
    changed[at % (len(changed) - 1)] ^= 1 << bit
    path.write_bytes(changed)
    try:
        with pytest.raises(KeyRingError):
            KeyRing.open(path, secret)
    finally:
        path.write_bytes(from_disk)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_noise_is_no_certificate(data: bytes | str) -> None:
    """Requests, certificates, authorities and revocation lists made of noise end in the one error."""
    authority = AUTHORITY.certificate
    for reader in (read_request, load_certificate, oin_of, lambda pem: RevocationList.parse(pem, authority)):
        with pytest.raises(CertificateError):
            reader(data)
    with pytest.raises(CertificateError):
        Authority.from_pem(data if isinstance(data, bytes) else data.encode())


@given(changes)
@settings(max_examples=300)
def test_a_changed_request_or_list_is_refused_or_the_same(change: tuple[int, str, str]) -> None:
    """PEM may be wrapped otherwise, but nothing else passes: what is read is what was signed."""
    try:
        found = read_request(_changed(REQUEST, change))
    except CertificateError:
        pass
    else:
        assert found == read_request(REQUEST)
    try:
        listed = RevocationList.parse(_changed(CRL, change), AUTHORITY.certificate)
    except CertificateError:
        pass
    else:
        assert listed == RevocationList.parse(CRL, AUTHORITY.certificate)


AUTHORITY = Authority.create("Seinpost voorbeeld", NOW)
REQUEST = make_request(make_tls_key(), "huur")
CRL = AUTHORITY.revocation_list(NOW, [1, 2, 3])
