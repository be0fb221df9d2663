"""Asking a running exchange over its local socket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp

from gateway.client.problems import error_of
from gateway.config import Folder
from gateway.errors import ConfigurationError


async def ask(folder: Path, method: str, path: str) -> Any:  # noqa: ANN401 - JSON is any of six things
    """Ask, and give the answer.

    Raises:
        ConfigurationError: the exchange does not run, or is another user's.
        GatewayError: the exchange's own refusal.
    """
    socket = Folder(folder).socket
    connector = aiohttp.UnixConnector(path=str(socket))
    try:
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.request(method, f"http://localhost{path}") as response,
        ):
            answer = await response.json(content_type=None)
    except (aiohttp.ClientConnectionError, PermissionError):
        raise ConfigurationError(
            f"no exchange of yours runs in {folder}; start it with: seinpost serve {folder}"
        ) from None
    if response.status >= 400:
        raise error_of(answer, response.status)
    return answer
