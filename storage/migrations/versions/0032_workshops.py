"""Workshops: the evening, its tables, who leads and attends it, guests, its documents."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_workshop()
    op.create_table(
        "workshop_table",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("workshop_id", "number"),
        sa.CheckConstraint("length(code) = 6", name=op.f("ck_workshop_table_code")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_workshop_table_name")),
    )
    op.create_index("ix_workshop_table_idea_id", "workshop_table", ["idea_id"])
    op.create_table(
        "workshop_facilitator",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workshop_id", "person_id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_index("ix_workshop_facilitator_person_id", "workshop_facilitator", ["person_id"])
    _create_attendance()
    op.create_table(
        "guest",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("claim_hash", sa.String(), nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["claimed_by"], ["person.id"]),
        sa.UniqueConstraint("claim_hash"),
    )
    op.create_index("ix_guest_workshop_id", "guest", ["workshop_id"])
    op.create_index("ix_guest_claimed_by", "guest", ["claimed_by"])
    op.create_table(
        "workshop_document",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("workshop_id", "kind"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.UniqueConstraint("document_id"),
        sa.CheckConstraint("kind IN ('board', 'minutes')", name=op.f("ck_workshop_document_kind")),
    )


def _create_workshop() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("step_began_at", UTCDateTime(), nullable=False),
        sa.Column("timer_ends_at", UTCDateTime(), nullable=True),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.Column("is_frozen", sa.Boolean(), nullable=False),
        sa.Column("shows_names", sa.Boolean(), nullable=False),
        sa.Column("dots_per_person", sa.Integer(), nullable=False),
        sa.Column("dots_revealed_at", UTCDateTime(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("joining_until", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"]),
        sa.UniqueConstraint("code"),
        sa.CheckConstraint("length(code) = 6", name=op.f("ck_workshop_code")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 120", name=op.f("ck_workshop_title")),
        sa.CheckConstraint("step >= 0", name=op.f("ck_workshop_step")),
        sa.CheckConstraint("dots_per_person BETWEEN 0 AND 50", name=op.f("ck_workshop_dots")),
        sa.CheckConstraint("expires_at >= joining_until", name=op.f("ck_workshop_expires")),
    )
    op.create_index("ix_workshop_created_by", "workshop", ["created_by"])
    op.create_index("ix_workshop_expires_at", "workshop", ["expires_at"])


def _create_attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("hand_raised_at", UTCDateTime(), nullable=True),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("workshop_id", "person_id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["table_id"], ["workshop_table.id"]),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"]),
    )
    op.create_index("ix_attendance_person_id", "attendance", ["person_id"])
    op.create_index("ix_attendance_table_id", "attendance", ["table_id"])


def downgrade() -> None:
    for table in (
        "workshop_document",
        "guest",
        "attendance",
        "workshop_facilitator",
        "workshop_table",
        "workshop",
    ):
        op.drop_table(table)
