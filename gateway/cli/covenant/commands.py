"""For people who write policy: show the covenant, check a new one, explain a decision, compare two."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gateway.cli.covenant.adopting import adopt, versions
from gateway.cli.speech import Exit, emit, fail, out

if TYPE_CHECKING:
    from schemas.covenants import Convenant, CovenantError

app = typer.Typer(help="The covenant: show, check, explain, compare, adopt.", no_args_is_help=True)

From = Annotated[
    Path | None,
    typer.Option("--covenant", help="A covenant's file; the one of this version if not given.", dir_okay=False),
]
Dir = Annotated[
    Path | None, typer.Option("--dir", help="The folder of an exchange or a party: the covenant of its register.")
]
At = Annotated[
    str | None, typer.Option(help="With --dir: the covenant that held on that day or at that moment.", metavar="MOMENT")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The covenant's file.", exists=True, dir_okay=False)]


@app.command()
def show(
    file: From = None,
    folder: Dir = None,
    at: At = None,
    toml: Annotated[bool, typer.Option("--toml", help="Print the file itself, to read or to change.")] = False,
    as_json: Json = False,
) -> None:
    """Show a covenant: who, what, gates, terms, bounds.

    Example:

      seinpost covenant show --dir beurs
    """
    from gateway.cli.covenant.articles import show as show_tables
    from gateway.covenant.differing import plain

    convenant = _chosen(file, folder, at)
    if toml:
        sys.stdout.write(convenant.text)
    elif as_json:
        emit({**plain(convenant), "digest": convenant.digest})
    else:
        show_tables(convenant)


@app.command()
def check(file: File, as_json: Json = False) -> None:
    """Check whether a new covenant holds together.

    Every code that it mentions must be defined, every rule must be one that can be kept, and no rule may tell a
    party of what it may not see. Exit code 1 if not; the line says where.

    Example:

      seinpost covenant check beurs/convenant.toml
    """
    from gateway.cli.covenant.articles import heading
    from schemas.covenants import MAX_BYTES, CovenantError, load_covenant

    data = file.read_bytes()
    try:
        convenant = load_covenant(data)
    except CovenantError as error:
        _faulty(file, data, error, as_json=as_json)
    if as_json:
        emit({"ok": True, "versie": convenant.versie, "digest": convenant.digest})
        return
    out.print(f"✓ {file} holds together: {heading(convenant)}.", soft_wrap=True)
    routes = sum(len(regel.routes) for regel in convenant.berichten)
    terms = len(convenant.termijnen) + len(convenant.inhoudstermijnen)
    out.print(
        f"  {len(convenant.deelnemers)} participants, {len(convenant.berichten)} message types on {routes} routes, "
        f"{len(convenant.poorten)} gates, {terms} terms, {len(convenant.stappen)} steps; "
        f"{len(data)} of at most {MAX_BYTES} bytes",
        soft_wrap=True,
    )
    out.print(f"  digest {convenant.digest}", soft_wrap=True)


@app.command()
def explain(
    van: Annotated[str | None, typer.Option("--from", help="The sender: its OIN, or a part of its name.")] = None,
    naar: Annotated[str | None, typer.Option("--to", help="The recipient, likewise.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="The type: name, three letters or code.")] = None,
    file: From = None,
    folder: Dir = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Explain who may send what, by the rule that decides.

    With two of --from, --to and --type: a line for each of what is left; with one or none: the matrix of all,
    by kind of participant.

    Example:

      seinpost covenant explain --from "Ons Doel" --to "Gemeente Leiden"
      --type vroegsignaal
    """
    from gateway.cli.covenant import verdicts
    from gateway.cli.covenant.agreed import party_of, type_of
    from gateway.covenant.explaining import explain as decide

    convenant = _chosen(file, folder, at)
    senders = (party_of(convenant, van),) if van else convenant.deelnemers
    recipients = (party_of(convenant, naar),) if naar else convenant.deelnemers
    types = (type_of(convenant, kind),) if kind else tuple(regel.code for regel in convenant.berichten)
    cells = [decide(convenant, s, r, code) for code in types for s in senders for r in recipients]
    given = sum(word is not None for word in (van, naar, kind))
    if as_json and len(cells) == 1:
        emit(verdicts.whole_as_json(convenant, cells[0]))
    elif as_json:
        emit({"convenant": verdicts.which(convenant), "cellen": [verdicts.cell_as_json(cell) for cell in cells]})
    elif len(cells) == 1:
        verdicts.show_cell(convenant, cells[0])
    elif given == 2:
        verdicts.show_cells(convenant, cells)
    else:
        verdicts.show_matrix(convenant, cells)


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A covenant's file.", exists=True, dir_okay=False)],
    after: Annotated[
        Path, typer.Argument(metavar="B", help="The file to hold beside it.", exists=True, dir_okay=False)
    ],
    as_json: Json = False,
) -> None:
    """Say what a covenant changes in another.

    Exit code 0 if they say the same, 1 if not.

    Example:

      seinpost covenant diff beurs/convenant.toml voorstel.toml
    """
    from gateway.cli.covenant.agreed import covenant_in
    from gateway.cli.covenant.changes import as_json as told
    from gateway.cli.covenant.changes import show_differences
    from gateway.covenant.differing import differences

    one, other = covenant_in(before), covenant_in(after)
    found = differences(one, other)
    if as_json:
        emit([told(item) for item in found])
    else:
        show_differences(one, other, found)
    if found:
        raise typer.Exit(Exit.REFUSED)


app.command()(adopt)
app.command()(versions)


def _chosen(file: Path | None, folder: Path | None, at: str | None) -> Convenant:
    from gateway.cli.covenant.agreed import covenant_in, covenant_of, moment_of

    if file is not None and folder is not None:
        fail("Give --covenant or --dir, not both.", Exit.USE)
    if folder is None and at is not None:
        fail("--at needs --dir: only a register knows which covenant held when.", Exit.USE)
    if folder is None:
        return covenant_in(file)
    return asyncio.run(covenant_of(folder, moment_of(at) if at else None))


def _faulty(file: Path, data: bytes, error: CovenantError, *, as_json: bool) -> NoReturn:
    if as_json:
        emit({"ok": False, "regel": error.line, "uitleg": error.text})
        raise typer.Exit(Exit.REFUSED)
    lines = data.decode(errors="replace").split("\n")
    fail(
        f"{file}, line {error.line}: {error.text}\n  {error.line} | {lines[error.line - 1].strip()[:200]}", Exit.REFUSED
    )
