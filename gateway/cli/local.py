"""Asking a running exchange over its local socket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp

from gateway.client.problems import error_of
from gateway.config import Folder, socket_name
from gateway.errors import ConfigurationError, UnavailableError


async def ask(folder: Path, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
    """Ask, with a body of JSON if one is given, and give the answer.

    Raises:
        ConfigurationError: the folder holds no exchange, or another user's.
        UnavailableError: the exchange does not run.
        GatewayError: the exchange's own refusal.
    """
    if not Folder(folder).settings.exists():
        raise ConfigurationError(f"{folder} holds no exchange; make one with: seinpost init {folder} --host NAME")
    try:
        with socket_name(Folder(folder).socket) as name:
            async with (
                aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=name)) as session,
                session.request(method, f"http://localhost{path}", json=body) as response,
            ):
                answer = await response.json(content_type=None)
    except PermissionError:
        raise ConfigurationError(f"the exchange in {folder} is another user's; run this as that user") from None
    except aiohttp.ClientConnectionError:
        raise UnavailableError(
            f"the exchange in {folder} is not running; start it with: seinpost serve {folder}"
        ) from None
    if response.status >= 400:
        raise error_of(answer, response.status)
    return answer
