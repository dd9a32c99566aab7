"""One socket: what a peer says arrives whole and in order, and what he may cost is bounded."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

import pytest
from websockets.frames import Frame, Opcode

from server.network import wire as under_test
from server.network.holds import BUSY, PACE, QUESTION, ROOM
from server.network.uncommon import Uncommon
from server.network.wire import (
    BEATS_MAX,
    IDLE_FRAMES_BURST,
    MESSAGE_BYTES_MAX,
    OUTBOX_BYTES_MAX,
)
from tests.harness.transport import Closed, Peer


@dataclass
class Listener:
    """Notes what the wire tells."""

    told: list[bytes | str] = field(default_factory=list)
    drains: int = 0
    is_lost: asyncio.Event = field(default_factory=asyncio.Event)

    def receive(self, message: bytes | str) -> None:
        self.told.append(message)

    def drained(self) -> None:
        self.drains += 1

    def lost(self) -> None:
        self.is_lost.set()


def frame(opcode: Opcode, payload: bytes = b"", *, is_last: bool = True) -> bytes:
    return Frame(opcode, payload, is_last).serialize(mask=True)


async def opened() -> tuple[Peer, Listener]:
    peer, listener = Peer(), Listener()
    peer.wire.begin(listener)
    return peer, listener


async def settled() -> None:
    """Let everything run that was asked to run soon."""
    for _ in range(3):
        done = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(done.set_result, None)
        await done


async def test_messages_arrive_whole_and_in_order_however_they_are_cut() -> None:
    for seed in range(200):
        dice = random.Random(seed)
        said: list[bytes | str] = [
            dice.randbytes(dice.choice([0, 1, 40, 126, 5_000]))
            if dice.random() < 0.7
            else "grün 🌳"
            for _ in range(dice.randint(1, 8))
        ]
        data = b"".join(
            frame(Opcode.TEXT, each.encode()) if isinstance(each, str) else fragmented(dice, each)
            for each in said
        )
        peer, listener = await opened()
        while data:
            cut = dice.randint(1, max(1, len(data) // 2))
            peer.say_raw(data[:cut])
            data = data[cut:]
        assert listener.told == said, f"seed {seed}"
        peer.hang_up()


def fragmented(dice: random.Random, message: bytes) -> bytes:
    """The message as one frame, or in fragments with a ping between them."""
    if dice.random() < 0.6:
        return frame(Opcode.BINARY, message)
    cut = dice.randint(0, len(message))
    return (
        frame(Opcode.BINARY, message[:cut], is_last=False)
        + frame(Opcode.PING, b"there?")
        + frame(Opcode.CONT, message[cut:])
    )


async def test_a_held_wire_delivers_nothing_and_goes_on_where_it_stopped() -> None:
    peer, listener = await opened()
    peer.wire.hold(ROOM)
    peer.wire.hold(PACE)
    peer.say(b"one")
    peer.say(b"two")
    peer.wire.release(ROOM)
    await settled()
    assert listener.told == []
    assert not peer.transport.reads
    peer.wire.release(PACE)
    await settled()
    assert listener.told == [b"one", b"two"]
    assert peer.transport.reads


async def test_who_holds_the_wire_while_he_is_told_is_told_no_more() -> None:
    peer, listener = await opened()
    tell = listener.receive

    def hold_after(message: bytes | str) -> None:
        tell(message)
        peer.wire.hold(BUSY)

    listener.receive = hold_after  # type: ignore[method-assign]
    peer.say_raw(frame(Opcode.BINARY, b"one") + frame(Opcode.BINARY, b"two"))
    assert listener.told == [b"one"]
    peer.wire.release(BUSY)
    await settled()
    assert listener.told == [b"one", b"two"]


async def test_what_came_before_the_socket_was_let_in_is_heard_then() -> None:
    peer, listener = Peer(), Listener()
    peer.say(b"early")
    peer.wire.begin(listener)
    await settled()
    assert listener.told == [b"early"]


async def test_who_begins_too_late_learns_that_the_peer_has_gone() -> None:
    peer, listener = Peer(), Listener()
    peer.hang_up()
    peer.wire.begin(listener)
    async with asyncio.timeout(1):
        await listener.is_lost.wait()


async def test_the_close_comes_after_what_was_sent_and_nothing_after_it() -> None:
    peer, listener = await opened()
    peer.wire.send(b"\x82\x03one")
    peer.wire.close(4403, "forbidden")
    peer.wire.send(b"\x82\x04late")
    assert peer.heard() == [b"one", Closed(4403, "forbidden")]
    peer.say(b"meanwhile")
    assert listener.told == []
    peer.say_raw(frame(Opcode.CLOSE, (4403).to_bytes(2)))
    assert peer.transport.is_ended
    assert not peer.transport.is_aborted


async def test_a_peer_who_does_not_answer_the_close_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(under_test, "CLOSING_S_MAX", 0.0)
    peer, listener = await opened()
    peer.wire.close(1012, "restarting")
    async with asyncio.timeout(1):
        await listener.is_lost.wait()
    assert peer.transport.is_aborted


async def test_a_peers_close_is_answered() -> None:
    peer, listener = await opened()
    peer.say_raw(frame(Opcode.CLOSE, (1000).to_bytes(2)))
    assert peer.heard() == [Closed(1000, "")]
    async with asyncio.timeout(1):
        await listener.is_lost.wait()


async def test_s8_a_peer_who_does_not_read_is_behind_and_told_of_when_he_reads_again() -> None:
    peer, listener = await opened()
    peer.transport.is_stuck = True
    peer.wire.send(b"\x00" * (OUTBOX_BYTES_MAX + 1))
    assert peer.wire.is_behind
    assert not peer.transport.reads, "who takes nothing may ask for nothing"
    peer.transport.unstick()
    assert [peer.wire.is_behind, peer.transport.reads] == [False, True]
    assert listener.drains == 1


async def test_s8_a_peer_who_stays_behind_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "BEHIND_S_MAX", 0.0)
    peer, listener = await opened()
    peer.transport.is_stuck = True
    peer.wire.send(b"\x00" * (OUTBOX_BYTES_MAX + 1))
    async with asyncio.timeout(1):
        await listener.is_lost.wait()
    assert peer.transport.is_aborted


@pytest.mark.parametrize(
    ("nonsense", "code"),
    [
        (b"\x82\x01x", 1002),  # not masked
        (b"\xc2\x80\0\0\0\0", 1002),  # a reserved bit
        (b"\x83\x80\0\0\0\0", 1002),  # an unknown opcode
        (frame(Opcode.CONT, b"of nothing"), 1002),
        (frame(Opcode.TEXT, b"\xff"), 1007),
        (b"\x82\xff" + (MESSAGE_BYTES_MAX + 1).to_bytes(8) + b"\0\0\0\0", 1009),
        (b"\x82\xff" + (2**63).to_bytes(8) + b"\0\0\0\0", 1009),
    ],
    ids=["unmasked", "reserved", "unknown", "continuation", "no-text", "too-big", "far-too-big"],
)
async def test_nonsense_ends_the_socket_with_its_code(nonsense: bytes, code: int) -> None:
    peer, listener = await opened()
    peer.say_raw(nonsense)
    (closed,) = peer.heard()
    assert isinstance(closed, Closed)
    assert closed.code == code
    assert listener.told == []


async def test_a_message_of_the_greatest_size_passes_in_one_piece_and_in_many() -> None:
    peer, listener = await opened()
    message = b"x" * MESSAGE_BYTES_MAX
    peer.say(message)
    half = MESSAGE_BYTES_MAX // 2
    peer.say_raw(
        frame(Opcode.BINARY, message[:half], is_last=False) + frame(Opcode.CONT, message[half:])
    )
    assert listener.told == [message, message]
    peer.say_raw(frame(Opcode.BINARY, message, is_last=False) + frame(Opcode.CONT, b"y"))
    assert [c.code for c in peer.heard() if isinstance(c, Closed)] == [1009]


@pytest.mark.parametrize("opcode", [Opcode.PING, Opcode.PONG, Opcode.CONT])
async def test_s36_a_flood_of_frames_that_carry_nothing_ends_its_socket(opcode: Opcode) -> None:
    peer, listener = await opened()
    if opcode is Opcode.CONT:
        peer.say_raw(frame(Opcode.BINARY, b"x", is_last=False))
    peer.say_raw(frame(opcode, is_last=opcode is not Opcode.CONT) * (int(IDLE_FRAMES_BURST) + 500))
    async with asyncio.timeout(1):
        await listener.is_lost.wait()
    assert peer.transport.is_aborted


async def test_who_is_sent_away_cannot_go_on_flooding() -> None:
    peer, listener = await opened()
    peer.wire.close(4401, "away")
    peer.say_raw(frame(Opcode.BINARY, b"x") * (int(IDLE_FRAMES_BURST) + 500))
    assert peer.transport.is_aborted
    assert listener.told == []


async def test_a_peer_who_was_not_heard_of_since_the_last_ping_is_gone() -> None:
    peer, _ = await opened()
    peer.wire.beat()
    peer.say_raw(frame(Opcode.PONG))
    peer.wire.beat()
    assert not peer.transport.is_ended
    peer.wire.beat()
    assert peer.transport.is_aborted


@pytest.mark.parametrize(
    "end",
    [frame(Opcode.CLOSE, (1000).to_bytes(2)), b"\x82\x01x"],
    ids=["close", "unmasked"],
)
async def test_s36_who_closes_and_does_not_read_is_cut_off(
    end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "CLOSING_S_MAX", 0.0)
    peer, _ = await opened()
    ended: list[str] = []
    monkeypatch.setattr(peer.transport, "close", lambda: ended.append("close"))
    monkeypatch.setattr(peer.transport, "abort", lambda: ended.append("abort"))
    peer.say_raw(end)
    await settled()
    assert ended == ["close", "abort"], "an orderly end waits for him, so it has a deadline"


@pytest.mark.parametrize("why", [QUESTION, ROOM, BUSY])
async def test_s36_a_wire_that_is_held_by_mistake_is_not_held_for_ever(why: int) -> None:
    peer, _ = await opened()
    peer.wire.hold(why)
    for _ in range(BEATS_MAX - 1):
        peer.wire.beat()
    assert not peer.transport.is_ended
    peer.wire.beat()
    assert peer.transport.is_aborted


async def test_s36_a_frame_that_never_ends_is_not_waited_for_for_ever() -> None:
    peer, _ = await opened()
    whole = frame(Opcode.BINARY, b"x" * 1_000)
    for at in range(BEATS_MAX):
        peer.say_raw(whole[at : at + 1])
        peer.wire.beat()
    assert peer.transport.is_aborted


async def test_a_slow_but_honest_frame_is_waited_for() -> None:
    peer, listener = await opened()
    whole = frame(Opcode.BINARY, b"x" * 1_000)
    for at in range(BEATS_MAX - 1):
        peer.say_raw(whole[at : at + 1])
        peer.wire.beat()
    peer.say_raw(whole[BEATS_MAX - 1 :])
    peer.wire.beat()
    assert listener.told == [b"x" * 1_000]
    assert not peer.transport.is_ended


def test_s36_fragments_without_anything_in_them_are_not_kept() -> None:
    uncommon = Uncommon(MESSAGE_BYTES_MAX)
    uncommon.take(frame(Opcode.BINARY, b"a", is_last=False))
    for _ in range(1_000):
        uncommon.take(frame(Opcode.CONT, is_last=False))
    assert len(uncommon._parts) == 1
    assert uncommon.take(frame(Opcode.CONT, b"b")).message == b"ab"


async def test_a_wire_that_closes_is_held_by_nobody() -> None:
    peer, _ = await opened()
    peer.wire.close(1012, "restarting")
    peer.wire.hold(BUSY)
    peer.say_raw(frame(Opcode.CLOSE, (1012).to_bytes(2)))
    assert peer.transport.is_ended
    assert not peer.transport.is_aborted
