"""The public register: numbers, measures, recognitions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.measures.numbers import Number, Series, format_number
from collab.process.measures.recognition import State
from collab.process.responsibility.states import Part
from collab.process.responsibility.states import State as HeldState
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.process.ties import districts
from storage.tables.ideas import Idea
from storage.tables.process.measures import CentralMeasure, Measure, Recognition
from storage.tables.process.responsibility import Responsibility

__all__ = [
    "Entry",
    "Measure",
    "Recognition",
    "Wanted",
    "change_recognition",
    "count",
    "enter",
    "entry",
    "give_recognition",
    "living_recognition",
    "next_number",
    "numbers_of",
    "of_idea",
    "page",
    "recognition",
    "recognitions",
    "retype",
]

COUNTER = METADATA.tables["number_counter"]
MEASURE = METADATA.tables["measure"]
RECOGNITION = METADATA.tables["recognition"]

PAGE_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries of the register to list; None and empty ask for all.

    ``stages`` and ``status`` say the same of measures from ideas and of central ones.
    """

    kind: str | None = None
    recognition: str | None = None
    stages: frozenset[str] | None = None
    status: str | None = None
    district: str | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the register with what its row needs: the idea or the central measure."""

    measure: Measure
    idea: Idea | None
    central: CentralMeasure | None
    lead: Responsibility | None
    recognition: Recognition | None

    @property
    def title(self) -> str:
        """What it is called today."""
        found = self.idea or self.central
        assert found is not None, self.measure.number
        return found.title


async def next_number(tx: Transaction, series: Series, year: int) -> Number:
    """The next number of the series in the year; nobody else gets it, now or later.

    It locks the counter until ``tx`` ends; undone together with ``tx``, when nobody has seen it.
    """
    statement = (
        tx.insert(COUNTER)
        .values(series=series, year=year, last=1)
        .on_conflict_do_update(index_elements=["series", "year"], set_={"last": COUNTER.c.last + 1})
        .returning(COUNTER.c.last)
    )
    return Number(series, year, (await tx.run(statement)).scalar_one())


async def enter(
    tx: Transaction,
    number: Number,
    kind: str,
    now: datetime,
    *,
    idea_id: UUID | None = None,
    change_id: UUID | None = None,
) -> Measure:
    """Enter a measure; the same idea twice raises IntegrityError."""
    row = Measure(
        number=format_number(*number),
        year=number.year,
        nth=number.nth,
        kind=kind,
        idea_id=idea_id,
        change_id=change_id,
        at=now,
    )
    tx.add(row)
    await tx.flush()
    return row


async def retype(tx: Transaction, number: str, kind: str, change_id: UUID, now: datetime) -> None:
    """Let a measure that was decided anew keep its number."""
    values = {"kind": kind, "change_id": change_id, "at": now}
    await tx.run(update(MEASURE).where(MEASURE.c.number == number).values(values))


@only_where_named("measure.idea_id", nothing=lambda: None)
async def of_idea(tx: Transaction, idea_id: UUID) -> Measure | None:
    """The register's entry of the idea, if it has become a measure."""
    return await tx.row(select_rows(Measure).where(Measure.idea_id == idea_id))


async def numbers_of(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The numbers of those of the ideas that are measures."""
    query = select(MEASURE.c.idea_id, MEASURE.c.number).where(MEASURE.c.idea_id.in_(list(idea_ids)))
    return {row[0]: row[1] for row in await tx.run(query)}


async def entry(tx: Transaction, number: str) -> Entry | None:
    """The entry of a measure's number, or of the number of its recognition."""
    named = or_(
        col(Measure.number) == number,
        col(Measure.idea_id).in_(
            select(RECOGNITION.c.idea_id).where(RECOGNITION.c.number == number)
        ),
    )
    found = (await tx.exec(_entries().where(named))).first()
    return Entry(*found) if found else None


async def page(
    tx: Transaction, wanted: Wanted, after: Number | None = None, limit: int = 20
) -> tuple[list[Entry], Number | None]:
    """The next entries after ``after``, the newest numbers first, and where to go on."""
    limit = max(1, min(limit, PAGE_MAX))
    query = _entries().where(*_conditions(wanted))
    if after is not None:
        query = query.where(
            tuple_(col(Measure.year), col(Measure.nth)) < tuple_(after.year, after.nth)
        )
    newest = (col(Measure.year).desc(), col(Measure.nth).desc())
    found = [Entry(*row) for row in await tx.exec(query.order_by(*newest).limit(limit + 1))]
    shown = found[:limit]
    if len(found) <= limit:
        return shown, None
    last = shown[-1].measure
    return shown, Number(Series.MEASURE, last.year, last.nth)


async def count(tx: Transaction, wanted: Wanted) -> dict[str, int]:
    """How many entries of each kind there are among what is wanted."""
    query = _joined(select(MEASURE.c.kind, func.count())).where(*_conditions(wanted))
    return {row[0]: row[1] for row in await tx.run(query.group_by(MEASURE.c.kind))}


async def recognitions(tx: Transaction, idea_id: UUID) -> list[Recognition]:
    """All recognitions the idea ever had, the newest first."""
    query = select_rows(Recognition).where(Recognition.idea_id == idea_id)
    return await tx.rows(query.order_by(col(Recognition.given_at).desc()))


async def living_recognition(tx: Transaction, idea_id: UUID) -> Recognition | None:
    """The recognition of the idea that is not withdrawn."""
    query = select_rows(Recognition).where(
        Recognition.idea_id == idea_id, Recognition.state != State.WITHDRAWN
    )
    return await tx.row(query)


async def recognition(tx: Transaction, number: str) -> Recognition | None:
    return await tx.row(select_rows(Recognition).where(Recognition.number == number))


async def give_recognition(tx: Transaction, **values: Any) -> Recognition:
    """Write a recognition; a second living one of the idea raises IntegrityError."""
    row = Recognition(state=State.VALID, **values)
    tx.add(row)
    await tx.flush()
    return row


async def change_recognition(tx: Transaction, number: str, before: State, **values: Any) -> bool:
    """Change the recognition, if it still is in ``before``."""
    result = await tx.run(
        update(RECOGNITION)
        .where(RECOGNITION.c.number == number, RECOGNITION.c.state == before)
        .values(values)
    )
    return result.rowcount == 1


def _entries() -> Any:
    return _joined(select(Measure, Idea, CentralMeasure, Responsibility, Recognition))


def _joined(query: Any) -> Any:
    """With everything that a row of the register shows."""
    leads = and_(
        col(Responsibility.idea_id) == Measure.idea_id,
        col(Responsibility.part) == Part.LEAD,
        col(Responsibility.state) == HeldState.ACTIVE,
    )
    return (
        query.select_from(Measure)
        .outerjoin(Idea, col(Idea.id) == Measure.idea_id)
        .outerjoin(CentralMeasure, col(CentralMeasure.number) == Measure.number)
        .outerjoin(Responsibility, leads)
        .outerjoin(Recognition, _is_shown())
    )


def _is_shown() -> ColumnElement[bool]:
    """The recognition that counts for a measure: the living one, else the last."""
    newer = RECOGNITION.alias("newer")
    last = (
        select(newer.c.number)
        .where(newer.c.idea_id == MEASURE.c.idea_id)
        .order_by((newer.c.state == State.WITHDRAWN), newer.c.given_at.desc())
        .limit(1)
        .correlate(MEASURE)
        .scalar_subquery()
    )
    return col(Recognition.number) == last


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if wanted.kind:
        chosen.append(col(Measure.kind) == wanted.kind)
    if wanted.recognition:
        chosen.append(col(Recognition.state) == wanted.recognition)
    if wanted.stages is not None:
        same = col(Idea.stage).in_(sorted(wanted.stages))
        chosen.append(or_(same, col(CentralMeasure.status) == wanted.status))
    if wanted.district:
        chosen.append(col(Measure.idea_id).in_(districts.ideas_in(wanted.district)))
    if words := wanted.q.split():
        title = func.lower(func.coalesce(Idea.title, CentralMeasure.title))
        for word in words:
            in_title = title.contains(word.lower(), autoescape=True)
            number = func.lower(col(Measure.number)).contains(word.lower(), autoescape=True)
            chosen.append(or_(in_title, number))
    return chosen
