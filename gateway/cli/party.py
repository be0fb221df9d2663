"""Administering participants of a running exchange, over its local socket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.exchange import Dir, Json
from gateway.cli.speech import Exit, emit, fail, out, table

app = typer.Typer(help="Participants of a running exchange: add, list, show, suspend.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="OIN", help="The participant's OIN, as the covenant has it.")]


@app.command()
def add(
    folder: Dir,
    oin: Number,
    output: Annotated[Path | None, typer.Option(help="Write the code to this file instead of the terminal.")] = None,
    as_json: Json = False,
) -> None:
    """Invite a participant of the covenant.

    Gives a one-time code, to be handed over in person.

    Example:

      seinpost party add beurs 00000099000000001000 --output corporatie.code
    """
    unknown = f"The covenant of {folder} names no participant with OIN {oin}."
    code = str(_ask_about(folder, "POST", oin, "/_uitnodigen", unknown)["uitnodiging"])
    if output:
        output.touch(mode=0o600)
        output.write_text(code + "\n", encoding="utf-8")
    if as_json:
        emit({"oin": oin, "uitnodiging": None if output else code, "bestand": str(output) if output else None})
    elif output:
        out.print(f"Wrote the code to {output}. Whoever has it can join as {oin}, once.", soft_wrap=True)
    else:
        out.print(code, soft_wrap=True)


@app.command("list")
def list_(folder: Dir, as_json: Json = False) -> None:
    """List the participants that have joined.

    Example:

      seinpost party list beurs
    """
    listing = _ask(folder, "GET", "")
    if as_json:
        emit(listing)
        return
    rows = [(p["oin"], p["naam"], "geschorst" if p["geschorst"] else "actief") for p in listing["deelnemers"]]
    table(f"{len(rows)} participants, register of {listing['omvang']} entries", ("OIN", "naam", "stand"), rows)


@app.command()
def show(folder: Dir, oin: Number, as_json: Json = False) -> None:
    """Show one participant with its mailboxes and active keys.

    Example:

      seinpost party show beurs 00000099000000001000
    """
    party = _ask_about(folder, "GET", oin, "", _not_joined(folder, oin))
    if as_json:
        emit(party)
        return
    out.print(f"{party['naam']} ({party['oin']}), {'geschorst' if party['geschorst'] else 'actief'}")
    for box in party["postvakken"]:
        out.print(f"  {box['postvak']}", soft_wrap=True)
        for use in ("ondertekenen", "verzegelen"):
            if use in box:
                out.print(f"    {use}: {box[use]['alg']} {box[use]['kid']}", soft_wrap=True)


@app.command()
def suspend(folder: Dir, oin: Number, as_json: Json = False) -> None:
    """Suspend a participant and revoke its certificates.

    At once, and on open connections too; twice is the same as once.

    Example:

      seinpost party suspend beurs 00000099000000001000
    """
    answer = _ask_about(folder, "POST", oin, "/_schorsen", _not_joined(folder, oin))
    if as_json:
        emit(answer)
    else:
        out.print(f"Suspended {oin}: nothing is accepted from it and nothing is given to it.")


def _not_joined(folder: Path, oin: str) -> str:
    return f"No participant with OIN {oin} has joined; see: seinpost party list {folder}"


def _ask_about(folder: Path, method: str, oin: str, what: str, unknown: str) -> Any:  # noqa: ANN401
    """Ask about one participant; one that the exchange does not know is said in the words of the command."""
    from gateway.errors import RejectedError
    from schemas.problems import Problem
    from schemas.values import Oin

    try:
        number = Oin(oin)
    except ValueError as error:
        fail(f"OIN: {error}.", Exit.USE)
    try:
        return _ask(folder, method, f"{number}{what}")
    except RejectedError as error:
        if error.code in (Problem.NIET_TOEGESTAAN, Problem.NIET_GEVONDEN):
            fail(unknown, Exit.REFUSED)
        raise


def _ask(folder: Path, method: str, path: str) -> Any:  # noqa: ANN401 - JSON is any of six things
    from gateway.cli.local import ask

    return asyncio.run(ask(folder, method, f"/beheer/deelnemers/{path}".rstrip("/")))
