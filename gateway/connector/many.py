"""Several parties in one process, keys and spools apart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import structlog

from gateway.connector.agent import place_of
from gateway.connector.connector import Connector
from gateway.errors import GatewayError, UnavailableError
from keys.keyring import Secret

_log = structlog.get_logger()


async def run_many(
    roots: Sequence[Path], stop: asyncio.Event, secret: Secret | None = None
) -> dict[Path, GatewayError]:
    """Run the connectors of several parties until ``stop`` is set; give those that stopped by themselves, and why.

    A party that stops, with a grave alarm or for whatever reason, does not stop the others; when all have
    stopped, this returns.

    Raises:
        ConfigurationError: a directory cannot be opened; then none is run.
    """
    failed: dict[Path, GatewayError] = {}
    with ExitStack() as stack:
        connectors = [stack.enter_context(Connector.open(root, secret)) for root in roots]
        await asyncio.gather(*(_run(connector, stop, failed) for connector in connectors))
    return failed


async def _run(connector: Connector, stop: asyncio.Event, failed: dict[Path, GatewayError]) -> None:
    try:
        await connector.run(stop)
    except GatewayError as error:
        _log.error("a party has stopped", party=connector.settings.oin, detail=error.detail)
        failed[connector.directory.root] = error
    except Exception as error:  # noqa: BLE001 - a fault of ours at one party must not end the service of the others
        fault = f"a fault in this program: {type(error).__name__} at {place_of(error)}"
        _log.error("a party has stopped", party=connector.settings.oin, detail=fault)
        failed[connector.directory.root] = UnavailableError(fault)
