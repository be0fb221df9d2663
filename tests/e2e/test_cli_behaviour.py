"""What a program, a person and an operator may rely on when they use the command ``seinpost``."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from gateway.cli.speech import local
from tests.e2e.command import COR, GEM, HUUR, OTHER, VROEG, World, commands, damage, deliver, stop

pytestmark = [pytest.mark.xdist_group("cli"), pytest.mark.timeout(240)]

UNKNOWN_ID, UNKNOWN_DOSSIER = "01900000-0000-7000-8000-000000000000", "7f0c2c8e-2f7e-4e4e-9a6f-0123456789ab"


# Exit codes


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("init", "beurs2"),
        ("serve", "beurs", "--port", "many"),
        ("party", "add", "beurs", "123"),
        ("connector", "join", "x", "--url", "https://localhost", "--oin", COR, "--postvak", "huur"),
        ("connector", "join", "x", "--url", "https://localhost", "--oin", COR, "--code", "SP1"),
        ("connector", "join", "x", "--url", "https://localhost", "--oin", "12", "--postvak", "huur", "--code", "SP1"),
        ("connector", "join", "x", "--url", "https://localhost", "--oin", COR, "--code-file", "absent"),
        ("connector", "confirm", "corporatie", "huur", "0000"),
        ("send", "absent.csv", "--dir", "corporatie"),
        ("send", "corporatie.code", "--dir", "corporatie", "--lang", "fr"),
        ("status", "7", "--dir", "corporatie"),
        ("dossier", "7", "--dir", "corporatie"),
        ("evidence", "export", "7", "--dir", "corporatie", "--output", "x"),
        ("evidence", "verify", "absent"),
        ("log", "show", "beurs", "--log", "diary"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_2(founded: World, words: tuple[str, ...]) -> None:
    """Wrong use ends with 2, says what is wrong on standard error, and makes nothing."""
    before = sorted(founded.root.iterdir())
    done = founded(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err
    assert "Traceback" not in done.err
    assert sorted(founded.root.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "absent"),
        ("config", "show", "absent"),
        ("doctor", "absent"),
        ("party", "list", "absent"),
        ("connector", "run", "absent"),
        ("connector", "run", "corporatie", "absent"),
        ("connector", "show", "absent"),
        ("connector", "fingerprints", "absent"),
        ("connector", "confirm", "absent", HUUR, "0000"),
        ("send", "corporatie.code", "--dir", "absent"),
        ("inbox", "--dir", "absent"),
        ("status", UNKNOWN_ID, "--dir", "absent"),
        ("dossier", "--dir", "absent"),
        ("evidence", "export", UNKNOWN_DOSSIER, "--dir", "absent", "--output", "x"),
        ("log", "verify", "absent"),
        ("log", "show", "absent"),
        ("init", "beurs", "--host", "localhost"),
        ("init", "beurs3", "--host", "not a name"),
    ],
    ids=" ".join,
)
def test_configuration_is_4(founded: World, words: tuple[str, ...]) -> None:
    """A folder that does not hold what is asked for ends with 4, in one line that names it; nothing is made."""
    before = sorted(founded.root.rglob("*"))
    done = founded(*words)
    assert (done.code, done.out) == (4, "")
    assert len(done.err.splitlines()) == 1
    assert sorted(p for p in founded.root.rglob("*") if not p.name.startswith(("spool.db-", "seinpost.db-"))) == [
        p for p in before if not p.name.startswith(("spool.db-", "seinpost.db-"))
    ]


def test_unavailable_is_3(founded: World) -> None:
    """While the exchange does not run, what needs it ends with 3, and says what to do."""
    for words in (("party", "list", "beurs"), ("party", "add", "beurs", COR), ("party", "suspend", "beurs", COR)):
        done = founded(*words)
        assert done.code == 3
        assert "seinpost serve beurs" in done.err
    code = (founded.root / "corporatie.code").read_text().strip()
    url = f"https://localhost:{founded.port}"
    done = founded("connector", "join", "other", "--url", url, "--oin", COR, "--postvak", "huur", "--code", code)
    assert done.code == 3
    assert "again is safe" in done.err


def test_refused_is_1(served: World) -> None:
    """What is refused ends with 1, said once, in English, with what to do."""
    unknown = served("party", "add", "beurs", "00000099000000999000")
    assert (unknown.code, unknown.err.count("\n")) == (1, 1)
    assert "names no participant with OIN 00000099000000999000" in unknown.err
    absent = served("party", "show", "beurs", "00000099000000102000")
    assert absent.code == 1
    assert "seinpost party list beurs" in absent.err
    url, code = f"https://localhost:{served.port}", "corporatie.code"
    words = ("connector", "join", "thief", "--url", url, "--oin", COR, "--postvak", "huur", "--code-file", code)
    used = served(*words)
    assert used.code == 1
    assert used.err == (
        "✗ Invitation invalid. The code to join is unknown, expired or used before."
        " Ask the administrator for a new code.\n"
    )
    for words in (
        ("status", UNKNOWN_ID, "--dir", "corporatie"),
        ("evidence", "export", UNKNOWN_DOSSIER, "--dir", "corporatie", "--output", "x"),
        ("connector", "confirm", "corporatie", VROEG, "0000"),
    ):
        assert served(*words).code == 1
    assert not (served.root / "x").exists()


def test_message_that_does_not_fit_names_every_fault(world: World) -> None:
    """One message from a file is checked before anything is kept; each fault is on a line of its own."""
    (world.root / "b.json").write_text(
        f'{{"type": "nl.huurschuld.vroegsignaal.v1", "ontvanger": "{VROEG}", "bericht": {{"naam": "x"}}}}'
    )
    done = world("send", "b.json", "--dir", "corporatie")
    assert done.code == 1
    assert "#/huurder: Field required" in done.err.splitlines()[1]
    assert not world.counts("corporatie")
    (world.root / "c.json").write_text("{}")
    assert world("send", "c.json", "--dir", "corporatie").code == 1


def test_evidence_and_what_is_wrong_with_it(served: World) -> None:
    """Evidence is exported and verified; a file with one bit changed, or one that is none, ends with 5."""
    deliver(served)
    dossier = served("inbox", "--dir", "gemeente", "--json").json[0]["dossier"]
    export = ("evidence", "export", dossier, "--dir", "corporatie", "--output", "dossier.bewijs")
    file = served.root / "dossier.bewijs"
    file.write_bytes(b"an older file, that everybody can read")
    file.chmod(0o644)
    served.settle(lambda: served(*export).code == 0)
    assert file.stat().st_mode & 0o777 == 0o600
    assert not list(served.root.glob(".dossier.bewijs*"))
    anchor = ("--anchor", served.anchor())
    good = served("evidence", "verify", "dossier.bewijs", *anchor)
    assert good.code == 0
    assert f"from {COR} to {GEM}  nl.huurschuld.vroegsignaal.v1: received\n" in good.out
    assert "· Compare with its owner the fingerprint of the first key of Gemeente Leiden, " in good.out
    assert f"{VROEG}: {served.fingerprint(VROEG)}." in good.out
    assert "· Completeness is not shown" in good.out
    told = served("evidence", "verify", "dossier.bewijs", *anchor, "--json").json
    assert (told["ok"], told["verankerd"]) == (True, True)
    assert [(m["source"], m["ontvanger"], m["uitkomst"]) for m in told["berichten"]] == [(HUUR, VROEG, "ontvangen")]
    assert any(remark["tekst"].startswith("volledigheid") for remark in told["opmerkingen"])
    damage(file, b'"envelop":"' + b"e")
    wrong = served("evidence", "verify", "dossier.bewijs", *anchor)
    assert wrong.code == 5
    assert "✗" in wrong.out
    assert served("evidence", "verify", "corporatie.code").code == 5


def test_evidence_without_an_anchor_proves_nothing(served: World) -> None:
    """A file that only agrees with itself ends with 5 and says where the anchor comes from, unless that was asked."""
    deliver(served)
    dossier = served("inbox", "--dir", "gemeente", "--json").json[0]["dossier"]
    export = ("evidence", "export", dossier, "--dir", "corporatie", "--output", "d")
    served.settle(lambda: served(*export).code == 0)
    assert f"seinpost evidence verify d --anchor '{served.anchor()}'" in served(*export).out
    alone = served("evidence", "verify", "d")
    assert alone.code == 5
    assert "Not anchored: " in alone.out
    assert "register_vkey" in alone.out
    assert "✓" not in alone.out
    told = served("evidence", "verify", "d", "--json")
    assert (told.code, told.json["ok"], told.json["verankerd"]) == (5, True, False)
    assert served("evidence", "verify", "d", "--unanchored").code == 0
    stranger = served.anchor().replace("/register+", "/elders+")
    assert served("evidence", "verify", "d", "--anchor", stranger, "--unanchored").code == 5


def test_export_without_exchange_is_3(world: World) -> None:
    """Evidence needs proofs from the exchange: when it is away nothing is written, and trying again is safe."""
    with world.running("serve", "beurs"):
        deliver(world, 8)
        dossier = world("inbox", "--dir", "gemeente", "--json").json[0]["dossier"]
    done = world("evidence", "export", dossier, "--dir", "corporatie", "--output", "x")
    assert done.code == 3
    assert not (world.root / "x").exists()


def test_log_show_has_dutch_times_for_people(founded: World) -> None:
    """People read Dutch time with its offset; programs read UTC, as it was logged."""
    logged = founded("log", "show", "beurs", "--log", "register", "--limit", "1", "--json").json[0]["regel"]["tijd"]
    assert logged.endswith("Z")
    shown = founded("log", "show", "beurs", "--log", "register", "--limit", "1").out
    found = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0[12]:00", shown)
    assert found
    assert datetime.fromisoformat(found[0]) == datetime.fromisoformat(logged)
    assert [local(f"2026-{month}-01T12:00:00Z")[11:] for month in ("01", "07")] == [
        "13:00:00.000+01:00",
        "14:00:00.000+02:00",
    ]


# Stopping


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_and_run_end_when_told(world: World, number: int) -> None:
    """Ctrl-C and SIGTERM end the exchange and the connectors with 0, by themselves, and leave no process behind."""
    with world.running("serve", "beurs") as serve, world.running("connector", "run", "corporatie", "gemeente") as run:
        ended = [stop(process, number) for process in (run, serve)]
        for process, done in zip((run, serve), ended, strict=True):
            assert (done.code, "Traceback" in done.err) == (0, False), done.err
            with pytest.raises(ProcessLookupError):
                os.killpg(process.pid, 0)
    assert "has stopped" in ended[1].out
    assert not (world.root / "beurs" / "beheer.sock").exists()
    assert world("doctor", "beurs").code == 0


def test_second_process_in_the_same_folder(served: World) -> None:
    """A second serve or run in a folder ends with 4, and so does a port that is taken; the first goes on."""
    second = served("serve", "beurs", "--port", "0")
    assert second.code == 4
    assert "another process works in beurs already" in second.err
    served("init", "beurs4", "--host", "localhost")
    taken = served("serve", "beurs4")
    assert taken.code == 4
    assert "address already in use" in taken.err.lower()
    with served.running("connector", "run", "corporatie"):
        assert served("connector", "run", "gemeente", "corporatie").code == 4
    assert served("party", "list", "beurs").code == 0


# For programs and for people


def test_json_of_every_command_that_offers_it(served: World) -> None:
    """What --json prints is one JSON document and nothing else, for every command that has the option."""
    deliver(served)
    first = served("inbox", "--dir", "gemeente", "--json").json[0]
    served.settle(
        lambda: served("evidence", "export", first["dossier"], "--dir", "corporatie", "--output", "d").code == 0
    )
    code = served("party", "add", "beurs", "00000099000000002000").out.strip()
    url = f"https://localhost:{served.port}"
    words = {
        "config show": ("beurs",),
        "doctor": ("beurs",),
        "party add": ("beurs", "00000099000000003000"),
        "party list": ("beurs",),
        "party show": ("beurs", COR),
        "connector join": ("sleutels", "--url", url, "--oin", OTHER, "--postvak", "huur", "--code", code),
        "connector fingerprints": ("corporatie",),
        "connector show": ("corporatie",),
        "connector alarms": ("corporatie",),
        "send": ("maandbestand.csv", "--dir", "corporatie", "--yes"),
        "inbox": ("--dir", "gemeente"),
        "status": (first["id"], "--dir", "gemeente"),
        "dossier": (first["dossier"], "--dir", "gemeente"),
        "terms": ("--dir", "gemeente"),
        "covenant show": ("--dir", "beurs"),
        "covenant check": ("beurs/convenant.toml",),
        "covenant diff": ("beurs/convenant.toml", "beurs/convenant.toml"),
        "covenant explain": ("--from", "Ons Doel", "--to", "Gemeente Leiden", "--type", "vroegsignaal"),
        "covenant adopt": ("beurs/convenant.toml", "--dir", "beurs"),
        "covenant versions": ("--dir", "beurs"),
        "log verify": ("beurs",),
        "log show": ("beurs",),
        "evidence verify": ("d", "--unanchored"),
        "party suspend": ("beurs", GEM),
    }
    offering = {name for name, command in commands().items() if any("--json" in p.opts for p in command.params)}
    assert offering - {"demo"} == set(words)
    for name, rest in words.items():
        done = served(*name.split(), *rest, "--json")
        assert done.code == 0, done.err
        assert isinstance(done.json, dict | list), name


def test_nothing_is_coloured_or_cut_where_nobody_looks(served: World) -> None:
    """Without a terminal there are no escape codes, and an id stands whole on its line."""
    deliver(served, 8)
    ids = [m["id"] for m in served("inbox", "--dir", "gemeente", "--json").json]
    shown = served("inbox", "--dir", "gemeente")
    assert all(sum(identifier in line for line in shown.out.splitlines()) == 1 for identifier in ids)
    for words in (
        ("inbox", "--dir", "gemeente"),
        ("connector", "show", "corporatie"),
        ("party", "list", "beurs"),
        ("config", "show", "beurs"),
        ("doctor", "beurs"),
        ("--help",),
        ("party", "show", "beurs", "00000099000000102000"),
    ):
        done = served(*words)
        assert "\x1b" not in done.out + done.err, words


def test_help_loads_nothing_heavy() -> None:
    """Help does not load the exchange, the network, the database or cryptography: it is there at once."""
    code = (
        "import sys\nsys.argv = ['seinpost', '--help']\nfrom gateway.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'aiohttp', 'cryptography', 'apsw', 'uvloop', 'gateway.app', 'gateway.connector'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "130  interrupted" in done.stdout


def test_no_line_of_help_is_too_wide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every screen of help fits a terminal of 80 columns, and no short description is cut."""
    for name in ("", *commands(), "party", "connector", "covenant", "log", "evidence", "config"):
        monkeypatch.setenv("COLUMNS", "80")
        done = World(tmp_path, 0)(*name.split(), "--help")
        assert all(len(line) <= 80 for line in done.out.splitlines()), name
        assert "..." not in done.out.replace("}...", "").replace("[ARGS]...", ""), name


def test_config_show_names_the_origin(world: World) -> None:
    """Each setting says where it came from: command line, SEINPOST_*, seinpost.toml, default."""
    shown = world("config", "show", "beurs", "--bind", "127.0.0.2", "--json").json
    assert shown["host"] == {"value": "127.0.0.2", "origin": "command line"}
    assert shown["port"] == {"value": world.port, "origin": "SEINPOST_PORT"}
    assert shown["beurs"] == {"value": "localhost/leidse-regio", "origin": "seinpost.toml"}
    assert shown["lease_seconds"]["origin"] == "default"
    assert world("config", "show", "beurs", "--port", "1", "--json").json["port"]["origin"] == "command line"
    (world.root / "beurs" / "seinpost.toml").write_text('beurs = "localhost/x"\nprot = 1\n')
    wrong = world("config", "show", "beurs")
    assert wrong.code == 4
    assert "prot" in wrong.err
