"""What each objection and caution says to people, by its code. No text holds anything about a person or an amount."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gateway.covenant.case import Objection

WORDING: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "beurt-hulp": (
            "Dit bericht is niet aan de beurt in het spoor hulp. Zie bij het dossier wat er nu kan volgen.",
            "This message is out of turn on the help track. The dossier shows what may come next.",
        ),
        "beurt-incasso": (
            "Dit bericht is niet aan de beurt in het spoor incasso. Zie bij het dossier wat er nu kan volgen.",
            "This message is out of turn on the collection track. The dossier shows what may come next.",
        ),
        "beurt-uitkomst": (
            "Dit bericht is niet aan de beurt in het spoor uitkomst. Zie bij het dossier wat er nu kan volgen.",
            "This message is out of turn on the outcome track. The dossier shows what may come next.",
        ),
        "hulp-niet-aanvaard": (
            "Dit bericht mag pas nadat is teruggekoppeld dat hulp is aanvaard.",
            "This message may only follow feedback that help was accepted.",
        ),
        "bsn-niet-toegestaan": (
            "Een BSN mag alleen van een gemeente naar wie het convenant daarvoor noemt; gebruik het adres.",
            "A citizen service number goes only from a municipality to those the covenant names; use the address.",
        ),
        "overdracht-tussen-gemeenten": (
            "Tussen gemeenten is het doel OVERDRACHT_GEMEENTE, en naar een partner nooit.",
            "Between municipalities the purpose is OVERDRACHT_GEMEENTE, and towards a partner it never is.",
        ),
        "bemoeizorg-naar-meldpunt": (
            "Zonder toestemming van de huurder mag een verwijzing alleen naar het Meldpunt Zorg en Overlast.",
            "Without the tenant's consent a referral goes to the care and nuisance desk only.",
        ),
        "uitgesloten-door-corporatie": (
            "Alleen de corporatie stelt vast dat het convenant niet geldt.",
            "Only the corporation establishes that the covenant does not apply.",
        ),
        "ander-contact": (
            "Dit is niet het contactpunt van de gemeente in het convenant; laat het weg, dan vult de koppeling het in.",
            "This is not the contact that the covenant gives the municipality; leave it out to have it filled in.",
        ),
        "bgs-na-verzending": (
            "Deze datum ligt na de dag van verzending; meld pas als de stap is gezet (Bgs art. 2).",
            "This date lies after the day of sending; report once the step was taken (Bgs art. 2).",
        ),
        "bgs-voor-ontstaan": (
            "Deze stap ligt voor het ontstaan van de achterstand, en hoort dus bij een eerdere (Bgs art. 2).",
            "This step lies before the arrears arose, so it belongs to earlier ones (Bgs art. 2).",
        ),
        "bgs-aanbod-voor-herinnering": (
            "Het aanbod om gegevens door te geven staat in een herinnering, dus het ligt er niet voor (Bgs art. 2).",
            "The offer to pass on details stands in a reminder, so it does not lie before one (Bgs art. 2).",
        ),
        "andere-gemeente": (
            "De woning ligt niet in de gemeente waaraan dit signaal is gericht.",
            "The dwelling is not in the municipality that this signal is addressed to.",
        ),
        "onder-drempel": (
            "De achterstand valt buiten de drempel van de gemeente: het bedrag, of de dagen sinds het ontstaan.",
            "The arrears are outside the municipality's threshold: the amount, or the days since they arose.",
        ),
        "signaal-na-intrekking": (
            "Het signaal is ingetrokken na bezwaar of vergissing; in dit dossier volgt er geen meer.",
            "The signal was withdrawn after an objection or a mix-up; none follows in this dossier.",
        ),
        "hoger-oppakken": (
            "De achterstand is hoger dan eerder gemeld: het signaal moet worden opgepakt.",
            "The arrears are higher than reported before: the signal must be taken up.",
        ),
        "geen-herhaling": (
            "Van deze achterstand is niet eerder een signaal gegeven: het is geen herhaalde melding.",
            "No signal of these arrears was given before: it is no repeated one.",
        ),
        "verwijst-naar-onbekend": (
            "Dit veld noemt geen eerder bericht van het goede type tussen deze twee partijen in dit dossier.",
            "This field names no earlier message of the right type between these two parties in this dossier.",
        ),
        "verwijst-anders-dan-antwoord": (
            "Dit veld noemt een ander bericht dan het bericht dat wordt beantwoord.",
            "This field names another message than the one that is answered.",
        ),
        "r1-voldoet-niet": (
            "Met een regeling die de toets op het bestaansminimum niet doorstaat, gaat niemand akkoord (R1).",
            "Nobody agrees to a plan that fails the test on the subsistence minimum (R1).",
        ),
        "r2-boven-maximum": (
            "Het termijnbedrag van het voorstel is hoger dan het maximum van de toets (R2).",
            "The term of the proposal is above the maximum of the test (R2).",
        ),
        "r3-niet-meer-voorlopig": (
            "Een regeling zonder toets geldt ten hoogste voorlopig, en die tijd is voorbij; toets eerst (R3).",
            "A plan without a test is provisional at the most, and that time is over; test first (R3).",
        ),
        "r4-toetser": (
            "De toetser is de partij van dit bericht die geen corporatie is, en van een soort die mag toetsen (R4).",
            "Whoever tests is the party of this message that is no corporation, of a kind that may test (R4).",
        ),
        "reden-van-corporatie": (
            "Deze weigerreden geeft alleen een corporatie: zij komt uit haar eigen administratie.",
            "Only a corporation gives this reason for a refusal: it is from its own books.",
        ),
        "r7-toets-verlopen": (
            "De toets is te oud op de startdatum van de regeling; toets opnieuw (R7).",
            "The test is too old on the day the plan starts; test again (R7).",
        ),
        "r7-toets-voor-gemiste-termijn": (
            "Na de toets is een termijn gemist; toets opnieuw (R7).",
            "A term was missed after the test; test again (R7).",
        ),
        "opschorting-buiten-verzoek": (
            "De opschorting valt buiten wat is gevraagd, of duurt langer dan dertig dagen.",
            "The suspension lies outside what was asked, or lasts longer than thirty days.",
        ),
        "geen-uitstel-gevraagd": (
            "In het bericht dat wordt beantwoord, is niet om uitstel gevraagd.",
            "The message that is answered asks for no postponement.",
        ),
        "geen-signaal": (
            "Er dreigt een ontruiming, en dit bericht noemt geen vroegsignaal van dit dossier.",
            "An eviction threatens, and this message names no early signal of this dossier.",
        ),
        "fase-overgeslagen": (
            "De fase voor deze is in dit dossier niet gemeld.",
            "The phase before this one was not told in this dossier.",
        ),
        "dagvaarding-te-vroeg": (
            "Het vroegsignaal is nog te kort geleden; een rechter kan de dagvaarding daarom afwijzen.",
            "The early signal is too recent; a court may refuse the summons for that.",
        ),
        "signaal-te-oud": (
            "Het laatste vroegsignaal is te lang geleden; een rechter kan de dagvaarding daarom afwijzen.",
            "The last early signal is too old; a court may refuse the summons for that.",
        ),
        "verzoek-onbeantwoord": (
            "Er is een ontruiming aangezegd terwijl een verzoek om opschorting of uitstel nog niet is beantwoord.",
            "An eviction was announced while a request to suspend or postpone is not answered yet.",
        ),
        "aanzegging-te-kort": (
            "Tussen dit bericht en de dag van de ontruiming ligt minder tijd dan het convenant vraagt.",
            "Between this message and the day of the eviction lies less time than the covenant asks for.",
        ),
        "r8-regeling-zonder-toets": (
            "De corporatie trof deze regeling alleen met de huurder; zij geldt als niet getoetst. Toets zo nodig (R8).",
            "The corporation made this plan with the tenant alone; it counts as not tested. Test if need be (R8).",
        ),
    }
)
"""Code to Dutch and English text."""


def objection(code: str, pointer: str = "") -> Objection:
    """Make the objection with this code at this place in the message."""
    return Objection(code, pointer, *WORDING[code])
