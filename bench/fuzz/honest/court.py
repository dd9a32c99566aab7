"""Takes honest updates into a document as the server does, and counts what becomes of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from bench.fuzz.writers import SCHEMA, SECTIONS
from collab.sync.document import Document
from collab.sync.refusals import FrameRefused
from collab.sync.text import DossierText, render

TURN_MAX = 6
"""Updates in one turn: what has come while the last one was stored."""

RELOADS = 0.01
"""How often the document is loaded again from its state, as after a restart."""

PARAGRAPHS = {"title": ["Titel"], "need": ["eins", "zwei"]}


def seed() -> bytes:
    """What every text begins with."""
    return Document.seeded(SCHEMA, PARAGRAPHS)[1]


@dataclass(slots=True)
class Tally:
    """What honest traffic has met; any refusal is a false one."""

    updates: int = 0
    texts: int = 0
    doubtful_texts: int = 0
    divided_texts: int = 0
    """Texts which the authors' own editors do not show alike; see ``Court.is_doubtful``."""
    refusals: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


class Court:
    """One text: honest updates go in, in turns."""

    def __init__(self, tally: Tally, dice: random.Random, what: str) -> None:
        self.tally = tally
        self.what = what
        self.document = Document.load(SCHEMA, [seed()])
        self.rows = [seed()]
        self.owners: dict[int, str] = {}
        self.is_doubtful = False
        self._dice = dice
        self._turn: list[tuple[bytes, str]] = []
        self._turn_size = 1
        tally.texts += 1

    def hear(self, update: bytes, actor: str) -> None:
        """Take an update; it is judged with others as a turn."""
        self.tally.updates += 1
        self._turn.append((update, actor))
        if len(self._turn) >= self._turn_size:
            self.judge()
            self._turn_size = self._dice.randint(1, TURN_MAX)

    def judge(self) -> None:
        """End the turn."""
        turn, self._turn = self._turn, []
        verdicts = self.document.admit_and_apply(turn, self.owners)
        by_actor: dict[str, list[bytes]] = {}
        for (update, actor), verdict in zip(turn, verdicts, strict=True):
            if isinstance(verdict, FrameRefused):
                self.tally.refusals.append(f"{self.what}: {verdict} {update.hex()}")
                continue
            self.owners.update(dict.fromkeys(verdict.new_clients, actor))
            self.is_doubtful |= verdict.is_doubtful
            if verdict.news:
                by_actor.setdefault(actor, []).append(verdict.brought)
        self.rows += [self.document.merge(updates) for updates in by_actor.values()]
        if self._dice.random() < RELOADS:
            self.document = Document.load(SCHEMA, [self.document.state()])

    def settle(self) -> DossierText:
        """Judge what is left, and compare the text with what the log and the state give."""
        self.judge()
        text = render(self.document, SECTIONS)
        self.tally.doubtful_texts += self.is_doubtful
        if not self.is_doubtful:
            for how, updates in {"log": self.rows, "state": [self.document.state()]}.items():
                if render(Document.load(SCHEMA, updates), SECTIONS) != text:
                    self.differ(f"the {how} reads differently")
        return text

    def differ(self, how: str) -> None:
        """Note that somebody reads something else."""
        self.tally.differences.append(f"{self.what}: {how}")
