"""How a text came about, step by step: bursts of writing where the log is kept, else versions.

Who may write in a text, its team and its moderators see the writing between the kept versions;
everybody else sees the kept versions, for what was typed and thrown away was not published. Nobody
is told who wrote in a step, and when only by the part of a day.
"""

import asyncio
import json
import zlib
from collections import OrderedDict
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.calendar.berlin import BERLIN
from collab.process.permissions import Action
from collab.process.versions.bursts import Burst, bursts
from collab.sync.comparing.texts import Difference, compare
from collab.sync.history.walk import Walk
from collab.sync.text import DossierText, from_json, to_json
from server.actions.cases import Case, open_case
from server.actions.versions.reading import knows_more, may_read_version
from server.realtime.holders import schema_of
from server.services import Services
from server.views.record.difference import in_turn
from server.views.record.kept import KeptVersion, kept_versions
from storage import documents, texts
from storage.database import Database, Transaction
from storage.documents import Head, UnreadableLog
from storage.log import history, quarantine

ROWS_MAX: Final = 300_000
"""A longer log is not walked through; its kept versions are shown."""

PIECE_ROWS: Final = 500
"""So many rows are read and taken at a time, in about a hundredth of a second."""

WALKS_MAX: Final = 4
"""The texts of so many documents stay in memory; the one asked for longest ago goes."""

PARTS_OF_DAY: Final = ((6, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))

NOTHING: Final = DossierText("", {})


@dataclass(frozen=True, slots=True)
class Step:
    """A moment the text stood still at; ``began`` is when the writing before it began."""

    epoch: int
    seq: int
    began: datetime
    ended: datetime
    kept: KeptVersion | None


@dataclass(frozen=True, slots=True)
class Replay:
    """All steps, oldest first. Before step ``kept_only`` only kept versions are left."""

    case: Case
    head: Head
    steps: tuple[Step, ...]
    kept_only: int
    sees_writing: bool


async def replay(services: Services, actor: Actor, ref: str) -> Replay:
    """The steps that this actor may see; their texts are not read yet."""
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        document_id = case.idea.document_id
        head = (await documents.heads(tx, [document_id]))[document_id]
        kept = list(reversed(await kept_versions(tx, case)))
        sees_writing = knows_more(case) or case.may(Action.EDIT_TEXT)
        found, first = await _written(tx, case, head, kept) if sees_writing else ((), None)
    if first is None:
        return Replay(case, head, tuple(map(_of_kept, kept)), len(kept), sees_writing)
    places = {(each.version.epoch, each.version.seq): each for each in kept}
    earlier = [
        _of_kept(each)
        for each in kept
        if (each.version.epoch, each.version.seq) < (head.epoch, first)
    ]
    later = [
        Step(head.epoch, each.seq, each.began, each.ended, places.get((head.epoch, each.seq)))
        for each in found
    ]
    return Replay(case, head, (*earlier, *later), len(earlier), sees_writing)


async def step_difference(services: Services, found: Replay, number: int) -> Difference:
    """What the step with this number, from 0 on, changed.

    Raises:
        NotFound: there is no such step.
        Conflict: (unreadable-document) the log is damaged.
    """
    if not 0 <= number < len(found.steps):
        raise NotFound("step-unknown")
    before = await _text(services, found, number - 1) if number else NOTHING
    after = await _text(services, found, number)
    return await in_turn(compare, before, after)


def part_of_day(at: datetime) -> str:
    """Which part of the day in Berlin; nobody is told the hour."""
    hour = at.astimezone(BERLIN).hour
    return next(name for end, name in PARTS_OF_DAY if hour < end)


async def _written(
    tx: Transaction, case: Case, head: Head, kept: Sequence[KeptVersion]
) -> tuple[tuple[Burst, ...], int | None]:
    """The bursts that the actor may see, and after which row the log is whole."""
    beginning = await history.beginning(tx, head)
    is_suspect = await quarantine.is_suspect(tx, head.id)
    if beginning is None or is_suspect or head.seq - beginning[0] > ROWS_MAX:
        return (), None
    first = beginning[0]
    pins = {each.version.seq for each in kept if each.version.epoch == head.epoch}
    steps = bursts(await history.moments(tx, head, first), pins)
    shown = [each for each in steps if await may_read_version(tx, case, head.epoch, each.seq)]
    return tuple(shown), first


def _of_kept(version: KeptVersion) -> Step:
    place = version.version
    return Step(place.epoch, place.seq, version.at, version.at, version)


async def _text(services: Services, found: Replay, number: int) -> DossierText:
    step = found.steps[number]
    if step.kept is not None:
        async with services.database.read() as tx:
            document_id = found.case.idea.document_id
            row = await texts.pinned(tx, document_id, step.epoch, step.seq)
        if row is not None:
            return from_json(row.sections)
    ends = [each.seq for each in found.steps[found.kept_only :] if each.seq <= step.seq]
    return await _walks(services.database).text(services, found, ends)


class _Walks:
    """The texts of the steps of some documents, each log walked through once."""

    def __init__(self) -> None:
        self._walked: OrderedDict[UUID, _Walked] = OrderedDict()
        self._walking = asyncio.Lock()

    async def text(self, services: Services, found: Replay, ends: Sequence[int]) -> DossierText:
        """The text at the last of these ends of steps; one log is walked through at a time."""
        async with self._walking:
            return await self._text(services, found, ends)

    async def _text(self, services: Services, found: Replay, ends: Sequence[int]) -> DossierText:
        head = found.head
        walked = self._walked.pop(head.id, None)
        try:
            if walked is None or not walked.leads_to(head, ends):
                walked = await _begun(services, found)
            for end in ends:
                if end not in walked.texts:
                    await walked.go_to(services, head, end)
        except UnreadableLog as error:
            raise Conflict("unreadable-document") from error
        walked.forget_all_but({step.seq for step in found.steps})
        self._walked[head.id] = walked
        while len(self._walked) > WALKS_MAX:
            self._walked.popitem(last=False)
        return from_json(json.loads(zlib.decompress(walked.texts[ends[-1]])))


@dataclass(slots=True)
class _Walked:
    """How far one log has been walked, and the texts on the way."""

    epoch: int
    walk: Walk
    texts: dict[int, bytes]
    """By seq, as compressed JSON."""

    def leads_to(self, head: Head, ends: Sequence[int]) -> bool:
        """Whether all that is missing lies ahead; an earlier epoch's text is never shown."""
        missing = [end for end in ends if end not in self.texts]
        return self.epoch == head.epoch and all(end > self.walk.seq for end in missing)

    async def go_to(self, services: Services, head: Head, end: int) -> None:
        """Take the rows up to ``end`` and keep the text there."""
        while self.walk.seq < end:
            async with services.database.read() as tx:
                rows = await history.piece(tx, head, self.walk.seq, end, PIECE_ROWS)
            if not rows:
                raise UnreadableLog(f"document {head.id}: log row {self.walk.seq + 1} is missing")
            await in_turn(self.walk.take, [(row.seq, row.update) for row in rows])
        self.texts[end] = await in_turn(_packed, self.walk)

    def forget_all_but(self, seqs: Container[int]) -> None:
        """What was a last step when somebody looked is none any more."""
        self.texts = {seq: text for seq, text in self.texts.items() if seq in seqs}


def _packed(walk: Walk) -> bytes:
    return zlib.compress(json.dumps(to_json(walk.text())).encode(), 1)


async def _begun(services: Services, found: Replay) -> _Walked:
    async with services.database.read() as tx:
        beginning = await history.beginning(tx, found.head)
    if beginning is None:
        raise UnreadableLog(f"document {found.head.id}: its log was cut")
    seq, state = beginning
    sections = found.case.template.section_ids
    walk = await in_turn(Walk, schema_of(found.head), sections, state, seq)
    return _Walked(found.head.epoch, walk, {})


_ALL: "WeakKeyDictionary[Database, _Walks]" = WeakKeyDictionary()


def _walks(database: Database) -> _Walks:
    return _ALL.setdefault(database, _Walks())
