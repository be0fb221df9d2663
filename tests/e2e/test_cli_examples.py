"""Every example that help shows is run, as it is shown, by a shell in a world that is named as in the examples."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import GEM, HUUR, VROEG, World, commands, free_port, monthly_file, stop

pytestmark = [pytest.mark.xdist_group("cli-examples"), pytest.mark.timeout(300)]

ORDER = {
    "init": r"Made the exchange localhost/leidse-regio in beurs",
    "covenant show": r"19 participants",
    "covenant check": r"✓ beurs/convenant\.toml holds together",
    "covenant explain": r"✓ Ons Doel may send Gemeente Leiden vroegsignaal",
    "covenant diff": r"✓ No difference",
    "config show": r"port +\d+ +SEINPOST_PORT",
    "serve": r"serves at https://",
    "party add": r"Wrote the code to corporatie\.code",
    "connector join": r"Joined localhost/leidse-regio as 00000099000000001000",
    "connector run": r"Working for 2 parties",
    "party list": r"2 participants",
    "party show": r"Ons Doel \(00000099000000001000\), actief",
    "connector fingerprints": r"· Gemeente Leiden: urn:nld:oin:",
    "connector confirm": r"Confirmed urn:nld:oin:00000099000000101000",
    "send": r"14 messages signed and kept",
    "connector show": r"out  \w+ +\d+",
    "connector alarms": r"0 open alarms in corporatie",
    "connector settle": r"Settled 0 alarms",
    "inbox": r'"type": "nl\.huurschuld\.vroegsignaal\.v1"',
    "status": r": ontvangen",
    "dossier": r"hulp: niet gemeld → gemeld",
    "terms": r"14 running terms in corporatie",
    "evidence export": r"Wrote \d+ bytes to dossier\.bewijs",
    "evidence verify": r"✓ (\d+) of \1 checks hold",
    "log show": r"3 .* deelnemer +00000099000000001000",
    "log verify": r"✓ verkeer: 42 entries; all hold",
    "doctor": r"✓ log: verkeer",
    "covenant adopt": r"Adopted version 2\.0\.1, which holds from",
    "covenant versions": r"2 versions of the covenant",
    "party suspend": r"Suspended 00000099000000001000",
}
"""Every command but ``demo``, each after those that it needs, with what its output says."""

BACKGROUND = ("serve", "connector run")


def example(name: str, command: Any) -> str:
    """Take the example from a command's help, without its indent."""
    found = re.search(r"Example:\n\n(?:\x08\n)?((?: +.*\n?)+)", command.help or "")
    assert found, f"the help of 'seinpost {name}' has no example"
    return re.sub(r"\n +", "\n", found[1].strip())


def test_every_command_has_an_example_that_is_run() -> None:
    """A command without an example fails, and so does one whose example nobody runs."""
    found = {name: example(name, command) for name, command in commands().items()}
    assert set(found) == {*ORDER, "demo"}
    for name, text in found.items():
        assert shlex.split(text.replace("\\\n", " "))[: 1 + len(name.split())] == ["seinpost", *name.split()]
        assert all(len(line) <= 74 for line in text.splitlines()), f"{name}: shown in 80 columns, a line would wrap"


def test_an_example_that_is_missing_is_noticed() -> None:
    """The search for examples can fail."""
    command = type("Command", (), {"help": "Do it.\n\nExamples are for others."})
    with pytest.raises(AssertionError, match="has no example"):
        example("do", command)


def test_examples(tmp_path: Path) -> None:
    """Each example ends with exit code 0 and says what it did; running ones end when they are told to."""
    world, texts = World(tmp_path, free_port()), commands()
    (tmp_path / "maandbestand.csv").write_bytes(monthly_file(16))
    with ExitStack() as stack:
        for name, says in ORDER.items():
            prepare(world, name)
            text = example(name, texts[name]).replace(":8443", f":{world.port}")
            if name in BACKGROUND:
                process = shell(world, text)
                stack.callback(end, process)
                assert process.stdout is not None
                said = process.stdout.readline()
            else:
                process = shell(world, text)
                said, error = process.communicate(timeout=60)
                assert process.returncode == 0, f"$ {text}\n{said}{error}"
            assert re.search(says, said), f"$ {text}\n{said}"


def test_readme_lines(tmp_path: Path) -> None:
    """The ten lines of the README make an exchange, join two parties and bring a monthly file to its recipient."""
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = text.partition("in ten lines")[2].partition("```sh\n")[2].partition("```")[0]
    lines, world = section.splitlines(), World(tmp_path, free_port())
    assert len(lines) == 10
    (tmp_path / "maandbestand.csv").write_bytes(monthly_file(16))
    with ExitStack() as stack:
        for line in lines:
            read_aloud = ""
            if " confirm " in line:
                wait_for(world, lambda: len(world("connector", "fingerprints", "gemeente", "--json").json) == 2)
                wait_for(world, lambda: len(world("connector", "fingerprints", "corporatie", "--json").json) == 2)
                read_aloud = f"GEMEENTE='{world.fingerprint(VROEG)}' CORPORATIE='{world.fingerprint(HUUR)}'; "
            process = shell(world, read_aloud + line.replace(":8443", f":{world.port}").removesuffix(" &"))
            if line.endswith(" &"):
                stack.callback(end, process)
                assert process.stdout is not None
                assert process.stdout.readline()
            else:
                said, error = process.communicate(timeout=60)
                assert process.returncode == 0, f"$ {line}\n{said}{error}"
        wait_for(world, lambda: world.counts("corporatie") == {"ontvangen": 14})


@pytest.mark.timeout(300)
def test_demo_example(tmp_path: Path) -> None:
    """The demo plays the main job, and adds up."""
    process = shell(World(tmp_path, free_port()), example("demo", commands()["demo"]))
    said, error = process.communicate(timeout=240)
    assert process.returncode == 0, said + error
    assert "40" in said


def prepare(world: World, name: str) -> None:
    """Do what other people do before this example: the municipality's side, and the telephone call."""
    if name == "connector run":
        assert world("party", "add", "beurs", GEM, "--output", "gemeente.code").code == 0
        join = ("connector", "join", "gemeente", "--url", f"https://localhost:{world.port}")
        box = ("--oin", GEM, "--postvak", "vroegsignalering", "--code-file", "gemeente.code")
        assert world(*join, *box).code == 0
    if name == "covenant diff":
        shutil.copy(world.root / "beurs" / "convenant.toml", world.root / "voorstel.toml")
    if name == "covenant adopt":
        agreed = world.root / "voorstel.toml"
        agreed.write_text(agreed.read_text(encoding="utf-8").replace('"2.0.0"', '"2.0.1"'), encoding="utf-8")
    if name == "connector fingerprints":
        wait_for(world, lambda: len(world("connector", "fingerprints", "corporatie", "--json").json) == 2)
        wait_for(world, lambda: len(world("connector", "fingerprints", "gemeente", "--json").json) == 2)
    if name == "connector confirm":
        (world.root / "gemeente.vingerafdruk").write_text(world.fingerprint(VROEG))
        assert world("connector", "confirm", "gemeente", HUUR, world.fingerprint(HUUR)).code == 0
    if name == "inbox":
        wait_for(world, lambda: world.counts("corporatie") == {"ontvangen": 14})
    if name == "status":
        first = world("inbox", "--dir", "gemeente", "--json").json[0]
        (world.root / "bericht.id").write_text(first["id"])
        (world.root / "dossier.id").write_text(first["dossier"])
    if name == "evidence verify":
        (world.root / "beurs.anker").write_text(world.anchor())


def wait_for(world: World, what: Any) -> None:
    """Wait until something that the running connectors bring about is so; the test's own limit ends it."""
    pause = ["sleep", "0.2"]
    while not what():
        subprocess.run(pause, check=True, cwd=world.root)


def shell(world: World, text: str) -> subprocess.Popen[str]:
    """Give a text to a shell, as a reader would who copies it."""
    return subprocess.Popen(
        ["bash", "-c", f"set -euo pipefail; {text}"],
        cwd=world.root,
        env=world.environment(),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def end(process: subprocess.Popen[str]) -> None:
    """Tell a command that runs in a shell to stop: it ends with exit code 0, and nothing of it is left."""
    os.killpg(process.pid, signal.SIGTERM)
    stop(process, signal.SIGTERM)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
