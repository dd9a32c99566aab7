"""The bus over a real Valkey: it comes back by itself, whatever happens to the server."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from storage.relay import bus
from storage.relay.bus import RedisBus
from storage.relay.client import probe
from storage.relay.unavailable import RelayRefused, RelayUnavailable, without_password
from tests.harness.waiting import until_true
from tests.servers import valkey as valkeys
from tests.servers.process import free_port
from tests.servers.valkey import Valkey


class Ear:
    """Notes what the bus brings."""

    def __init__(self) -> None:
        self.packets: list[tuple[str, bytes]] = []
        self.channels: list[str] = []
        self.losses: list[RelayUnavailable] = []

    def heard(self, channel: str, packet: bytes) -> None:
        self.packets.append((channel, packet))

    def listening(self, channel: str) -> None:
        self.channels.append(channel)

    def lost(self, why: RelayUnavailable) -> None:
        self.losses.append(why)

    async def until_hears(self, packet: bytes) -> None:
        await until_true(lambda: packet in [each for _, each in self.packets], f"heard {packet!r}")


@asynccontextmanager
async def running_bus(url: str, *channels: str) -> AsyncIterator[tuple[RedisBus, Ear]]:
    """A bus that listens."""
    ear = Ear()
    one = RedisBus(url, ear, lambda: 0.0)
    for channel in channels:
        await one.listen(channel)
    task = asyncio.create_task(one.run())
    try:
        await until_true(lambda: set(channels) <= set(ear.channels), "listening")
        yield one, ear
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await one.close()


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A server of the test's own, to be treated badly."""
    server = valkeys.valkey()
    server.start()
    yield server
    server.stop()


async def test_t1_a_packet_reaches_everybody_who_listens_and_nobody_else(redis_url: str) -> None:
    async with (
        running_bus(redis_url, "a", "b") as (one, _),
        running_bus(redis_url, "a") as (_, ear),
    ):
        await one.publish([("b", b"not for him"), ("a", b"for him")])
        await ear.until_hears(b"for him")
        assert ear.packets == [("a", b"for him")]


async def test_t1_channels_come_and_go_while_it_listens(redis_url: str) -> None:
    async with running_bus(redis_url, "a") as (one, ear):
        await one.listen("b")
        await until_true(lambda: "b" in ear.channels, "listening to b")
        await one.publish([("b", b"1")])
        await ear.until_hears(b"1")
        await one.ignore("b")
        await one.publish([("a", b"2")])
        await ear.until_hears(b"2")
        for number in range(50):  # until the server has taken it in
            await one.publish([("b", b"x%d" % number), ("a", b"y%d" % number)])
            await ear.until_hears(b"y%d" % number)
            if ("b", b"x%d" % number) not in ear.packets:
                return
        raise AssertionError("still listening to b")


async def test_t2_it_listens_again_when_the_server_was_killed_and_is_back(valkey: Valkey) -> None:
    async with running_bus(valkey.url, "a", "b") as (one, ear):
        valkey.kill()
        await until_true(lambda: ear.losses, "noticed")
        assert not one.is_connected
        with pytest.raises(RelayUnavailable, match="No Redis or Valkey answers"):
            await one.publish([("a", b"lost")])
        ear.channels.clear()
        valkey.restart()
        await until_true(lambda: set(ear.channels) >= {"a", "b"}, "listening again")
        await one.publish([("b", b"back")])
        await ear.until_hears(b"back")


async def test_t2_a_server_that_hangs_is_noticed(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "SILENCE_S", 0.3)
    async with running_bus(valkey.url, "a") as (one, ear):
        os.kill(valkey.pid, signal.SIGSTOP)
        try:
            await until_true(lambda: ear.losses, "noticed")
            assert not one.is_connected
        finally:
            os.kill(valkey.pid, signal.SIGCONT)
        await until_true(lambda: one.is_connected, "connected again")


async def test_t12_a_claim_is_the_first_ones_until_it_ends(redis_url: str) -> None:
    async with running_bus(redis_url, "a") as (one, _):
        assert await one.claim("arena:test", "mine", 15) == "mine"
        assert await one.claim("arena:test", "other", 15) == "mine"
        assert await one.claim("arena:test", "mine", 15) == "mine"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("localhost:6379", "must look like redis://host:6379/0"),
        ("http://localhost:6379", "must look like redis://host:6379/0"),
        ("redis://localhost:notaport", "cannot be read"),
    ],
)
def test_t12_a_wrong_url_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(RelayRefused, match=sentence):
        RedisBus(url, Ear(), lambda: 0.0)


async def test_t12_the_server_is_asked_who_it_is(redis_url: str) -> None:
    assert (await probe(redis_url)).split()[0] in {"redis", "valkey"}


async def test_t12_a_server_that_is_too_old_is_refused(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.relay.client.VERSION_MIN", (99, 0))
    with pytest.raises(RelayRefused, match=r"needs 99\.0 or newer"):
        await probe(redis_url)


async def test_t12_a_password_nobody_gave_is_asked_for_by_name(valkey: Valkey) -> None:
    wrong = valkey.url.replace("redis://", "redis://somebody:secret@")
    with pytest.raises(RelayRefused, match="user or the password") as refusal:
        await probe(wrong)
    assert "secret" not in str(refusal.value)
    assert "secret" not in without_password(wrong)


async def test_t12_nobody_there_is_said_and_is_no_reason_to_refuse() -> None:
    with pytest.raises(RelayUnavailable, match="No Redis or Valkey answers") as away:
        await probe(f"redis://127.0.0.1:{free_port()}/0")
    assert not isinstance(away.value, RelayRefused)
