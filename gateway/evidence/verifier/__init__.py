"""The offline verifier of an evidence file (bewijs): is everything in it proved, to the byte?

This folder is meant to be handed to an outsider: it uses the standard library only and reads nothing but the
bytes it is given. Signatures are checked by two functions that the reader brings, so that no software of the
exchange has to be trusted. The format is described in docs/bewijs.md. Steps, in this order:

1. canonical: the file is the one spelling of its content, so that any changed byte shows (or changes a digest);
   it has the four parts, and nothing else;
2. manifest: it names the digest of each part (a file that fails so far is looked into no further);
3. checkpoints: both logs' heads, signed by the log keys;
4. register: its lines are the whole log with that head; every key is vouched for by the one before;
5. anchor: the register's first line names the exchange and both log keys, and the reader trusts the register's;
6. exporter: the manifest is signed with the exporter's key;
7. log lines: each hashes to its leaf, and the leaf is in the traffic log with that head (RFC 6962);
8. messages: envelope, payload and receipts are signed by the right parties, by the keys that counted in the
   register state that the log line quotes, about the same message, and logged.

What was not shown, or is for the reader to compare, is told in remarks.
"""

from __future__ import annotations

from collections.abc import Collection

from .case import Case
from .logs import CheckNote
from .messages import check_messages
from .register import CheckSignature
from .remarks import conclude
from .report import Account, Check, Remark, Report

__all__ = ["Account", "Check", "CheckNote", "CheckSignature", "Remark", "Report", "verify_bundle"]


def verify_bundle(
    data: bytes, check_signature: CheckSignature, check_note: CheckNote, anchors: Collection[str] = ()
) -> Report:
    """Check an evidence file; never raises for anything that stands in it.

    ``anchors`` are the note keys (vkeys) that the reader trusts, from elsewhere: that of the register log is
    enough, because its first line names that of the traffic log. Without any, ``Report.anchored`` is false.
    """
    case = Case(check_signature, check_note, anchors)
    with case.step("canoniek", "bestand"):
        case.load(data)
    if case.sound():
        case.read_manifest()
    messages = _examine(case) if case.sound() else ()
    return Report(tuple(case.checks), tuple(case.remarks), case.anchored, messages)


def _examine(case: Case) -> tuple[Account, ...]:
    for log in ("register", "verkeer"):
        with case.step("controlepunt", log):
            case.checkpoint(log)
    case.replay()
    with case.step("anker", "register"):
        case.anchor()
    with case.step("manifest", "handtekening"):
        case.exported()
    case.lines()
    messages = check_messages(case)
    conclude(case, messages)
    return tuple(message.account for message in messages)
