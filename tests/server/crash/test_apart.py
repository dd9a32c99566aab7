"""Functions that kill or hang their process, and one that does neither."""

import asyncio

import pytest

from server.realtime.crash.apart import AT_ONCE_MAX, Failed, apart
from tests.server.crash.killers import dying, greedy, hanging


async def test_s38_the_answer_of_another_process_comes_back() -> None:
    assert await apart(60, bytes.fromhex, "00ff") == b"\x00\xff"


async def test_s38_what_kills_its_process_is_an_error_here() -> None:
    with pytest.raises(Failed, match="-11"):
        await apart(60, dying)


async def test_s38_what_hangs_is_ended() -> None:
    with pytest.raises(Failed, match="within 1 s"):
        await apart(1, hanging)


async def test_s38_what_needs_too_much_memory_is_an_error_here() -> None:
    with pytest.raises(Failed, match=r"^MemoryError$"):
        await apart(60, greedy)


async def test_s38_what_raises_is_told_by_name() -> None:
    with pytest.raises(Failed, match=r"^ValueError$"):
        await apart(60, bytes.fromhex, "no number")


async def test_s38_only_so_many_are_under_way() -> None:
    calls = [apart(1, hanging) for _ in range(AT_ONCE_MAX + 1)]
    ends = [str(end) for end in await asyncio.gather(*calls, return_exceptions=True)]
    assert ends[:-1] == ["no answer within 1 s"] * AT_ONCE_MAX
    assert ends[-1] == f"{AT_ONCE_MAX} calls are under way"
    assert await apart(60, bytes.fromhex, "00") == b"\x00"
