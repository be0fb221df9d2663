"""Whether a recipient takes in what a corporation sends does not tell the corporation what partners do.

A municipality and debt help judge the content of a message by all that they have of the dossier; their *geweigerd* goes
back to the corporation. So the verdict may rest on messages between these two alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.covenant.case import Case
from gateway.covenant.content import objections
from gateway.covenant.passage import Passed
from schemas.berichten.berichttype import code_of
from schemas.berichten.projectie import Eindresultaat
from schemas.covenants import leidse_regio, load_covenant
from schemas.values import Mailbox, MessageId

CONVENANT = load_covenant(leidse_regio())
START = datetime(2026, 12, 1, 10, tzinfo=UTC)
BOXES = {
    "COR": Mailbox("urn:nld:oin:00000099000000001000:systeem:huur"),
    "GEM": Mailbox("urn:nld:oin:00000099000000101000:systeem:vroegsignalering"),
    "SHV": Mailbox("urn:nld:oin:00000099000000201000:systeem:hulp"),
    "SWT": Mailbox("urn:nld:oin:00000099000000202000:systeem:hulp"),
    "MZO": Mailbox("urn:nld:oin:00000099000000206000:systeem:hulp"),
}
Json = dict[str, Any]
Line = tuple[str, str, str, Json]
"""From, to, short name of the type, and the fields that count."""

ARREARS = {"bedragCent": 80_000, "ontstaansdatum": "2026-10-01", "peildatum": "2026-11-20"}
DUTY = {
    "contactpogingen": [{"datum": "2026-11-03", "soort": "Brief", "bereikt": False}],
    "gewezenOpSchuldhulpOp": "2026-10-24",
    "herinneringen": ["2026-10-10"],
    "aanbodGegevensdelingOp": "2026-10-24",
    "reactieHuurder": "GEEN_REACTIE",
}


def _signal(cents: int, excluded: str = "GEEN") -> Json:
    arrears = {**ARREARS, "bedragCent": cents}
    return {"achterstand": arrears, "incassoVerantwoording": DUTY, "convenantUitsluiting": excluded}


def _one(by: str, to: str, name: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Line]:
    return st.tuples(st.just(by), st.just(to), st.just(name), st.fixed_dictionaries(fields))


OUTCOMES = ["HULP_LOOPT", "GEEN_CONTACT", "HULP_NIET_AANGENOMEN", "ZELF_OPGELOST", "HULP_GEACCEPTEERD", "AFGESLOTEN"]
WITH_CORPORATION = st.one_of(
    st.sampled_from([80_000, 90_000]).map(lambda cents: ("COR", "GEM", "vroegsignaal", _signal(cents))),
    st.just(("COR", "GEM", "vroegsignaal", _signal(80_000, "WOONFRAUDE"))),
    _one("COR", "GEM", "wijziging", reden=st.sampled_from(["BEZWAAR_HUURDER", "VERKEERDE_PERSOON", "BETAALD"])),
    _one("GEM", "COR", "terugkoppeling", status=st.just("Opgepakt")),
    _one("GEM", "COR", "terugkoppeling", status=st.just("Afgerond"), resultaat=st.sampled_from(OUTCOMES)),
    _one("GEM", "COR", "terugkoppeling", status=st.just("Niet opgepakt"), resultaat=st.just("NIET_OPGEPAKT")),
    _one("COR", "GEM", "dreigende-ontruiming", fase=st.sampled_from(["VOORNEMEN_DAGVAARDING", "DAGVAARDING"])),
    _one("GEM", "COR", "ontruimingsantwoord", uitkomst=st.just("GEEN_CONTACT")),
    _one("GEM", "COR", "opschortingsverzoek", vanaf=st.just("2026-12-20"), tot=st.just("2027-01-10")),
    _one("COR", "GEM", "opschortingsbesluit", besluit=st.sampled_from(["TOEGEKEND", "GEWEIGERD"])),
    _one("GEM", "COR", "saldoverzoek"),
    _one("COR", "GEM", "saldo-opgave"),
    _one("COR", "GEM", "regelingsvoorstel", totaalCent=st.just(80_000)),
    _one("SHV", "COR", "saldoverzoek"),
    _one("COR", "SHV", "saldo-opgave"),
    _one("COR", "SHV", "regelingsvoorstel", totaalCent=st.just(80_000)),
    _one("COR", "GEM", "afsluiting", uitkomst=st.sampled_from(["OPGELOST", "GESLOTEN_ANDERS", "UITGESLOTEN"])),
)
FIRST: Line = ("COR", "GEM", "vroegsignaal", _signal(80_000))
WITH_PARTNERS = st.one_of(
    _one("GEM", "SWT", "verwijzing", doel=st.sampled_from(["MAATSCHAPPELIJK_WERK", "BEMOEIZORG"])),
    _one("GEM", "SHV", "verwijzing", doel=st.just("SCHULDHULP")),
    _one("GEM", "MZO", "verwijzing", doel=st.just("BEMOEIZORG")),
    st.tuples(
        st.sampled_from(["SWT", "SHV", "MZO"]),
        st.just("GEM"),
        st.just("verwijzingsantwoord"),
        st.sampled_from(["AANGENOMEN", "GEWEIGERD", "LOOPT"]).map(lambda status: {"status": status})
        | st.sampled_from(list(Eindresultaat)).map(lambda result: {"status": "AFGEROND", "resultaat": result.value}),
    ),
)


def passed(lines: Sequence[Line]) -> list[Passed]:
    """Make the dossier as the municipality has it; whatever answers something names the newest that it may."""
    made: list[Passed] = []
    for at, (by, to, name, fields) in enumerate(lines):
        rule = CONVENANT.bericht(code_of(name))
        assert rule is not None
        way = (BOXES[to], BOXES[by])
        answered = next(
            (m.id for m in reversed(made) if (m.source, m.ontvanger) == way and m.type in rule.antwoordOp), None
        )
        if rule.antwoordVerplicht and answered is None:
            continue  # the exchange does not let it pass
        signal = next((m.id for m in made if m.type == code_of("vroegsignaal")), None)
        bericht = {"betreft": answered, "signaalId": signal, "signaalIds": [signal], **fields}
        identity = MessageId(f"019a9f3e-7c00-7abc-8def-{at:012x}")
        moment = START + timedelta(hours=at)
        made.append(Passed(identity, code_of(name), BOXES[by], BOXES[to], answered, bericht, moment))
    return made


def verdicts(messages: Sequence[Passed], *, alone: bool) -> list[bool]:
    """Tell of each message of the corporation whether its recipient refuses it; its receipt has one code for all."""
    return [
        bool(objections(CONVENANT, m, _before(messages[:at], m, alone=alone), sending=False))
        for at, m in enumerate(messages)
        if m.source == BOXES["COR"]
    ]


def _before(earlier: Sequence[Passed], message: Passed, *, alone: bool) -> list[Passed]:
    """Give what its recipient has of the dossier; ``alone``: only what the corporation knows of as well."""
    has = [m for m in earlier if message.ontvanger in (m.source, m.ontvanger)]
    return [m for m in has if not alone or message.source in (m.source, m.ontvanger)]


HELPED: list[Line] = [
    FIRST,
    ("GEM", "COR", "terugkoppeling", {"status": "Opgepakt"}),
    ("GEM", "COR", "terugkoppeling", {"status": "Afgerond", "resultaat": "HULP_GEACCEPTEERD"}),
    ("GEM", "SWT", "verwijzing", {"doel": "MAATSCHAPPELIJK_WERK"}),
]
LOST: list[Line] = [
    *HELPED,
    ("SWT", "GEM", "verwijzingsantwoord", {"status": "AANGENOMEN"}),
    ("SWT", "GEM", "verwijzingsantwoord", {"status": "AFGEROND", "resultaat": "Geen reactie na eerder contact"}),
]
"""So far that partners have something to move, and that they moved it."""


WITHDRAWN: Line = ("COR", "GEM", "wijziging", {"reden": "BEZWAAR_HUURDER"})


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([[FIRST], HELPED, LOST]), st.lists(WITH_CORPORATION | WITH_PARTNERS, min_size=2, max_size=9))
def test_a_refusal_does_not_tell_of_partners(begun: list[Line], lines: list[Line]) -> None:
    """A recipient refuses the same of a corporation's messages, whatever partners sent or answered in between."""
    messages = passed([*begun, *lines])
    assert verdicts(messages, alone=False) == verdicts(messages, alone=True)


TELLING: dict[str, list[Line]] = {
    "help that a partner lost lets the tenant's objection withdraw": [*LOST, WITHDRAWN, FIRST],
    "a referral lets a corporation make debt help a proposal": [
        FIRST,
        ("GEM", "SHV", "verwijzing", {"doel": "SCHULDHULP", "toestemming": "JA"}),
        ("COR", "SHV", "regelingsvoorstel", {"totaalCent": 80_000}),
    ],
}


@pytest.mark.parametrize("lines", TELLING.values(), ids=TELLING)
def test_what_would_tell_does_not(lines: list[Line]) -> None:
    """Where a partner moves the help track before the corporation writes, the verdict is that without the partner."""
    messages = passed(lines)
    assert verdicts(messages, alone=False) == verdicts(messages, alone=True)


def test_a_refusal_that_tells_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a verdict rested on all that the recipient has, the first of those courses would show it."""
    monkeypatch.setattr(Case, "told", Case.passage)
    messages = passed(next(iter(TELLING.values())))
    assert verdicts(messages, alone=False) != verdicts(messages, alone=True)
