"""Exporting and verifying evidence from the command line."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from gateway.clock import system_clock
from gateway.connector.connector import Connector
from gateway.connector.directory import Directory
from gateway.connector.exporting import export_dossier
from gateway.errors import EvidenceError
from gateway.evidence.checkers import check_note, check_signature
from gateway.evidence.verifier import Report, verify_bundle
from schemas.values import RandomId, spell_instant


async def export_file(folder: Path, dossier: RandomId) -> bytes:
    """Export a dossier, and verify the result before anybody relies on it.

    Raises:
        EvidenceError: what was exported does not verify; nothing is given.
    """
    with Connector.open(folder) as connector:
        async with connector.dial() as transport:
            data = await export_dossier(connector, transport, dossier, spell_instant(system_clock()))
        report = verify_file(data, [connector.settings.register_vkey])
    if not report.ok:
        wrong = next(check for check in report.checks if not check.ok)
        raise EvidenceError(f"the export does not verify: {wrong.name} {wrong.subject}: {wrong.text}")
    return data


def keep_file(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all; one that was there is replaced.

    Raises:
        OSError: it could not be written; what was there is still there.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def anchor_of(folder: Path) -> str:
    """Give the register log's key that a party learned when it joined: what others verify its evidence against."""
    return Directory(folder).settings().register_vkey


def verify_file(data: bytes, anchors: Sequence[str]) -> Report:
    """Verify an evidence file with this product's own signature checks."""
    return verify_bundle(data, check_signature, check_note, anchors)
