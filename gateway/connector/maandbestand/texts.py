"""The words of the report, in Dutch and in English. A test holds that no code goes without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from gateway.connector.maandbestand.verdicts import Fout, FoutCode, NietTeMelden, Reden
from schemas.berichten.blokken import Contactsoort

Language = Literal["nl", "en"]
_KINDS = ", ".join(Contactsoort)

_WRONG: Mapping[FoutCode, Mapping[Language, str]] = {
    FoutCode.BESTAND_TE_GROOT: {"nl": "het bestand is te groot", "en": "the file is too large"},
    FoutCode.TE_VEEL_RIJEN: {"nl": "het bestand heeft te veel rijen", "en": "the file has too many rows"},
    FoutCode.BESTAND_LEEG: {"nl": "het bestand heeft geen inhoud", "en": "the file has no content"},
    FoutCode.GEEN_UTF8: {"nl": "de tekst is geen UTF-8", "en": "the text is not UTF-8"},
    FoutCode.SCHEIDINGSTEKEN: {
        "nl": "de kolommen zijn niet met puntkomma's gescheiden",
        "en": "the columns are not separated by semicolons",
    },
    FoutCode.KOLOM_ONBEKEND: {"nl": "deze kolom is onbekend", "en": "this column is unknown"},
    FoutCode.KOLOM_ONTBREEKT: {"nl": "deze kolom ontbreekt", "en": "this column is missing"},
    FoutCode.KOLOM_DUBBEL: {"nl": "deze kolom staat er al", "en": "this column is there already"},
    FoutCode.AANHALINGSTEKEN: {
        "nl": "een aanhalingsteken staat verkeerd of wordt niet gesloten",
        "en": "a quotation mark is out of place or never closed",
    },
    FoutCode.AANTAL_CELLEN: {
        "nl": "de rij heeft {aantal} cellen in plaats van {verwacht}",
        "en": "the row has {aantal} cells instead of {verwacht}",
    },
    FoutCode.LEEG: {"nl": "de cel is leeg", "en": "the cell is empty"},
    FoutCode.VORM: {"nl": "de cel heeft niet de juiste vorm", "en": "the cell does not have the right form"},
    FoutCode.DUBBELZINNIG: {
        "nl": "het bedrag is op twee manieren te lezen (duizendtal of decimalen)",
        "en": "the amount can be read in two ways (thousands or decimals)",
    },
    FoutCode.TE_LANG: {"nl": "de tekst is te lang", "en": "the text is too long"},
    FoutCode.BSN: {"nl": "hier staat een burgerservicenummer", "en": "this is a citizen service number (BSN)"},
    FoutCode.IN_DE_TOEKOMST: {"nl": "de datum ligt in de toekomst", "en": "the date is in the future"},
    FoutCode.VOLGORDE: {"nl": "de datum ligt na {kolom}", "en": "the date is later than {kolom}"},
    FoutCode.ONGELIJK_AANTAL: {
        "nl": "het aantal waarden verschilt van dat in contact_op",
        "en": "the number of values differs from that in contact_op",
    },
    FoutCode.GEEN_REACTIE_VERMELD: {
        "nl": "er is een aanbod gedaan, maar de reactie van de huurder is niet ingevuld",
        "en": "an offer was made, but the tenant's reaction is not filled in",
    },
    FoutCode.GEMEENTE_ONBEKEND: {
        "nl": "deze gemeente doet niet mee aan het convenant",
        "en": "this municipality is not in the covenant",
    },
    FoutCode.BUITEN_GEBIED: {
        "nl": "de postcode ligt buiten de gemeenten van het convenant",
        "en": "the postcode lies outside the covenant's municipalities",
    },
    FoutCode.GEMEENTE_DUBBELZINNIG: {
        "nl": "de postcode past bij meer dan een gemeente",
        "en": "the postcode fits more than one municipality",
    },
    FoutCode.GEMEENTE_STRIJDIG: {
        "nl": "de gemeentecode past niet bij de postcode",
        "en": "the municipality code does not fit the postcode",
    },
    FoutCode.WOONPLAATS_STRIJDIG: {
        "nl": "de woonplaats ligt in een andere gemeente dan de postcode",
        "en": "the place lies in another municipality than the postcode",
    },
    FoutCode.BERICHT_ONGELDIG: {
        "nl": "de rij levert geen geldig vroegsignaal op",
        "en": "the row does not make a valid early warning",
    },
    FoutCode.TWEEMAAL_ANDERS: {
        "nl": "regel {eerste} heeft dezelfde referentie, ontstaansdatum en peildatum, maar andere inhoud",
        "en": "line {eerste} has the same referentie, ontstaansdatum and peildatum, but other content",
    },
    FoutCode.EERDER_ANDERS: {
        "nl": "deze referentie, ontstaansdatum en peildatum zijn al gemeld, met andere inhoud",
        "en": "this referentie, ontstaansdatum and peildatum were reported before, with other content",
    },
}

_EXPECTED: Mapping[str, Mapping[Language, str]] = {
    "grootte": {"nl": "hoogstens {meest} bytes", "en": "at most {meest} bytes"},
    "rijen": {"nl": "hoogstens {meest} rijen; splits het bestand", "en": "at most {meest} rows; split the file"},
    "inhoud": {
        "nl": "een regel met kolomnamen en daaronder een rij per huurder",
        "en": "a header and one row per tenant",
    },
    "utf8": {"nl": 'UTF-8; kies in Excel "CSV UTF-8" bij het opslaan', "en": 'UTF-8; in Excel save as "CSV UTF-8"'},
    "scheidingsteken": {"nl": "een ; tussen de cellen", "en": "a ; between the cells"},
    "kolomnamen": {
        "nl": "de kolomnamen van docs/maandbestand.md, in welke volgorde ook",
        "en": "the column names of docs/maandbestand.md, in any order",
    },
    "kolom-eenmaal": {"nl": "elke kolom eenmaal", "en": "each column once"},
    "aanhalingsteken": {
        "nl": 'aanhalingstekens om de hele cel, en binnen de cel verdubbeld: "zo ""hier"" bijvoorbeeld"',
        "en": 'quotation marks around the whole cell, and doubled inside: "as ""here"" for instance"',
    },
    "aantal-cellen": {"nl": "{verwacht} cellen, zoals de eerste regel", "en": "{verwacht} cells, as the first line"},
    "referentie": {
        "nl": "hoogstens 35 letters, cijfers en leestekens, zonder accenten",
        "en": "at most 35 letters, digits and marks, without accents",
    },
    "voorletters": {
        "nl": "letters, punten, spaties en streepjes, hoogstens 20 tekens",
        "en": "letters, points, spaces and hyphens, at most 20 characters",
    },
    "voorvoegsel": {
        "nl": "een voorvoegsel zoals van der, zonder cijfers, hoogstens 20 tekens",
        "en": "a prefix such as van der, without digits, at most 20 characters",
    },
    "naam": {
        "nl": "een naam in Latijns schrift, zonder cijfers, hoogstens 200 tekens",
        "en": "a name in Latin script, without digits, at most 200 characters",
    },
    "plaats": {
        "nl": "een plaatsnaam zonder cijfers, hoogstens 80 tekens",
        "en": "the name of a place without digits, at most 80 characters",
    },
    "datum": {"nl": "jjjj-mm-dd of dd-mm-jjjj", "en": "yyyy-mm-dd or dd-mm-yyyy"},
    "datums": {
        "nl": "jjjj-mm-dd of dd-mm-jjjj, hoogstens 50 met | ertussen",
        "en": "yyyy-mm-dd or dd-mm-yyyy, at most 50 with | between",
    },
    "niet-na-vandaag": {"nl": "een datum tot en met vandaag", "en": "a date up to and including today"},
    "niet-na": {"nl": "een datum tot en met {kolom}", "en": "a date up to and including {kolom}"},
    "postcode": {"nl": "een postcode zoals 2311 AA", "en": "a postcode such as 2311 AA"},
    "huisnummer": {"nl": "een getal van 1 tot en met 99999", "en": "a number from 1 to 99999"},
    "huisletter": {"nl": "een letter", "en": "one letter"},
    "toevoeging": {
        "nl": "hoogstens vier letters, cijfers of streepjes",
        "en": "at most four letters, digits or hyphens",
    },
    "telefoon": {
        "nl": "een telefoonnummer zoals 06-12345678 of +31612345678",
        "en": "a telephone number such as 06-12345678 or +31612345678",
    },
    "email": {"nl": "een e-mailadres zoals naam@example.org", "en": "a mail address such as naam@example.org"},
    "bedrag": {
        "nl": "euro's boven nul, zoals 845,50 of 1.234,56 of 845.50",
        "en": "euros above zero, such as 845,50 or 1.234,56 or 845.50",
    },
    "bedrag-duidelijk": {"nl": "schrijf de centen erbij, zoals 1.234,00", "en": "spell out the cents, as in 1.234,00"},
    "maanden": {"nl": "een getal zoals 1 of 2,5", "en": "a number such as 1 or 2,5"},
    "soorten": {
        "nl": f"een van {_KINDS}; meerdere met | ertussen",
        "en": f"one of {_KINDS}; several with | between",
    },
    "ja-nee": {"nl": "ja, nee, true, false, 1, 0 of leeg (= nee)", "en": "ja, nee, true, false, 1, 0 or empty (= nee)"},
    "ja-nee-lijst": {
        "nl": "ja, nee, true, false, 1 of 0; meerdere met | ertussen",
        "en": "ja, nee, true, false, 1 or 0; several with | between",
    },
    "evenveel": {
        "nl": "evenveel waarden als contact_op: {aantal}",
        "en": "as many values as contact_op: {aantal}",
    },
    "reactie": {"nl": "GEEN_REACTIE, AKKOORD of GEWEIGERD", "en": "GEEN_REACTIE, AKKOORD or GEWEIGERD"},
    "uitsluiting": {"nl": "GEEN, WOONFRAUDE of leeg (= GEEN)", "en": "GEEN, WOONFRAUDE or empty (= GEEN)"},
    "gemeentecode": {"nl": "vier cijfers zoals 0546", "en": "four digits such as 0546"},
    "gemeenten": {"nl": "een van {codes}", "en": "one of {codes}"},
    "postcode-gebied": {
        "nl": "een woning in {namen}",
        "en": "a dwelling in {namen}",
    },
    "gemeente-erbij": {
        "nl": "vul de kolom gemeentecode: een van {codes}",
        "en": "fill the column gemeentecode: one of {codes}",
    },
    "gemeente-van-postcode": {"nl": "{codes}, volgens de postcode", "en": "{codes}, by the postcode"},
    "geen-bsn": {
        "nl": "nergens een burgerservicenummer; haal het weg, ook uit uw eigen kopie van het bestand",
        "en": "no citizen service number anywhere; remove it, also from your own copy of the file",
    },
    "referentie-geen-bsn": {
        "nl": "geen burgerservicenummer; lijkt uw eigen nummer daarop, zet dan een letter of streepje tussen de "
        "cijfers, zoals H-2026-00123",
        "en": "no citizen service number; if your own number looks like one, put a letter or a dash between its "
        "digits, such as H-2026-00123",
    },
    "vroegsignaal": {"nl": "een geldige waarde voor {veld}", "en": "a valid value for {veld}"},
    "een-van-beide": {
        "nl": "een rij per referentie, ontstaansdatum en peildatum",
        "en": "one row per referentie, ontstaansdatum and peildatum",
    },
    "wijziging": {
        "nl": "meld wat veranderd is met een bericht van het type wijziging, en haal de rij weg",
        "en": "report what changed with a message of the type wijziging, and remove the row",
    },
}

_REASONS: Mapping[Reden, Mapping[Language, str]] = {
    Reden.AANBOD_GEWEIGERD: {
        "nl": "de huurder weigerde het aanbod om gegevens door te geven (Bgs art. 2 onder d)",
        "en": "the tenant refused the offer to pass on details (Bgs art. 2(d))",
    },
    Reden.GEEN_CONTACTPOGING: {
        "nl": "geen contactpoging met datum (Bgs art. 2 onder a)",
        "en": "no dated attempt at contact (Bgs art. 2(a))",
    },
    Reden.NIET_GEWEZEN_OP_SCHULDHULP: {
        "nl": "geen datum waarop op schuldhulp is gewezen (Bgs art. 2 onder b)",
        "en": "no date on which debt help was pointed out (Bgs art. 2(b))",
    },
    Reden.GEEN_HERINNERING: {
        "nl": "geen schriftelijke herinnering met datum (Bgs art. 2 onder c)",
        "en": "no dated written reminder (Bgs art. 2(c))",
    },
    Reden.GEEN_AANBOD: {
        "nl": "geen datum van het aanbod om gegevens door te geven (Bgs art. 2 onder d)",
        "en": "no date of the offer to pass on details (Bgs art. 2(d))",
    },
    Reden.ONDER_DREMPEL: {
        "nl": "het bedrag is lager dan de drempel van {gemeente}: {drempel} euro",
        "en": "the amount is below the threshold of {gemeente}: {drempel} euros",
    },
    Reden.TE_JONG: {
        "nl": "de achterstand is op de peildatum jonger dan {dagen} dagen",
        "en": "the arrears are younger than {dagen} days on the reference date",
    },
    Reden.TE_OUD: {
        "nl": "de achterstand is op de peildatum ouder dan de {maximum} dagen die {gemeente} aanhoudt",
        "en": "the arrears are older on the reference date than the {maximum} days that {gemeente} keeps to",
    },
}


def wrong(fout: Fout, language: Language) -> str:
    """Say what is wrong."""
    return _WRONG[fout.code][language].format_map(dict(fout.gegevens))


def expected(fout: Fout, language: Language) -> str:
    """Say what is expected instead."""
    return _EXPECTED[fout.verwacht][language].format_map(dict(fout.gegevens))


def reasons(row: NietTeMelden, language: Language) -> tuple[str, ...]:
    """Say each reason why a row is left out."""
    return tuple(_REASONS[reden][language].format_map(dict(row.gegevens)) for reden in row.redenen)


def reason_codes() -> Mapping[Reden, Mapping[Language, str]]:
    """Give the sentences by code, unfilled: for a test that none is missing."""
    return _REASONS
