"""Everything that the tables hold about one person, to be handed out to him."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Table, cast, or_, select

from storage.database import METADATA, Transaction
from storage.process.audit import sealed_for

CASE_NOTE = METADATA.tables["case_note"]
IDEA = METADATA.tables["idea"]

Rows = list[dict[str, Any]]

# Secrets; and ids of others, which are theirs.
_WITHHELD = frozenset(
    {"id_hash", "secret_hash", "person_id", "author_id", "actor_id", "by", "hidden_by"}
    | {"resolved_by", "created_by", "idea_id", "document_id"}
    | {"offered_by", "confirmed_by", "ended_by", "granted_by"}
    | {"asked_by", "answered_by", "done_by"}
    | {"taken_from", "prepared_by", "opened_by", "reopened_by", "owner_id", "settled_by"}
    | {"closed_by"}
    | {"drafted_by", "signed_by", "given_by"}
    | {"resolved_by", "created_by", "raised_by", "answered_by", "idea_id", "document_id"}
    | {"client", "claim_hash", "removed_by"}
    | {"claimed_by", "shown_by", "reporter_id", "invited_by"}
    | {"decided_by", "other_id", "from_id", "to_id", "replica_id", "origin_id", "organisation_id"}
    | {"proposed_by", "source_id", "target_id"}
)


class Owned(NamedTuple):
    """Rows that are a person's because one of these columns names him, in this order."""

    table: str
    people: tuple[str, ...]
    order: str


OWNED: Final[Mapping[str, Owned]] = {
    "sessions": Owned("session", ("person_id",), "created_at"),
    "tokens": Owned("token", ("person_id",), "created_at"),
    "links": Owned("one_time_link", ("person_id", "created_by"), "created_at"),
    "teams": Owned("idea_role", ("person_id",), "role"),
    "comments": Owned("comment", ("author_id",), "created_at"),
    "judgements": Owned("judgement", ("person_id",), "created_at"),
    "mentions": Owned("mention", ("person_id",), "comment_id"),
    "reactions": Owned("reaction", ("person_id",), "created_at"),
    "resolutions": Owned("resolution", ("by", "reopened_by"), "at"),
    "comment_outcomes": Owned("comment_outcome", ("by",), "at"),
    "tasks": Owned("task", ("owner_id", "created_by", "settled_by"), "created_at"),
    "suggestions": Owned("suggestion", ("author_id",), "created_at"),
    "judgement_rounds": Owned("judgement_round", ("opened_by", "closed_by"), "opened_at"),
    "notices": Owned("notice", ("person_id",), "event_id"),
    "named_versions": Owned("named_version", ("by",), "at"),
    "followed": Owned("idea_follow", ("person_id",), "at"),
    "searches": Owned("saved_search", ("person_id",), "at"),
    "read_marks": Owned("read_mark", ("person_id",), "at"),
    "mail_choices": Owned("mail_choice", ("person_id",), "addressed"),
    "mails_waiting": Owned("mailing", ("person_id",), "made_at"),
    "statements": Owned("alignment", ("by",), "at"),
    "stage_changes": Owned("stage_change", ("actor_id",), "at"),
    "responsibilities": Owned(
        "responsibility", ("offered_by", "confirmed_by", "ended_by", "person_id"), "offered_at"
    ),
    "terms": Owned("role_term", ("person_id",), "valid_from"),
    "support": Owned("support_request", ("asked_by", "answered_by", "done_by"), "asked_at"),
    "claims": Owned("claim", ("person_id",), "at"),
    "prepared_acts": Owned("prepared_act", ("prepared_by",), "at"),
    "notes_opened": Owned("case_note", ("opened_by",), "at"),
    "commitments": Owned("commitment", ("drafted_by", "signed_by"), "drafted_at"),
    "recognitions": Owned("recognition", ("given_by",), "given_at"),
    "central_measures": Owned("central_measure", ("created_by",), "created_at"),
    "central_links": Owned("central_link", ("by",), "at"),
    "evidence": Owned("evidence", ("by",), "at"),
    "requirements": Owned("requirement", ("raised_by", "answered_by"), "created_at"),
    "conditions": Owned("condition", ("person_id", "by"), "at"),
    "indicators": Owned("indicator", ("by",), "at"),
    "measurements": Owned("measurement", ("by",), "at"),
    "expertise": Owned("expert_profile", ("person_id",), "updated_at"),
    "expertise_topics": Owned("expert_topic", ("person_id",), "place"),
    "expert_invitations": Owned("expert_invitation", ("person_id",), "invited_at"),
    "initiative_relations": Owned("initiative_relation", ("by",), "at"),
    "reports": Owned("report", ("reporter_id",), "at"),
    "report_cases": Owned("report_case", ("claimed_by", "decided_by"), "opened_at"),
    "hidings": Owned("hiding", ("author_id", "by", "answered_by", "shown_by"), "at"),
    "slow_modes": Owned("slow_mode", ("by",), "at"),
    "merges": Owned("idea_merge", ("proposed_by", "ended_by"), "proposed_at"),
    "merge_answers": Owned("merge_consent", ("person_id",), "answered_at"),
    "dismissed_hints": Owned("dismissed_hint", ("by",), "at"),
    "slow_turns": Owned("slow_turn", ("person_id",), "at"),
    "workshops": Owned("workshop", ("created_by",), "created_at"),
    "workshops_led": Owned("workshop_facilitator", ("person_id",), "at"),
    "attendances": Owned("attendance", ("person_id", "removed_by"), "joined_at"),
    "silent_notes": Owned("silent_note", ("author_id",), "at"),
    "dots": Owned("dot", ("person_id",), "at"),
    "notes_made_ideas": Owned("note_idea", ("by",), "at"),
    "guest": Owned("guest", ("person_id", "claimed_by"), "claimed_at"),
    "harvest_points": Owned("harvest_point", ("person_id", "created_by"), "created_at"),
}
"""What a person is handed out as the rows are, without secrets and without the ids of others."""


async def owned(tx: Transaction, name: str, person_id: UUID) -> Rows:
    """The person's rows of that name in ``OWNED``."""
    place = OWNED[name]
    table = METADATA.tables[place.table]
    mine = or_(*(table.c[column] == person_id for column in place.people))
    return await _rows(tx, table, mine, place.order)


async def catalogue_versions(tx: Transaction, person_id: UUID) -> Rows:
    """Versions of catalogues that he published, without the catalogues."""
    table = METADATA.tables["catalogue_version"]
    columns = (table.c.catalogue_id, table.c.version, table.c.reason, table.c.at)
    return await _plain(tx, select(*columns).where(table.c.by == person_id).order_by(table.c.at))


async def reviews(tx: Transaction, person_id: UUID) -> Rows:
    """What he held of such statements of others, and how he answered for his own team."""
    table = METADATA.tables["alignment_review"]
    mine = or_(table.c.person_id == person_id, table.c.answered_by == person_id)
    about = ("catalogue_id", "entry_id", "revision", "verdict", "at")
    words = ("person_id", "text", "answered_by", "answer")
    query = select(*(table.c[name] for name in (*about, *words)), IDEA.c.ref)
    query = query.join(IDEA, IDEA.c.id == table.c.idea_id).where(mine).order_by(table.c.at)
    return [_mine_only(row, str(person_id)) for row in await _plain(tx, query)]


async def mutes(tx: Transaction, person_id: UUID) -> Rows:
    """Where he may not write for now, and whom he took the pen from."""
    table = METADATA.tables["mute"]
    query = select(table.c.person_id, table.c.reason, table.c.at, IDEA.c.ref).join(
        IDEA, IDEA.c.document_id == table.c.document_id
    )
    mine = or_(table.c.person_id == person_id, table.c.by == person_id)
    found = await _plain(tx, query.where(mine).order_by(table.c.at))
    return [row | {"is_about_me": row.pop("person_id") == str(person_id)} for row in found]


async def kept_apart(tx: Transaction, person_id: UUID) -> Rows:
    """Updates of his that were kept out of a text because they might have broken it."""
    table = METADATA.tables["quarantine"]
    columns = (table.c.sha256, table.c.verdict, table.c.at, table.c.released_at, IDEA.c.ref)
    noted = select(CASE_NOTE.c.idea_id).where(CASE_NOTE.c.document_id == table.c.document_id)
    noted = noted.correlate(table)
    belongs = or_(IDEA.c.document_id == table.c.document_id, IDEA.c.id.in_(noted))
    query = select(*columns).select_from(table.join(IDEA, belongs))
    return await _plain(tx, query.where(table.c.actor_id == person_id).order_by(table.c.at))


async def late_text(tx: Transaction, person_id: UUID) -> Rows:
    """What he sent after a text was settled, as it reads, and what became of it."""
    table = METADATA.tables["late_contribution"]
    columns = (table.c.passages, table.c.state, table.c.received_at, table.c.settled_at, IDEA.c.ref)
    query = select(*columns).join(IDEA, IDEA.c.document_id == table.c.document_id)
    mine = query.where(table.c.actor_id == person_id)
    return await _plain(tx, mine.order_by(table.c.received_at, table.c.place))


async def created_ideas(tx: Transaction, person_id: UUID) -> Rows:
    """Ideas that he began."""
    columns = (IDEA.c.ref, IDEA.c.title, IDEA.c.kind, IDEA.c.stage, IDEA.c.created_at)
    query = select(*columns).where(IDEA.c.created_by == person_id).order_by(IDEA.c.number)
    return await _plain(tx, query)


async def events(tx: Transaction, person_id: UUID) -> Rows:
    """What the log says he did, or that was done to him."""
    table = METADATA.tables["event"]
    about = cast(table.c.payload, String).contains(str(person_id))
    return await _rows(tx, table, or_(table.c.actor_id == person_id, about), "id")


async def audited(tx: Transaction, person_id: UUID) -> Rows:
    """Entries of the audit log in which a seal stands for him."""
    return [dict(row._mapping, at=row.at.isoformat()) for row in await sealed_for(tx, person_id)]


def _mine_only(row: dict[str, Any], me: str) -> dict[str, Any]:
    """A review without the words of the other side."""
    for whose, words in (("person_id", "text"), ("answered_by", "answer")):
        if row.pop(whose) != me:
            row[words] = None
    return row


async def _rows(tx: Transaction, table: Table, mine: ColumnElement[bool], order: str) -> Rows:
    """The rows without secrets, with the reference of the idea they belong to."""
    query: Select[Any] = select(*(c for c in table.c if c.name not in _WITHHELD))
    if "idea_id" in table.c:
        query = query.add_columns(IDEA.c.ref).outerjoin(IDEA, IDEA.c.id == table.c.idea_id)
    return await _plain(tx, query.where(mine).order_by(table.c[order]))


async def _plain(tx: Transaction, query: Select[Any]) -> Rows:
    found = (await tx.run(query)).mappings()
    return [{name: _json(value) for name, value in row.items()} for row in found]


def _json(value: Any) -> Any:
    if isinstance(value, date):  # a moment is one, too
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
