"""Boards of workshops: notes not shown yet, dots, and the ideas that notes have become."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "silent_note",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("client", sa.BigInteger(), nullable=True),
        sa.Column("brought_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("workshop_id", "id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sa.CheckConstraint("length(id) BETWEEN 6 AND 24", name=op.f("ck_silent_note_id")),
        sa.CheckConstraint("length(text) <= 500", name=op.f("ck_silent_note_text")),
    )
    op.create_index("ix_silent_note_author_id", "silent_note", ["author_id"])
    op.create_index("ix_silent_note_brought_at", "silent_note", ["brought_at"])
    op.create_table(
        "dot",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workshop_id", "note_id", "person_id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.CheckConstraint("count BETWEEN 1 AND 50", name=op.f("ck_dot_count")),
        sa.CheckConstraint("length(note_id) BETWEEN 6 AND 24", name=op.f("ck_dot_note_id")),
    )
    op.create_index("ix_dot_person_id", "dot", ["person_id"])
    op.create_table(
        "note_idea",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.String(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("is_beginning", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workshop_id", "note_id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
        sa.CheckConstraint("length(note_id) BETWEEN 6 AND 24", name=op.f("ck_note_idea_note_id")),
    )
    op.create_index("ix_note_idea_idea_id", "note_idea", ["idea_id"])
    op.create_index("ix_note_idea_by", "note_idea", ["by"])


def downgrade() -> None:
    for table in ("note_idea", "dot", "silent_note"):
        op.drop_table(table)
