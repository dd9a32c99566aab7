"""One guest who destroys: he deletes what his table has written, and scribbles over the board."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Final
from uuid import UUID

from pycrdt import XmlElement, XmlFragment, XmlText

from bench.evening.devices import BOARD
from bench.evening.hall import Hall, until_answered
from tests.harness.actor import Actor
from tests.harness.ideas import FREE_SECTION
from tests.harness.protocols import HocuspocusActor

NAME: Final = "Störer"
RAGES_S: Final = 2.0
RAGES: Final = 6
OUT_S: Final = 20.0


class Vandal:
    """What he does, and how long it took until he was out."""

    def __init__(self, hall: Hall, token: str, idea: str) -> None:
        self.out_after_s: float | None = None
        self.faults: list[str] = []
        self._hall = hall
        self._text = HocuspocusActor(hall.server.origin, idea, token)
        self._board = HocuspocusActor(hall.server.origin, hall.board, token)

    async def rage(self, rng: random.Random) -> None:
        """Delete pieces of the table's text, and put scrawl on the board."""
        await self._text.connect()
        await self._board.connect()
        for turn in range(RAGES):
            text = self._text.text.read(FREE_SECTION)
            cut = rng.randrange(max(1, len(text) // 2))
            piece = min(len(text) - cut, 40)
            if piece > 0:
                await self._text.splice(FREE_SECTION, [(cut, piece, "KRITZEL")])
            with self._board.text.own_edit():
                board = self._board.text.doc.get(BOARD, type=XmlFragment)
                note = board.children.append(XmlElement("note", {"id": f"scrawl-{turn}"}))
                note.children.append(XmlText("KRITZEL"))
            await self._board.flush()
            await asyncio.sleep(RAGES_S / RAGES)

    async def send_out(self, ref: str) -> None:
        """Let a facilitator send him out, and a moderator take back what he did to the text."""
        hall, leader = self._hall, self._hall.leaders["moderator-2"]
        path = f"/workshops/{hall.code}"
        there = (await until_answered(hall, leader, "GET", path, {})).json()
        person_id = next(each["id"] for each in there["people"] if each["name"] == NAME)
        began = time.perf_counter()
        await until_answered(hall, leader, "DELETE", f"{path}/people/{person_id}", {})
        for actor in (self._text, self._board):
            if not await _is_gone(actor):
                self.faults.append("the vandal was still there after he was sent out")
        self.out_after_s = time.perf_counter() - began
        undoing = {"handle": f"guest-{UUID(person_id).hex[:12]}", "reason": "Verwüstung des Textes"}
        answer = await until_answered(hall, leader, "POST", f"/ideas/{ref}/reverts", undoing)
        if answer.status_code != 204:
            self.faults.append(f"his traces were not taken back: {answer.text}")

    async def leave(self) -> None:
        for actor in (self._text, self._board):
            await actor.drop()


async def _is_gone(actor: Actor) -> bool:
    """Whether the server has closed the socket in time."""
    try:
        await actor.until_closed(timeout_s=OUT_S)
    except TimeoutError:
        return False
    return True
