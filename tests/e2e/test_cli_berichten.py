"""The documentation of sending one message: its examples are such messages, and the command takes them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gateway.connector.contents import with_contact
from schemas.berichten.signaal import WijzigingReden
from schemas.catalogue import parse_bericht
from schemas.covenants import leidse_regio, load_covenant
from schemas.values import Mailbox
from tests.e2e.command import HUUR, VROEG, World, deliver

pytestmark = [pytest.mark.xdist_group("cli"), pytest.mark.timeout(240)]

PAGE = Path(__file__).parents[2] / "docs" / "berichten-sturen.md"


def examples() -> list[Any]:
    """Take the examples from the page."""
    return [
        json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    ]


def test_examples_fit_their_schemas() -> None:
    """The page shows an answer and a change, each as its schema wants it once sent, and every reason for a change."""
    answer, change = examples()
    assert (answer["ontvanger"], change["ontvanger"]) == (HUUR, VROEG)
    convenant = load_covenant(leidse_regio())
    for example, sender in ((answer, VROEG), (change, HUUR)):
        code = example["type"]
        assert parse_bericht(code, with_contact(convenant, code, example["bericht"], Mailbox(sender).oin))
    assert all(f"`{reason}`" in PAGE.read_text(encoding="utf-8") for reason in WijzigingReden)


def test_examples_are_sent(served: World) -> None:
    """With the ids of a real signal in it, both files are taken and received, in the dossier of the signal."""
    deliver(served, 8)
    signal = served("inbox", "--dir", "gemeente", "--json").json[0]
    for folder, example in zip(("gemeente", "corporatie"), examples(), strict=True):
        example["bericht"]["signaalId"] = signal["id"]
        filled = example | {"dossier": signal["dossier"]}
        if "antwoordop" in example:
            filled["antwoordop"] = signal["id"]
        (served.root / "bericht.json").write_text(json.dumps(filled))
        done = served("send", "bericht.json", "--dir", folder, "--json")
        assert done.code == 0, done.err
        assert done.json["dossier"] == signal["dossier"]
    served.settle(lambda: set(served.counts("corporatie")) == set(served.counts("gemeente")) == {"ontvangen"})


def test_message_against_the_covenant(served: World) -> None:
    """A message out of turn is not signed: 1, with each objection in the language asked for, and nothing is spooled."""
    deliver(served, 4)
    signal = served("inbox", "--dir", "gemeente", "--json").json[0]
    answer = examples()[0] | {"dossier": signal["dossier"], "antwoordop": signal["id"]}
    told = {"datum": answer["bericht"]["datum"], "signaalId": signal["id"]}
    answer["bericht"] = told | {"eindresultaat": "Definitief geen contact kunnen krijgen"}
    (served.root / "bericht.json").write_text(json.dumps(answer))
    before = served.counts("gemeente")
    for language, words in (("nl", "Er is niets getekend."), ("en", "Nothing is signed.")):
        done = served("send", "bericht.json", "--dir", "gemeente", "--lang", language)
        assert (done.code, done.out) == (1, "")
        assert words in done.err
        assert "  #: " in done.err
    assert served.counts("gemeente") == before


def test_dossier_of_a_signal(served: World) -> None:
    """Both ends show the dossier: the municipality's own end result is projected, and the list has every dossier."""
    deliver(served, 4)
    signal = served("inbox", "--dir", "gemeente", "--json").json[0]
    answer = examples()[0] | {"dossier": signal["dossier"], "antwoordop": signal["id"]}
    told = {"datum": answer["bericht"]["datum"], "signaalId": signal["id"]}
    for says in ({"status": "Opgepakt"}, {"eindresultaat": "Geen reactie na eerder contact"}):
        (served.root / "bericht.json").write_text(json.dumps(answer | {"bericht": told | says}))
        done = served("send", "bericht.json", "--dir", "gemeente", "--json")
        assert (done.code, done.json["waarschuwingen"]) == (0, []), done.err
    served.settle(lambda: served.counts("gemeente").keys() == {"ontvangen"})
    served.settle(lambda: len(served("inbox", "--dir", "corporatie", "--json").json) == 2)
    assert served("inbox", "--dir", "corporatie", "--json").json[1]["bericht"]["resultaat"] == "GEEN_CONTACT"
    for folder in ("corporatie", "gemeente"):
        found = served("dossier", signal["dossier"], "--dir", folder, "--json").json
        assert found["sporen"]["hulp"]["stand"] == "GEEN_CONTACT"
        assert [len(one["stappen"]) for one in found["berichten"]] == [1, 1, 1]
        assert {one["code"] for one in found["termijnen"]} == {"eerste-gesprek", "eindresultaat"}
        assert "geen contact" in served("dossier", signal["dossier"], "--dir", folder).out
        listed = {one["dossier"]: one for one in served("dossier", "--dir", folder, "--json").json}
        assert listed[signal["dossier"]]["sporen"]["hulp"] == "GEEN_CONTACT"
        assert len(listed) == 4
    unknown = served("dossier", "7f0c2c8e-2f7e-4e4e-9a6f-0123456789ab", "--dir", "gemeente")
    assert (unknown.code, unknown.out) == (1, "")
