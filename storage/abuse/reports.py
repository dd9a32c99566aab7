"""Reports, bundled into cases by what they are about."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.abuse.reports import Outcome, Reported
from storage.database import METADATA, Transaction
from storage.tables.abuse.reports import IS_OPEN, Report, ReportCase

__all__ = [
    "Report",
    "ReportCase",
    "add",
    "answers_waiting",
    "by_secret",
    "case_of",
    "change",
    "count",
    "counts",
    "decide",
    "forget_address",
    "get",
    "of_case",
    "open_cases",
    "open_of",
    "reporters",
    "since",
    "to_answer",
    "to_forget",
    "try_now",
    "with_address",
]

CASE = METADATA.tables["report_case"]
REPORT = METADATA.tables["report"]

_UNANSWERED = (REPORT.c.email.is_not(None), CASE.c.state == "decided")


async def case_of(
    tx: Transaction, reported: Reported, *, case_id: UUID, now: datetime
) -> ReportCase:
    """The open case about the thing; ``case_id`` becomes one if there is none."""
    values = {
        "id": case_id,
        "target": reported.target.value,
        "target_id": reported.target_id,
        "idea_id": reported.idea_id,
        "person_id": reported.person_id,
        "state": "open",
        "opened_at": now,
        "reason": "",
    }
    places = [CASE.c.idea_id, CASE.c.target, CASE.c.target_id]
    await tx.run(
        tx.insert(CASE)
        .values(values)
        .on_conflict_do_nothing(index_elements=places, index_where=IS_OPEN)
    )
    found = await open_of(tx, reported.idea_id, reported.target.value, reported.target_id)
    assert found is not None, "it was written just now"
    return found


async def open_of(tx: Transaction, idea_id: UUID, target: str, target_id: str) -> ReportCase | None:
    """The case about the thing that nobody has decided yet."""
    query = select_rows(ReportCase).where(
        ReportCase.idea_id == idea_id,
        ReportCase.target == target,
        ReportCase.target_id == target_id,
        ReportCase.state == "open",
    )
    return await tx.row(query)


async def add(tx: Transaction, **values: Any) -> Report:
    row = Report(**values)
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: Transaction, case_id: UUID) -> ReportCase | None:
    return await tx.row(select_rows(ReportCase).where(ReportCase.id == case_id))


async def by_secret(tx: Transaction, secret_hash: str) -> tuple[Report, ReportCase] | None:
    """The report whose reference has this hash, with its case."""
    report = await tx.row(select_rows(Report).where(Report.secret_hash == secret_hash))
    if report is None:
        return None
    case = await get(tx, report.case_id)
    assert case is not None, "a report belongs to a case"
    return report, case


async def open_cases(tx: Transaction, limit: int) -> list[ReportCase]:
    """What waits for a decision, the longest first."""
    query = select_rows(ReportCase).where(ReportCase.state == "open")
    oldest = (col(ReportCase.opened_at), col(ReportCase.id))
    return await tx.rows(query.order_by(*oldest).limit(limit))


async def of_case(tx: Transaction, case_ids: Collection[UUID], limit: int) -> Sequence[Report]:
    """The reports of these cases, the first ones of each."""
    place = func.row_number().over(
        partition_by=REPORT.c.case_id, order_by=(REPORT.c.at, REPORT.c.id)
    )
    placed = select(REPORT.c.id, place.label("place")).where(REPORT.c.case_id.in_(list(case_ids)))
    first = placed.subquery()
    query = select_rows(Report).where(
        col(Report.id).in_(select(first.c.id).where(first.c.place <= limit))
    )
    return await tx.rows(query.order_by(col(Report.at), col(Report.id)))


async def counts(tx: Transaction, case_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many reports each case holds."""
    query = select(REPORT.c.case_id, func.count()).where(REPORT.c.case_id.in_(list(case_ids)))
    return {row[0]: row[1] for row in await tx.run(query.group_by(REPORT.c.case_id))}


async def count(tx: Transaction, case_id: UUID) -> int:
    return (await counts(tx, [case_id])).get(case_id, 0)


async def reporters(tx: Transaction, case_id: UUID) -> list[UUID]:
    """Who reported with his account."""
    query = select(REPORT.c.reporter_id).where(
        REPORT.c.case_id == case_id, REPORT.c.reporter_id.is_not(None)
    )
    return [row[0] for row in await tx.run(query.distinct().order_by(REPORT.c.reporter_id))]


async def change(tx: Transaction, case_id: UUID, **values: object) -> bool:
    """Change an open case; False if it was decided."""
    result = await tx.run(
        update(CASE).where(CASE.c.id == case_id, CASE.c.state == "open").values(**values)
    )
    return result.rowcount == 1


async def decide(
    tx: Transaction, case_id: UUID, *, outcome: Outcome, reason: str, by: UUID, now: datetime
) -> bool:
    """Close the case; False if somebody else has."""
    values = {"outcome": outcome.value, "reason": reason, "decided_by": by, "decided_at": now}
    return await change(tx, case_id, state="decided", **values)


async def to_answer(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Reports that were decided and whose answer is to leave now, the longest decided first."""
    due = or_(REPORT.c.answer_next_at.is_(None), REPORT.c.answer_next_at <= now)
    query = (
        select(REPORT.c.id)
        .join(CASE, CASE.c.id == REPORT.c.case_id)
        .where(*_UNANSWERED, due, CASE.c.decided_at <= now)
        .order_by(CASE.c.decided_at, REPORT.c.id)
        .limit(limit)
    )
    return [row[0] for row in await tx.run(query)]


async def with_address(tx: Transaction, report_id: UUID) -> Report | None:
    """The report, if an answer can still be sent to whom it is from."""
    mine = (Report.id == report_id, col(Report.email).is_not(None))
    return await tx.row(select_rows(Report).where(*mine))


async def try_now(tx: Transaction, report: Report, next_at: datetime) -> bool:
    """Take it on to send the answer; until ``next_at`` nobody else does. False: somebody has."""
    same = (REPORT.c.id == report.id, REPORT.c.answer_attempts == report.answer_attempts)
    values = {"answer_attempts": report.answer_attempts + 1, "answer_next_at": next_at}
    result = await tx.run(update(REPORT).where(*same, REPORT.c.email.is_not(None)).values(values))
    return result.rowcount == 1


async def answers_waiting(tx: Transaction) -> tuple[int, datetime | None]:
    """How many answers have not left, and when the first of them is or was to."""
    due = func.min(func.coalesce(REPORT.c.answer_next_at, CASE.c.decided_at))
    waiting = select(func.count(), due).join_from(REPORT, CASE, CASE.c.id == REPORT.c.case_id)
    count, first = (await tx.run(waiting.where(*_UNANSWERED))).one()
    return count, first


async def to_forget(tx: Transaction, before: datetime, limit: int) -> list[UUID]:
    """Reports from before that moment that still hold an address."""
    query = select(REPORT.c.id).where(REPORT.c.email.is_not(None), REPORT.c.at < before)
    return [row[0] for row in await tx.run(query.order_by(REPORT.c.at, REPORT.c.id).limit(limit))]


async def forget_address(tx: Transaction, report_id: UUID) -> None:
    """Take the address out: the answer has left, is given up, or nobody decides."""
    await tx.run(update(REPORT).where(REPORT.c.id == report_id).values(email=None))


async def since(
    tx: Transaction, moment: datetime
) -> tuple[list[tuple[datetime, str]], list[ReportCase]]:
    """For the figures: when and why was reported, and all cases that were decided since then."""
    came = select(REPORT.c.at, REPORT.c.ground).where(REPORT.c.at >= moment)
    query = select_rows(ReportCase).where(col(ReportCase.decided_at) >= moment)
    return [(row[0], row[1]) for row in await tx.run(came)], await tx.rows(query)
