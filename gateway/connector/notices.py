"""What the exchange tells a party of a message, sent or received: a term is over, or a gate stood closed.

A notice changes nothing of its message. It is kept as signed, a person is told of it once, and it goes with the
message into evidence. It may come before the message itself, so it is kept by the digest of what it is about.
"""

from __future__ import annotations

from datetime import datetime

from gateway.client.proofs import Notice, Subject
from gateway.connector import inbox, ledger, outbox
from gateway.connector.outbox import Proof
from gateway.connector.spool import Db, rows
from gateway.errors import EvidenceError
from keys import signing
from schemas.notices import Waarschuwing
from schemas.receipts import ReceiptKind
from schemas.values import Digest, Mailbox, spell_instant


def check_ours(db: Db, mailbox: Mailbox, subject: Subject) -> None:
    """Return only if the message is one that this mailbox sent, or one for it that is not known here as another.

    Raises:
        EvidenceError: it is somebody else's business.
    """
    if subject.source == mailbox:
        sent = outbox.find(db, subject.source, subject.id)
        if sent is None or sent.subject != subject:
            raise EvidenceError("a notice about a message that this mailbox did not send")
        return
    got = inbox.find(db, subject.source, subject.id)
    if subject.ontvanger != mailbox or (got is not None and got.subject != subject):
        raise EvidenceError("a notice about a message that is not for this mailbox")


def keep(db: Db, notice: Notice, jws: str, now: datetime) -> bool:
    """Keep a verified notice and raise the alarm that tells a person; false when it was here already."""
    db.execute(
        "INSERT INTO notices (digest, subject, kind, bewijs) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (signing.digest(jws), notice.digest, notice.soort, jws),
    )
    if not db.changes():
        return False
    ledger.raise_alarm(db, _alarm(notice), now)
    return True


def about(db: Db, subject: Digest) -> list[Proof]:
    """Give the notices about the message with that digest, as further proofs of it, in the order they came."""
    found = rows(db, "SELECT kind, bewijs FROM notices WHERE subject = ? ORDER BY rowid", (subject,))
    return [Proof(ReceiptKind(kind), jws, None) for kind, jws in found]


def _alarm(notice: Notice) -> ledger.Alarm:
    if isinstance(notice, Waarschuwing):
        detail = "the exchange accepted it though this gate of the covenant stood closed"
        return ledger.Alarm("waarschuwing", f"{notice.id} {notice.poort}", detail)
    detail = f"the answer was due at {spell_instant(notice.uiterlijk)} and did not come: notice {notice.trede}"
    return ledger.Alarm("termijn", f"{notice.id} {notice.termijn}", detail)
