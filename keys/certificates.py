"""Connection certificates in one place: the embedded authority, requests, the OIN in a subject, revocation lists."""

from __future__ import annotations

from keys.authority import Authority
from keys.errors import CertificateError
from keys.revocation import RevocationList
from keys.subjects import (
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

__all__ = [
    "Authority",
    "CertificateError",
    "RevocationList",
    "authority_fingerprint",
    "fingerprint",
    "load_certificate",
    "load_ec_key",
    "make_request",
    "make_tls_key",
    "oin_of",
    "read_request",
    "serial_hex",
]
