"""The embedded certificate authority: ECDSA on P-256, which the NCSC guidelines call good (TLS 2025).

It certifies connections of parties and of the exchange itself. It writes every subject and extension itself;
from a request it takes the key alone. Parties may bring PKIoverheid instead; then nothing of this is used.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from keys.errors import CertificateError
from keys.subjects import fingerprint, load_certificate, load_ec_key, make_tls_key, read_request, text_attribute
from schemas.values import Oin, to_milliseconds

_SKEW = timedelta(minutes=5)
"""How far a peer's clock may be behind on the day that a certificate is made."""

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


class Authority:
    """The authority's key and its own certificate.

    It keeps no list of what it issued or revoked: that is in the register log, and nothing changes without an
    entry there (law 2).
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        if key.public_key() != certificate.public_key():
            raise CertificateError("the authority's key does not belong to its certificate")
        self._key = key
        self.certificate = certificate

    @classmethod
    def create(cls, common_name: str, now: datetime, years: int = 10) -> Self:
        """Make a new authority, valid from now for ``years``; it may sign leaves only (path length 0)."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([text_attribute(NameOID.COMMON_NAME, common_name)])
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = (
            _builder(subject, subject, key.public_key(), now, now + timedelta(days=365 * years))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(authority=True), critical=True)
            .add_extension(identifier, critical=False)
            .add_extension(_authority_identifier(identifier), critical=False)
        )
        return cls(key, builder.sign(key, SHA256()))

    @property
    def certificate_pem(self) -> str:
        """The authority's own certificate (PEM): what the others trust."""
        return self.certificate.public_bytes(Encoding.PEM).decode("ascii")

    def fingerprint(self) -> str:
        """Give the fingerprint that invitations carry and people compare."""
        return fingerprint(self.certificate)

    def issue(self, request: bytes | str, oin: Oin, name: str, now: datetime, days: int = 365) -> str:
        """Certify a party's connections as a client: ``oin`` in serialNumber (PKI001), ``name`` as organisation.

        The caller has established that the request came from this party. Returns PEM.

        Raises:
            CertificateError: the request proves no possession of a key, or the name does not fit.
        """
        subject = x509.Name(
            [
                text_attribute(NameOID.ORGANIZATION_NAME, name),
                text_attribute(NameOID.SERIAL_NUMBER, Oin(oin)),
                text_attribute(NameOID.COMMON_NAME, name),
            ]
        )
        builder = self._leaf(subject, read_request(request), now, days)
        return self._sign(builder.add_extension(_purpose(ExtendedKeyUsageOID.CLIENT_AUTH), critical=False))

    def issue_server(self, hosts: Sequence[str], now: datetime, days: int = 365) -> tuple[str, str]:
        """Make a key and a certificate for the exchange's own address, both PEM; the key is a secret.

        ``hosts`` are names (small letters, no wildcard) and IP addresses; the first is the subject.

        Raises:
            CertificateError: there is no host, or one has another form.
        """
        if not hosts:
            raise CertificateError("a server certificate names at least one host")
        names = x509.SubjectAlternativeName([_host(host) for host in hosts])
        subject = x509.Name([text_attribute(NameOID.COMMON_NAME, hosts[0][:64])])
        key = make_tls_key()
        builder = self._leaf(subject, load_ec_key(key).public_key(), now, days).add_extension(names, critical=False)
        certificate = self._sign(builder.add_extension(_purpose(ExtendedKeyUsageOID.SERVER_AUTH), critical=False))
        return key.decode("ascii"), certificate

    def revocation_list(self, now: datetime, revoked: Iterable[int], days: int = 7) -> str:
        """Give the signed list as of ``now``, good for ``days`` (PEM).

        ``revoked`` are the serial numbers that the register knows as revoked; since when stands there, here they
        carry the moment of the list. The list's number is that moment too, so it grows without being kept.
        """
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(_second(now))
            .next_update(_second(now + timedelta(days=days)))
            .add_extension(x509.CRLNumber(to_milliseconds(now)), critical=False)
            .add_extension(issuer_key, critical=False)
        )
        for serial in sorted(set(revoked)):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_second(now))
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self._key, SHA256()).public_bytes(Encoding.PEM).decode("ascii")

    def to_pem(self) -> bytes:
        """Give key and certificate, one PEM after the other: a secret, for ``KeyRing.put_secret``."""
        key = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificate_pem.encode("ascii")

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read what ``to_pem`` gave.

        Raises:
            CertificateError: it is nothing of the kind, or key and certificate differ.
        """
        return cls(load_ec_key(pem), load_certificate(pem))

    def _leaf(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
    ) -> x509.CertificateBuilder:
        until = min(now + timedelta(days=days), self.certificate.not_valid_after_utc)
        if until <= now:
            raise CertificateError("the authority's own certificate ends before this one would begin")
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            _builder(subject, self.certificate.subject, key, now, until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(issuer_key, critical=False)
        )

    def _sign(self, builder: x509.CertificateBuilder) -> str:
        return builder.sign(self._key, SHA256()).public_bytes(Encoding.PEM).decode("ascii")


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_second(now - _SKEW))
        .not_valid_after(_second(until))
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _purpose(oid: x509.ObjectIdentifier) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([oid])


def _authority_identifier(identifier: x509.SubjectKeyIdentifier) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        if not _HOST.fullmatch(host):
            raise CertificateError("a host is a name in small letters or an IP address") from None
        return x509.DNSName(host)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
