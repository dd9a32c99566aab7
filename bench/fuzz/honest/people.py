"""Writers on yrs: several in one text, each online, away for long, or back with what he has."""

from __future__ import annotations

import random

from pycrdt import merge_updates

from bench.fuzz.honest.court import Court, Tally, seed
from bench.fuzz.writers import SCHEMA, SECTIONS, Writer
from collab.sync.document import Document
from collab.sync.text import render

STEPS_PER_TEXT = 300
STEPS_AWAY_MAX = 40
MERGED_MAX = 200
CLIENT_IDS = (2, (1 << 32) - 1, (1 << 53) - 1)
"""Small ones as of old clients, 32 bits as of yjs, 53 as of yrs."""


class Person:
    """Somebody with a name, who opens the text again now and then under a new client id."""

    def __init__(self, name: str, dice: random.Random, used: set[int]) -> None:
        self.name = name
        self.is_away = False
        self.seen = 0
        self._dice = dice
        self._used = used
        self.writer = self.opened(seed())

    def opened(self, state: bytes) -> Writer:
        """A page load: the text as it is, under a client id that nobody has used."""
        while (client := self._dice.randrange(2, self._dice.choice(CLIENT_IDS) + 1)) in self._used:
            continue
        self._used.add(client)
        return Writer(client, self._dice, state)


class Town:
    """Some people, and the server that takes what they send in its order."""

    def __init__(self, tally: Tally, dice: random.Random, what: str) -> None:
        self.court = Court(tally, dice, what)
        self.sent: list[bytes] = []
        self._dice = dice
        used: set[int] = set()
        self.people = [Person(name, dice, used) for name in ("ada", "ben", "cleo")]

    def live(self, updates_max: int) -> None:
        """Write one text together, and compare what all have in the end."""
        start = self.court.tally.updates
        for _ in range(STEPS_PER_TEXT):
            if self.court.tally.updates - start >= updates_max:
                break
            self.step(self._dice.choice(self.people))
        for person in self.people:
            self.come_back(person, "step2")
        text = self.court.settle()
        if self.court.is_doubtful:
            return
        for person in self.people:
            self.read(person, len(self.sent))
            copy = Document.load(SCHEMA, [person.writer.doc.get_update()])
            if render(copy, SECTIONS) != text:
                self.court.differ(f"{person.name} reads something else")

    def step(self, person: Person) -> None:
        """Somebody writes, reads, goes away or comes back."""
        dice = self._dice
        for _ in range(dice.randint(1, STEPS_AWAY_MAX) if person.is_away else dice.randint(1, 4)):
            person.writer.write()
        if not person.is_away:
            self.send(person, "each")
            self.read(person, dice.randint(0, 30))
        if dice.random() < 0.06:
            if person.is_away:
                self.come_back(person, dice.choice(("each", "merged", "step2", "whole")))
            person.is_away = not person.is_away
        elif not person.is_away and dice.random() < 0.02:
            self.read(person, len(self.sent))
            person.writer = person.opened(person.writer.doc.get_update())

    def send(self, person: Person, how: str) -> None:
        """Send what was written since; ``whole`` and ``step2`` hold what is known too."""
        unsent = person.writer.take_unsent()
        if how == "merged" and unsent:
            unsent = [
                merge_updates(*unsent[at : at + MERGED_MAX])
                for at in range(0, len(unsent), MERGED_MAX)
            ]
        elif how in {"step2", "whole"}:
            known = self.court.document.state_vector() if how == "step2" else b"\x00"
            unsent = [person.writer.doc.get_update(known)]
        for update in unsent:
            self.court.hear(update, person.name)
            self.sent.append(update)

    def come_back(self, person: Person, how: str) -> None:
        """Be online again: send, then read everything, perhaps in a new page."""
        self.send(person, how)
        self.read(person, len(self.sent))
        if self._dice.random() < 0.3:
            person.writer = person.opened(person.writer.doc.get_update())

    def read(self, person: Person, count: int) -> None:
        """Take in the next of what the others have sent."""
        until = min(len(self.sent), person.seen + count)
        person.writer.read(*self.sent[person.seen : until])
        person.seen = until


def write(tally: Tally, *, updates: int, chance: int) -> None:
    """Let people write until they have sent so many updates, and judge each."""
    start = tally.updates
    text = 0
    while (left := updates - (tally.updates - start)) > 0:
        text += 1
        town = Town(tally, random.Random(f"{chance}/{text}"), f"yrs {chance}, text {text}")
        town.live(left)
