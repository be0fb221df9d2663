"""Adopting a version of the covenant at a running exchange, and listing those that it has."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exchange import Json
from gateway.cli.speech import Exit, emit, fail, local, out, table

At = Annotated[Path, typer.Option("--dir", metavar="EXCHANGE", help="The folder of the running exchange.")]


def adopt(
    file: Annotated[Path, typer.Argument(help="The new version (TOML).", exists=True, dir_okay=False)],
    folder: At,
    as_json: Json = False,
) -> None:
    """Adopt a new version at a running exchange.

    It holds at once, or from the moment in its geldigVanaf if that is later. What was decided and promised before
    stays with the version of its time. The newest version again changes nothing.

    Example:

      seinpost covenant adopt voorstel.toml --dir beurs
    """
    from gateway.cli.local import ask
    from schemas.covenants import CovenantError, load_covenant

    data = file.read_bytes()
    try:
        load_covenant(data)
    except CovenantError as error:
        fail(f"{file}: {error}.", Exit.REFUSED)
    found = asyncio.run(ask(folder, "POST", "/beheer/convenant", {"tekst": data.decode()}))
    if as_json:
        emit(found)
    elif found["nieuw"]:
        out.print(f"Adopted version {found['versie']}, which holds from {local(found['vanaf'])}.", soft_wrap=True)
    else:
        out.print(f"Version {found['versie']} is in force or announced already; nothing was changed.", soft_wrap=True)


def versions(folder: At, as_json: Json = False) -> None:
    """List the versions that a running exchange has.

    Example:

      seinpost covenant versions --dir beurs
    """
    from gateway.cli.local import ask

    found = asyncio.run(ask(folder, "GET", "/beheer/convenant"))["versies"]
    if as_json:
        emit(found)
        return
    rows = [(v["versie"], local(v["vanaf"]), "holds" if v["geldt"] else "", v["digest"]) for v in found]
    table(f"{len(rows)} versions of the covenant", ("version", "from", "", "digest"), rows)
