"""The inbox: emptied as a whole, bounded for those who fill it from outside."""

import asyncio

from server.realtime.rooms.inbox import Inbox


async def test_items_are_taken_together_in_their_order() -> None:
    inbox: Inbox[int] = Inbox(10)
    for item in (1, 2, 3):
        await inbox.put(item)
    assert inbox.take() == [1, 2, 3]
    assert inbox.take() == []


async def test_a_full_inbox_holds_the_sender_back_until_it_is_emptied() -> None:
    inbox: Inbox[int] = Inbox(2)
    await inbox.put(1)
    await inbox.put(2)
    third = asyncio.create_task(inbox.put(3))
    await asyncio.wait({third}, timeout=0)
    assert not third.done()
    assert inbox.take() == [1, 2]
    await third
    assert inbox.take() == [3]


async def test_the_hub_itself_is_never_held_back() -> None:
    inbox: Inbox[int] = Inbox(1)
    await inbox.put(1)
    inbox.signal(2)
    assert inbox.take() == [1, 2]


async def test_waiting_ends_with_the_first_item() -> None:
    inbox: Inbox[int] = Inbox(1)
    waiting = asyncio.create_task(inbox.wait(60))
    await asyncio.wait({waiting}, timeout=0)
    inbox.signal(1)
    assert await waiting is True


async def test_waiting_ends_in_time_when_nothing_comes() -> None:
    assert await Inbox[int](1).wait(0) is False
