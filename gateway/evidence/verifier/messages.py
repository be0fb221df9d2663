"""One message of an evidence file: envelope, payload and receipts, each held against the others and the log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .case import Case
from .notices import NOTICES, Named, check_notice, told
from .reading import Jws, WrongError, digest, fail, millisecond, of, parse, read, same
from .register import RECEIPTS, SIGNING
from .report import Account

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERDICTS = ("ontvangen", "geweigerd")
_KINDS = ("aanvaard", "afgewezen", *_VERDICTS, "geboekt", "niet-afgeleverd", *NOTICES)


def check_messages(case: Case) -> list[Message]:
    """Check each message of the file, each once; return those whose envelope could be read."""
    known: dict[str, Message] = {}
    for number, item in enumerate(case.parts["berichten"], 1):
        subject = f"bericht {number}"
        with case.step("envelop", subject):
            message = Message(case, read(item["envelop"], "bericht+jws"), subject)
            if message.jws.digest in known:
                fail("het bericht staat er dubbel", "the message is there twice")
            known[message.jws.digest] = message
            message.receipts(item["ontvangstbewijzen"])
            message.content(item.get("inhoud"))
            message.envelope()
    return list(known.values())


class Message:
    """One message of the case, its envelope read."""

    def __init__(self, case: Case, jws: Jws, subject: str) -> None:
        self.case, self.jws, self.event = case, jws, jws.payload
        given = str(self.event.get("id"))
        self.subject = given if _UUID.fullmatch(given) else subject
        # receipts that say the right things; ``state`` is the register size that the acceptance quotes
        self.found: dict[str, tuple[Jws, dict[str, Any]]] = {}
        self.notices: set[Named] = set()
        self.state: int | None = None

    @property
    def verdict(self) -> str | None:
        """What the recipient signed for, if it is here and booked."""
        return next((kind for kind in _VERDICTS if kind in self.found and "geboekt" in self.found), None)

    @property
    def account(self) -> Account:
        """Tell what the receipts that hold show of it."""
        late = "niet-afgeleverd" if "niet-afgeleverd" in self.found else None
        decision = "aanvaard" if "aanvaard" in self.found else "afgewezen"
        moment = self.found[decision][1].get("tijd") if decision in self.found else ""
        said = {name: self._name(name) for name in ("id", "type", "source", "ontvanger")}
        return Account(**said, moment=str(moment), uitkomst=self.verdict or late or decision)

    def content(self, inhoud: str | None) -> None:
        """The payload is what the sender signed for; of a message that its recipient refused it need not be."""
        if inhoud is None:
            self.case.remark(f"inhoud ontbreekt: {self.subject}", f"payload left out: {self.subject}")
        elif self.verdict == "geweigerd" and not self._sealed(inhoud):
            self.case.remark(
                f"de inhoud van het geweigerde bericht is niet die van de afzender, en telt niet: {self.subject}",
                f"the payload of the refused message is not the sender's, and does not count: {self.subject}",
            )
        else:
            with self.case.step("inhoud", self.subject):
                self._payload(inhoud)

    def _sealed(self, inhoud: str) -> bool:
        try:
            self._payload(inhoud)
        except WrongError:
            return False
        return True

    def _payload(self, inhoud: str) -> None:
        if digest(inhoud.encode()) != of(self.event.get("data"), dict).get("inhoud"):
            fail("de inhoud is niet wat de afzender tekende", "the payload is not what the sender signed")
        said = of(parse(inhoud.encode(), float), dict)
        if said.get("afzender") != self.event.get("source"):
            fail("de inhoud noemt een andere afzender", "the payload names another sender")
        same(said, self.event, ("id", "ontvanger", "dossier", "type", "antwoordop"))

    def receipts(self, given: Sequence[str]) -> None:
        """Each receipt once, decision first, a verdict only with its booking; of notices there may be several."""
        kinds: dict[str, list[Jws]] = {}
        with self.case.step("ontvangstbewijzen", self.subject):
            for jws in map(read, given):
                kind = jws.typ.removesuffix("+jws")
                if kind not in _KINDS or kind == jws.typ or (kind in kinds and kind not in NOTICES):
                    fail("een onbekend of dubbel ontvangstbewijs", "an unknown receipt, or the same kind twice")
                kinds.setdefault(kind, []).append(jws)
            if ("aanvaard" in kinds) == ("afgewezen" in kinds) or ("afgewezen" in kinds and len(kinds) > 1):
                fail("verwacht aanvaard of afgewezen", "expected aanvaard or afgewezen")
            if len(kinds.keys() & set(_VERDICTS)) != ("geboekt" in kinds):
                fail("een oordeel en zijn boeking horen bijeen", "a verdict and its booking belong together")
        for kind in _KINDS:
            for jws in kinds.get(kind, ()):
                with self.case.step(kind, self.subject):
                    self.receipt(kind, jws)

    def receipt(self, kind: str, jws: Jws) -> None:
        """Signed by the one who may, about this message, and as it was logged."""
        said = jws.payload
        if said.get("soort") != kind or said.get("digest") != self.jws.digest:
            fail("het bewijs gaat over een ander bericht", "the receipt is about another message")
        same(said, self.event, ("id", "source", "ontvanger"))
        if kind in NOTICES:
            self.notice(jws, self.logged(said, kind))
            return
        self.found[kind] = (jws, said)
        if kind in _VERDICTS:
            self.case.signed(jws, self._name("ontvanger"), SIGNING)
            if said.get("blad") != self.accepted("blad"):
                fail("het bewijs noemt een andere aanvaarding", "the receipt names another acceptance")
            return
        entry = self.logged(said, kind)
        state = self.case.register_state(entry) if kind in ("aanvaard", "geboekt") else None
        self.case.signed(jws, self.case.beurs, RECEIPTS, state)
        if kind == "niet-afgeleverd":
            self.later(jws)
        same(said, entry, ("tijd", "code", "convenant") if kind == "afgewezen" else ("tijd",))

    def notice(self, jws: Jws, entry: Mapping[str, Any]) -> None:
        """The exchange told of a term or a gate: as it logged it, once, under the covenant of the acceptance."""
        self.case.signed(jws, self.case.beurs, RECEIPTS)
        self.later(jws)
        named = check_notice(jws.payload, entry, self.found["aanvaard"][1].get("convenant"))
        if named in self.notices:
            fail("de melding staat er dubbel", "the notice is there twice")
        self.notices.add(named)
        self.case.remark(*told(named, jws.payload.get("uiterlijk"), self.subject))

    def later(self, jws: Jws) -> None:
        """What followed an acceptance is signed by a key that was not replaced before it: states never go back."""
        until = self.case.register.key(self.case.beurs, RECEIPTS, jws.kid, None).until
        if until is not None and until < (self.state or 0):
            fail("de sleutel was toen al vervangen", "the key had been replaced by then")

    def accepted(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return what the receipt of acceptance says about its log line."""
        if "aanvaard" not in self.found:
            fail("er is geen geldig bewijs van aanvaarding", "there is no valid receipt of acceptance")
        return of(self.found["aanvaard"][1].get("logboek"), dict).get(name)

    def logged(self, said: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """Return the proved log entry to which a receipt points, once it says the same."""
        place = of(said.get("logboek"), dict)
        leaf, entry = self.case.traffic.get(of(place.get("index"), int), ("", {}))
        if place.get("oorsprong") != f"{self.case.beurs}/verkeer" or not leaf or place.get("blad") != leaf:
            fail("de beloofde logregel ontbreekt", "the promised log line is missing")
        same(entry, said, ("id", "source", "ontvanger", "digest"))
        soort = entry.get("soort")
        if kind == "geboekt":
            self.booking(said, entry)
        elif soort != kind:
            fail("de logregel is van een andere soort", "the log line is of another kind")
        if kind in ("aanvaard", "afgewezen"):
            self.decision(said, entry)
        elif of(entry.get("aanvaard"), int) != self.accepted("index"):
            fail("de logregel noemt een andere aanvaarding", "the log line names another acceptance")
        if kind == "niet-afgeleverd":
            same(said, entry, ("reeks", "volgnummer", "aangeboden"))
        return entry

    def decision(self, said: Mapping[str, Any], entry: Mapping[str, Any]) -> None:
        """The exchange logged what the envelope says, and which key it believed."""
        same(self.event, entry, ("reeks", "volgnummer"))
        if entry.get("sleutel") != self.jws.kid:
            fail("de logregel noemt een andere sleutel", "the log line names another key")
        if entry.get("soort") == "aanvaard":
            same(self.event, entry, ("dossier", "type", "antwoordop"))
            if millisecond(self.event.get("verlooptijd")) != millisecond(entry.get("verlooptijd")):
                fail("'verlooptijd' verschilt", "'verlooptijd' differs")
            same(said, entry, ("register", "convenant"))
            self.accepting(entry)

    def accepting(self, entry: Mapping[str, Any]) -> None:
        """In the register that the exchange quotes both took part, under the covenant that it names."""
        state = self.case.register_state(entry)
        self.case.register.takes_part(self._name("source"), state)
        self.case.register.takes_part(self._name("ontvanger"), state)
        if entry.get("convenant") != self.case.register.covenant(state, entry.get("tijd")):
            fail("de regel noemt een ander convenant", "the line names another covenant")
        self.state = state

    def booking(self, said: Mapping[str, Any], entry: Mapping[str, Any]) -> None:
        """The booking names exactly the recipient's receipt, whose key was active when it was booked."""
        known = [self.found[kind] for kind in _VERDICTS if kind in self.found]
        if not known:
            fail("er is geen geldig ontvangstbewijs", "there is no valid receipt of the recipient")
        jws, verdict = known[0]
        if not entry.get("bewijs") == said.get("bewijs") == jws.digest or entry.get("sleutel") != jws.kid:
            fail("de boeking noemt een ander ontvangstbewijs", "the booking names another receipt")
        same(entry, verdict, ("soort", "code"))
        state = self.case.register_state(entry)
        self.case.register.takes_part(self._name("ontvanger"), state)
        self.case.signed(jws, self._name("ontvanger"), SIGNING, state)

    def envelope(self) -> None:
        """Signed by its sender, for this exchange and dossier."""
        if self.event.get("beurs") != self.case.beurs or self.event.get("dossier") != self.case.dossier:
            fail("het bericht is van een andere beurs of een ander dossier", "it is of another exchange or dossier")
        self.case.signed(self.jws, self._name("source"), SIGNING, self.state)

    def _name(self, role: str) -> str:
        return str(self.event.get(role))
