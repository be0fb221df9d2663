"""TLS contexts of a party: 1.2 or better, and the exchange's own authority as the only trust anchor."""

from __future__ import annotations

import ssl

from gateway.errors import ConfigurationError
from keys.certificates import load_ec_key
from keys.errors import CertificateError
from keys.identity import load_identity


def client_context(authority: str, certificate: str, key: bytes) -> ssl.SSLContext:
    """Make the context for mutual TLS; ``key`` is the connection's private key (PEM), which never reaches a disk.

    Raises:
        ConfigurationError: the certificate and the key do not belong together, or are none.
    """
    context = anchored_context(authority)
    try:
        load_identity(context, certificate, load_ec_key(key))
    except CertificateError as error:
        raise ConfigurationError(str(error)) from error
    return context


def anchored_context(authority: str) -> ssl.SSLContext:
    """Make a context that trusts servers under this authority only, without a certificate of our own.

    Raises:
        ConfigurationError: the authority's certificate cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=authority)
    except ssl.SSLError as error:
        raise ConfigurationError("the authority's certificate cannot be read") from error
    return context


def unanchored_context() -> ssl.SSLContext:
    """Make the context for fetching the authority itself, which the caller compares with its fingerprint.

    Whatever comes over it is worthless until that comparison; nothing secret goes over it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
