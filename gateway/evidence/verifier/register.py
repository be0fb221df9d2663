"""The register log, replayed from its first line: which key, party and covenant counted in which state of it.

A *state* is a size of the log: what its first so many lines say. Every line is here, so nothing about a key can be
left out: not its successor, not the suspension of its owner. The rules are those by which every connector replays it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from .logs import Tree
from .reading import canonical, digest, fail, members, millisecond, of, parse, read, texts, unbase64url

CheckSignature = Callable[[Mapping[str, str], bytes, bytes], bool]
"""(public JWK, signing input, 64 bytes r and s) -> is it a good ES256 signature. Answers False, never raises."""

SIGNING, SEALING, RECEIPTS = "ondertekenen", "verzegelen", "ontvangstbewijzen"
KEY_TYP = "sleutel+jws"
# RFC 7638: the members that name a key; the others of its one form
_FORMS = {
    "EC": (("crv", "kty", "x", "y"), {"crv": "P-256", "alg": "ES256", "use": "sig"}),
    "AKP": (("alg", "kty", "pub"), {"alg": "HPKE-9-KE", "use": "enc"}),
}


class Span(NamedTuple):
    """A key, the line that made it active, and the line that replaced it, if any."""

    kid: str
    jwk: dict[str, str]
    since: int
    until: int | None = None

    def active(self, state: int) -> bool:
        """Tell whether it was the one key for its use in that state."""
        return self.since < state and (self.until is None or self.until >= state)


class Standing(NamedTuple):
    """A party as one line has it: its name, its mailboxes, whether it takes part."""

    since: int
    naam: str
    postvakken: tuple[str, ...]
    geschorst: bool = False


class Register:
    """The register as far as it was replayed; after a line that may not stand there, no report is in order anyway."""

    def __init__(self, check_signature: CheckSignature) -> None:
        self._check_signature = check_signature
        self._tree = Tree()
        self.roots = [self._tree.root()]
        self.beurs = ""
        self.vkeys = ("", "")
        self.spans: dict[tuple[str, str], list[Span]] = {}
        self.parties: dict[str, list[Standing]] = {}
        self.covenants: list[tuple[int, str, datetime]] = []

    @property
    def size(self) -> int:
        """How many lines were replayed."""
        return len(self.roots) - 1

    def append(self, body: str) -> None:
        """Take one line more: into the tree whatever it says, and by the rules what it says."""
        index = self.size
        self._tree.append(hashlib.sha256(b"\x00" + body.encode()).digest())
        self.roots.append(self._tree.root())
        entry = of(parse(body.encode()), dict)
        if canonical(entry) != body.encode():
            fail("de regel is niet de canonieke spelling", "the line is not in canonical form")
        soort = entry.get("soort")
        if (soort == "beurs") != (index == 0):
            fail("het register noemt zijn beurs één keer, vooraan", "the register names its exchange once, first")
        self._rule(str(soort))(index, entry)

    def key(self, owner: str, use: str, kid: str, state: int | None) -> Span:
        """Return the key of that name that ``owner`` had active in a state; without a state, at any time."""
        held = [span for span in self.spans.get((owner, use), ()) if span.kid == kid]
        counting = [span for span in held if state is None or span.active(state)]
        if not counting and state is not None and any(span.since < state for span in held):
            fail("de sleutel was toen al vervangen", "the key had been replaced by then")
        if not counting:
            fail("niet een sleutel van wie hier hoort te tekenen", "no key of the one who is to sign this")
        return counting[-1]

    def takes_part(self, mailbox: str, state: int) -> None:
        """Demand that the mailbox was that of a party that was not suspended."""
        standing = self.standing(mailbox, state)
        if standing is None or standing.geschorst:
            fail("een partij deed toen niet mee", "a party did not take part then")

    def standing(self, mailbox: str, state: int) -> Standing | None:
        """Return the party whose mailbox it was in a state, suspended or not."""
        found = [one for one in self.parties.get(_oin(mailbox), ()) if one.since < state]
        return found[-1] if found and mailbox in found[-1].postvakken else None

    def covenant(self, state: int, moment: object) -> str | None:
        """Return the digest of the covenant in force at a moment, as a state has it.

        Of those begun by then the last to begin, and of these the last logged.
        """
        at = _moment(moment)
        begun = [(vanaf, since, named) for since, named, vanaf in self.covenants if since < state and vanaf <= at]
        return max(begun)[2] if begun else None

    def fingerprint(self, mailbox: str) -> str | None:
        """Return the fingerprint of the mailbox's first signing key as people compare it: hexadecimal, in fours."""
        spans = self.spans.get((mailbox, SIGNING))
        if not spans:
            return None
        digits = unbase64url(spans[0].kid).hex()
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    def _rule(self, soort: str) -> Callable[[int, dict[str, Any]], None]:
        rules = {
            "beurs": self._exchange,
            "convenant": self._covenant,
            "deelnemer": self._party,
            "geschorst": self._suspended,
            "sleutel": self._key,
            "certificaat": _passed_over,
            "certificaat-ingetrokken": _passed_over,
        }
        if soort not in rules:
            fail("een onbekende soort regel", "an unknown kind of line")
        return rules[soort]

    def _exchange(self, _: int, entry: dict[str, Any]) -> None:
        named = [of(entry.get(name), str) for name in ("beurs", "vkeyregister", "vkeyverkeer")]
        self.beurs, self.vkeys = named[0], (named[1], named[2])

    def _covenant(self, index: int, entry: dict[str, Any]) -> None:
        if digest(of(entry.get("tekst"), str).encode()) != entry.get("digest"):
            fail("de digest is niet die van het convenant", "the digest is not that of the covenant")
        logged = _moment(entry.get("tijd"))
        vanaf = _moment(entry["vanaf"]) if "vanaf" in entry else logged
        if vanaf < logged:
            fail("een convenant geldt niet eerder dan zijn regel", "a covenant does not hold before its line")
        self.covenants.append((index, entry["digest"], vanaf))

    def _party(self, index: int, entry: dict[str, Any]) -> None:
        oin, postvakken = of(entry.get("oin"), str), of(entry.get("postvakken"), list)
        texts(postvakken)
        if any(_oin(mailbox) != oin for mailbox in postvakken):
            fail("een postvak is van een andere organisatie", "a mailbox belongs to another organisation")
        self.parties.setdefault(oin, []).append(Standing(index, of(entry.get("naam"), str), tuple(postvakken)))

    def _suspended(self, index: int, entry: dict[str, Any]) -> None:
        found = self.parties.get(of(entry.get("oin"), str))
        if not found:
            fail("een onbekende deelnemer is geschorst", "an unknown participant was suspended")
        found.append(found[-1]._replace(since=index, geschorst=True))

    def _key(self, index: int, entry: dict[str, Any]) -> None:
        owner, use = self._owner(index, entry), of(entry.get("gebruik"), str)
        jwk, kid = of(entry.get("jwk"), dict), of(entry.get("kid"), str)
        _check_form(jwk, kid, use)
        before = self.spans.get((owner, use), [])
        if owner != self.beurs or before:
            self._vouched(owner, use, Span(kid, jwk, index), entry)
        closed = [span if span.until is not None else span._replace(until=index) for span in before]
        self.spans[owner, use] = [*closed, Span(kid, jwk, index)]

    def _owner(self, index: int, entry: dict[str, Any]) -> str:
        of_exchange = "beurs" in entry
        owner = of(entry.get("beurs" if of_exchange else "postvak"), str)
        if of_exchange == ("postvak" in entry) or of_exchange != (entry.get("gebruik") == RECEIPTS):
            fail("een sleutel is van één postvak, of van de beurs", "a key is of one mailbox, or of the exchange")
        if owner != self.beurs if of_exchange else self.standing(owner, index) is None:
            fail("een sleutel van wie er niet is", "a key of one who is not there")
        return str(owner)

    def _vouched(self, owner: str, use: str, new: Span, entry: dict[str, Any]) -> None:
        """The owner's active key signed the new one; a mailbox's first signing key signed itself."""
        own = self.spans.get((owner, RECEIPTS if owner == self.beurs else SIGNING))
        voucher = own[-1] if own else new
        if not own and use != SIGNING:
            fail("er is nog geen sleutel die deze kan bevestigen", "there is no key yet that can vouch for this one")
        jws = read(of(entry.get("bewijs"), str), KEY_TYP)
        said = {"beurs": self.beurs, "postvak": owner, "gebruik": use, "jwk": new.jwk}
        if jws.kid != voucher.kid or jws.payload != said:
            fail("de sleutel is niet bevestigd door die ervoor", "the key was not vouched for by the one before")
        if not self._check_signature(voucher.jwk, jws.signing_input, jws.signature):
            fail("de bevestiging van de sleutel is vals", "the signature that vouches for the key is wrong")


def _moment(value: object) -> datetime:
    moment = millisecond(value)
    if moment.tzinfo is None:
        fail("geen tijdstip", "no moment")
    return moment


def _passed_over(_: int, entry: dict[str, Any]) -> None:
    """Connection certificates sign nothing in this file."""
    of(entry.get("serienummer"), str)


def _check_form(jwk: dict[str, Any], kid: str, use: str) -> None:
    """A key of the kind for its use, named by its thumbprint (RFC 7638)."""
    texts(list(jwk.values()))
    kty = "AKP" if use == SEALING else "EC"
    naming, fixed = _FORMS[kty]
    members(jwk, dict.fromkeys({*naming, *fixed, "kid"}, str))
    if use not in (SIGNING, SEALING, RECEIPTS) or {**jwk, **fixed, "kty": kty} != jwk:
        fail("een sleutel van een andere soort dan zijn gebruik", "a key of another kind than its use")
    if not kid == jwk["kid"] == digest(canonical({name: jwk[name] for name in naming})):
        fail("de sleutel hoort niet bij zijn kenmerk", "the key does not belong to its thumbprint")


def _oin(mailbox: str) -> str:
    """Whose mailbox it is: ``urn:nld:oin:<20 characters>:systeem:<name>``."""
    return mailbox[12:32] if mailbox.startswith("urn:nld:oin:") and mailbox[32:33] == ":" else ""
