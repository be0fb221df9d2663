"""Running the exchange in the foreground: event loop, signals, logs."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import structlog
import uvloop

from gateway.cli.speech import out
from gateway.config import load
from gateway.connector.directory import Directory
from gateway.errors import ConfigurationError
from keys.keyring import Passphrase, Secret


def serve_until_stopped(folder: Path, overrides: Mapping[str, Any], passphrase_file: Path | None) -> None:
    """Serve the exchange until SIGINT or SIGTERM."""
    speak_logs()
    load(folder, overrides)
    with alone(folder), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, _port_in_words():
        runner.run(_serve(folder, overrides, read_passphrase(passphrase_file)))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only process that works in a folder; the system lets go of it whatever way the process ends.

    Raises:
        ConfigurationError: another process works in it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ConfigurationError(f"another process works in {folder} already; one is enough") from None
    finally:
        os.close(handle)


@contextmanager
def _port_in_words() -> Iterator[None]:
    """Say which setting to change when the address is taken, or is not this machine's."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES) or error.filename:
            raise
        raise ConfigurationError(
            f"cannot listen: {os.strerror(error.errno)}; choose another address with --port or --bind"
        ) from None


def read_passphrase(path: Path | None) -> Secret | None:
    """Read a passphrase from a file, without its line end."""
    return Passphrase(path.read_text(encoding="utf-8").rstrip("\r\n")) if path else None


async def _serve(folder: Path, overrides: Mapping[str, Any], secret: Secret | None) -> None:
    from gateway.app import opened, serving

    stop = stop_event()
    async with opened(folder, secret, overrides) as gateway, serving(gateway) as port:
        _spare_the_collector()
        out.print(f"Seinpost {gateway.settings.beurs} serves at https://{gateway.settings.host}:{port}", soft_wrap=True)
        sys.stdout.flush()
        ended = asyncio.create_task(_until_broken(gateway.store))
        await asyncio.wait({asyncio.create_task(stop.wait()), ended}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            structlog.get_logger().error("stopping", reason=ended.result())
        ended.cancel()
    out.print("Seinpost has stopped.")


def _spare_the_collector() -> None:
    """Keep what was loaded at the start out of every later collection, and collect less often.

    Requests leave hardly any cycles behind, and a seventh of the server's time went into looking for them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def stop_event() -> asyncio.Event:
    """Give an event that SIGINT or SIGTERM sets; a second signal ends at once."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            sys.exit(130)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    return stop


async def _until_broken(store: Any) -> str:  # noqa: ANN401 - the store's port is the server's business
    while not store.broken:  # noqa: ASYNC110 - a store tells of its disk when asked; it holds no event loop
        await asyncio.sleep(0.5)
    return str(store.broken)


def speak_logs() -> None:
    """Logs go to standard error: readable on a terminal, JSON elsewhere. They hold codes and ids, nothing personal."""
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def run_connectors(folders: Sequence[Path], passphrase_file: Path | None) -> bool:
    """Run the connectors of these parties until told to stop; tells whether none stopped by itself."""
    from gateway.connector.many import run_many

    async def work() -> bool:
        stop = stop_event()
        out.print(f"Working for {len(folders)} part{'y' if len(folders) == 1 else 'ies'}; Ctrl-C stops.")
        sys.stdout.flush()
        failed = await run_many(folders, stop, read_passphrase(passphrase_file))
        for folder, error in failed.items():
            out.print(f"{folder} stopped by itself: {error.detail}", soft_wrap=True)
        return not failed

    speak_logs()
    for folder in folders:
        Directory(folder).settings()
    with ExitStack() as stack, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for folder in folders:
            stack.enter_context(alone(folder))
        return runner.run(work())
