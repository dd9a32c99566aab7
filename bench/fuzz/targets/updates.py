"""Parser, guard, pycrdt and back: made-up and bent updates on texts of honest people."""

from __future__ import annotations

import random

from pycrdt import XmlFragment

from bench.fuzz.bend import bent
from bench.fuzz.grammar import Grammar
from bench.fuzz.histories import CLIENTS, history
from bench.fuzz.targets.mutations import damaged
from bench.fuzz.targets.order import reading, whole
from bench.fuzz.targets.target import Subject, Target, demand
from bench.fuzz.wire import draft_of
from bench.fuzz.writers import SCHEMA, SECTIONS
from collab.sync.document import Admission, Document
from collab.sync.refusals import FrameRefused
from collab.sync.text import render
from collab.sync.yjs.index import Index

ACTORS = ("mallory", *CLIENTS.values())
MALLORY = (666, 3_000_000_000)
"""Mallory's own client ids."""

OWNERS = {**CLIENTS, **dict.fromkeys(MALLORY, "mallory"), 1: None}
END_TURN = 0x80


def made_up(index: Index, actor: str, dice: random.Random) -> bytes:
    """An update from the grammar, in the name of ``actor``."""
    own = [client for client, owner in OWNERS.items() if owner == actor]
    foreign = [client for client in OWNERS if client not in own]
    roots = list(SCHEMA.rules.items())
    return Grammar(index, dice, roots=roots, own=own, foreign=foreign).draft().encode()


def shown(document: Document) -> tuple[object, list[str]]:
    """What a document reads, for people and to the letter."""
    roots = [document.doc.get(name, type=XmlFragment) for name in SCHEMA.roots]
    return render(document, SECTIONS), [str(root) for root in roots]


class Updates(Target):
    """``updates``: what one client can send, one update after the other."""

    name = "updates"
    inputs_per_case = 14

    def opening(self, dice: random.Random) -> bytes:
        return bytes([dice.randrange(256)])

    def open(self, opening: bytes) -> Subject:
        return Text(opening[0] if opening else 0)


class Text(Subject):
    """One document under attack; an input is an actor, and an update of his."""

    def __init__(self, number: int) -> None:
        self._history = history(number)
        self.document = Document.load(SCHEMA, self._history.log)
        self._index = self.document._guarded().index
        self._rows = list(self._history.log)
        self._turn: list[tuple[bytes, str]] = []
        self._owners: dict[int, str | None] = dict(OWNERS)
        self._next = 0
        self._sent: list[bytes] = []
        self.is_doubtful = False

    def make(self, dice: random.Random) -> bytes:
        who = dice.choice((0, 0, 0, 0, 1, 2, 3))
        chance = dice.random()
        if chance < 0.62:
            update = made_up(self._index, ACTORS[who], dice)
        elif chance < 0.72 and self._sent:
            update = dice.choice(self._sent)
            if dice.random() < 0.7:
                update = bent(draft_of(update), dice).encode()
        else:
            update, actor = self._history.next[self._next % len(self._history.next)]
            who = ACTORS.index(actor)
            self._next += 1
            if dice.random() < 0.6:
                update = bent(draft_of(update), dice).encode()
        if dice.random() < 0.06:
            update = damaged(update, dice)
        return bytes([who | END_TURN * (dice.random() < 0.4)]) + update

    def feed(self, data: bytes) -> str:
        head, update = (data[0] if data else 0), data[1:]
        actor = ACTORS[(head & 0x7F) % len(ACTORS)]
        before = self.document.state(), whole(self._index)
        ((_, verdict),) = self._judged([(update, actor)])
        if isinstance(verdict, FrameRefused) or not verdict.news:
            demand(
                (self.document.state(), whole(self._index)) == before,
                f"{verdict} has changed something",
            )
            return f"refused {verdict.reason}" if isinstance(verdict, FrameRefused) else "known"
        self._sent.append(update)
        self._owners.update(dict.fromkeys(verdict.new_clients, actor))
        self._turn.append((verdict.brought, actor))
        self.is_doubtful |= verdict.is_doubtful
        self._check_state()
        if head & END_TURN:
            self._check_log()
        return "doubtful" if self.is_doubtful else "accepted"

    def _judged(
        self, batch: list[tuple[bytes, str]]
    ) -> list[tuple[bytes, Admission | FrameRefused]]:
        verdicts = self.document.admit_and_apply(batch, self._owners)
        return [(update, verdict) for (update, _), verdict in zip(batch, verdicts, strict=True)]

    def _check_state(self) -> None:
        """The document loads from its own state, reads the same, and is indexed the same."""
        fresh = Document.load(SCHEMA, [self.document.state()])
        self._same(fresh, "the state")
        self.document.diff(b"\x00")
        fresh_index = fresh._guarded().index
        there, here = reading(fresh_index), reading(self._index)
        demand(there[0] == here[0], "the state has other clocks")
        # What lies in something deleted is deleted in the state, without anybody having said so.
        demand(all(fresh_index.deletes.covers(*each) for each in self._index.deletes), "undeleted")
        demand(self.is_doubtful or there[2] == here[2], "the state lies in another order")

    def _check_log(self) -> None:
        """The rows of the log, one per actor and turn, give the same text."""
        by_actor: dict[str, list[bytes]] = {}
        for update, actor in self._turn:
            by_actor.setdefault(actor, []).append(update)
        self._rows += [self.document.merge(updates) for updates in by_actor.values()]
        heard = self.document.merge([update for update, _ in self._turn])
        self._turn = []
        self._same(Document.load(SCHEMA, self._rows), "the log")
        demand(heard, "nothing to broadcast")

    def _same(self, other: Document, what: str) -> None:
        texts = shown(other), shown(self.document)
        demand(self.is_doubtful or texts[0] == texts[1], f"{what} reads differently")
