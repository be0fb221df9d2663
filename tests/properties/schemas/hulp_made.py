"""Messages of the families of help, suspension and balance made by chance: JSON values that the models must take."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from schemas.berichten.hulp import (
    KinderenInWoning,
    Toestemming,
    Urgentie,
    Verwijsdoel,
    Verwijzingsstatus,
    Zorgcode,
)
from schemas.berichten.opschorting import Weigerreden
from schemas.berichten.projectie import Eindresultaat
from schemas.berichten.saldo import Vorderingsoort
from schemas.bsn import find_bsn
from schemas.values import Bsn
from tests.properties.schemas.berichten_made import (
    ATTEMPTS,
    BOOLEANS,
    DATES,
    MARKS,
    SIGNAL_IDS,
    SPELLED,
    TENANTS,
    Json,
)

ADDRESS = ("postcode", "huisnummer", "huisletter", "huisnummertoevoeging", "woonplaats", "adresseerbaarObjectId")
DOSSIERS = st.from_regex(r"\A[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
NUMBERS = (
    st.integers(1, 99_999_999)
    .map(lambda start: [f"{start:08d}{last}" for last in range(10) if Bsn.holds(f"{start:08d}{last}")])
    .filter(bool)
    .map(lambda found: found[0])
)
_PRINTED = "".join(map(chr, (*range(0x21, 0x7F), *range(0xC0, 0xD7), *range(0x1E00, 0x1F00), 0x2019, 0x20AC)))
REMARKS = st.builds(
    lambda first, middle, last: first + middle + last,
    st.sampled_from(_PRINTED),
    st.text(st.sampled_from(_PRINTED + " "), max_size=278),
    st.sampled_from(["", *_PRINTED]),
).filter(lambda text: not text.endswith(" ") and not find_bsn(text))


def _one_of(names: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([str(name) for name in names])


@st.composite
def helped(draw: st.DrawFn) -> Json:
    """Make a tenant as helpers know one: by number or by address."""
    tenant = draw(TENANTS)
    if draw(BOOLEANS):
        return tenant
    return {key: item for key, item in tenant.items() if key not in ADDRESS} | {"bsn": draw(NUMBERS)}


@st.composite
def referrals(draw: st.DrawFn) -> Json:
    """Make a verwijzing whose consent and former dossier go with its purpose."""
    purpose = draw(st.sampled_from(Verwijsdoel))
    consents = list(Toestemming) if purpose is Verwijsdoel.BEMOEIZORG else [Toestemming.JA]
    made: Json = {
        "huurder": draw(helped()),
        "doel": str(purpose),
        "urgentie": draw(_one_of(Urgentie)),
        "toestemming": str(draw(st.sampled_from(consents))),
    }
    made |= {"toelichting": draw(REMARKS)} if draw(BOOLEANS) else {}
    return made | ({"vorigDossier": draw(DOSSIERS)} if purpose is Verwijsdoel.OVERDRACHT_GEMEENTE else {})


@st.composite
def replies(draw: st.DrawFn) -> Json:
    """Make a verwijzingsantwoord, with a result exactly at the end."""
    status = draw(st.sampled_from(Verwijzingsstatus))
    made: Json = {
        "betreft": draw(SIGNAL_IDS),
        "status": str(status),
        "contactpogingen": draw(st.lists(ATTEMPTS, max_size=4)),
        "datum": draw(SPELLED),
    }
    return made | ({"resultaat": draw(_one_of(Eindresultaat))} if status is Verwijzingsstatus.AFGEROND else {})


CONCERNS = st.fixed_dictionaries(
    {
        "huurder": TENANTS,
        "zorgcodes": st.lists(_one_of(Zorgcode), min_size=1, unique=True),
        "kinderenInWoning": _one_of(KinderenInWoning),
        "inwonerGeinformeerd": BOOLEANS,
    }
)


@st.composite
def periods(draw: st.DrawFn) -> Json:
    """Make a pause of one to thirty days."""
    first = draw(DATES)
    return {"vanaf": first.isoformat(), "tot": (first + timedelta(days=draw(st.integers(1, 30)))).isoformat()}


@st.composite
def requests(draw: st.DrawFn) -> Json:
    """Make an opschortingsverzoek after help was accepted."""
    period = draw(periods())
    accepted = draw(st.dates(date(1890, 1, 1), date.fromisoformat(period["vanaf"])))
    return period | {"hulpGeaccepteerdOp": accepted.isoformat(), "lopendeHuurAfgesproken": draw(BOOLEANS)}


@st.composite
def decisions(draw: st.DrawFn) -> Json:
    """Make an opschortingsbesluit with a period or a reason."""
    made: Json = {"betreft": draw(SIGNAL_IDS), "datum": draw(SPELLED)}
    if draw(BOOLEANS):
        return made | {"besluit": "TOEGEKEND"} | draw(periods())
    return made | {"besluit": "GEWEIGERD", "weigerreden": draw(_one_of(Weigerreden))}


BALANCE_REQUESTS = st.fixed_dictionaries({"mandaatDatum": SPELLED, "referenties": st.lists(MARKS, max_size=4)})
CENTS = st.integers(1, 10**12 - 1)


@st.composite
def statements(draw: st.DrawFn) -> Json:
    """Make a saldo-opgave of claims that are due on the day it speaks of."""
    measured = draw(DATES)
    claim = st.fixed_dictionaries(
        {
            "soort": _one_of(Vorderingsoort),
            "ontstaansdatum": st.dates(date(1890, 1, 1), measured).map(date.isoformat),
            "bedragCent": CENTS,
            "bijDeurwaarder": BOOLEANS,
        }
    )
    return {
        "betreft": draw(SIGNAL_IDS),
        "peildatum": measured.isoformat(),
        "vorderingen": draw(st.lists(claim, max_size=4)),
        "maandhuurCent": draw(CENTS),
    }


BY_CODE = {
    "nl.huurschuld.verwijzing.v1": referrals(),
    "nl.huurschuld.verwijzingsantwoord.v1": replies(),
    "nl.huurschuld.zorgmelding.v1": CONCERNS,
    "nl.huurschuld.opschortingsverzoek.v1": requests(),
    "nl.huurschuld.opschortingsbesluit.v1": decisions(),
    "nl.huurschuld.saldoverzoek.v1": BALANCE_REQUESTS,
    "nl.huurschuld.saldo-opgave.v1": statements(),
}
"""What to make for each type of these families."""
