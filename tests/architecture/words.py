"""Words: names that say nothing are not used, and what must not be committed is not there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "service", "impl", "misc"}

FORBIDDEN = (
    (
        re.compile(r"https?://(?:pypi|files\.pythonhosted|registry\.npmjs|deb\.debian)", re.IGNORECASE),
        "a package registry",
    ),
    (re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w+"), "an absolute path of one machine"),
    (re.compile(r"-----BEGIN (?:EC |RSA |ENCRYPTED )?PRIVATE" + r" KEY-----"), "a private key"),
    (re.compile(r"#\s*(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"), "something left for later"),
    (re.compile(r"#\s*type:\s*ignore(?!\[)"), "a silenced type error without its kind"),
    (re.compile(r"#\s*noqa(?!:)"), "a silenced lint without its kind"),
)
TEXT = {".py", ".md", ".toml", ".sql", ".json", ".lock", ".in", ".csv", ".yaml", ".yml", ""}


def faults(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Name every word that should not be there, in (path, text) pairs."""
    for name, text in files:
        path = Path(name)
        if path.suffix == ".py" and EMPTY_NAMES.intersection(path.with_suffix("").parts):
            yield f"{name}: a name that says nothing"
        for number, line in enumerate(text.splitlines(), start=1):
            for pattern, what in FORBIDDEN:
                if pattern.search(line):
                    yield f"{name}:{number}: {what}"


def tracked(root: Path) -> Iterator[tuple[str, str]]:
    """Give every text file that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = root / name
        if path.suffix in TEXT and path.is_file() and name != "tests/architecture/words.py":
            yield name, path.read_text(encoding="utf-8")


if __name__ == "__main__":
    found = list(faults(tracked(ROOT)))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.exit(1 if found else 0)
