"""What tests of the board share: people at it, and how it reads."""

from __future__ import annotations

from typing import Any

from collab.process.actors import Actor
from collab.sync.boards.board import Board
from server.actions.workshop.board.reading import Shown, board_of
from server.actions.workshop.board.silent import add_note
from storage.workshop import workshops
from tests.server.workshop.evening import Evening


async def shown(kiez: Evening) -> Shown:
    """The board with whose each client id is."""
    return await board_of(kiez.everyone.arena.services, await kiez.document("board"))


async def board(kiez: Evening) -> Board:
    return (await shown(kiez)).board


async def texts(kiez: Evening) -> list[str]:
    """The words of all notes in reading order."""
    return [note.text for note in (await board(kiez)).notes]


async def write(kiez: Evening, actor: Actor, note_id: str, text: str = "Zettel") -> bool:
    """Write a note; whether it is hidden."""
    services = kiez.everyone.arena.services
    return await add_note(services, actor, kiez.code, note_id, text=text, colour="yellow")


async def lead(kiez: Evening, **values: Any) -> None:
    """Change the workshop as if somebody who leads had done it."""
    async with kiez.everyone.arena.services.database.write() as tx:
        await workshops.change(tx, kiez.workshop.id, values)
