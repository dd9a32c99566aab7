"""The public register: its rows, its filters, and one measure with everything it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from collab.errors import Invalid, NotFound
from collab.process.alignment.statements import FIELDS_OF_ACTION
from collab.process.districts.districts import ID_CHARS_MAX
from collab.process.measures.numbers import Number, Series, parse_number
from collab.process.measures.recognition import State
from collab.process.measures.register import MeasureKind, Progress, progress_of, stages_at
from collab.process.processes import every_stage, stages_with
from collab.process.stages import Stage, StageAccess
from collab.process.templates.reading import Words
from server.badges.content import Ground, ground_of
from server.views.districts.districts import Places, places_of_many
from storage import stages
from storage.database import Transaction
from storage.process import catalogues
from storage.process.measures import central
from storage.process.measures import register as measures
from storage.process.measures.central import Linked
from storage.process.measures.register import Entry, Wanted
from storage.process.ties import alignment
from storage.stages import StageChange

PATH = "/measures"
Q_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Search:
    """What a reader of the register asks for; empty stands for all."""

    kind: str = ""
    progress: str = ""
    recognition: str = ""
    q: str = ""
    district: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Search":
        """The search in an address; what does not exist is not asked for."""
        known = {"kind": MeasureKind, "progress": Progress, "recognition": State}
        chosen = {
            name: parameters.get(name, "") if parameters.get(name) in set(values) else ""
            for name, values in known.items()
        }
        words = " ".join(parameters.get("q", "").split())[:Q_CHARS_MAX]
        return cls(**chosen, q=words, district=parameters.get("district", "")[:ID_CHARS_MAX])

    @property
    def is_any(self) -> bool:
        """Something is asked for, not simply all measures."""
        return self != Search()

    def wanted(self) -> Wanted:
        """The search as storage understands it."""
        return Wanted(
            kind=self.kind or None,
            recognition=self.recognition or None,
            stages=stages_at(Progress(self.progress)) if self.progress else None,
            status=self.progress or None,
            district=self.district or None,
            q=self.q,
        )

    def address(self, path: str = PATH, **more: str) -> str:
        """``path`` with this search and ``more`` parameters."""
        named = {
            "q": self.q,
            "kind": self.kind,
            "progress": self.progress,
            "recognition": self.recognition,
            "district": self.district,
        }
        query = urlencode({**{name: each for name, each in named.items() if each}, **more})
        return f"{path}?{query}" if query else path

    def only(self, **changed: str) -> "Search":
        """The same search with another choice."""
        return replace(self, **changed)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the register."""

    number: str
    kind: MeasureKind
    title: str
    ref: str | None
    stage: Stage | None
    progress: Progress
    organisation: str | None
    recognition: State | None
    recognition_number: str | None
    fields: tuple[str, ...]
    places: Places
    since: datetime

    @classmethod
    def of(cls, entry: Entry, fields: Sequence[str], places: Places = ()) -> "Row":
        """The line of an entry, with the names of today and the recognition that counts."""
        idea, said, given = entry.idea, entry.central, entry.recognition
        return cls(
            number=entry.measure.number,
            kind=MeasureKind(entry.measure.kind),
            title=entry.title,
            ref=idea.ref if idea else None,
            stage=every_stage()[idea.stage] if idea else None,
            progress=progress_of(idea.stage) if idea else Progress(said.status if said else ""),
            organisation=_organisation(entry),
            recognition=State(given.state) if given else None,
            recognition_number=given.number if given else None,
            fields=tuple(fields),
            places=places,
            since=entry.measure.at,
        )


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One measure with what it rests on and what belongs to it."""

    row: Row
    entry: Entry
    ground: Ground | None
    decision: StageChange | None
    linked: Sequence[Linked]
    """Of a central measure the ideas, of the others the central measures."""


async def rows(
    tx: Transaction, search: Search, cursor: str | None, limit: int
) -> tuple[list[Row], str | None]:
    """The next lines and the cursor of what follows; raises Invalid for a foreign cursor."""
    found, following = await measures.page(tx, search.wanted(), _place(cursor), limit)
    lines = await _lines(tx, found)
    return lines, str(following) if following else None


async def measure_page(tx: Transaction, number: str) -> MeasurePage:
    """The measure of that number, or of the number of its recognition."""
    entry = await measures.entry(tx, number)
    if entry is None:
        raise NotFound("measure-not-found")
    row = (await _lines(tx, [entry]))[0]
    idea = entry.idea
    private = stages_with(StageAccess.PRIVATE)
    if idea is not None and idea.stage in private:
        raise NotFound("measure-not-found")
    history = await stages.history(tx, idea.id) if idea else []
    return MeasurePage(
        row=row,
        entry=entry,
        ground=await ground_of(tx, entry),
        decision=next((each for each in history if each.id == entry.measure.change_id), None),
        linked=await central.of_idea(tx, idea.id)
        if idea
        else await central.ideas_of(tx, row.number, private),
    )


async def _lines(tx: Transaction, found: Sequence[Entry]) -> list[Row]:
    fields = await fields_of(tx, found)
    places = await places_of_many(tx, [each.idea.id for each in found if each.idea])
    return [
        Row.of(each, fields[each.measure.number], places.get(each.idea.id, ()) if each.idea else ())
        for each in found
    ]


async def fields_of(tx: Transaction, found: Sequence[Entry]) -> dict[str, Sequence[str]]:
    """The fields of action of each measure: those it has statements on, or the office named."""
    ideas = [each.idea.id for each in found if each.idea]
    stated = await alignment.entries_of(tx, FIELDS_OF_ACTION, ideas) if ideas else {}
    return {
        each.measure.number: stated.get(each.idea.id, ())
        if each.idea
        else (each.central.fields if each.central else ())
        for each in found
    }


async def field_labels(tx: Transaction) -> Mapping[str, Words]:
    """The names of the fields of action by their ids; ended ones keep theirs."""
    newest = (await catalogues.versions(tx, FIELDS_OF_ACTION))[-1]
    return {entry.id: entry.label for entry in newest.entries}


def _organisation(entry: Entry) -> str | None:
    """Who leads now; who led when it was recognised, if nobody does any more."""
    if entry.central:
        return entry.central.organisation_name
    if entry.lead:
        return entry.lead.organisation_name
    return entry.recognition.organisation_name if entry.recognition else None


def _place(cursor: str | None) -> Number | None:
    if not cursor:
        return None
    try:
        number = parse_number(cursor)
    except Invalid:
        raise Invalid(fields={"cursor": "malformed"}) from None
    if number.series is not Series.MEASURE:
        raise Invalid(fields={"cursor": "malformed"})
    return number
