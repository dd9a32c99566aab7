"""What hangs on comments: mentions, reactions, what settled them, what became of them; tasks."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = ("task", "comment_outcome", "resolution", "reaction", "mention")


def upgrade() -> None:
    _mention()
    _reaction()
    _resolution()
    _outcome()
    _task()
    # The first comments of threads, newest first, are what a page reads.
    op.create_index("ix_comment_idea_id_reply_to", "comment", ["idea_id", "reply_to", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_comment_idea_id_reply_to", "comment")
    for name in TABLES:
        op.drop_table(name)


def _mention() -> None:
    op.create_table(
        "mention",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("comment_id", "person_id"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_index("ix_mention_person_id", "mention", ["person_id"])


def _reaction() -> None:
    op.create_table(
        "reaction",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("reaction", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("reaction IN ('agree', 'disagree', 'unsure')", name="reaction"),
        sa.PrimaryKeyConstraint("comment_id", "person_id"),
        _comment(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_index("ix_reaction_person_id", "reaction", ["person_id"])
    op.create_index("ix_reaction_idea_id_comment_id", "reaction", ["idea_id", "comment_id"])


def _resolution() -> None:
    op.create_table(
        "resolution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("change_from", sa.String(), nullable=True),
        sa.Column("change_to", sa.String(), nullable=True),
        sa.Column("reopened_by", sa.Uuid(), nullable=True),
        sa.Column("reopened_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("length(note) <= 500", name="note"),
        sa.CheckConstraint("(change_from IS NULL) = (change_to IS NULL)", name="change"),
        sa.CheckConstraint("(reopened_at IS NULL) = (reopened_by IS NULL)", name="reopened"),
        sa.PrimaryKeyConstraint("id"),
        _comment(),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
        sa.ForeignKeyConstraint(["reopened_by"], ["person.id"]),
    )
    op.create_index("ix_resolution_by", "resolution", ["by"])
    op.create_index("ix_resolution_idea_id_comment_id", "resolution", ["idea_id", "comment_id"])


def _outcome() -> None:
    op.create_table(
        "comment_outcome",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('requirement', 'task', 'suggestion')", name="kind"),
        sa.CheckConstraint("length(target) BETWEEN 1 AND 64", name="target"),
        sa.PrimaryKeyConstraint("comment_id", "kind", "target"),
        _comment(),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
    )
    op.create_index("ix_comment_outcome_by", "comment_outcome", ["by"])
    op.create_index(
        "ix_comment_outcome_idea_id_comment_id", "comment_outcome", ["idea_id", "comment_id"]
    )


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name="text"),
        sa.CheckConstraint("length(reason) <= 500", name="reason"),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        sa.CheckConstraint("(settled_by IS NULL) = (settled_at IS NULL)", name="settled_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idea_id", "number"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        _comment(),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"]),
    )
    op.create_index("ix_task_idea_id_state", "task", ["idea_id", "state"])
    op.create_index("ix_task_owner_id_state", "task", ["owner_id", "state"])
    op.create_index("ix_task_created_by", "task", ["created_by"])


def _comment() -> sa.ForeignKeyConstraint:
    """What hangs on a comment is about the comment's idea."""
    return sa.ForeignKeyConstraint(["idea_id", "comment_id"], ["comment.idea_id", "comment.id"])
