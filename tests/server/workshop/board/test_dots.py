"""Dots: a budget per person, secret until shown, and a mood, no decision."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.sync.boards.board import Board, read_board
from server.actions.workshop.board import reading
from server.actions.workshop.board.dots import give_dots, purse_of, read_results, show_dots
from server.actions.workshop.board.writing import remove_note
from storage.workshop import dots
from tests.server.workshop.board.table import board, lead, write
from tests.server.workshop.evening import Evening


async def laid(kiez: Evening) -> None:
    """Four notes on the board."""
    await lead(kiez, is_silent=False)
    _, actor = await kiez.guest("Schreiber")
    for number in range(4):
        await write(kiez, actor, f"note-{number}", str(number))


async def test_bd11_nobody_gives_more_dots_than_he_has_from_any_device(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    await laid(kiez)
    joined, ana = await kiez.guest("Ana")
    answers = await asyncio.gather(
        *(give_dots(services, ana, kiez.code, f"note-{n}", 2) for n in range(4)),
        return_exceptions=True,
    )
    refused = [each for each in answers if isinstance(each, Conflict)]
    assert len(refused) == 2, answers
    assert {each.code for each in refused} == {"dots-spent"}
    async with services.database.read() as tx:
        given = await dots.of_person(tx, kiez.workshop.id, joined.person_id)
    assert sum(given.values()) == 4
    purse = await give_dots(services, ana, kiez.code, min(given), 3)
    assert (purse.left, sum(purse.given.values())) == (0, 5)
    purse = await give_dots(services, ana, kiez.code, min(given), 0)
    assert (purse.left, len(purse.given)) == (3, 1)
    for count in (-1, 51):
        with pytest.raises(Invalid):
            await give_dots(services, ana, kiez.code, "note-1", count)
    with pytest.raises(NotFound):
        await give_dots(services, ana, kiez.code, "note-9", 1)


async def test_bd12_dots_are_secret_until_shown_and_fixed_then(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    await laid(kiez)
    (_, ana), (_, bo) = await kiez.guest("Ana"), await kiez.guest("Bo")
    boss = await kiez.everyone.actor("moderator")
    await give_dots(services, ana, kiez.code, "note-0", 2)
    await give_dots(services, bo, kiez.code, "note-0", 1)
    await give_dots(services, bo, kiez.code, "note-1", 1)
    for actor in (ana, boss):
        assert await read_results(services, actor, kiez.code) is None
    with pytest.raises(NotAllowed):
        await show_dots(services, ana, kiez.code, shown=True)
    await show_dots(services, boss, kiez.code, shown=True)
    await show_dots(services, boss, kiez.code, shown=True)
    results = await read_results(services, ana, kiez.code)
    assert results is not None
    found = {note: (each.dots, each.people) for note, each in results.by_note.items()}
    assert (found, results.people) == ({"note-0": (3, 2), "note-1": (1, 1)}, 2)
    with pytest.raises(Conflict, match="dots-shown"):
        await give_dots(services, ana, kiez.code, "note-1", 1)
    await show_dots(services, boss, kiez.code, shown=False)
    assert await read_results(services, boss, kiez.code) is None
    await give_dots(services, ana, kiez.code, "note-1", 1)


async def test_bd13_dots_on_a_note_that_is_gone_can_be_given_anew(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    await laid(kiez)
    joined, ana = await kiez.guest("Ana")
    await give_dots(services, ana, kiez.code, "note-0", 3)
    await give_dots(services, ana, kiez.code, "note-1", 1)
    await remove_note(services, ana, kiez.code, "note-0")
    async with services.database.read() as tx:
        purse = await purse_of(tx, await kiez.now(), joined.person_id, await board(kiez))
    assert (purse.left, purse.lost, purse.given) == (4, 3, {"note-1": 1})
    purse = await give_dots(services, ana, kiez.code, "note-2", 4)
    assert (purse.left, purse.lost) == (0, 0)
    async with services.database.read() as tx:
        rows = await dots.of_person(tx, kiez.workshop.id, joined.person_id)
    assert rows == {"note-1": 1, "note-2": 4}


async def test_bd10_no_dots_while_hands_are_down_or_after_the_evening(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    await laid(kiez)
    _, ana = await kiez.guest("Ana")
    await lead(kiez, is_frozen=True)
    with pytest.raises(Conflict, match="hands-down"):
        await give_dots(services, ana, kiez.code, "note-0", 1)
    await lead(kiez, is_frozen=False, ended_at=services.clock())
    with pytest.raises(Conflict, match="workshop-over"):
        await give_dots(services, ana, kiez.code, "note-0", 1)


async def test_bd17_forty_who_ask_at_once_read_the_board_once(
    kiez: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = kiez.everyone.arena.services
    await laid(kiez)
    document_id = await kiez.document("board")
    times = 0

    def counted(*arguments: Any, **named: Any) -> Board:
        nonlocal times
        times += 1
        return read_board(*arguments, **named)

    monkeypatch.setattr(reading, "read_board", counted)
    found = await asyncio.gather(
        *(reading.board_of(services, document_id, is_exact=False) for _ in range(40))
    )
    assert times <= 1
    assert len({id(each) for each in found}) == 1
    _, actor = await kiez.guest("Spät")
    await write(kiez, actor, "note-9", "neu")
    exact = await reading.board_of(services, document_id)
    assert exact.board.note("note-9") is not None
