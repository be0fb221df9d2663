"""How a dossier is told to people, in Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.connector.dossier import Proven, Step
from gateway.covenant.tracks import Next
from schemas.catalogue import CATALOGUE
from schemas.covenants import Soort
from schemas.receipts import ReceiptKind
from schemas.texts import Language, text

_NL: Mapping[str, str] = {
    "title": "Dossier {id}",
    "titles": "{n} dossiers in {folder}",
    "hulp": "Hulp",
    "incasso": "Incasso",
    "uitkomst": "Uitkomst",
    "since": "sinds {moment} door {type}",
    "begin": "vanaf het begin",
    "until": ", tot en met {day}",
    "messages": "Berichten ({n})",
    "to": "aan {name}",
    "from": "van {name}",
    "itself": "vanzelf",
    "blijft": "stand blijft",
    "geen-gevolg": "geen gevolg: het kwam toen het niet aan de beurt was",
    "telt-niet": "telt niet mee",
    "erased": "inhoud vernietigd; envelop en bewijzen zijn er nog",
    "gespoold": "getekend, nog niet aanvaard",
    "aangehouden": "wacht tot de sleutel van de afzender is bevestigd",
    "unbooked": ", nog niet geboekt",
    "aanvaard": "aanvaard {moment}",
    "afgewezen": "afgewezen {moment}: {code}",
    "ontvangen": "ontvangen {moment}",
    "geweigerd": "geweigerd {moment}: {code}",
    "niet-afgeleverd": "niet afgeleverd {moment}",
    "termijn-overschreden": "termijn {code} verstreken, melding {level}, {moment}",
    "waarschuwing": "waarschuwing {moment}: poort {code} stond dicht",
    "next": "Wat nu kan volgen",
    "closed": "Het dossier is gesloten; er volgt niets meer.",
    "not_yet": "Eerst nog:",
    "terms": "Open termijnen op inhoud",
    "due": "t/m {moment}, door {name}",
    "late": "te laat",
    "exchange": "Termijnen die de beurs bewaakt staan hier niet; een melding erover staat bij haar bericht.",
    "COR": "corporatie",
    "GEM": "gemeente",
    "SWT": "wijkteam",
    "SHV": "schuldhulpverlener",
    "MZO": "meldpunt zorg en overlast",
    "you": " (u)",
    "or": "of",
    "present": "is ingevuld",
    "true": "ja",
    "false": "nee",
    "higher": "een hoger bedrag dan het vorige",
    "answer": "een bericht om op te antwoorden: {what}",
    "col_last": "laatst",
    "col_n": "berichten",
    "col_late": "te laat",
}
_EN: Mapping[str, str] = {
    "title": "Dossier {id}",
    "titles": "{n} dossiers in {folder}",
    "hulp": "Help",
    "incasso": "Collection",
    "uitkomst": "Outcome",
    "since": "since {moment} by {type}",
    "begin": "from the beginning",
    "until": ", up to and including {day}",
    "messages": "Messages ({n})",
    "to": "to {name}",
    "from": "from {name}",
    "itself": "by itself",
    "blijft": "state stays",
    "geen-gevolg": "no effect: it came when it was not its turn",
    "telt-niet": "does not count",
    "erased": "content destroyed; the envelope and the proofs are still there",
    "gespoold": "signed, not accepted yet",
    "aangehouden": "waits until the sender's key is confirmed",
    "unbooked": ", not booked yet",
    "aanvaard": "accepted {moment}",
    "afgewezen": "refused by the exchange {moment}: {code}",
    "ontvangen": "received {moment}",
    "geweigerd": "refused by its recipient {moment}: {code}",
    "niet-afgeleverd": "not delivered {moment}",
    "termijn-overschreden": "term {code} is over, notice {level}, {moment}",
    "waarschuwing": "warning {moment}: gate {code} stood closed",
    "next": "What may come next",
    "closed": "The dossier is closed; nothing follows.",
    "not_yet": "First needs:",
    "terms": "Open terms on content",
    "due": "until {moment}, by {name}",
    "late": "late",
    "exchange": "Terms that the exchange watches are not listed here; a notice about one stands with its message.",
    "COR": "corporation",
    "GEM": "municipality",
    "SWT": "neighbourhood team",
    "SHV": "debt help",
    "MZO": "care and nuisance desk",
    "you": " (you)",
    "or": "or",
    "present": "is filled in",
    "true": "yes",
    "false": "no",
    "higher": "a higher amount than the one before",
    "answer": "a message to answer: {what}",
    "col_last": "last",
    "col_n": "messages",
    "col_late": "late",
}
_STATES_EN: Mapping[str, str] = {
    "NIET_GEMELD": "not reported",
    "GEMELD": "reported",
    "CONTACT_LOOPT": "contact under way",
    "GEEN_CONTACT": "no contact",
    "HULP_NIET_AANGENOMEN": "help not taken",
    "HULP_GEACCEPTEERD": "help accepted",
    "IN_TRAJECT": "being helped",
    "HULP_AFGEROND": "help completed",
    "OVERGEDRAGEN": "handed over",
    "NIET_OPGEPAKT": "not taken up",
    "INGETROKKEN": "withdrawn",
    "SOCIALE_INCASSO": "social collection",
    "OPGESCHORT": "suspended",
    "REGELING_ACTIEF": "payment plan runs",
    "VOORNEMEN_DAGVAARDING": "summons intended",
    "GEDAGVAARD": "summoned",
    "VONNIS": "judgment",
    "AANGEZEGD": "eviction announced",
    "MORATORIUM": "moratorium",
    "AFGEWEND": "averted",
    "OPGELOST": "resolved",
    "VERTROKKEN": "left",
    "ONTRUIMD": "evicted",
    "OPEN": "open",
    "CONVENANT_NVT": "covenant does not apply",
    "UITGESLOTEN": "excluded",
    "GESLOTEN_ANDERS": "closed otherwise",
}
_GOOD = frozenset({ReceiptKind.AANVAARD, ReceiptKind.ONTVANGEN, ReceiptKind.GEBOEKT})
WEIGHT: Mapping[str, str] = {"late": "bold red", "stap": "green", "not_yet": "yellow", "telt-niet": "red"}


class Words:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._words = _NL if language == "nl" else _EN

    def __call__(self, key: str, **filled: object) -> str:
        """Give a phrase, filled in."""
        return self._words[key].format(**filled)

    def state(self, stand: str) -> str:
        """Give a state of a track."""
        plain = stand.replace("_", " ").lower()
        return plain if self.language == "nl" else _STATES_EN.get(stand, plain)

    def type(self, code: str) -> str:
        """Give the title of a message type."""
        found = CATALOGUE.get(code)
        return code if found is None else found.title_nl if self.language == "nl" else found.title_en

    def soort(self, soort: Soort, ours: frozenset[Soort]) -> str:
        """Give a kind of participant, and whether that is who reads this."""
        return self(soort.value) + (self("you") if soort in ours else "")

    def proof(self, proven: Proven) -> str:
        """Tell one proof."""
        code = proven.code or ""
        if proven.kind in (ReceiptKind.AFGEWEZEN, ReceiptKind.GEWEIGERD):
            code = f"{text(code, self.language).title} ({code})"
        told = self(proven.kind.value, moment=moment(proven.moment), code=code, level=proven.level)
        return told if proven.booked else told + self("unbooked")

    def effect(self, step: Step) -> str:
        """Tell what a message did to the tracks."""
        if step.effect != "stap":
            return self(step.effect)
        seen, told = set(), []
        for t in step.turns:
            itself = f" ({self('itself')})" if t.spoor in seen else ""
            told.append(f"{self(t.spoor.value).lower()}: {self.state(t.van)} → {self.state(t.naar)}{itself}")
            seen.add(t.spoor)
        return "; ".join(told)

    def proofs(self, step: Step) -> list[tuple[str, str]]:
        """Tell every proof: what went well in one line, and each that did not in a line of its own."""
        good = ", ".join(self.proof(one) for one in step.proofs if one.kind in _GOOD)
        bad = [("✗", self.proof(one)) for one in step.proofs if one.kind not in _GOOD]
        return [("✓", good), *bad] if good else bad

    def condition(self, step: Next) -> str:
        """Tell what a message must say to take a step."""
        either = f" {self('or')} "
        return ", ".join(
            f"{path} {self('present') if '*' in values else either.join(map(self._value, values))}"
            for path, values in step.als.items()
        )

    def missing(self, one: str) -> str:
        """Tell what must be so before a step may be taken; see ``gateway.covenant.tracks.Next``."""
        kind, _, rest = one.partition(": ")
        if kind == "hoger":
            return self("higher")
        if kind == "antwoordop":
            return self("answer", what=rest)
        standen = f" {self('or')} ".join(self.state(stand) for stand in rest.split(" of "))
        return f"{self(kind).lower()}: {standen}"

    def _value(self, value: str | bool) -> str:
        return value if isinstance(value, str) else self("true" if value else "false")


def moment(at: datetime) -> str:
    """Spell a moment as people in the Netherlands read it, to the minute."""
    return at.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%d-%m-%Y %H:%M")
