"""Playing the demo: the acts in order, progress while it goes, a table that a visitor understands at the end."""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from gateway.cli.auditing import verify_logs
from gateway.cli.demo import acts
from gateway.cli.demo import stage as staging
from gateway.cli.demo.counts import Tally, count
from gateway.cli.demo.dossiers import endings, play_dossiers
from gateway.cli.demo.stage import Stage
from gateway.cli.demo.stories import DOSSIERS
from gateway.cli.local import ask
from gateway.cli.proving import anchor_of, export_file, verify_file
from gateway.cli.sending import today
from gateway.cli.speech import Exit, emit, err, out, table
from schemas.covenants import Deelnemer, Soort
from schemas.values import RandomId


class Story:
    """Tells what happens: a line for each act, with a count that moves on a terminal."""

    def __init__(self) -> None:
        columns = (
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description:<44}"),
            TextColumn("{task.fields[said]}"),
        )
        self._progress = Progress(*columns, TimeElapsedColumn(), console=err, disable=not err.is_terminal)
        self._bar: TaskID | None = None
        self._count = 0

    def __enter__(self) -> Self:
        """Begin."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; the last act is done unless something went wrong."""
        if error is None:
            self._finish()
        self._progress.stop()

    def act(self, text: str) -> None:
        """Begin an act."""
        self._finish()
        self._count = 0
        if not err.is_terminal:
            err.print(text, soft_wrap=True)
        self._bar = self._progress.add_task(text, total=1, said="")

    def tell(self, said: str) -> None:
        """Say how far the act is."""
        if self._bar is not None:
            self._progress.update(self._bar, said=said)

    def count(self, more: int) -> None:
        """Say that so many more are done."""
        self._count += more
        self.tell(str(self._count))

    def _finish(self) -> None:
        if self._bar is not None:
            self._progress.update(self._bar, completed=1)


def play(rows: int, *, keep: bool, folder: Path | None, as_json: bool) -> Exit:
    """Play the main job; gives 0 only if every count adds up. Everything that was started ends, unless kept."""
    begun = time.monotonic()
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # told to stop is the same as Ctrl-C: end what was started
    with ExitStack() as stack:
        home = folder or Path(tempfile.mkdtemp(prefix="seinpost-demo-"))
        if folder is None:
            stack.callback(shutil.rmtree, home, ignore_errors=True)
        home.mkdir(parents=True, exist_ok=True)
        stage = Stage(home)
        stack.enter_context(staging.processes(stage))
        with Story() as story:
            tally, evidence = _perform(stage, rows, story)
        seconds = time.monotonic() - begun
        if as_json:
            emit(_as_json(tally, evidence, seconds))
        else:
            _show(stage, tally, evidence, seconds)
        if keep:
            _linger(stage)
    return Exit.REFUSED if tally.faults else Exit.DONE


def _perform(stage: Stage, rows: int, story: Story) -> tuple[Tally, Path]:
    story.act("An exchange is made and served")
    staging.open_exchange(stage)
    story.tell(f"https://localhost:{stage.port}")
    story.act("Nineteen parties join, each with own keys")
    asyncio.run(staging.join_all(stage))
    story.tell(f"{len(stage.parties())} joined")
    story.act("Parties compare one another's fingerprints")
    story.tell(f"{asyncio.run(staging.compare_fingerprints(stage))} confirmed")
    story.act("Their connectors start")
    staging.start_connectors(stage)
    story.tell(f"{len(stage.processes)} processes, mutual TLS")
    story.act("Eight corporations send their monthly files")
    accounts = acts.send_files(stage, rows, today(), story.count)
    story.act("Five municipalities answer every signal")
    sent = sum(len(a.sent) for a in accounts.values())
    answers = acts.answer_signals(stage, sent, today(), story.count)
    story.act("One tenant paid after all")
    party, dossier = acts.close_one_dossier(stage)
    story.act(f"{len(DOSSIERS)} whole dossiers are played to their ends")
    tally = Tally(accounts, answers, play_dossiers(stage, today(), story.count))
    story.act("Receipts come in, promises are proved")
    acts.settle(stage, lambda good, whole: story.tell(f"{good} of {whole}"))
    story.act("Everything is counted and verified")
    return tally, _conclude(stage, tally, party, dossier)


def _conclude(stage: Stage, tally: Tally, party: Deelnemer, dossier: RandomId) -> Path:
    exchange = asyncio.run(ask(stage.beurs, "GET", "/beheer/tellingen"))
    tally.endings = asyncio.run(endings(stage, tally.played))
    count(stage, tally, exchange, asyncio.run(verify_logs(stage.beurs)))
    evidence = stage.folder / "dossier.bewijs"
    evidence.write_bytes(asyncio.run(export_file(stage.home(party), dossier)))
    if not verify_file(evidence.read_bytes(), [anchor_of(stage.home(party))]).ok:
        tally.faults.append("the evidence of the dossier does not verify")
    return evidence


def _show(stage: Stage, tally: Tally, evidence: Path, seconds: float) -> None:
    rows = [
        (a.naam, a.rows, len(a.sent), a.received, a.answered, sum(a.left_out.values())) for a in tally.accounts.values()
    ]
    totals = ("all together", *(sum(int(row[i]) for row in rows) for i in range(1, 6)))
    table("The month", ("corporation", "rows", "sent", "received", "answered", "left out"), [*rows, totals])
    reasons: dict[str, int] = {}
    for account in tally.accounts.values():
        for reason, number in account.left_out.items():
            reasons[reason] = reasons.get(reason, 0) + number
    if reasons:
        told = sorted(((n, reason) for reason, n in reasons.items()), reverse=True)
        table("Left out, and why", ("rows", "reason"), told)
    _show_dossiers(tally)
    for log in tally.logs:
        out.print(f"{'✗' if log.fault else '✓'} log {log.text()}", soft_wrap=True)
    out.print(f"✓ {tally.covered} of {tally.promised} promised log entries proved by the parties themselves")
    out.print(f"✓ evidence of one dossier exported and verified: {evidence.stat().st_size} bytes", soft_wrap=True)
    for fault in tally.faults:
        out.print(f"✗ {fault}", soft_wrap=True)
    verdict = "Everything adds up" if not tally.faults else f"{len(tally.faults)} counts do not add up"
    out.print(f"{verdict}: {len(stage.processes)} processes, {len(stage.parties())} parties, {seconds:.1f} seconds.")


def _show_dossiers(tally: Tally) -> None:
    ends: dict[str, list[str]] = {}
    for e in tally.endings:
        ends.setdefault(e.title, []).append(f"{'✓' if e.found == e.wanted else '✗'} {e.found} ({e.role})")
    steps = {story.title: len(story.steps) for story in DOSSIERS}
    told = [
        (title, steps[title], found[0].split(" (")[0] if _alike(found) else ", ".join(found))
        for title, found in ends.items()
    ]
    table("Whole dossiers", ("dossier", "messages", "ended at every party as"), told)
    refused = [
        (r.title, (r.reason if r.meant else f"✗ another reason: {r.reason}") or "✗ let through")
        for r in tally.played.refusals
    ]
    table("Refused by the covenant", ("attempt", "reason"), refused)


def _alike(found: list[str]) -> bool:
    return len({text.split(" (")[0] for text in found}) == 1


def _as_json(tally: Tally, evidence: Path, seconds: float) -> dict[str, object]:
    return {
        "corporaties": [
            {
                "naam": a.naam,
                "rijen": a.rows,
                "verstuurd": len(a.sent),
                "ontvangen": a.received,
                "beantwoord": a.answered,
                "nietTeMelden": a.left_out,
            }
            for a in tally.accounts.values()
        ],
        "logboeken": [log.as_json() for log in tally.logs],
        "bewijzen": {"gegeven": tally.promised, "bewezen": tally.covered},
        "bewijsbestand": {"bytes": evidence.stat().st_size},
        "dossiers": [
            {"verhaal": e.title, "rol": e.role, "uitkomst": e.found, "verwacht": e.wanted} for e in tally.endings
        ],
        "geweigerd": [{"poging": r.title, "reden": r.reason, "bedoeld": r.meant} for r in tally.played.refusals],
        "fouten": tally.faults,
        "seconden": round(seconds, 1),
    }


def _linger(stage: Stage) -> None:
    """Leave everything running until Ctrl-C, and say how to look around."""
    corporation, municipality = stage.parties(Soort.COR)[0], stage.parties(Soort.GEM)[0]
    anchor = anchor_of(stage.home(corporation))
    out.print(f"\nIt keeps running, in {stage.folder}. In another terminal:", soft_wrap=True)
    for words in (
        f"seinpost party list {stage.beurs}",
        f"seinpost connector show {stage.home(corporation)}",
        f"seinpost connector show --messages {stage.home(corporation)}",
        f"seinpost inbox --dir {stage.home(municipality)}",
        f"seinpost log show {stage.beurs} --limit 10",
        f"seinpost log verify {stage.beurs}",
        f"seinpost evidence verify {stage.folder / 'dossier.bewijs'} --anchor '{anchor}'",
        f"seinpost doctor {stage.home(corporation)}",
    ):
        out.print(f"  {words}", soft_wrap=True)
    out.print("Ctrl-C ends everything.")
    with suppress(KeyboardInterrupt):
        signal.pause()
