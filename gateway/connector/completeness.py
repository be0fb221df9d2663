"""Is what came before a message all here? Until it is, nobody is refused for what may only be under way."""

from __future__ import annotations

from gateway.client.opening import Known
from gateway.connector import inbox, marks, outbox
from gateway.connector.marks import Mark
from gateway.connector.outbox import State
from gateway.connector.spool import Db, first, rows
from schemas.envelope import Envelope
from schemas.values import Mailbox, MessageId, RandomId, spell_instant


def complete(db: Db, envelope: Envelope) -> bool:
    """Tell whether nothing that its sender may rest on is still under way to us, or from us to that sender."""
    return _chain_came(db, envelope) and not own_under_way(db, envelope)


def own_under_way(db: Db, envelope: Envelope) -> bool:
    """Tell whether a message of ours in the dossier to this organisation is out, or may be, without an answer.

    What goes to a third party does not count: this sender knows nothing of it, and no rule holds it to that.
    """
    sent = outbox.of_dossier(db, envelope.dossier)
    return any(one.state is State.GESPOOLD and one.subject.ontvanger.oin == envelope.source.oin for one in sent)


def _chain_came(db: Db, envelope: Envelope) -> bool:
    """Follow ``vorige`` back to the message that has none.

    Where a link never came, and a signed receipt says so, that names nothing before itself: then every earlier
    number of the reeks must be accounted for.
    """
    source, ontvanger, vorige = envelope.source, envelope.ontvanger, envelope.vorige
    while vorige is not None:
        row = first(
            db,
            "SELECT vorige FROM incoming WHERE digest = ? AND source = ? AND ontvanger = ? AND dossier = ?"
            " AND verdict <> 'aangehouden'",
            (vorige, source, ontvanger, envelope.dossier),
        )
        if row is None:
            return inbox.accounted(db, source, ontvanger, vorige) is not None and _numbers_came(db, envelope)
        vorige = row[0]
    return True


def _numbers_came(db: Db, envelope: Envelope) -> bool:
    e = envelope
    (count,) = rows(
        db,
        "SELECT count(*) FROM numbers WHERE source = ? AND ontvanger = ? AND reeks = ? AND volgnummer < ?",
        (e.source, e.ontvanger, e.reeks, e.volgnummer),
    )[0]
    return bool(count == e.volgnummer - 1)


def wait(db: Db, known: Known) -> None:
    """Note that a message is offered, and waits for what came before it: people see it until it is taken in."""
    e = known.envelope
    db.execute(
        "INSERT INTO pending (source, id, ontvanger, digest, dossier, aanvaard_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (e.source, e.id, e.ontvanger, known.digest, e.dossier, spell_instant(known.aanvaard.tijd)),
    )


def restored(db: Db, mailboxes: list[Mailbox]) -> None:
    """Mark that the spool was put back from a copy: what these mailboxes sent and got since may be missing."""
    for mailbox in mailboxes:
        marks.put(db, Mark.HERSTELD, mailbox)


def collected_again(db: Db, mailbox: Mailbox) -> None:
    """Mark that the exchange offers the past of a mailbox again: it comes with this round and those after it."""
    marks.put(db, Mark.OPNIEUW, mailbox)
    marks.lift(db, Mark.HERSTELD, mailbox)


def drained(db: Db, mailbox: Mailbox) -> None:
    """Mark that a round brought nothing more: what was offered again is here."""
    marks.lift(db, Mark.OPNIEUW, mailbox)


def own_part_missing(db: Db, envelope: Envelope) -> bool:
    """Tell whether our own part of the dossier may be missing since a restore; asking marks the dossier for good.

    It is missing for good once a message answers one of ours that is not here: the exchange lets nothing answer what
    its recipient did not send.
    """
    e = envelope
    now = marks.stands(db, Mark.HERSTELD, e.ontvanger) or marks.stands(db, Mark.OPNIEUW, e.ontvanger)
    if e.antwoordop is not None and (now or _ever_restored(db)) and not _is_ours(db, e.ontvanger, e.antwoordop):
        marks.put(db, Mark.VERLOREN, e.dossier)
    return now or lost(db, e.dossier)


def lost(db: Db, dossier: RandomId) -> bool:
    """Tell whether a message of ours in this dossier is known to be gone."""
    return marks.stands(db, Mark.VERLOREN, dossier)


def _ever_restored(db: Db) -> bool:
    return int(rows(db, "SELECT count(*) FROM series")[0][0]) > 1


def _is_ours(db: Db, mailbox: Mailbox, identifier: MessageId) -> bool:
    return outbox.find(db, mailbox, identifier) is not None
