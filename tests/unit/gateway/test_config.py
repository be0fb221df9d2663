"""Names of local sockets: whatever the folder, the kernel takes them."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from gateway.config import socket_name


@pytest.mark.parametrize("depth", [1, 12])
def test_socket_in_a_deep_folder(tmp_path: Path, depth: int) -> None:
    """A socket is bound where it should be and reached there, also in a folder deeper than 107 bytes."""
    folder = tmp_path.joinpath(*["een-diepe-map"] * depth)
    folder.mkdir(parents=True)
    path = folder / "beheer.sock"
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        with socket_name(path) as name:
            assert len(os.fsencode(name)) <= 107
            server.bind(name)
        server.listen()
        assert path.is_socket()
        with socket_name(path) as name:
            client.connect(name)
