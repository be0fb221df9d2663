"""The ``seinpost`` command. Handlers are loaded when they are called, so that help is quick."""

from __future__ import annotations

import sys

import typer

from gateway.cli import connector, covenant, dossier, evidence, exchange, log, messages, party, terms
from gateway.cli.examples import keep_examples
from gateway.cli.speech import EXIT_CODES, Exit, complain, exit_for
from gateway.errors import GatewayError
from keys.errors import KeysError

app = typer.Typer(
    name="seinpost",
    help="Seinpost carries the messages of the covenant against eviction: sealed, proved, logged.\n\n" + EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
exchange.register(app)
app.add_typer(party.app, name="party")
app.add_typer(connector.app, name="connector")
messages.register(app)
dossier.register(app)
terms.register(app)
app.add_typer(covenant.app, name="covenant")
app.add_typer(log.app, name="log")
app.add_typer(evidence.app, name="evidence")
keep_examples(app)


def main() -> None:
    """Run the command and end with its exit code."""
    try:
        app()
    except (GatewayError, KeysError, OSError) as error:
        words, code = exit_for(error)
        complain(words)
        sys.exit(code)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
