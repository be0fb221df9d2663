"""Doing things twice, suspending, and what the doctor finds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keys.certificates import Authority
from tests.e2e.command import COR, GEM, World, damage, deliver

pytestmark = [pytest.mark.xdist_group("cli"), pytest.mark.timeout(240)]


# Doing it twice


def test_joining_twice_is_joining_once(served: World) -> None:
    """Joining again gives the same answer, and adds nothing to the register."""
    before = served("party", "list", "beurs", "--json").json["omvang"]
    url = f"https://localhost:{served.port}"
    words = ("connector", "join", "corporatie", "--url", url, "--oin", COR, "--postvak", "huur")
    done = served(*words, "--code-file", "corporatie.code")
    assert done.code == 0
    assert "Joined" in done.out
    assert served("party", "list", "beurs", "--json").json["omvang"] == before


def test_init_in_use_or_wrong_leaves_nothing_half_made(world: World) -> None:
    """A folder in use is left as it is, and a covenant that is none leaves no folder."""
    before = {p: p.read_bytes() for p in (world.root / "corporatie").rglob("*") if p.is_file()}
    assert world("init", "corporatie", "--host", "localhost").code == 4
    assert {p: p.read_bytes() for p in (world.root / "corporatie").rglob("*") if p.is_file()} == before
    (world.root / "c.toml").write_text("naam = 1\n")
    wrong = world("init", "nieuw", "--host", "localhost", "--covenant", "c.toml")
    assert wrong.code == 4, wrong.err
    assert not [p for p in world.root.iterdir() if "nieuw" in p.name]


def test_suspended_party_is_refused_and_says_so(served: World) -> None:
    """Suspension, which may be said twice, reaches a connector that runs: it is refused, says so and shows it."""
    with served.running("connector", "run", "gemeente") as run:
        assert served("party", "suspend", "beurs", GEM).code == 0
        size = served("party", "list", "beurs", "--json").json["omvang"]
        assert served("party", "suspend", "beurs", GEM).code == 0
        assert served("party", "list", "beurs", "--json").json["omvang"] == size
        assert "geschorst" in served("party", "list", "beurs").out
        assert run.stderr is not None
        said = next(line for line in run.stderr if "refuses" in line)
        assert "deelnemer-geschorst" in said or "certificaat-ingetrokken" in said
        assert run.poll() is None
    alarms = served("connector", "show", "gemeente", "--json").json["alarmen"]
    assert [alarm["soort"] for alarm in alarms] == ["beurs"]
    assert served("doctor", "gemeente").code == 1


# The doctor


def test_doctor_finds_nothing(world: World) -> None:
    """An exchange and a connector that are well are called so, check by check."""
    for folder in ("beurs", "corporatie"):
        done = world("doctor", folder, "--json")
        assert done.code == 0, done.out
        assert all(finding["ok"] for finding in done.json)
        assert len(done.json) >= 6


def test_doctor_finds_the_mode_of_the_key_file(world: World) -> None:
    """A key file that others can read is found, in an exchange and in a connector, with what to do."""
    for folder in ("beurs", "corporatie"):
        (world.root / folder / "sleutelbestand").chmod(0o644)
        done = world("doctor", folder)
        assert done.code == 1
        assert f"chmod 600 {folder}/sleutelbestand" in done.out


def test_doctor_finds_an_expired_certificate(world: World) -> None:
    """A certificate that has expired is found; one that cannot be read too."""
    for folder, name in (("beurs", "server.pem"), ("corporatie", "tls/certificaat.pem")):
        (world.root / folder / name).write_text(expired())
        assert "✗" in (done := world("doctor", folder)).out
        assert done.code == 1
        assert "expired on 2020-01-" in done.out
        (world.root / folder / name).write_text("none")
        assert "cannot be read" in world("doctor", folder).out


def test_damaged_database_is_found(world: World) -> None:
    """One bit of a log entry in the database is found by log verify, which ends with 5, and by the doctor."""
    with world.running("serve", "beurs"):
        deliver(world, 8)
    database = world.root / "beurs" / "data" / "seinpost.db"
    damage(database, b'"soort":"aanvaard"')
    done = world("log", "verify", "beurs")
    assert done.code == 5
    assert "is not what was logged" in done.out
    assert world("doctor", "beurs").code == 1


def expired() -> str:
    """Give a certificate that was valid until the beginning of 2020."""
    return Authority.create("Oud", datetime(2010, 1, 4, tzinfo=UTC)).certificate_pem
