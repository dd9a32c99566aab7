"""Makes up updates that fit a document almost: each number and reference may be a lie.

Most structs are placed where something of their kind may lie, so that most of an update passes
the first checks and reaches the later ones; a few are wrong in one way.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypedDict

from bench.fuzz.wire import Draft, Piece, prefixed, string, uint
from collab.sync.schema import ElementRule, Rule, TextRule, ValueRule
from collab.sync.yjs.content import ANY, DELETED, FORMAT, GC, STRING, TYPE
from collab.sync.yjs.index import NOWHERE, Index, Run
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.update import CLOCK_MAX, Id

WORDS = ("a", "bc", "Weg", "ß", "😀", "x😀y", "𝔘𝔘", "e\u0301", "\x00", "\n", "\ufffe", "a" * 30)
ELEMENTS = ("paragraph", "heading", "bulletList", "orderedList", "listItem", "blockquote")
NAMES = (*ELEMENTS, "horizontalRule", "hardBreak", "table", "", "Paragraph", "script")
MARKS = (("strong", "{}"), ("em", "true"), ("link", '{"href":"https://a.b"}'), ("em", "null"))
BAD_MARKS = (
    ("evil", "{}"), ("link", "{}"), ("link", '{"href":1}'), ("em", "[[[]]]"), ("em", "NaN"),
    ("strong", ""), ("em", '"\\ud800"'), ("em--AAAAAAAA", "{}"), ("strong", "9" * 50),
    ("__proto__", "{}"),
)  # fmt: skip
VALUES = (b"\x7d\x02", b"\x7d\x03", b"\x7d\x01", b"\x7e", b"\x7f", b"\x78", b"\x77\x01a")
BAD_VALUES = (
    b"\x7d\x45", b"\x7c\x7f\xc0\x00\x00", b"\x7b\x7f\xf0" + bytes(6), b"\x7a" + b"\xff" * 8,
    b"\x75\x01" * 23 + b"\x7e", b"\x75\x01" * 60 + b"\x7e", b"\x76\x01\x01a\x7e", b"\x74\x01\x00",
    b"\x75\xff\xff\xff\x7f", b"\x00",
)  # fmt: skip
KEYS = ("level", "start", "x", "", "on-click", "é", "__proto__", "k" * 40)
RUN_MAX = Limits().run_max
BIG = (0, 1, 2, 127, 128, RUN_MAX, RUN_MAX + 1, CLOCK_MAX, CLOCK_MAX + 1, 1 << 32, (1 << 53) - 1)
LIES = 0.04


class Placing(TypedDict, total=False):
    """What names the place of a struct."""

    origin: Id | None
    right: Id | None
    parent: str | Id
    key: str


class Spot(NamedTuple):
    """A clock that something can be placed beside, and what may lie there."""

    ident: Id
    rule: Rule
    following: Id | None


class Grammar:
    """Makes updates for one document as its index has it."""

    def __init__(
        self,
        index: Index,
        dice: random.Random,
        *,
        roots: Sequence[tuple[str, Rule]],
        own: Sequence[int],
        foreign: Sequence[int],
    ) -> None:
        self._index = index
        self._dice = dice
        self._roots = roots
        self._own = own
        self._foreign = foreign
        self._clocks: dict[int, int] = {}
        self._spots = [spot for spot in map(self._spot, self._runs()) if spot]
        self._types: list[tuple[Id, Rule]] = [
            ((client, clock), place.rule)
            for client, clocks in index.clients.items()
            for clock, place in clocks.types.items()
            if place is not NOWHERE
        ]

    def draft(self) -> Draft:
        """An update of one or more clients."""
        dice = self._dice
        draft = Draft()
        for _ in range(dice.choices((0, 1, 2, 3), (6, 70, 18, 6))[0]):
            client = self._client()
            known = self._clocks.get(client, self._index.clock(client))
            clock = known
            if dice.random() < LIES:
                clock = dice.choice((known + 1, max(0, known - 1), known // 2, 0, *BIG))
            pieces = self._pieces(client, clock, dice.choice((1, 1, 1, 2, 3, 5, 9)))
            draft.blocks.append((client, clock, pieces))
        if dice.random() < 0.4 or not draft.blocks:
            draft.deletes += [self._delete() for _ in range(dice.choice((1, 1, 2, 6)))]
            if dice.random() > LIES:
                draft.deletes.sort()
        if len(draft.blocks) > 1 and dice.random() < 0.5:
            dice.shuffle(draft.blocks)
        return draft

    def _runs(self) -> list[Run]:
        return [run for clocks in self._index.clients.values() for run in clocks.runs]

    def _spot(self, run: Run) -> Spot | None:
        if run.place is NOWHERE:
            return None
        clock = self._dice.randrange(run.clock, run.end)
        following: Id | None = (run.client, clock + 1)
        if clock + 1 == run.end:
            behind = run.next
            following = None if behind is None else (behind.client, behind.clock)
        return Spot((run.client, clock), run.place.rule, following)

    def _client(self) -> int:
        dice = self._dice
        if dice.random() < LIES:
            return dice.choice((*self._foreign, 0, 1, dice.randrange(1 << 53)))
        if dice.random() < 0.1:
            return dice.randrange(2, 1 << 32)
        return dice.choice(self._own)

    def _pieces(self, client: int, clock: int, count: int) -> list[Piece]:
        pieces: list[Piece] = []
        for _ in range(count):
            placed, rule = self._placed(client, clock)
            kind = self._kind(rule, placed)
            length, content = CONTENTS[kind](self, rule) if kind in CONTENTS else (1, b"\x01\x01a")
            piece = Piece(kind, length, content, **placed)
            pieces.append(piece)
            if kind not in (GC, DELETED):
                self._spots.append(Spot((client, clock), rule, None))
            if kind == TYPE:
                self._open(rule, content, (client, clock))
            clock += length
        self._clocks[client] = clock
        return pieces

    def _open(self, rule: Rule, content: bytes, ident: Id) -> None:
        if not isinstance(rule, ElementRule):
            return
        inside = (
            rule.text
            if content == b"\x06"
            else rule.children.get(content[2:].decode("utf-8", "replace"))
        )
        if inside is not None:
            self._types.append((ident, inside))

    def _placed(self, client: int, clock: int) -> tuple[Placing, Rule]:
        """What names the place of a struct, and what may lie there."""
        dice = self._dice
        if self._spots and dice.random() < 0.7:
            spot = self._spots[-1] if dice.random() < 0.4 else dice.choice(self._spots)
            return self._beside(spot), spot.rule
        if dice.random() < 0.5 or not self._types:
            name, rule = dice.choice(self._roots)
            if dice.random() < LIES:
                name = dice.choice(("m", "", "title ", "__proto__", "idea\x00"))
            return {"parent": name}, rule
        ident, rule = dice.choice(self._types)
        if isinstance(rule, ElementRule) and rule.attributes and dice.random() < 0.5:
            known = next(iter(rule.attributes), "level")
            return {"parent": ident, "key": dice.choice((known, known, *KEYS))}, ValueRule(bool)
        if dice.random() < LIES:
            ident = self._any_id()
        return {"parent": ident}, rule

    def _beside(self, spot: Spot) -> Placing:
        """Behind a spot, before it, or between it and something that may be far away."""
        dice = self._dice
        chance = dice.random()
        if chance < 0.8:
            return {"origin": spot.ident, "right": spot.following}
        if chance < 0.86:
            return {"origin": spot.ident}
        if chance < 0.9:
            return {"right": spot.ident}
        if chance < 0.97:
            alike = [other for other in self._spots if other.rule is spot.rule]
            return {"origin": spot.ident, "right": dice.choice(alike).ident}
        return {"origin": self._any_id(), "right": dice.choice((None, self._any_id()))}

    def _any_id(self) -> Id:
        dice = self._dice
        client = dice.choice((*self._index.clients, *self._own, 4_711))
        return client, dice.choice((dice.randrange(self._index.clock(client) + 2), *BIG))

    def _kind(self, rule: Rule, placed: Placing) -> int:
        dice = self._dice
        if dice.random() < LIES:
            return dice.choice((GC, DELETED, STRING, FORMAT, TYPE, ANY, 2, 3, 5, 9, 10, 11, 31))
        if dice.random() < 0.06:
            return dice.choice((GC, DELETED))
        if isinstance(rule, TextRule):
            return STRING if dice.random() < 0.75 else FORMAT
        return ANY if isinstance(rule, ValueRule) or "key" in placed else TYPE

    def _text(self, _: Rule) -> tuple[int, bytes]:
        dice = self._dice
        text = "".join(dice.choice(WORDS) for _ in range(dice.choice((1, 1, 2, 4))))
        if dice.random() < LIES:
            bad = dice.choice((b"", b"\xff", b"\xed\xa0\x80", b"a\xc3"))
            return 1, prefixed(bad)
        return len(text.encode("utf-16-le")) // 2, string(text)

    def _mark(self, _: Rule) -> tuple[int, bytes]:
        name, value = self._dice.choice(BAD_MARKS if self._dice.random() < LIES else MARKS)
        return 1, string(name) + string(value)

    def _type(self, rule: Rule) -> tuple[int, bytes]:
        dice = self._dice
        if dice.random() < LIES:
            return 1, dice.choice(
                (b"\x03" + string(dice.choice(NAMES)), b"\x06", b"\x00", b"\x09", b"\x07")
            )
        if isinstance(rule, ElementRule):
            if rule.text is not None and (not rule.children or dice.random() < 0.7):
                return 1, b"\x06"
            if rule.children:
                return 1, b"\x03" + string(dice.choice(sorted(rule.children)))
        return 1, b"\x03" + string("paragraph")

    def _values(self, _: Rule) -> tuple[int, bytes]:
        dice = self._dice
        found = [dice.choice(VALUES) for _ in range(dice.choice((1, 1, 1, 2, 3)))]
        if dice.random() < LIES:
            found.append(dice.choice(BAD_VALUES))
        count = dice.choice(BIG) if dice.random() < LIES / 2 else len(found)
        return count, uint(count) + b"".join(found)

    def _length(self, _: Rule) -> tuple[int, bytes]:
        length = self._dice.choice(BIG) if self._dice.random() < LIES else self._dice.randint(1, 6)
        return length, uint(length)

    def _delete(self) -> tuple[int, int, int]:
        dice = self._dice
        client = dice.choice((*self._index.clients, *self._clocks))
        end = max(self._clocks.get(client, 0), self._index.clock(client))
        start = dice.randrange(end + 1)
        length = dice.randint(1, 8) if dice.random() < 0.8 else end - start
        if dice.random() < LIES:
            return client, dice.choice((start, *BIG)), dice.choice(BIG)
        return client, start, max(1, min(length, end - start))


CONTENTS: dict[int, Callable[[Grammar, Rule], tuple[int, bytes]]] = {
    GC: Grammar._length,
    DELETED: Grammar._length,
    STRING: Grammar._text,
    FORMAT: Grammar._mark,
    TYPE: Grammar._type,
    ANY: Grammar._values,
}
