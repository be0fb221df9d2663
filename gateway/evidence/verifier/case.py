"""One evidence file under examination: what was proved of it so far, and by whom things may be signed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .logs import CheckNote, Head, read_checkpoint, root_of
from .reading import Jws, WrongError, canonical, digest, fail, members, of, parse, read, texts, unbase64url
from .register import SIGNING, CheckSignature, Register
from .report import Check, Remark

PARTS = {"berichten": list, "controlepunten": list, "logregels": list, "register": list}
MANIFEST_TYP = "bewijs+jws"
MAX_BYTES = 256 * 1024 * 1024
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z")


class Case:
    """One evidence file under examination; what was proved so far stands in the fields."""

    def __init__(self, check_signature: CheckSignature, check_note: CheckNote, anchors: Collection[str]) -> None:
        self.check_signature, self.check_note, self.anchors = check_signature, check_note, frozenset(anchors)
        self.checks: list[Check] = []
        self.remarks: list[Remark] = []
        self.anchored = False
        self.beurs = self.dossier = self.exporter = ""
        self.parts: dict[str, Any] = {}
        self.spelled: dict[str, bytes] = {}
        self.signed_manifest = ""
        self.manifest: Jws | None = None
        self.heads: dict[str, Head] = {}
        self.register = Register(check_signature)
        self.traffic: dict[int, tuple[str, dict[str, Any]]] = {}

    @contextmanager
    def step(self, name: str, subject: str) -> Iterator[None]:
        """Record whether what is done inside holds, and go on either way."""
        try:
            yield
        except WrongError as wrong:
            self.checks.append(Check(name, subject, False, wrong.tekst, wrong.text))
        else:
            self.checks.append(Check(name, subject, True, "in orde", "in order"))

    def remark(self, tekst: str, text: str) -> None:
        """Note what the file does not show."""
        self.remarks.append(Remark(tekst, text))

    def sound(self) -> bool:
        """Tell whether nothing failed so far."""
        return all(check.ok for check in self.checks)

    def load(self, data: bytes) -> None:
        """Read the file: every part of its own form, and the whole in its one spelling."""
        if len(data) > MAX_BYTES:
            fail("het bestand is te groot", "the file is too large")
        value = members(parse(data), {"delen": dict, "manifest": str})
        self.parts, self.signed_manifest = members(value["delen"], PARTS), value["manifest"]
        self.spelled = {name: canonical(part) for name, part in self.parts.items()}
        if self._whole() != data:
            fail("het bestand is niet de canonieke spelling", "the file is not in canonical form")
        if not self.parts["berichten"]:
            fail("er staat geen bericht in", "there is no message in it")
        for item in self.parts["berichten"]:
            optional: dict[str, type] = {"inhoud": str} if isinstance(item, dict) and "inhoud" in item else {}
            texts(members(item, {"envelop": str, "ontvangstbewijzen": list, **optional})["ontvangstbewijzen"])
        for item in self.parts["logregels"]:
            texts(members(item, {"blad": str, "inclusie": list, "index": int, "regel": str})["inclusie"])
        for item in self.parts["controlepunten"]:
            members(item, {"logboek": str, "nota": str, "vkey": str})
        texts(self.parts["register"])

    def _whole(self) -> bytes:
        """Spell the file from its spelled parts, so that each is spelled once."""
        parts = b",".join(canonical(name) + b":" + self.spelled[name] for name in sorted(self.spelled))
        return b'{"delen":{' + parts + b'},"manifest":' + canonical(self.signed_manifest) + b"}\n"

    def read_manifest(self) -> None:
        """Read the digest of every part, and of nothing else; that the exporter signed it is checked later."""
        with self.step("manifest", "vorm"):
            jws = read(self.signed_manifest, MANIFEST_TYP)
            form = {"delen": dict, "dossier": str, "opgesteld": str, "opsteller": str, "soort": str}
            said = members(jws.payload, form)
            if said["soort"] != "bewijs" or not _MOMENT.fullmatch(said["opgesteld"]):
                fail("het manifest is geen bewijs", "the manifest is not that of an evidence file")
            self.manifest, self.dossier, self.exporter = jws, said["dossier"], said["opsteller"]
            for name in sorted(PARTS.keys() | said["delen"].keys()):
                with self.step("deel", name):
                    if name not in PARTS or said["delen"].get(name) != digest(self.spelled[name]):
                        fail("het deel is niet wat de opsteller tekende", "the part is not what the exporter signed")

    def checkpoint(self, log: str) -> None:
        """The log's own checkpoint, of the same exchange as the other log's."""
        found = [item for item in self.parts["controlepunten"] if item["logboek"] == log]
        if len(found) != 1 or len(self.parts["controlepunten"]) != 2:
            fail("verwacht één controlepunt per logboek", "expected one checkpoint for each log")
        head = read_checkpoint(found[0]["vkey"], found[0]["nota"], self.check_note)
        beurs = head.origin.removesuffix(f"/{log}")
        if beurs == head.origin or self.beurs not in ("", beurs):
            fail("de logboeken zijn niet van één beurs", "the logs are not of one exchange")
        self.beurs, self.heads[log] = beurs, head

    def head(self, log: str) -> Head:
        """Return what the log's checkpoint says, if that was proved."""
        if log not in self.heads:
            fail("er is geen geldig controlepunt van dit logboek", "there is no valid checkpoint of this log")
        return self.heads[log]

    def replay(self) -> None:
        """The register's lines, from the first on, are all there are up to its checkpoint; each may stand there."""
        for index, body in enumerate(self.parts["register"]):
            with self.step("registerregel", str(index)):
                self.register.append(body)
        with self.step("register", "geheel"):
            head = self.head("register")
            if (head.size, head.root) != (self.register.size, self.register.roots[-1]):
                fail("dit is niet het hele register tot het controlepunt", "it is not the register to its checkpoint")

    def anchor(self) -> None:
        """The reader trusts the key of the register log; its first entry names the exchange and both keys."""
        vkeys = (self.head("register").vkey, self.head("verkeer").vkey)
        if (self.register.beurs, self.register.vkeys) != (self.beurs, vkeys):
            fail("het register noemt een andere beurs of logsleutel", "the register names another exchange or log key")
        self.anchored = vkeys[0] in self.anchors
        if not self.anchors:
            self.remark("niet verankerd: logsleutels uit het bestand zelf", "not anchored: log keys are the file's own")
        elif not self.anchored:
            fail("de logsleutel is niet een die u vertrouwt", "the log key is none that you trust")

    def lines(self) -> None:
        """Prove each line of the traffic log, and keep those that are proved by index."""
        for item in self.parts["logregels"]:
            with self.step("logregel", str(item["index"])):
                if item["index"] in self.traffic:
                    fail("de regel staat er dubbel", "the line is there twice")
                self.traffic[item["index"]] = (item["blad"], self.line(item))

    def line(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a line says, once it is proved to be in the log."""
        body = item["regel"].encode()
        leaf = hashlib.sha256(b"\x00" + body).digest()
        if unbase64url(item["blad"]) != leaf:
            fail("de regel hoort niet bij zijn blad", "the line does not hash to its leaf")
        head = self.head("verkeer")
        if root_of(leaf, item["index"], head.size, [unbase64url(part) for part in item["inclusie"]]) != head.root:
            fail("de regel staat niet in het logboek", "the line is not in the log")
        entry: dict[str, Any] = of(parse(body), dict)
        return entry

    def signed(self, jws: Jws, owner: str, use: str, state: int | None = None) -> dict[str, Any]:
        """Return the payload if ``owner`` signed it, by a key that was active in the register of ``state`` lines."""
        key = self.register.key(owner, use, jws.kid, state)
        if not self.check_signature(key.jwk, jws.signing_input, jws.signature):
            fail("de handtekening klopt niet", "the signature is wrong")
        return jws.payload

    def register_state(self, entry: Mapping[str, Any]) -> int:
        """Return the size of the register log that a decision quotes, with the root that it had at that size."""
        quoted = members(entry.get("register"), {"omvang": int, "wortel": str})
        size, root = quoted["omvang"], unbase64url(quoted["wortel"])
        if not 0 <= size <= self.register.size or root != self.register.roots[size]:
            fail("de regel noemt een ander register", "the line quotes another register")
        return int(size)

    def exported(self) -> None:
        """The exporter signed the manifest, with the key that the register has last."""
        if self.manifest is None:
            fail("er is geen manifest", "there is no manifest")
        self.signed(self.manifest, self.exporter, SIGNING, self.register.size)
