"""Every test has a home of its own, sees only bundled data, and never reaches beyond this machine."""

import socket

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty home for the lab, and no local data folder."""
    monkeypatch.setenv("AECORE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AECORE_DATA", raising=False)
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Connections to other machines fail at once, as without a network."""
    connect = socket.socket.connect

    def only_here(self, address):
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(101, "Network is unreachable")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)
