"""Proofs read with other tools than the product's: signatures by joserfc, trees by the definition in RFC 6962.

Only notes of checkpoints are opened with the product's own code.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey


class ProofError(Exception):
    """Something that should prove a fact does not."""


class Keys:
    """Every signing key in a register log, by thumbprint: whose it is."""

    def __init__(self, register: Iterable[bytes]) -> None:
        self._keys: dict[str, tuple[str, ECKey]] = {}
        for body in register:
            entry = json.loads(body)
            if entry["soort"] == "sleutel" and entry["gebruik"] != "verzegelen":
                owner = entry.get("postvak") or entry["beurs"]
                self._keys[entry["kid"]] = (owner, ECKey.import_key(entry["jwk"]))

    def verify(self, token: str, kind: str, owner: str) -> dict[str, Any]:
        """Give what ``owner`` signed as a receipt of that kind.

        Raises:
            ProofError: it did not.
        """
        try:
            header = json.loads(_decode(token.split(".", maxsplit=1)[0]))
            found, key = self._keys[header["kid"]]
            payload = jws.deserialize_compact(token.encode(), key, algorithms=["ES256"]).payload
        except (JoseError, KeyError, ValueError) as error:
            raise ProofError(f"a receipt {kind} that does not verify ({type(error).__name__})") from error
        if found != owner or header["typ"] != f"{kind}+jws":
            raise ProofError(f"a receipt {kind} signed by another party, or for another use")
        claims: dict[str, Any] = json.loads(payload)
        return claims


def signing_digest(token: str) -> str:
    """Give the SHA-256 of a JWS' signing input, in base64url."""
    return encode(hashlib.sha256(token.rsplit(".", 1)[0].encode()).digest())


def roots(leaves: Sequence[bytes], sizes: Iterable[int]) -> Mapping[int, bytes]:
    """Give the root of the tree over the first so many leaf hashes, for each of the sizes (RFC 6962 section 2.1)."""
    wanted, found, stack = set(sizes), dict[int, bytes](), list[tuple[int, bytes]]()
    for size in range(len(leaves) + 1):
        if size in wanted:
            found[size] = _fold(stack)
        if size < len(leaves):
            node = (1, leaves[size])
            while stack and stack[-1][0] == node[0]:
                node = (node[0] * 2, _pair(stack.pop()[1], node[1]))
            stack.append(node)
    return found


def leaf_of(body: bytes) -> bytes:
    """Hash an entry."""
    return hashlib.sha256(b"\0" + body).digest()


def encode(raw: bytes) -> str:
    """Spell in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _fold(stack: Sequence[tuple[int, bytes]]) -> bytes:
    if not stack:
        return hashlib.sha256(b"").digest()
    root = stack[-1][1]
    for _, left in reversed(stack[:-1]):
        root = _pair(left, root)
    return root


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
