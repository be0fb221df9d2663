"""One evidence file under examination: what was proved of it so far, and by whom things may be signed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from .logs import CheckNote, Head, read_checkpoint, root_of
from .reading import Jws, WrongError, canonical, digest, fail, members, of, parse, read, texts, unbase64url
from .report import Check

CheckSignature = Callable[[Mapping[str, str], bytes, bytes], bool]
"""(public JWK, signing input, 64 bytes r and s) -> is it a good ES256 signature. Answers False, never raises."""

PARTS = {"berichten": list, "controlepunten": list, "logregels": list, "register": list, "sleutels": dict}
MANIFEST_TYP = "bewijs+jws"
MAX_BYTES = 256 * 1024 * 1024
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z")


class Holder(NamedTuple):
    """Whose key it is, for what use, from which register entry on."""

    owner: str
    use: str
    since: int


class Case:
    """One evidence file under examination; what was proved so far stands in the fields."""

    def __init__(self, check_signature: CheckSignature, check_note: CheckNote, anchors: Collection[str]) -> None:
        self.check_signature, self.check_note, self.anchors = check_signature, check_note, frozenset(anchors)
        self.checks: list[Check] = []
        self.remarks: list[tuple[str, str]] = []
        self.anchored = False
        self.beurs = self.dossier = ""
        self.parts: dict[str, Any] = {}
        self.signed_manifest = ""
        self.heads: dict[str, Head] = {}
        self.register: dict[int, dict[str, Any]] = {}
        self.traffic: dict[int, tuple[str, dict[str, Any]]] = {}
        self.holders: dict[str, list[Holder]] = {}

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
        self.remarks.append((tekst, text))

    def sound(self) -> bool:
        """Tell whether nothing failed so far."""
        return all(check.ok for check in self.checks)

    def load(self, data: bytes) -> None:
        """Read the file: canonical, and every part of its own form."""
        if len(data) > MAX_BYTES:
            fail("het bestand is te groot", "the file is too large")
        value = parse(data)
        if canonical(value) + b"\n" != data:
            fail("het bestand is niet de canonieke spelling", "the file is not in canonical form")
        members(value, {"delen": dict, "manifest": str})
        self.parts, self.signed_manifest = members(value["delen"], PARTS), value["manifest"]
        if not self.parts["berichten"]:
            fail("er staat geen bericht in", "there is no message in it")
        for item in self.parts["berichten"]:
            optional: dict[str, type] = {"inhoud": str} if isinstance(item, dict) and "inhoud" in item else {}
            texts(members(item, {"envelop": str, "ontvangstbewijzen": list, **optional})["ontvangstbewijzen"])
        for item in (*self.parts["register"], *self.parts["logregels"]):
            texts(members(item, {"blad": str, "inclusie": list, "index": int, "regel": str})["inclusie"])
        for item in self.parts["controlepunten"]:
            members(item, {"logboek": str, "nota": str, "vkey": str})
        for jwk in self.parts["sleutels"].values():
            texts(list(of(jwk, dict).values()))

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

    def anchor(self) -> None:
        """The reader trusts the key of the register log; its first entry names the exchange and both keys."""
        said = self.register.get(0, {})
        vkeys = (self.head("register").vkey, self.head("verkeer").vkey)
        names = (said.get("soort"), said.get("beurs"), said.get("vkeyregister"), said.get("vkeyverkeer"))
        if names != ("beurs", self.beurs, *vkeys):
            fail("het register noemt een andere beurs of logsleutel", "the register names another exchange or log key")
        self.anchored = vkeys[0] in self.anchors
        if not self.anchors:
            self.remark("niet verankerd: logsleutels uit het bestand zelf", "not anchored: log keys are the file's own")
        elif not self.anchored:
            fail("de logsleutel is niet een die u vertrouwt", "the log key is none that you trust")

    def lines(self, log: str, items: Sequence[Mapping[str, Any]], found: dict[int, Any]) -> None:
        """Prove each line, and keep those that are proved by index."""
        for item in items:
            with self.step("logregel", f"{log} {item['index']}"):
                if item["index"] in found:
                    fail("de regel staat er dubbel", "the line is there twice")
                entry = self.line(log, item)
                found[item["index"]] = entry if log == "register" else (item["blad"], entry)

    def line(self, log: str, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a line says, once it is proved to be in the log."""
        body = item["regel"].encode()
        leaf = hashlib.sha256(b"\x00" + body).digest()
        if unbase64url(item["blad"]) != leaf:
            fail("de regel hoort niet bij zijn blad", "the line does not hash to its leaf")
        head = self.head(log)
        if root_of(leaf, item["index"], head.size, [unbase64url(part) for part in item["inclusie"]]) != head.root:
            fail("de regel staat niet in het logboek", "the line is not in the log")
        entry: dict[str, Any] = of(parse(body), dict)
        return entry

    def key(self, kid: str) -> None:
        """The key is named by its thumbprint (RFC 7638), and a proved register line says whose it is."""
        jwk = self.parts["sleutels"][kid]
        required = {name: jwk.get(name) for name in ("crv", "kty", "x", "y")}
        if required["kty"] != "EC" or required["crv"] != "P-256" or digest(canonical(required)) != kid:
            fail("de sleutel hoort niet bij zijn kenmerk", "the key does not belong to its thumbprint")
        holders = [
            Holder(str(entry.get("postvak", entry.get("beurs"))), str(entry.get("gebruik")), index)
            for index, entry in sorted(self.register.items())
            if entry.get("soort") == "sleutel" and entry.get("kid") == kid and entry.get("jwk") == jwk
        ]
        if not holders:
            fail("de sleutel staat niet in het register", "the key is not in the register")
        self.holders[kid] = holders

    def signed(self, jws: Jws, owner: str, use: str, state: int | None = None) -> dict[str, Any]:
        """Return the payload if ``owner`` signed it, by a key that was active in the register of ``state`` entries."""
        held = [h.since for h in self.holders.get(jws.kid, ()) if (h.owner, h.use) == (owner, use)]
        since = [index for index in held if state is None or index < state]
        if not since:
            fail("niet een sleutel van wie hier hoort te tekenen", "no key of the one who is to sign this")
        if state is not None and any(max(since) < index < state for index in self.successors(owner, use)):
            fail("de sleutel was toen al vervangen", "the key had been replaced by then")
        if not self.check_signature(self.parts["sleutels"][jws.kid], jws.signing_input, jws.signature):
            fail("de handtekening klopt niet", "the signature is wrong")
        return jws.payload

    def successors(self, owner: str, use: str) -> list[int]:
        """Return where in the register this owner got a key for this use."""
        return [
            index
            for index, entry in self.register.items()
            if entry.get("soort") == "sleutel"
            and (entry.get("postvak", entry.get("beurs")), entry.get("gebruik")) == (owner, use)
        ]

    def register_state(self, entry: Mapping[str, Any]) -> int:
        """Return the size of the register log that a decision quotes; the whole register here goes at least as far."""
        quoted = members(entry.get("register"), {"omvang": int, "wortel": str})
        size, root = quoted["omvang"], unbase64url(quoted["wortel"])
        head = self.head("register")
        if size > head.size or (size == head.size and root != head.root):
            fail("de regel noemt een ander register", "the line quotes another register")
        return int(size)

    def manifest(self) -> None:
        """The exporter signed the digest of every part, and of nothing else."""
        jws = read(self.signed_manifest, MANIFEST_TYP)
        said = members(jws.payload, {"delen": dict, "dossier": str, "opgesteld": str, "opsteller": str, "soort": str})
        self.signed(jws, said["opsteller"], "ondertekenen")
        if said["soort"] != "bewijs" or not _MOMENT.fullmatch(said["opgesteld"]):
            fail("het manifest is geen bewijs", "the manifest is not that of an evidence file")
        for name in sorted(PARTS.keys() | said["delen"].keys()):
            with self.step("deel", name):
                if name not in PARTS or said["delen"].get(name) != digest(canonical(self.parts[name])):
                    fail("het deel is niet wat de opsteller tekende", "the part is not what the exporter signed")
        self.dossier = said["dossier"]
