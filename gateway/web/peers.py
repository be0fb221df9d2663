"""Who is at the other end: the client certificate, checked against the register on every request (T8, T9).

Revocation and suspension count at once, also on connections that are open already; TLS session tickets are off,
because resumption would skip the check (STACK: shown with OpenSSL).
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from datetime import datetime

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from gateway.clock import Clock
from gateway.errors import RejectedError
from gateway.flow.gate import Peer
from gateway.flow.registry import Registry
from keys.certificates import oin_of
from keys.errors import CertificateError
from keys.identity import load_identity
from schemas.problems import Problem

_REMEMBERED = 1024


class PeerCheck:
    """Turns a connection into a participant."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._registry = registry
        self._clock = clock
        self._parsed: OrderedDict[bytes, tuple[Peer, datetime]] = OrderedDict()

    def peer(self, request: web.Request) -> Peer:
        """Give the participant at the other end.

        Raises:
            RejectedError: no certificate, none of ours, ended while the connection stayed open, revoked, or its holder
                is suspended.
        """
        der = _certificate(request)
        if der is None:
            raise RejectedError(Problem.CERTIFICAAT_ONTBREEKT)
        peer, ends = self._parse(der)
        register = self._registry.current
        if register.certificates.get(peer.serial) != peer.oin or ends <= self._clock():
            raise RejectedError(Problem.CERTIFICAAT_ONBEKEND)
        party = register.party(peer.oin)
        if party is None or party.geschorst:
            raise RejectedError(Problem.DEELNEMER_GESCHORST)
        if peer.serial in register.revoked:
            raise RejectedError(Problem.CERTIFICAAT_INGETROKKEN)
        return peer

    def _parse(self, der: bytes) -> tuple[Peer, datetime]:
        known = self._parsed.get(der)
        if known is not None:
            return known
        try:
            certificate = x509.load_der_x509_certificate(der)
            peer = Peer(oin_of(certificate), f"{certificate.serial_number:x}"), certificate.not_valid_after_utc
        except (CertificateError, ValueError, x509.InvalidVersion):
            raise RejectedError(Problem.CERTIFICAAT_ONBEKEND) from None
        self._parsed[der] = peer
        if len(self._parsed) > _REMEMBERED:
            self._parsed.popitem(last=False)
        return peer


def _certificate(request: web.Request) -> bytes | None:
    transport = request.transport
    tls = transport.get_extra_info("ssl_object") if transport else None
    if isinstance(tls, (ssl.SSLObject, ssl.SSLSocket)):
        return tls.getpeercert(binary_form=True)
    return None


def server_context(certificate: str, key: EllipticCurvePrivateKey, authority: str) -> ssl.SSLContext:
    """Make the TLS context: 1.2 or better, NCSC "good" or "sufficient" suites, client certificate optional.

    Optional, because ``openapi.json`` and the checkpoints are public; every other route demands one (API Design Rules).
    ``certificate`` and ``authority`` are PEM texts.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL")
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_RENEGOTIATION
    load_identity(context, certificate, key)
    context.load_verify_locations(cadata=authority)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context
