"""On a terminal of 80 or 100 columns people still read whose turn it is, until when and how late, word for word."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest
from rich.console import Console
from rich.text import Text

from gateway.cli import dossier, speech, terms
from gateway.cli.dossier_words import Words
from gateway.client.terms import Term, Terms
from gateway.connector.dossier import Summary
from gateway.connector.terms import Owed
from schemas.covenants import Soort, leidse_regio, load_covenant
from schemas.values import Mailbox, MessageId, Oin, RandomId

CONVENANT = load_covenant(leidse_regio())
NAMES = {str(one.oin): one.naam for one in CONVENANT.deelnemers}
COR, GEM = (next(one for one in CONVENANT.deelnemers if one.soort is soort) for soort in (Soort.COR, Soort.GEM))
LONGEST = max(CONVENANT.deelnemers, key=lambda one: len(one.naam))
DOSSIER = RandomId("5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10")
MESSAGE = MessageId("019a9f3e-7c00-7abc-8def-0123456789ab")
NOW = datetime(2027, 1, 3, 9, tzinfo=UTC)
DAY_END, HOUR_END = datetime(2026, 12, 21, 23, tzinfo=UTC), datetime(2026, 12, 30, 13, 30, tzinfo=UTC)
MOMENT = "30-12-2026 14:30 +01:00"


@pytest.fixture(params=[80, 100])
def screen(request: pytest.FixtureRequest) -> Iterator[Console]:
    """A terminal of that many columns, in place of standard output."""
    console = Console(
        file=io.StringIO(), force_terminal=True, no_color=True, width=request.param, highlight=False, markup=False
    )
    with mock.patch.object(speech, "out", console), mock.patch.object(terms, "out", console):
        yield console


def read(screen: Console) -> list[str]:
    """Give the lines on the screen, as read: without styles, and with every blank alike."""
    said = cast("io.StringIO", screen.file).getvalue()
    lines = [line.rstrip() for line in _plain(said).replace(speech.NO_BREAK, " ").splitlines()]
    assert max(map(len, lines)) <= screen.width
    return lines


def _plain(said: str) -> str:
    return Text.from_ansi(said).plain


def term(code: str, type_code: str, ontvanger: Oin, einde: datetime) -> Term:
    """Give a running term of which three notices were given."""
    return Term(
        code=code,
        stand="loopt",
        begin=NOW - timedelta(days=20),
        einde=einde,
        niveau=3,
        id=MESSAGE,
        source=Mailbox.of(COR.oin, "huur"),
        ontvanger=Mailbox.of(ontvanger, "hulp"),
        type=type_code,
        dossier=DOSSIER,
    )


def test_running_terms_are_read_whole(screen: Console) -> None:
    """For every term of the covenant the last day, or the moment with its offset, and how late, stand on one line."""
    for code in (one.code for one in CONVENANT.termijnen):
        for party in (GEM, LONGEST):
            found = [term(code, "nl.huurschuld.dreigende-ontruiming.v1", party.oin, end) for end in (DAY_END, HOUR_END)]
            terms._show(terms._Seen(Terms(termijnen=found, meer=False), (), NAMES), "running terms", NOW)
    lines = read(screen)
    assert sum("t/m 21-12-2026" in line and "12 days" in line for line in lines) == 2 * len(CONVENANT.termijnen)
    assert sum(MOMENT in line and "3 days" in line for line in lines) == 2 * len(CONVENANT.termijnen)
    _headed(lines)
    words = {word for line in lines for word in line.split()}
    assert words.issuperset(word for party in (GEM, LONGEST) for word in party.naam.split())


def test_terms_on_content_are_read_whole(screen: Console) -> None:
    """So for the terms on content, whichever it is; with those of one dossier that were met as well."""
    for code in (one.code for one in CONVENANT.inhoudstermijnen):
        for met in (None, MESSAGE):
            owed = [Owed(code, MESSAGE, DOSSIER, LONGEST.oin, end, met, met is None) for end in (DAY_END, HOUR_END)]
            terms._show(terms._Seen(Terms(termijnen=[], meer=False), owed, NAMES), "terms of this dossier", NOW)
    lines = read(screen)
    assert sum("t/m 21-12-2026" in line and "12 days" in line for line in lines) == len(CONVENANT.inhoudstermijnen)
    assert sum("t/m 21-12-2026" in line for line in lines) == 2 * len(CONVENANT.inhoudstermijnen)
    assert sum(MOMENT in line for line in lines) == 2 * len(CONVENANT.inhoudstermijnen)
    _headed(lines)
    words = {word for line in lines for word in line.split()}
    assert words.issuperset(LONGEST.naam.split())
    assert words.issuperset(one.code for one in CONVENANT.inhoudstermijnen)
    assert any(line.startswith("Too narrow here for: of message") for line in lines)


def _headed(lines: list[str]) -> None:
    heads = [line for line in lines if line.startswith("whose turn")]
    assert heads
    assert all(line.split()[:4] == ["whose", "turn", "until", "late"] for line in heads)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_list_of_dossiers_breaks_no_word(screen: Console, language: Any) -> None:
    """Whatever the states of a dossier, each word of them, and its id, stands on one line."""
    words = Words(language)
    for spoor in CONVENANT.sporen:
        for stand in spoor.standen:
            states = {one.naam: one.standen[0] for one in CONVENANT.sporen} | {spoor.naam: stand}
            dossier._list([Summary(DOSSIER, states, 12, DAY_END, 2)], Path("huur"), words, as_json=False)
    seen = {word for line in read(screen) for word in line.split()}
    assert DOSSIER in seen
    for spoor in CONVENANT.sporen:
        assert seen.issuperset(word for stand in spoor.standen for word in words.state(stand).split())


def test_last_moment() -> None:
    """A term of days is named by its last day, around both clock changes too; any other by its moment and offset."""
    assert speech.last_moment(datetime(2026, 3, 28, 23, tzinfo=UTC)) == "28-03-2026"
    assert speech.last_moment(datetime(2026, 3, 29, 22, tzinfo=UTC)) == "29-03-2026"
    assert speech.last_moment(datetime(2026, 10, 25, 23, tzinfo=UTC)) == "25-10-2026"
    twice = [speech.last_moment(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1)]
    assert twice == [
        said.replace(" ", speech.NO_BREAK) for said in ("25-10-2026 02:30 +02:00", "25-10-2026 02:30 +01:00")
    ]


def test_planted_table_that_does_not_fit(screen: Console) -> None:
    """Only what is spare is left out, first to last; what is left out is said, and what fits leaves nothing out."""
    row = ("a" * 40, "b c", "d" * 30, "e" * 30)
    speech.table("wide", ("one", "two", "three", "four"), [row], ("four", "three"))
    lines = read(screen)
    assert lines[-1] == "Too narrow here for: four. A wider terminal or --json shows it."
    assert lines[1].split() == ["one", "two", "three"]
    speech.table("small", ("one", "two"), [("a", "b")], ("two",))
    assert read(screen)[-2:] == ["one  two", "a    b"]
