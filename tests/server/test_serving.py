"""Listening: what is said when it is not possible, and what uvicorn is told."""

import socket
from collections.abc import Iterator

import pytest

from server.app import build_app
from server.serving import config_of, listening
from server.settings import Misconfigured, load_settings


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named_with_a_way_out(taken_port: int) -> None:
    with pytest.raises(Misconfigured, match=f"ARENA_PORT={taken_port + 1}"):
        listening(load_settings(port=taken_port))


def test_a_foreign_address_is_named() -> None:
    with pytest.raises(Misconfigured, match="ARENA_HOST"):
        listening(load_settings(host="192.0.2.1", port=0))


def test_a_name_is_resolved() -> None:
    with listening(load_settings(host="localhost", port=0)) as listener:
        assert listener.getsockname()[1]


def test_uvicorn_does_not_compress_keystrokes_nor_say_its_name() -> None:
    settings = load_settings()
    config = config_of(build_app(settings), settings)
    assert not config.ws_per_message_deflate
    assert config.ws_max_size == 1024 * 1024
    assert not config.server_header
    assert not config.access_log
    assert config.timeout_graceful_shutdown == 20


def test_only_named_proxies_are_believed() -> None:
    alone, behind = load_settings(), load_settings(proxies="10.0.0.2,10.1.0.0/16")
    assert not config_of(build_app(alone), alone).proxy_headers
    config = config_of(build_app(behind), behind)
    assert config.proxy_headers
    assert config.forwarded_allow_ips == "10.0.0.2,10.1.0.0/16"
