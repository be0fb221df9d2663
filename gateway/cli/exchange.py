"""Making and running an exchange: init, serve, config show, doctor, demo."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.speech import Exit, emit, fail, out, table

config = typer.Typer(help="The settings of an exchange.", no_args_is_help=True)

Dir = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the exchange.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command()(serve)
    app.add_typer(config, name="config")
    app.command()(doctor)
    app.command()(demo)


def init(
    folder: Dir,
    host: Annotated[str, typer.Option(help="The name by which parties reach the exchange; also its identity.")],
    covenant: Annotated[
        Path | None, typer.Option(help="The covenant (TOML); Leiden's if not given.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Make a new exchange in a folder of its own.

    It gets settings, a certificate authority, keys, a certificate and the covenant.

    Example:

      seinpost init beurs --host localhost
    """
    from gateway.app import found
    from schemas.covenants import CovenantError, leidse_regio

    text = covenant.read_bytes() if covenant else leidse_regio()
    names = tuple(dict.fromkeys((host, "localhost", "127.0.0.1")))
    try:
        asyncio.run(found(folder, f"{host}/leidse-regio", names, text))
    except CovenantError as error:
        fail(f"{covenant}: {error}.", Exit.CONFIGURATION)
    out.print(f"Made the exchange {host}/leidse-regio in {folder}.", soft_wrap=True)
    out.print(
        f"Keep {folder}/sleutelbestand apart from backups: it opens the keys. Next: seinpost serve {folder}",
        soft_wrap=True,
    )


def serve(
    folder: Dir,
    port: Annotated[int | None, typer.Option(help="Listen on this port; 0 takes a free one.")] = None,
    bind: Annotated[str | None, typer.Option(help="Listen on this address.")] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="Open the key ring with the passphrase in this file.")
    ] = None,
) -> None:
    """Run the exchange until Ctrl-C or SIGTERM. Running requests may finish.

    Example:

      seinpost serve beurs
    """
    from gateway.cli.running import serve_until_stopped

    overrides = {"port": port, "host": bind}
    serve_until_stopped(folder, overrides, passphrase_file)


@config.command("show")
def config_show(
    folder: Dir,
    port: Annotated[int | None, typer.Option(help="As serve would have it with this port.")] = None,
    bind: Annotated[str | None, typer.Option(help="As serve would have it with this address.")] = None,
    as_json: Json = False,
) -> None:
    """Show every setting, with where it came from.

    The command line wins from SEINPOST_<NAME>, that from seinpost.toml, and that from the default.

    Example:

      seinpost config show beurs
    """
    from gateway.config import load

    settings, origins = load(folder, {"port": port, "host": bind})
    values = settings.model_dump(mode="json")
    if as_json:
        emit({name: {"value": value, "origin": origins[name]} for name, value in values.items()})
    else:
        table(
            f"Settings of {folder}",
            ("setting", "value", "from"),
            [(n, ", ".join(v) if isinstance(v, list) else str(v), origins[n]) for n, v in values.items()],
        )


def doctor(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of an exchange or a connector.")],
    as_json: Json = False,
) -> None:
    """Examine an exchange or a connector, and change nothing.

    Files, disk, keys, certificates, database or spool, logs. Exit code 1 if anything is not right.

    Example:

      seinpost doctor beurs
    """
    from gateway.cli.examine import examine

    findings = asyncio.run(examine(folder))
    if as_json:
        emit([{"check": f.check, "ok": f.ok, "detail": f.detail} for f in findings])
    else:
        for finding in findings:
            out.print(f"{'✓' if finding.ok else '✗'} {finding.check}: {finding.detail}", soft_wrap=True)
    if not all(f.ok for f in findings):
        raise typer.Exit(Exit.REFUSED)


def demo(
    rows: Annotated[int, typer.Option(help="Rows of the monthly files, over all corporations.", min=8)] = 600,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running at the end, to look around.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Where to put it; a temporary folder if not given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play the main job with nineteen parties on this machine.

    Ends with a table, and with exit code 0 only if everything adds up.

    Example:

      seinpost demo --rows 40
    """
    from gateway.cli.demo import play

    raise typer.Exit(play(rows, keep=keep, folder=folder, as_json=as_json))
