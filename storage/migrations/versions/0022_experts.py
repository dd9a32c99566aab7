"""What people say they know, and asking them."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Json, UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expert_profile",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("may_be_asked", sa.Boolean(), nullable=False),
        sa.Column("shows_organisation", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('profession', 'research', 'office', 'lived')", name="ground"
        ),
        sa.CheckConstraint("length(about) <= 600", name="about"),
        sa.PrimaryKeyConstraint("person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_table(
        "expert_topic",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("stems", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('dimension', 'field', 'keyword')", name="kind"),
        sa.CheckConstraint("length(value) BETWEEN 1 AND 100", name="value"),
        sa.PrimaryKeyConstraint("person_id", "kind", "value"),
        sa.ForeignKeyConstraint(["person_id"], ["expert_profile.person_id"]),
    )
    op.create_index("ix_expert_topic_head", "expert_topic", ["kind", "head"])
    _create_invitations()


def _create_invitations() -> None:
    op.create_table(
        "expert_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'lapsed', 'withdrawn')", name="state"
        ),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"]),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"]),
    )
    op.create_index("ix_expert_invitation_idea", "expert_invitation", ["idea_id", "invited_at"])
    op.create_index("ix_expert_invitation_person", "expert_invitation", ["person_id", "invited_at"])
    op.create_index("ix_expert_invitation_due", "expert_invitation", ["state", "due_at"])
    op.create_index(
        "ix_expert_invitation_open",
        "expert_invitation",
        ["idea_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    for table in ("expert_invitation", "expert_topic", "expert_profile"):
        op.drop_table(table)
