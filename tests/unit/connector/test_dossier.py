"""A dossier as each party has it: the same story to whoever took part, and nothing of what went on between others."""

from __future__ import annotations

import pytest

from gateway.cli.dossier import _list, _show, _spelled
from gateway.cli.dossier_words import _STATES_EN, Words
from schemas.covenants import Soort, leidse_regio, load_covenant
from schemas.notices import TermijnOverschreden, Waarschuwing
from schemas.receipts import ReceiptKind
from schemas.texts import Language
from schemas.values import RandomId
from tests.unit.connector.exchange import CORPORATIE, GEMEENTE, HUUR, VROEG
from tests.unit.connector.region import BERICHT, DOSSIER, Region, confirm, message
from tests.unit.connector.story import BSN, Story, code, shown, standen

OTHER = RandomId("5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c11")


async def test_steps_and_proofs(story: Story) -> None:
    """Every message stands in order, with what it changed, from and to, and the proofs of it."""
    signal = await story.signal()
    answer = await story.feedback(signal, status="Opgepakt")
    for connector, ways in ((story.corporatie, ["uit", "in"]), (story.gemeente, ["in", "uit"])):
        found = shown(connector)
        assert [(step.id, step.direction, step.effect) for step in found.steps] == [
            (signal, ways[0], "stap"),
            (answer, ways[1], "stap"),
        ]
        assert [(t.van, t.naar) for step in found.steps for t in step.turns] == [
            ("NIET_GEMELD", "GEMELD"),
            ("GEMELD", "CONTACT_LOOPT"),
        ]
        proofs = [ReceiptKind.AANVAARD, ReceiptKind.ONTVANGEN]
        assert [[proof.kind for proof in step.proofs] for step in found.steps] == [proofs, proofs]
        assert (found.tracks[found.steps[0].turns[0].spoor].since) == answer  # type: ignore[index]
        assert [one.code for one in found.owed] == ["eerste-gesprek", "eindresultaat"]
    assert story.corporatie.dossier(OTHER) is None


async def test_corporation_holds_nothing_of_a_partner(story: Story) -> None:
    """While the municipality refers and debt help answers, the corporation's connector learns nothing of it."""
    await story.help_accepted()
    await story.settle()
    before = (shown(story.corporatie), story.corporatie.overview(), story.corporatie.records(DOSSIER))
    referral = await story.referred()
    assert standen(story.gemeente)[0] == "IN_TRAJECT"
    assert standen(story.corporatie)[0] == "HULP_GEACCEPTEERD"
    assert (shown(story.corporatie), story.corporatie.overview(), story.corporatie.records(DOSSIER)) == before
    assert BSN not in str(before)
    spool = story.corporatie.directory.spool_file
    assert referral.encode() not in b"".join(path.read_bytes() for path in spool.parent.glob(f"{spool.name}*"))
    following = shown(story.corporatie).following
    assert not {one.type for one in following} & {code("verwijzing"), code("verwijzingsantwoord"), code("zorgmelding")}
    assert Soort.SWT not in {one.door for one in following}


async def test_what_is_not_settled(story: Story) -> None:
    """A message that waits to be sent counts here; one that the exchange refused is shown and does not count."""
    story.region.exchange.refuse_next = 1
    await story.signal()
    await story.region.step(story.corporatie)
    waiting = story.spool(story.corporatie, "vroegsignaal", VROEG, BERICHT)
    refused, spooled = shown(story.corporatie).steps
    assert (refused.state, refused.effect, refused.proofs[0].kind) == ("afgewezen", "telt-niet", ReceiptKind.AFGEWEZEN)
    assert (spooled.id, spooled.state, spooled.effect, spooled.proofs) == (waiting.id, "gespoold", "stap", ())
    assert standen(story.corporatie)[0] == "GEMELD"


async def test_list_of_dossiers(story: Story) -> None:
    """Every dossier is listed once, the last one touched first, with its states and how many terms are over."""
    await story.signal()
    story.region.clock.tick(40 * 86_400)
    await story.settle()
    (one,) = story.gemeente.dossiers()
    assert (one.id, one.messages, one.late) == (DOSSIER, 1, 1)
    assert list(one.stand.values()) == ["GEMELD", "SOCIALE_INCASSO", "OPEN"]
    assert story.hulp.dossiers() == []


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_told_to_people(story: Story, capsys: pytest.CaptureFixture[str], language: Language) -> None:
    """The command tells all of it in either language, as lines and as JSON, and no name, address or amount."""
    signal = await story.help_accepted()
    await story.referred()
    announced = {"fase": "VOORNEMEN_DAGVAARDING", "fasedatum": story.day(), "signaalIds": [signal]}
    bericht = announced | {"achterstand": BERICHT["achterstand"]}
    await story.send(story.corporatie, "dreigende-ontruiming", VROEG, bericht)
    story.region.exchange.refuse_next = 1
    await story.send(story.corporatie, "vroegsignaal", VROEG, BERICHT)
    late = {"termijn": "ontruimingsantwoord", "trede": 1, "uiterlijk": story.region.clock()}
    last = story.gemeente.inbox()[-1].envelope.id
    story.region.exchange.tell(last, TermijnOverschreden, HUUR, **late)
    story.region.exchange.tell(last, Waarschuwing, HUUR, poort="signaal-voor-dreiging")
    story.region.clock.tick(60 * 86_400)
    await story.settle()
    words = Words(language)
    for connector in story.all:
        _show(shown(connector), connector, words)
        _list(connector.dossiers(), connector.directory.root, words, as_json=False)
        told = capsys.readouterr().out
        spelled = str(_spelled(shown(connector), words))
        assert DOSSIER in told
        assert shown(connector).steps[-1].id in told
        for secret in ("Voorbeeld", "2311", "H-2026-00123", "84550", BSN):
            assert secret not in told + spelled
    _show(shown(story.corporatie), story.corporatie, words)
    told = capsys.readouterr().out
    expected = {
        "nl": [
            "niet gemeld → gemeld",
            "(u)",
            "Eerst nog:",
            "te laat",
            "telt niet mee",
            "melding 1",
            "stond dicht",
            "! ",
        ],
        "en": [
            "not reported → reported",
            "(you)",
            "First needs:",
            "late",
            "does not count",
            "notice 1",
            "closed",
            "! ",
        ],
    }
    assert [phrase for phrase in expected[language] if phrase not in told] == []


def test_every_state_has_words() -> None:
    """No state of the covenant's tracks is told in Dutch to who reads English."""
    states = {stand for spoor in load_covenant(leidse_regio()).sporen for stand in spoor.standen}
    assert states <= _STATES_EN.keys()


async def test_held_message(bare: Region) -> None:
    """A message whose sender nobody confirmed yet is shown as that, without a proof, and does not count."""
    corporatie, gemeente = bare.open(CORPORATIE), bare.open(GEMEENTE)
    await bare.settle(corporatie, gemeente, rounds=1)
    confirm(corporatie, VROEG)
    corporatie.spool_message(message())
    await bare.settle(corporatie, gemeente, rounds=2)
    (held,) = shown(gemeente).steps
    assert (held.state, held.effect, held.proofs) == ("aangehouden", "telt-niet", ())
    assert standen(gemeente)[0] == "NIET_GEMELD"
    assert [one.messages for one in gemeente.dossiers()] == [1]
    confirm(gemeente, HUUR)
    await bare.settle(gemeente, rounds=1)
    assert standen(gemeente)[0] == "GEMELD"
