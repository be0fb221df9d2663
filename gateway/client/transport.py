"""The way to one exchange: bounded, impatient, over mutual TLS with one trust anchor, and to nobody else."""

from __future__ import annotations

import json
import ssl
from types import TracebackType
from typing import Any, Protocol, Self

import aiohttp

from gateway.client.problems import error_of
from gateway.errors import ConfigurationError, UnavailableError
from schemas.strict import NotStrictJsonError, parse_json

MAX_ANSWER = 4 * 1024 * 1024
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0


class Transport(Protocol):
    """How a party speaks to its exchange; tests put an exchange of their own behind it."""

    async def get(self, path: str, limit: int = MAX_ANSWER) -> bytes:
        """Fetch at most ``limit`` bytes.

        Raises:
            UnavailableError: no answer, or one that says so; ask again later.
            RejectedError: the exchange refuses, with its code.
        """
        ...

    async def post(self, path: str, body: object, limit: int = MAX_ANSWER, wait_seconds: float = 0.0) -> Any:  # noqa: ANN401
        """Send JSON and give the JSON answer; ``wait_seconds`` is time that the exchange may take on purpose.

        Raises:
            UnavailableError: the outcome is unknown; send the same bytes again.
            RejectedError: the exchange refuses, with its code.
        """
        ...


class HttpTransport:
    """One kept-alive session. No proxy from the environment, no redirects, no cookies, no decompression."""

    def __init__(self, url: str, context: ssl.SSLContext) -> None:
        if not url.startswith("https://"):
            raise ConfigurationError("the exchange's address must begin with https://")
        self._url = url.rstrip("/")
        self._context = context
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session; the first call makes the connection."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._context, limit=8, keepalive_timeout=60),
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity", "Accept": "application/json"},
            trust_env=False,
            auto_decompress=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, limit: int = MAX_ANSWER) -> bytes:
        """Fetch bytes; see ``Transport``."""
        return await self._call("GET", path, None, limit, ANSWER_SECONDS)

    async def post(self, path: str, body: object, limit: int = MAX_ANSWER, wait_seconds: float = 0.0) -> Any:  # noqa: ANN401
        """Send JSON; see ``Transport``."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        answer = await self._call("POST", path, data, limit, ANSWER_SECONDS + wait_seconds)
        return read_json(answer)

    async def _call(self, method: str, path: str, data: bytes | None, limit: int, seconds: float) -> bytes:
        if self._session is None:
            raise UnavailableError("the session is not open")
        headers = {} if data is None else {"Content-Type": "application/json"}
        timeout = aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS)
        try:
            async with self._session.request(
                method, self._url + path, data=data, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                body = await _read(response, limit)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnavailableError(f"no answer from the exchange ({type(error).__name__})") from error
        if response.status // 100 != 2:
            raise error_of(_document(body), response.status)
        return body


def read_json(data: bytes) -> Any:  # noqa: ANN401
    """Read an answer strictly; one that is no JSON is no answer."""
    try:
        return parse_json(data)
    except NotStrictJsonError as error:
        raise UnavailableError("the exchange's answer is not JSON") from error


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    parts, length = [], 0
    async for part in response.content.iter_any():
        length += len(part)
        if length > limit:
            response.close()
            raise UnavailableError(f"the exchange's answer is longer than {limit} bytes")
        parts.append(part)
    return b"".join(parts)


def _document(body: bytes) -> object:
    try:
        return parse_json(body)
    except NotStrictJsonError:
        return None
