"""The embedded authority, held against OpenSSL: real handshakes, revocation included."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from gateway.clock import system_clock
from keys.certificates import (
    Authority,
    RevocationList,
    authority_fingerprint,
    fingerprint,
    load_certificate,
    load_ec_key,
    make_request,
    make_tls_key,
    oin_of,
    read_request,
    serial_hex,
)
from keys.errors import CertificateError
from keys.jwk import PrivateSigningKey
from schemas.values import Oin

OIN = Oin("00000099000000001000")
NAME = "Woningcorporatie Voorbeeld"
NOW = system_clock()
AUTHORITY = Authority.create("Seinpost voorbeeld", NOW)
STRICT = ssl.VERIFY_X509_STRICT | ssl.VERIFY_CRL_CHECK_LEAF


@dataclass(frozen=True)
class Held:
    """A certificate with its key, both PEM."""

    certificate: str
    key: bytes

    def load(self, context: ssl.SSLContext, folder: Path) -> None:
        file = folder / serial_hex(self.certificate)
        file.write_bytes(self.certificate.encode() + self.key)
        context.load_cert_chain(file)


def party(authority: Authority = AUTHORITY, now: datetime = NOW, days: int = 30) -> Held:
    key = make_tls_key()
    return Held(authority.issue(make_request(key, "huur"), OIN, NAME, now, days), key)


def exchange(authority: Authority = AUTHORITY) -> Held:
    key, certificate = authority.issue_server(["beurs.example", "127.0.0.1", "::1"], NOW)
    return Held(certificate, key.encode())


Shake = Callable[..., ssl.SSLObject]


@pytest.fixture
def shake(tmp_path: Path) -> Shake:
    """Give a handshake in memory; it returns the server's side or raises what OpenSSL found."""

    def contexts(client: Held, server: Held, crl: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        inward, outward = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        (tmp_path / "crl.pem").write_text(crl)
        for context, held in ((inward, server), (outward, client)):
            held.load(context, tmp_path)
            context.load_verify_locations(cadata=AUTHORITY.certificate_pem)
            context.load_verify_locations(tmp_path / "crl.pem")
            context.verify_flags |= STRICT
        inward.verify_mode = ssl.CERT_REQUIRED
        return inward, outward

    def run(client: Held, server: Held, crl: str, host: str = "beurs.example") -> ssl.SSLObject:
        inward, outward = contexts(client, server, crl)
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        sides = [outward.wrap_bio(down, up, server_hostname=host), inward.wrap_bio(up, down, server_side=True)]
        waiting = list(sides)
        for _ in range(10):
            for side in list(waiting):
                try:
                    side.do_handshake()
                    waiting.remove(side)
                except ssl.SSLWantReadError:
                    continue
        assert not waiting
        return sides[1]

    return run


def test_openssl_accepts_both_sides_strictly(shake: Shake) -> None:
    """Strict X.509 checks, revocation checked on both sides: the handshake succeeds and shows the OIN."""
    server_side = shake(party(), exchange(), AUTHORITY.revocation_list(NOW, []))
    der = server_side.getpeercert(True)
    assert der is not None
    assert oin_of(x509.load_der_x509_certificate(der)) == OIN


@pytest.mark.parametrize("host", ["beurs.example", "127.0.0.1", "::1"])
def test_every_host_of_the_exchange_counts(shake: Shake, host: str) -> None:
    """Names and addresses of the server certificate are all good for connecting."""
    shake(party(), exchange(), AUTHORITY.revocation_list(NOW, []), host)


def refusals() -> dict[str, Callable[[], tuple[Any, ...]]]:
    def crl(*serials: int) -> str:
        return AUTHORITY.revocation_list(NOW, serials)

    def revoked() -> tuple[Any, ...]:
        client = party()
        return client, exchange(), crl(int(serial_hex(client.certificate), 16))

    stranger = Authority.create("Seinpost voorbeeld", NOW)
    return {
        "certificate revoked": revoked,
        "CRL has expired": lambda: (party(), exchange(), AUTHORITY.revocation_list(NOW - timedelta(days=8), [])),
        "unable to get certificate CRL|CRL signature": lambda: (party(), exchange(), stranger.revocation_list(NOW, [])),
        "unsupported certificate purpose|unsuitable certificate purpose": lambda: (exchange(), exchange(), crl()),
        "(?i)purpose": lambda: (party(), party(), crl()),
        "certificate signature failure|unable to get local issuer|self.signed|CRL": lambda: (
            party(stranger),
            exchange(),
            crl(),
        ),
        "certificate has expired": lambda: (party(now=NOW - timedelta(days=2), days=1), exchange(), crl()),
        "certificate is not yet valid": lambda: (party(now=NOW + timedelta(days=2)), exchange(), crl()),
        "Hostname mismatch": lambda: (party(), exchange(), crl(), "ander.example"),
        "IP address mismatch": lambda: (party(), exchange(), crl(), "127.0.0.2"),
    }


@pytest.mark.parametrize("reason", refusals())
def test_openssl_refuses(shake: Shake, reason: str) -> None:
    """Each wrong certificate or list ends the handshake, and for its own reason (T9)."""
    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        shake(*refusals()[reason]())


def test_a_party_certificate_says_who_and_no_more() -> None:
    """Subject, purpose and constraints are the authority's; the request gives the key alone."""
    certificate = load_certificate(party().certificate)
    assert oin_of(certificate) == OIN
    (organisation,) = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    assert organisation.value == NAME
    purpose = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purpose) == [x509.ExtendedKeyUsageOID.CLIENT_AUTH]
    constraints = certificate.extensions.get_extension_for_oid(ExtensionOID.BASIC_CONSTRAINTS)
    assert constraints.critical
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_cert_sign, usage.crl_sign) == (True, False, False)
    with pytest.raises(x509.ExtensionNotFound):
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    certificate.verify_directly_issued_by(AUTHORITY.certificate)


def test_a_certificate_never_outlives_its_authority() -> None:
    """The end is the authority's end at the latest, and after that nothing is issued."""
    short = Authority.create("kort", NOW, years=1)
    assert (
        load_certificate(party(short, days=4000).certificate).not_valid_after_utc
        == short.certificate.not_valid_after_utc
    )
    with pytest.raises(CertificateError, match="ends before"):
        party(short, now=NOW + timedelta(days=400))


def test_the_authority_comes_back_from_the_ring() -> None:
    """What was written down signs as before; a key of another authority is refused."""
    again = Authority.from_pem(AUTHORITY.to_pem())
    assert again.certificate == AUTHORITY.certificate
    assert oin_of(party(again).certificate) == OIN
    other = Authority.create("ander", NOW)
    mixed = other.to_pem().split(b"-----BEGIN CERT")[0] + AUTHORITY.certificate_pem.encode()
    for pem in (mixed, b"", AUTHORITY.certificate_pem.encode(), AUTHORITY.to_pem().split(b"-----BEGIN CERT")[0]):
        with pytest.raises(CertificateError):
            Authority.from_pem(pem)


def test_fingerprints_agree() -> None:
    """What people compare, what an invitation carries, and what OpenSSL computes are one digest."""
    der = ssl.PEM_cert_to_DER_cert(AUTHORITY.certificate_pem)
    assert AUTHORITY.fingerprint().replace(" ", "") == x509.load_der_x509_certificate(der).fingerprint(SHA256()).hex()
    assert authority_fingerprint(AUTHORITY.certificate_pem).raw.hex() == fingerprint(AUTHORITY.certificate).replace(
        " ", ""
    )


def _request(key: Any, digest: Any = None) -> x509.CertificateSigningRequest:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    return x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, digest)


def test_a_request_proves_possession() -> None:
    """A request with a changed key, a weak curve, another algorithm, or none at all gives no certificate."""
    good = make_request(PrivateSigningKey.generate(), "huur")
    assert isinstance(read_request(good), ec.EllipticCurvePublicKey)
    der = bytearray(x509.load_pem_x509_csr(good.encode()).public_bytes(Encoding.DER))
    der[-1] ^= 1
    swapped = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM)
    unfit = [
        _request(rsa.generate_private_key(65537, 2048), SHA256()),
        _request(ed25519.Ed25519PrivateKey.generate()),
        _request(ec.generate_private_key(ec.SECP521R1()), SHA256()),
        _request(ec.generate_private_key(ec.SECP256K1()), SHA256()),
    ]
    for pem in (
        swapped,
        *(request.public_bytes(Encoding.PEM) for request in unfit),
        b"",
        "é",
        good[:-80],
        good + "\n" * 20_000,
    ):
        with pytest.raises(CertificateError):
            AUTHORITY.issue(pem, OIN, NAME, NOW)


@pytest.mark.parametrize("name", ["", "x" * 65, "a\nb", "a\x00b"])
def test_names_fit_a_certificate(name: str) -> None:
    """RFC 5280 allows 64 characters; control characters never."""
    with pytest.raises(CertificateError, match="64"):
        AUTHORITY.issue(make_request(make_tls_key(), "huur"), OIN, name, NOW)


@pytest.mark.parametrize(
    "hosts", [[], ["*.example"], ["Beurs.example"], ["a..b"], ["-a"], ["a b"], ["x" * 64], ["é.nl"]]
)
def test_hosts_have_one_form(hosts: list[str]) -> None:
    """No wildcard, no capital, no empty label; at least one host."""
    with pytest.raises(CertificateError):
        AUTHORITY.issue_server(hosts, NOW)


def _with_subject(*values: str) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, value) for value in values])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    return dated.sign(key, SHA256())


@pytest.mark.parametrize(
    "values",
    [(), (OIN, OIN), (OIN, "00000099000000002000"), ("12345678",), (f" {OIN}",), (f"{OIN} ",), ("OIN" + OIN,)],
)
def test_one_oin_or_nobody(values: tuple[str, ...]) -> None:
    """No serialNumber, two of them, or one that is no OIN: the certificate identifies nobody (T8)."""
    with pytest.raises(CertificateError):
        oin_of(_with_subject(*values))


def test_the_plain_case_of_an_oin() -> None:
    """The same maker with one good serialNumber is read, so the row above fails for its own reason."""
    assert oin_of(_with_subject(OIN)) == OIN


def test_a_private_key_on_another_curve_is_refused() -> None:
    """Only P-256 and P-384, only without passphrase; the text holds nothing of the key."""
    for pem in (b"", b"-----BEGIN " + b"PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        with pytest.raises(CertificateError):
            load_ec_key(pem)
    assert isinstance(load_ec_key(make_tls_key()), ec.EllipticCurvePrivateKey)


def test_a_revocation_list_tells_and_ages() -> None:
    """It knows exactly its serials, counts from its moment to its renewal, and not a second longer (fail closed)."""
    found = RevocationList.parse(AUTHORITY.revocation_list(NOW, [7, 5, 7]), AUTHORITY.certificate)
    assert (found.revoked(5), found.revoked(7), found.revoked(6)) == (True, True, False)
    assert not found.stale(found.this_update)
    assert not found.stale(found.next_update - timedelta(seconds=1))
    assert found.stale(found.next_update)
    assert found.stale(found.this_update - timedelta(seconds=1))
    assert found.next_update - found.this_update == timedelta(days=7)


def _crl(key: Any, critical: x509.ExtensionType | None = None, name: x509.Name | None = None) -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(name or AUTHORITY.certificate.subject)
    builder = builder.last_update(NOW).next_update(NOW + timedelta(days=1))
    if critical is not None:
        builder = builder.add_extension(critical, critical=True)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def test_a_revocation_list_of_another_or_a_part_is_refused() -> None:
    """Another key under the same name, another name, a delta list, a leaf that signs, and noise are not believed."""
    key = load_ec_key(AUTHORITY.to_pem())
    assert not RevocationList.parse(_crl(key), AUTHORITY.certificate).serials
    other_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ander")])
    for pem in (
        _crl(ec.generate_private_key(ec.SECP256R1())),
        _crl(key, name=other_name),
        _crl(key, x509.DeltaCRLIndicator(1)),
        b"",
        "é",
        AUTHORITY.certificate_pem,
    ):
        with pytest.raises(CertificateError):
            RevocationList.parse(pem, AUTHORITY.certificate)
    leaf = party()
    certificate = load_certificate(leaf.certificate)
    with pytest.raises(CertificateError, match="not signed by the authority"):
        RevocationList.parse(_crl(load_ec_key(leaf.key), name=certificate.subject), certificate)


def _pem(kind: str, der: bytes) -> str:
    lines = base64.encodebytes(der).decode()
    return f"-----BEGIN {kind}-----\n{lines}-----END {kind}-----\n"


def test_an_unknown_version_is_an_ordinary_refusal() -> None:
    """The library has an exception of its own for it, which is no ``ValueError``; ours covers it."""
    request = x509.load_pem_x509_csr(make_request(make_tls_key(), "huur").encode()).public_bytes(Encoding.DER)
    certificate = AUTHORITY.certificate.public_bytes(Encoding.DER)
    listed = x509.load_pem_x509_crl(AUTHORITY.revocation_list(NOW, [1]).encode()).public_bytes(Encoding.DER)
    at = listed.index(b"\x02\x01\x01\x30")
    with pytest.raises(CertificateError):
        read_request(_pem("CERTIFICATE REQUEST", request.replace(b"\x02\x01\x00\x30", b"\x02\x01\x05\x30", 1)))
    with pytest.raises(CertificateError):
        load_certificate(_pem("CERTIFICATE", certificate.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05", 1)))
    with pytest.raises(CertificateError):
        RevocationList.parse(_pem("X509 CRL", listed[:at] + b"\x02\x01\x07" + listed[at + 3 :]), AUTHORITY.certificate)
