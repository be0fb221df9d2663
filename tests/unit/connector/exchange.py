"""A small exchange in memory, honest unless told otherwise: real keys, real logs, real receipts, no server code."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from gateway.client.problems import error_of
from gateway.client.transport import MAX_ANSWER
from gateway.rules.register import Register
from gateway.tlog.checkpoints import Checkpoint, sign_checkpoint
from gateway.tlog.notes import NoteSigner
from gateway.tlog.tiles import parse_tile_path
from gateway.tlog.tree import Head, append, leaf_hash
from keys import signing
from keys.authority import Authority
from keys.encoding import decode
from keys.jwk import PrivateSigningKey
from schemas.covenants import leidse_regio, load_covenant
from schemas.entries import (
    AanvaardEntry,
    AfgewezenEntry,
    BeursEntry,
    BewijsEntry,
    ConvenantEntry,
    DeelnemerEntry,
    Entry,
    NietAfgeleverdEntry,
    SleutelEntry,
    TermijnOverschredenEntry,
    WaarschuwingEntry,
)
from schemas.envelope import Envelope, Wire
from schemas.notices import NietAfgeleverd, TermijnOverschreden, Waarschuwing
from schemas.receipts import Aanvaard, Afgewezen, Geboekt, Leaf, ReceiptKind, RegisterState, parse_recipient_receipt
from schemas.values import Digest, Mailbox, Oin, Salt

BEURS = "proef.example/regio"
START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CORPORATIE = Oin("00000099000000001000")
GEMEENTE = Oin("00000099000000101000")
HUUR = Mailbox.of(CORPORATIE, "huur")
VROEG = Mailbox.of(GEMEENTE, "vroegsignalering")


class Ticking:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def tick(self, seconds: float = 1.0) -> None:
        self.now += timedelta(seconds=seconds)


class Log:
    """A log with tiles, small enough to compute them from the leaves."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.signer = NoteSigner(f"{BEURS}/{name}", seed)
        self.bodies: list[bytes] = []
        self.published = 0

    def add(self, body: bytes) -> int:
        self.bodies.append(body)
        return len(self.bodies) - 1

    def leaves(self) -> list[bytes]:
        return [leaf_hash(body) for body in self.bodies]

    def checkpoint(self, size: int | None = None) -> str:
        size = self.published if size is None else size
        head, _ = append(Head.empty(), self.leaves()[:size])
        return sign_checkpoint(Checkpoint(self.signer.name, size, head.root), self.signer)

    def tile(self, path: str) -> bytes:
        level, number, width = parse_tile_path(path)
        leaves, span = self.leaves(), 256**level
        roots = [
            append(Head.empty(), leaves[i * span : (i + 1) * span])[0].root
            for i in range(number * 256, number * 256 + width)
        ]
        return b"".join(roots)

    def bundle(self, path: str) -> bytes:
        _, number, width = parse_tile_path(path.replace("entries", "0"))
        found = self.bodies[number * 256 : number * 256 + width]
        return b"".join(len(body).to_bytes(2, "big") + body for body in found)


@dataclass
class Carried:
    """One message that the exchange took."""

    envelope: Envelope
    envelop: str
    lading: str
    aanvaard: str
    leaf: Leaf
    done: bool = False
    gaten: list[str] = field(default_factory=list)


class Exchange:
    """Takes and gives like docs/api.md; ``mischief`` changes what it answers, by path."""

    def __init__(self, clock: Ticking) -> None:
        self.clock = clock
        self.authority = Authority.create("Proef", clock())
        self.key = PrivateSigningKey.generate()
        self.register, self.verkeer = Log("register", b"\x01" * 32), Log("verkeer", b"\x02" * 32)
        self.state = Register.empty()
        self.carried: dict[tuple[str, str], Carried] = {}
        self.refused: dict[tuple[str, str], str] = {}
        self.next: dict[tuple[str, str, str], int] = {}
        self.booked: dict[str, str] = {}
        self.back: dict[str, list[dict[str, Any]]] = {}
        self.refuse_types: set[str] = set()
        self.refuse_next = 0
        self.minds_keys = False
        self.mischief: Callable[[str, Any], Any] = lambda _, answer: answer
        self.calls: list[tuple[str, str]] = []
        self.admissions: dict[str, dict[str, str]] = {}
        self._number = 0
        text = load_covenant(leidse_regio())
        self.note(BeursEntry, beurs=BEURS, vkeyregister=self.register.signer.vkey, vkeyverkeer=self.verkeer.signer.vkey)
        self.note(ConvenantEntry, digest=text.digest, tekst=text.text)
        jwk = self.key.public.jwk()
        self.note(SleutelEntry, beurs=BEURS, gebruik="ontvangstbewijzen", kid=self.key.kid, jwk=jwk)

    # the logs

    def salted(self, model: type[Entry], **facts: Any) -> bytes:
        self._number += 1
        return model(tijd=self.clock(), zout=Salt.from_raw(self._number.to_bytes(16, "big")), **facts).body()

    def note(self, model: type[Entry], **facts: Any) -> None:
        body = self.salted(model, **facts)
        self.state = self.state.apply(body)
        self.register.published = self.register.add(body) + 1

    def log(self, model: type[Entry], **facts: Any) -> Leaf:
        body = self.salted(model, **facts)
        index = self.verkeer.add(body)
        return Leaf(oorsprong=f"{BEURS}/verkeer", index=index, blad=Digest.from_raw(leaf_hash(body)))

    def publish(self) -> None:
        self.verkeer.published = len(self.verkeer.bodies)

    def stand(self) -> RegisterState:
        return RegisterState(omvang=self.state.size, wortel=self.state.root)

    def sign(self, receipt: Wire, kind: ReceiptKind) -> str:
        return signing.sign(receipt.spell(), self.key, kind.typ)

    # what parties ask

    def admit(self, body: dict[str, Any]) -> dict[str, str]:
        known = self.admissions.get(body["code"])
        if known is not None:
            return known
        mailboxes = tuple(dict.fromkeys(Mailbox(key["postvak"]) for key in body["sleutels"]))
        oin = mailboxes[0].oin
        self.note(DeelnemerEntry, oin=oin, naam=f"Partij {oin[-7:]}", postvakken=mailboxes)
        for key in body["sleutels"]:
            self.note(SleutelEntry, kid=key["jwk"]["kid"], **key)
        admission = {
            "certificaat": self.authority.issue(body["verzoek"], oin, "Proef", self.clock()),
            "autoriteit": self.authority.certificate_pem,
            "beurs": BEURS,
            "register": self.register.signer.vkey,
            "verkeer": self.verkeer.signer.vkey,
        }
        self.admissions[body["code"]] = admission
        return admission

    def submit(self, item: dict[str, str]) -> dict[str, Any]:
        read = signing.read(item["envelop"], signing.ENVELOPE_TYP)
        envelope = Envelope.parse(read.payload)
        name = (envelope.source, envelope.id)
        if name in self.carried:
            return {"aanvaard": self.carried[name].aanvaard}
        series = (envelope.source, envelope.ontvanger, envelope.reeks)
        if name not in self.refused and envelope.volgnummer != self.next.get(series, 1):
            return {"probleem": {"code": "volgnummer-ontbreekt", "status": 409}}
        about = {"id": envelope.id, "source": envelope.source, "ontvanger": envelope.ontvanger, "digest": read.digest}
        if name in self.refused or self.refuse_next:
            return self._refuse(envelope, about, read.kid)
        self.next[series] = envelope.volgnummer + 1
        fields = ("dossier", "type", "antwoordop", "reeks", "volgnummer", "verlooptijd")
        convenant = self.state.convenant.digest if self.state.convenant else ""
        facts = {n: getattr(envelope, n) for n in fields} | {"register": self.stand(), "convenant": convenant}
        leaf = self.log(AanvaardEntry, **about, **facts, sleutel=read.kid)
        receipt = Aanvaard(**about, logboek=leaf, register=self.stand(), convenant=convenant, tijd=self.clock())
        signed = self.sign(receipt, ReceiptKind.AANVAARD)
        self.carried[name] = Carried(envelope, item["envelop"], item["lading"], signed, leaf)
        gaps = [jws for jws in self.refused.values() if self._explains(jws, envelope)]
        self.carried[name].gaten = gaps
        return {"aanvaard": signed}

    def _explains(self, jws: str, envelope: Envelope) -> bool:
        claim = Afgewezen.parse(signing.read(jws, ReceiptKind.AFGEWEZEN.typ).payload)
        return claim.reeks == envelope.reeks and claim.volgnummer == envelope.volgnummer - 1

    def _refuse(self, envelope: Envelope, about: dict[str, Any], kid: str) -> dict[str, Any]:
        name = (envelope.source, envelope.id)
        if name not in self.refused:
            self.refuse_next -= 1
            self.next[envelope.source, envelope.ontvanger, envelope.reeks] = envelope.volgnummer + 1
            facts = {"reeks": envelope.reeks, "volgnummer": envelope.volgnummer, "code": "niet-toegestaan"}
            leaf = self.log(AfgewezenEntry, **about, **facts, sleutel=kid)
            receipt = Afgewezen(**about, **facts, logboek=leaf, tijd=self.clock())
            self.refused[name] = self.sign(receipt, ReceiptKind.AFGEWEZEN)
        problem = {"code": "niet-toegestaan", "status": 403, "ontvangstbewijs": self.refused[name]}
        return {"probleem": problem}

    def collect(self, body: dict[str, Any]) -> dict[str, Any]:
        mailbox = body["postvak"]
        outcomes = [self.hand_in(mailbox, jws) for jws in body["ontvangstbewijzen"]]
        waiting = self.back.setdefault(mailbox, [])
        waiting[:] = [item for item in waiting if item["nummer"] not in body["gezien"]]
        found = [c for c in self.carried.values() if c.envelope.ontvanger == mailbox and not c.done]
        messages = [
            {"envelop": c.envelop, "lading": c.lading, "aanvaard": c.aanvaard} | ({"gaten": c.gaten} if c.gaten else {})
            for c in found[: body["maximum"]]
        ]
        return {"uitkomsten": outcomes, "berichten": messages, "ontvangstbewijzen": list(waiting), "meer": False}

    def hand_in(self, mailbox: Mailbox, jws: str) -> dict[str, Any]:
        active = self.state.signing_key(mailbox)
        if self.minds_keys and (active is None or active.kid != signing.read(jws, typ_of(jws)).kid):
            return {"probleem": {"code": "sleutel-onbekend", "status": 401}}
        return {"geboekt": self.book(jws)}

    def book(self, jws: str) -> str:
        digest = signing.digest(jws)
        kind = next(k for k in (ReceiptKind.ONTVANGEN, ReceiptKind.GEWEIGERD) if k.typ == typ_of(jws))
        receipt = parse_recipient_receipt(kind, signing.read(jws, kind.typ).payload)
        carried = self.carried[receipt.source, receipt.id]
        carried.done = True
        if digest in self.booked:
            return self.booked[digest]
        about = {n: getattr(receipt, n) for n in ("id", "source", "ontvanger", "digest")}
        kid = signing.read(jws, kind.typ).kid
        facts = {"soort": kind.value, "aanvaard": carried.leaf.index, "bewijs": digest, "sleutel": kid}
        leaf = self.log(BewijsEntry, **about, **facts, register=self.stand(), code=getattr(receipt, "code", None))
        booked = Geboekt(**about, bewijs=digest, logboek=leaf, tijd=self.clock())
        self.booked[digest] = self.sign(booked, ReceiptKind.GEBOEKT)
        self.give_back(receipt.source, jws, self.booked[digest])
        return self.booked[digest]

    def expire(self, source: str, identifier: str) -> None:
        carried = self.carried[source, identifier]
        carried.done, e = True, carried.envelope
        digest = signing.digest(carried.envelop)
        about = {"id": e.id, "source": e.source, "ontvanger": e.ontvanger, "digest": digest}
        facts = {"reeks": e.reeks, "volgnummer": e.volgnummer}
        leaf = self.log(NietAfgeleverdEntry, **about, **facts, aanvaard=carried.leaf.index)
        notice = NietAfgeleverd(**about, **facts, logboek=leaf, tijd=self.clock())
        signed = self.sign(notice, ReceiptKind.NIET_AFGELEVERD)
        self.give_back(e.source, signed, None)
        self.give_back(e.ontvanger, signed, None)

    def tell(self, identifier: str, model: type[TermijnOverschreden | Waarschuwing], *to: str, **facts: Any) -> str:
        """Log and sign a notice about a message that was carried, and leave it in the mailboxes ``to``."""
        carried = next(c for (_, known), c in self.carried.items() if known == identifier)
        e, kind = carried.envelope, ReceiptKind(model.model_fields["soort"].default)
        digest = signing.digest(carried.envelop)
        about = {"id": e.id, "source": e.source, "ontvanger": e.ontvanger, "digest": digest}
        facts = {"convenant": Aanvaard.parse(signing.read(carried.aanvaard, "aanvaard+jws").payload).convenant, **facts}
        entry = TermijnOverschredenEntry if model is TermijnOverschreden else WaarschuwingEntry
        leaf = self.log(entry, **about, **facts, aanvaard=carried.leaf.index)
        signed = self.sign(model(**about, **facts, logboek=leaf, tijd=self.clock()), kind)
        for mailbox in to:
            self.give_back(mailbox, signed, None)
        return signed

    def give_back(self, mailbox: str, proof: str, booked: str | None) -> None:
        self._number += 1
        item = {"nummer": self._number, "bewijs": proof} | ({} if booked is None else {"geboekt": booked})
        self.back.setdefault(mailbox, []).append(item)

    # the wire

    def answer(self, path: str, body: Any) -> Any:
        if path == "/v1/autoriteit":
            answer: Any = {"beurs": BEURS, "autoriteit": self.authority.certificate_pem}
        elif path == "/v1/aanmeldingen":
            answer = self.admit(body)
        elif path == "/v1/berichten":
            answer = {"uitkomsten": [self.submit(item) for item in body]}
        elif path == "/v1/postvak/_ophalen":
            answer = self.collect(body)
        else:
            answer = self._log_answer(path)
        return self.mischief(path, answer)

    def _log_answer(self, path: str) -> Any:
        _, _, name, rest = path.split("/", 3)
        log = self.register if name == "register" else self.verkeer
        if rest.startswith("logregel/"):
            return log.bodies[int(rest.removeprefix("logregel/"))]
        if rest == "checkpoint":
            return log.checkpoint()
        return log.bundle(rest) if "entries" in rest else log.tile(rest)


class CrashError(Exception):
    """The process was killed here."""


@dataclass
class Line:
    """A party's line to the exchange. ``cut`` may raise before the exchange hears, or after it answered."""

    exchange: Exchange
    cut: Callable[[str, str], None] = lambda *_: None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def get(self, path: str, limit: int = MAX_ANSWER) -> bytes:
        answer = self._call(path, None)
        data = answer if isinstance(answer, bytes) else answer.encode() if isinstance(answer, str) else dump(answer)
        assert len(data) <= limit
        return data

    async def post(self, path: str, body: object, limit: int = MAX_ANSWER, wait_seconds: float = 0.0) -> Any:
        assert limit > 0 <= wait_seconds
        return json.loads(dump(self._call(path, json.loads(dump(body)))))

    def _call(self, path: str, body: Any) -> Any:
        self.cut("before", path)
        self.exchange.calls.append((path, "" if body is None else json.dumps(body)))
        answer = self.exchange.answer(path, body)
        self.cut("after", path)
        if isinstance(answer, dict) and "status" in answer:
            raise error_of(answer)
        return answer

    def dial(self, url: str, context: ssl.SSLContext) -> Line:
        assert url.startswith("https://")
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
        return self


def dump(value: Any) -> bytes:
    return json.dumps(value).encode()


def typ_of(jws: str) -> str:
    return str(json.loads(decode(jws.split(".", maxsplit=1)[0]))["typ"])
