"""Everything that the tables hold about one person, to be handed out to him."""

from datetime import datetime
from typing import Any
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
    | {"taken_from", "prepared_by", "opened_by"}
    | {"drafted_by", "signed_by", "given_by"}
    | {"resolved_by", "created_by", "raised_by", "answered_by", "idea_id", "document_id"}
    | {"decided_by", "from_id", "to_id", "replica_id", "origin_id", "organisation_id"}
)


async def sessions(tx: Transaction, person_id: UUID) -> Rows:
    """Browsers he signed in with, without their secrets."""
    return await _own(tx, "session", "person_id", person_id, "created_at")


async def tokens(tx: Transaction, person_id: UUID) -> Rows:
    """Tokens of programs, without their secrets."""
    return await _own(tx, "token", "person_id", person_id, "created_at")


async def links(tx: Transaction, person_id: UUID) -> Rows:
    """Links made for him and invitations he gave, without their secrets."""
    table = METADATA.tables["one_time_link"]
    mine = or_(table.c.person_id == person_id, table.c.created_by == person_id)
    return await _rows(tx, table, mine, "created_at")


async def comments(tx: Transaction, person_id: UUID) -> Rows:
    return await _own(tx, "comment", "author_id", person_id, "created_at")


async def judgements(tx: Transaction, person_id: UUID) -> Rows:
    return await _own(tx, "judgement", "person_id", person_id, "created_at")


async def stage_changes(tx: Transaction, person_id: UUID) -> Rows:
    """Official acts of his."""
    return await _own(tx, "stage_change", "actor_id", person_id, "at")


async def responsibilities(tx: Transaction, person_id: UUID) -> Rows:
    """What he offered, signed or ended for organisations, and where he stands for one."""
    table = METADATA.tables["responsibility"]
    people = (table.c.offered_by, table.c.confirmed_by, table.c.ended_by, table.c.person_id)
    return await _rows(tx, table, or_(*(each == person_id for each in people)), "offered_at")


async def terms(tx: Transaction, person_id: UUID) -> Rows:
    """Roles that he has, had or is to have for a time."""
    return await _own(tx, "role_term", "person_id", person_id, "valid_from")


async def initiative_relations(tx: Transaction, person_id: UUID) -> Rows:
    """What he said existing initiatives are to ideas."""
    return await _own(tx, "initiative_relation", "by", person_id, "at")


async def catalogue_versions(tx: Transaction, person_id: UUID) -> Rows:
    """Versions of catalogues that he published, without the catalogues."""
    table = METADATA.tables["catalogue_version"]
    columns = (table.c.catalogue_id, table.c.version, table.c.reason, table.c.at)
    return await _plain(tx, select(*columns).where(table.c.by == person_id).order_by(table.c.at))


async def support(tx: Transaction, person_id: UUID) -> Rows:
    """Support that he asked for, promised or gave."""
    table = METADATA.tables["support_request"]
    people = (table.c.asked_by, table.c.answered_by, table.c.done_by)
    return await _rows(tx, table, or_(*(each == person_id for each in people)), "asked_at")


async def claims(tx: Transaction, person_id: UUID) -> Rows:
    """Ideas that he looks after, or did last."""
    return await _own(tx, "claim", "person_id", person_id, "at")


async def prepared_acts(tx: Transaction, person_id: UUID) -> Rows:
    """Decisions that he has written down."""
    return await _own(tx, "prepared_act", "prepared_by", person_id, "at")


async def notes_opened(tx: Transaction, person_id: UUID) -> Rows:
    """Internal notes that he began."""
    return await _own(tx, "case_note", "opened_by", person_id, "at")


async def commitments(tx: Transaction, person_id: UUID) -> Rows:
    """What he wrote or signed for organisations of the principles of good practice."""
    table = METADATA.tables["commitment"]
    mine = or_(table.c.drafted_by == person_id, table.c.signed_by == person_id)
    return await _rows(tx, table, mine, "drafted_at")


async def recognitions(tx: Transaction, person_id: UUID) -> Rows:
    """Recognitions that he gave in his office."""
    return await _own(tx, "recognition", "given_by", person_id, "given_at")


async def central_measures(tx: Transaction, person_id: UUID) -> Rows:
    """Central measures that he entered."""
    return await _own(tx, "central_measure", "created_by", person_id, "created_at")


async def central_links(tx: Transaction, person_id: UUID) -> Rows:
    """Ideas that he linked to central measures."""
    return await _own(tx, "central_link", "by", person_id, "at")


async def evidence(tx: Transaction, person_id: UUID) -> Rows:
    """What he put on record of cases."""
    return await _own(tx, "evidence", "by", person_id, "at")


async def requirements(tx: Transaction, person_id: UUID) -> Rows:
    """What he asked of ideas, and what he answered to requirements."""
    table = METADATA.tables["requirement"]
    mine = or_(table.c.raised_by == person_id, table.c.answered_by == person_id)
    return await _rows(tx, table, mine, "created_at")


async def conditions(tx: Transaction, person_id: UUID) -> Rows:
    """Conditions in his judgements that were settled, and those he settled."""
    table = METADATA.tables["condition"]
    mine = or_(table.c.person_id == person_id, table.c.by == person_id)
    return await _rows(tx, table, mine, "at")


async def indicators(tx: Transaction, person_id: UUID) -> Rows:
    """Indicators he set or changed."""
    return await _own(tx, "indicator", "by", person_id, "at")


async def measurements(tx: Transaction, person_id: UUID) -> Rows:
    """Values he entered."""
    return await _own(tx, "measurement", "by", person_id, "at")


async def statements(tx: Transaction, person_id: UUID) -> Rows:
    """What he said that ideas of his team pay into, in every revision."""
    return await _own(tx, "alignment", "by", person_id, "at")


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


async def teams(tx: Transaction, person_id: UUID) -> Rows:
    """Ideas where he holds a role."""
    return await _own(tx, "idea_role", "person_id", person_id, "role")


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


async def _own(tx: Transaction, name: str, whose: str, person_id: UUID, order: str) -> Rows:
    table = METADATA.tables[name]
    return await _rows(tx, table, table.c[whose] == person_id, order)


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
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
