"""Ideas, what is said and decided about them, and the event log."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, Json, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_reference_counter()
    _create_idea()
    _create_idea_role()
    _create_idea_text()
    _create_stage_change()
    _create_comment()
    _create_judgement()
    _create_event()


def downgrade() -> None:
    for table in (
        "event",
        "judgement",
        "comment",
        "stage_change",
        "idea_text",
        "idea_role",
        "idea",
        "reference_counter",
    ):
        op.drop_table(table)


def _create_reference_counter() -> None:
    op.create_table(
        "reference_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_reference_counter_last")),
        sa.PrimaryKeyConstraint("year"),
    )


def _create_idea() -> None:
    op.create_table(
        "idea",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("active_at", UTCDateTime(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.CheckConstraint("kind IN ('need', 'proposal')", name=op.f("ck_idea_kind")),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_idea_place")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_idea_latitude")),
        sa.CheckConstraint("length(stage) BETWEEN 1 AND 64", name=op.f("ck_idea_stage")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_idea_longitude")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_idea_revision")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("ref"),
        sa.UniqueConstraint("source"),
    )
    op.create_index("ix_idea_activity", "idea", ["active_at", "id", "stage", "kind", "number"])
    op.create_index("ix_idea_created_by", "idea", ["created_by"])
    op.create_index("ix_idea_kind", "idea", ["kind", "active_at", "id", "stage", "number"])
    op.create_index("ix_idea_stage", "idea", ["stage", "active_at", "id", "kind", "number"])


def _create_idea_role() -> None:
    op.create_table(
        "idea_role",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint("length(role) BETWEEN 1 AND 64", name=op.f("ck_idea_role_role")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("idea_id", "person_id", "role"),
    )
    op.create_index("ix_idea_role_person_id", "idea_role", ["person_id"])


def _create_idea_text() -> None:
    op.create_table(
        "idea_text",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("sections", Json, nullable=False),
        sa.Column("stems", sa.String(), nullable=False),
        sa.Column("title_trigrams", sa.String(), nullable=False),
        sa.CheckConstraint("epoch >= 1 AND seq >= 0", name=op.f("ck_idea_text_version")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.PrimaryKeyConstraint("idea_id"),
        sa.UniqueConstraint("number"),
    )


def _create_stage_change() -> None:
    op.create_table(
        "stage_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("transition", sa.String(), nullable=False),
        sa.Column("from_stage", sa.String(), nullable=False),
        sa.Column("to_stage", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("epoch >= 1 AND seq >= 0", name=op.f("ck_stage_change_version")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idea_id", "revision"),
    )


def _create_comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("reply_to", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("anchor", Json, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("edited_at", UTCDateTime(), nullable=True),
        sa.Column("hidden_at", UTCDateTime(), nullable=True),
        sa.Column("hidden_by", sa.Uuid(), nullable=True),
        sa.Column("hidden_reason", sa.String(), nullable=True),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('question', 'concern', 'evidence', 'offer', 'praise', 'note')",
            name=op.f("ck_comment_kind"),
        ),
        sa.CheckConstraint(
            "deleted_at IS NOT NULL OR length(text) > 0", name=op.f("ck_comment_not_empty")
        ),
        sa.CheckConstraint("length(text) <= 5000", name=op.f("ck_comment_text")),
        sa.CheckConstraint("reply_to IS NULL OR reply_to <> id", name=op.f("ck_comment_reply")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["hidden_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["idea_id", "reply_to"], ["comment.idea_id", "comment.id"]),
        sa.UniqueConstraint("idea_id", "id"),
        sa.ForeignKeyConstraint(["resolved_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_comment_author_id", "comment", ["author_id"])
    op.create_index("ix_comment_idea_id_created_at_id", "comment", ["idea_id", "created_at", "id"])
    op.create_index("ix_comment_reply_to", "comment", ["reply_to"])


def _create_judgement() -> None:
    op.create_table(
        "judgement",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "confidence IN ('low', 'medium', 'high')", name=op.f("ck_judgement_confidence")
        ),
        sa.CheckConstraint(
            "verdict IN ('feasible', 'with_conditions', 'open', 'not_feasible')",
            name=op.f("ck_judgement_verdict"),
        ),
        sa.CheckConstraint("epoch >= 1 AND seq >= 0", name=op.f("ck_judgement_version")),
        sa.CheckConstraint(
            "length(dimension) BETWEEN 1 AND 64", name=op.f("ck_judgement_dimension")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("idea_id", "dimension", "person_id"),
    )
    op.create_index("ix_judgement_person_id", "judgement", ["person_id"])


def _create_event() -> None:
    op.create_table(
        "event",
        sa.Column("id", BigId, nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_idea_id_id", "event", ["idea_id", "id"])
