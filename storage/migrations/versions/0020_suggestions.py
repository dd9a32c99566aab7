"""Wording that people suggest for an idea's text."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("passage", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("edited_at", UTCDateTime(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("client", sa.BigInteger(), nullable=True),
        sa.Column("applied_epoch", sa.Integer(), nullable=True),
        sa.Column("applied_seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('replace', 'insert', 'delete')", name="kind"),
        sa.CheckConstraint(
            "state IN ('open', 'accepting', 'accepted', 'declined', 'withdrawn')", name="state"
        ),
        sa.CheckConstraint("length(text) <= 5000", name="text"),
        sa.CheckConstraint("length(reason) <= 1000", name="reason"),
        sa.CheckConstraint("length(decision) <= 1000", name="decision"),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint("state <> 'accepted' OR applied_seq IS NOT NULL", name="applied"),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"]),
    )
    op.create_index(
        "ix_suggestion_idea_id_state_created_at", "suggestion", ["idea_id", "state", "created_at"]
    )
    for name in ("author_id", "comment_id", "decided_by"):
        op.create_index(f"ix_suggestion_{name}", "suggestion", [name])


def downgrade() -> None:
    op.drop_table("suggestion")
