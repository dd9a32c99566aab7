"""The audit log; a chain begins for every idea that has a history, and for the arena.

The entry ``begun`` stands for what happened before: it says how it stood, and a digest of the
moves so far.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, Json, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FORMAT = "arena-audit/1"
FIRST = "0" * 64
PRIVATE = frozenset({"draft"})

event = sa.table(
    "event", sa.column("id", sa.BigInteger()), sa.column("idea_id", sa.Uuid()), sa.column("kind")
)
idea = sa.table(
    "idea",
    sa.column("id", sa.Uuid()),
    *(sa.column(name) for name in ("ref", "stage", "kind", "revision")),
)
person_role = sa.table("person_role", sa.column("role"))
stage_change = sa.table(
    "stage_change",
    sa.column("idea_id", sa.Uuid()),
    sa.column("at", UTCDateTime()),
    *(
        sa.column(name)
        for name in (
            "transition", "from_stage", "to_stage", "revision", "epoch", "seq", "sha256"
        )
    ),
)  # fmt: skip


def upgrade() -> None:
    entries = _create_entries()
    _create_keys()
    begun = [*_begun_ideas(), *_begun_arena()]
    if begun:
        op.bulk_insert(entries, begun)


def downgrade() -> None:
    op.drop_table("audit_key")
    op.drop_table("audit_entry")


def _create_entries() -> sa.Table:
    made = op.create_table(
        "audit_entry",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_entry_number")),
        sa.CheckConstraint(
            "length(previous) = 64 AND length(hash) = 64", name=op.f("ck_audit_entry_hashes")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.PrimaryKeyConstraint("chain", "number"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_index("ix_audit_entry_idea_id", "audit_entry", ["idea_id"])
    return made


def _create_keys() -> None:
    op.create_table(
        "audit_key",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["chain", "number"], ["audit_entry.chain", "audit_entry.number"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("chain", "number", "field"),
    )
    op.create_index("ix_audit_key_person_id", "audit_key", ["person_id"])


def _begun_ideas() -> Iterator[dict[str, Any]]:
    """The first entry of each idea's chain."""
    connection = op.get_bind()
    moves: dict[Any, list[dict[str, Any]]] = {}
    for row in connection.execute(sa.select(stage_change).order_by(stage_change.c.revision)):
        moves.setdefault(row.idea_id, []).append(_move(row))
    query = sa.select(event.c.idea_id, sa.func.max(event.c.id)).group_by(event.c.idea_id)
    last = {row[0]: row[1] for row in connection.execute(query)}
    now = _now()
    for row in connection.execute(sa.select(idea).order_by(idea.c.ref)):
        history = moves.get(row.id, [])
        facts = {
            "stage": row.stage,
            "kind": row.kind,
            "revision": row.revision,
            "moves": len(history),
            "history": _digest(history),
            "events_to": last.get(row.id, 0),
        }
        yield _begun(row.ref, row.id, now, facts, public=row.stage not in PRIVATE)


def _begun_arena() -> Iterator[dict[str, Any]]:
    """The first entry of the arena's chain, if there is anybody with a role."""
    connection = op.get_bind()
    query = sa.select(person_role.c.role, sa.func.count()).group_by(person_role.c.role)
    roles = {row[0]: row[1] for row in connection.execute(query)}
    if not roles:
        return
    query = sa.select(sa.func.max(event.c.id)).where(event.c.idea_id.is_(None))
    facts = {"roles": _digest(roles), "events_to": connection.execute(query).scalar() or 0}
    yield _begun("arena", None, _now(), facts, public=False)


def _begun(
    chain: str, idea_id: Any, now: datetime, facts: dict[str, Any], *, public: bool
) -> dict[str, Any]:
    hashed = {
        "format": FORMAT,
        "chain": chain,
        "number": 1,
        "at": _moment(now),
        "act": "begun",
        "public": public,
        "event": None,
        "facts": facts,
        "sealed": {},
        "previous": FIRST,
    }
    return {
        "chain": chain,
        "number": 1,
        "idea_id": idea_id,
        "event_id": None,
        "at": now,
        "act": "begun",
        "public": public,
        "body": {"facts": facts, "sealed": {}},
        "previous": FIRST,
        "hash": _digest(hashed),
    }


def _now() -> datetime:
    """The moment by the database's clock."""
    asked = sa.select(sa.type_coerce(sa.func.current_timestamp(), UTCDateTime()))
    found: datetime = op.get_bind().execute(asked).scalar_one()
    return found


def _move(row: Any) -> dict[str, Any]:
    """A move as it is digested."""
    return {
        "transition": row.transition,
        "from_stage": row.from_stage,
        "to_stage": row.to_stage,
        "revision": row.revision,
        "version": {"epoch": row.epoch, "seq": row.seq, "sha256": row.sha256},
        "at": _moment(row.at),
    }


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
