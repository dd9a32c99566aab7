"""What is addressed to people, and what those who judge declare about themselves."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DECLARED = ("expertise_note", "own_interest", "evidence")


def upgrade() -> None:
    # Said to the database itself: SQLite takes a constraint only together with its column.
    op.execute(
        "ALTER TABLE judgement ADD COLUMN expertise VARCHAR DEFAULT 'none' NOT NULL "
        "CONSTRAINT ck_judgement_expertise "
        "CHECK (expertise IN ('none', 'profession', 'research', 'office', 'lived'))"
    )
    for name in DECLARED:
        op.execute(f"ALTER TABLE judgement ADD COLUMN {name} VARCHAR DEFAULT '' NOT NULL")
    op.create_table(
        "notice",
        sa.Column("event_id", BigId, autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.Column("mailed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 64", name="reason"),
        sa.PrimaryKeyConstraint("event_id", "person_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
    )
    op.create_index("ix_notice_person_id_event_id", "notice", ["person_id", "event_id"])
    op.create_index("ix_notice_idea_id", "notice", ["idea_id"])


def downgrade() -> None:
    op.drop_table("notice")
    for name in (*DECLARED, "expertise"):
        op.drop_column("judgement", name)
