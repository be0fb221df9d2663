"""The documentation of sending one message: its examples are such messages, and the command takes them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from schemas.berichten.signaal import WijzigingReden
from schemas.catalogue import parse_bericht
from tests.e2e.command import HUUR, VROEG, World, deliver

pytestmark = [pytest.mark.xdist_group("cli"), pytest.mark.timeout(240)]

PAGE = Path(__file__).parents[2] / "docs" / "berichten-sturen.md"


def examples() -> list[Any]:
    """Take the examples from the page."""
    return [
        json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    ]


def test_examples_fit_their_schemas() -> None:
    """The page shows an answer and a change, each as its schema wants it, and names every reason for a change."""
    answer, change = examples()
    assert (answer["ontvanger"], change["ontvanger"]) == (HUUR, VROEG)
    for example in (answer, change):
        assert parse_bericht(example["type"], example["bericht"])
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
