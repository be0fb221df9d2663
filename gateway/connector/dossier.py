"""One dossier as this party has it: where its tracks stand, what passed with which proof, and what may come next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from gateway.connector import history, inbox, notices, outbox, terms
from gateway.connector.inbox import Incoming, Judgement
from gateway.connector.outbox import Outgoing, Proof
from gateway.connector.partykeys import PartyKeys
from gateway.connector.spool import Db, rows
from gateway.connector.terms import Owed
from gateway.covenant.content import Objection, cautions
from gateway.covenant.passage import Turn
from gateway.covenant.tracks import Next, follow, next_steps
from keys import signing
from schemas.covenants import Convenant, Soort, Spoornaam
from schemas.receipts import ReceiptKind
from schemas.strict import parse_json
from schemas.values import Mailbox, MessageId, RandomId, parse_instant

Effect = Literal["stap", "blijft", "geen-gevolg", "telt-niet"]


class Track(NamedTuple):
    """Where a track stands, since which message and moment, and until which day if it ends by itself."""

    stand: str
    since: MessageId | None
    moment: datetime | None
    until: date | None


class Proven(NamedTuple):
    """A signed proof in short. ``code``: why it was refused, or which term or gate; ``level``: of a missed term."""

    kind: ReceiptKind
    moment: datetime
    code: str | None
    level: int | None
    booked: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One message of the dossier.

    ``effect``: it took the steps in ``turns``; it was in turn and changed nothing; it had no effect, because it
    crossed another; or it does not count: refused, not delivered, or held. ``erased``: its content was destroyed.
    """

    id: MessageId
    type: str
    direction: Literal["uit", "in"]
    source: Mailbox
    ontvanger: Mailbox
    moment: datetime
    state: str
    effect: Effect
    turns: tuple[Turn, ...]
    proofs: tuple[Proven, ...]
    cautions: tuple[Objection, ...]
    erased: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """The whole picture; ``steps`` in the order of the log, ``following`` what a party that we deal with may send."""

    id: RandomId
    tracks: Mapping[Spoornaam, Track]
    steps: tuple[Step, ...]
    following: tuple[Next, ...]
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One dossier in a list: its states, how many messages, the last moment, and how many terms are over."""

    id: RandomId
    stand: Mapping[Spoornaam, str]
    messages: int
    last: datetime
    late: int


class _Shown(NamedTuple):
    at: float
    place: int
    message: Incoming | Outgoing
    proofs: tuple[Proven, ...]
    moment: datetime


def view(db: Db, dossier: RandomId, keys: PartyKeys, convenant: Convenant, now: datetime) -> Dossier | None:
    """Show a dossier at this moment, by the covenant that holds; nothing when none of it is here."""
    shown = sorted(_shown(db, dossier), key=lambda one: (one.at, one.place))
    if not shown:
        return None
    passed = history.passed(db, dossier, keys)
    position = follow(convenant, passed, now)
    moments = {one.id: one.moment for one in passed}
    tracks = {
        naam: Track(stand, since, moments[since] if since else None, position.until.get(naam))
        for naam, stand in position.stand.items()
        for since in (position.since[naam],)
    }
    told = {one.id: tuple(cautions(convenant, one, passed[:at])) for at, one in enumerate(passed)}
    steps = tuple(_step(one, position.turns, position.idle, told) for one in shown)
    following = tuple(_for_us(convenant, keys, next_steps(convenant, passed, now)))
    return Dossier(dossier, tracks, steps, following, tuple(terms.listed(db, now, dossier)))


def summaries(db: Db, keys: PartyKeys, convenant: Convenant, now: datetime, limit: int) -> list[Summary]:
    """List the dossiers in which something passed, the last one touched first, at most ``limit``."""
    found = rows(
        db,
        "SELECT dossier, sum(n), max(last) FROM (SELECT dossier, count(*) AS n, max(id) AS last FROM outgoing"
        " GROUP BY dossier UNION ALL SELECT dossier, count(*), max(id) FROM incoming GROUP BY dossier)"
        " GROUP BY dossier ORDER BY max(last) DESC LIMIT ?",  # ids are UUIDv7: they grow with time
        (limit,),
    )
    return [_summary(db, RandomId(row[0]), int(row[1]), keys, convenant, now) for row in found]


def _summary(db: Db, dossier: RandomId, count: int, keys: PartyKeys, convenant: Convenant, now: datetime) -> Summary:
    last = max(one.moment for one in _shown(db, dossier))
    stand = follow(convenant, history.passed(db, dossier, keys), now).stand
    late = sum(one.met is None and one.late for one in terms.listed(db, now, dossier))
    return Summary(dossier, stand, count, last, late)


def _for_us(convenant: Convenant, keys: PartyKeys, steps: list[Next]) -> Iterator[Next]:
    """Leave out what goes between others: a corporation never hears of a municipality's partners."""
    kinds = {d.soort for mailbox in keys if (d := convenant.deelnemer(mailbox.oin)) is not None}
    for step in steps:
        rule = convenant.bericht(step.type)
        ways: set[tuple[Soort, Soort]] = {(r.van, r.naar) for r in rule.routes} if rule else set()
        if any(van is step.door and (van in kinds or naar in kinds) for van, naar in ways):
            yield step


def _step(
    shown: _Shown, turns: tuple[Turn, ...], idle: tuple[MessageId, ...], told: Mapping[MessageId, tuple[Objection, ...]]
) -> Step:
    message, s = shown.message, shown.message.subject
    sent = isinstance(message, Outgoing)
    mine = tuple(turn for turn in turns if turn.message == s.id)
    state = message.state if isinstance(message, Outgoing) else message.judgement
    kept = message.own_copy if isinstance(message, Outgoing) else message.offered.lading
    effect: Effect = (
        "telt-niet" if s.id not in told else "stap" if mine else "geen-gevolg" if s.id in idle else "blijft"
    )
    return Step(
        *(s.id, message.type, "uit" if sent else "in", s.source, s.ontvanger, shown.moment, state.value),
        *(effect, mine, shown.proofs, told.get(s.id, ()), not kept),
    )


def _shown(db: Db, dossier: RandomId) -> Iterator[_Shown]:
    for sent in outbox.of_dossier(db, dossier):
        found = outbox.proofs_of(db, sent) + notices.about(db, sent.subject.digest)
        accepted = [] if sent.aanvaard is None else [Proof(ReceiptKind.AANVAARD, sent.aanvaard, None)]
        yield _placed(sent, accepted + found, parse_instant(sent.spooled_at))
    for got in inbox.of_dossier(db, dossier):
        if got.judgement is Judgement.AANGEHOUDEN:  # nothing of it is verified yet, its *aanvaard* neither
            yield _Shown(float("inf"), got.place, got, (), history.envelope_of(got.offered.envelop).time)
            continue
        found = notices.about(db, got.subject.digest)
        if got.receipt is not None:
            found = [Proof(ReceiptKind(got.judgement.value), got.receipt, got.geboekt), *found]
        yield _placed(got, [Proof(ReceiptKind.AANVAARD, got.offered.aanvaard, None), *found], None)


def _placed(message: Incoming | Outgoing, proofs: list[Proof], spooled: datetime | None) -> _Shown:
    claims = [_claims(proof) for proof in proofs]
    decided = claims[0] if claims and proofs[0].kind in (ReceiptKind.AANVAARD, ReceiptKind.AFGEWEZEN) else None
    index = float("inf") if decided is None else float(decided["logboek"]["index"])
    moment = spooled if decided is None else parse_instant(decided["tijd"])
    told = tuple(_proven(proof, claim) for proof, claim in zip(proofs, claims, strict=True))
    return _Shown(index, message.place, message, told, moment or told[0].moment)


def _proven(proof: Proof, claims: Mapping[str, Any]) -> Proven:
    code = claims.get("code") or claims.get("termijn") or claims.get("poort")
    booked = proof.geboekt is not None or proof.kind not in (ReceiptKind.ONTVANGEN, ReceiptKind.GEWEIGERD)
    return Proven(proof.kind, parse_instant(claims["tijd"]), code, claims.get("trede"), booked)


def _claims(proof: Proof) -> Mapping[str, Any]:
    """Read what a JWS says that was verified before it was stored."""
    claims: Mapping[str, Any] = parse_json(signing.read(proof.bewijs, proof.kind.typ).payload)
    return claims
