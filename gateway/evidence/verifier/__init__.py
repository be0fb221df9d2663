"""The offline verifier of an evidence file (bewijs): is everything in it proved, to the byte?

This folder is meant to be handed to an outsider: it uses the standard library only and reads nothing but the
bytes it is given. Signatures are checked by two functions that the reader brings, so that no software of the
exchange has to be trusted. The format is described in docs/bewijs.md. Steps, in this order:

1. canonical: the file is the one spelling of its content, so that any changed byte shows (or changes a digest);
   it has the five parts, and nothing else;
2. checkpoints: both logs' heads, signed by the log keys;
3. log lines: every line hashes to its leaf, and the leaf is in the log with that head (RFC 6962);
4. anchor: the register's first entry names the exchange and both log keys, and the reader trusts the register's;
5. keys: every key stands in the register log, as the key of a mailbox or of the exchange;
6. manifest: the exporter signed the digest of each part;
7. messages: envelope, payload and receipts are signed by the right parties, about the same message, and logged.
"""

from __future__ import annotations

from collections.abc import Collection

from .case import Case, CheckSignature
from .logs import CheckNote
from .messages import check_messages
from .report import Check, Report

__all__ = ["Check", "CheckNote", "CheckSignature", "Report", "verify_bundle"]


def verify_bundle(
    data: bytes, check_signature: CheckSignature, check_note: CheckNote, anchors: Collection[str] = ()
) -> Report:
    """Check an evidence file; never raises for anything that stands in it.

    ``anchors`` are the note keys (vkeys) that the reader trusts, from elsewhere: that of the register log is
    enough, because its first entry names that of the traffic log.
    """
    case = Case(check_signature, check_note, anchors)
    with case.step("canoniek", "bestand"):
        case.load(data)
    if case.sound():
        for log in ("register", "verkeer"):
            with case.step("controlepunt", log):
                case.checkpoint(log)
        case.lines("register", case.parts["register"], case.register)
        case.lines("verkeer", case.parts["logregels"], case.traffic)
        with case.step("anker", "register"):
            case.anchor()
        for kid in case.parts["sleutels"]:
            with case.step("sleutel", kid):
                case.key(kid)
        with case.step("manifest", "bestand"):
            case.manifest()
        check_messages(case)
    return Report(tuple(case.checks), tuple(case.remarks), case.anchored)
