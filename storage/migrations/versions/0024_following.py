"""What people follow, how far they have read, and the mails they want."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, UTCDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = (
    "mailing", "mail_choice", "stall_told", "watermark", "read_mark", "saved_search", "idea_follow",
)  # fmt: skip
INDEXES = {
    "ix_notice_unread": ["person_id", "read_at"],
    "ix_notice_mailing": ["mailed_at", "seen_at", "at"],
}


def upgrade() -> None:
    op.add_column("notice", sa.Column("read_at", UTCDateTime(), nullable=True))
    for name, columns in INDEXES.items():
        op.create_index(name, "notice", columns)
    _follows()
    _marks()
    _mails()
    _begin()


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
    for name in INDEXES:
        op.drop_index(name, "notice")
    op.drop_column("notice", "read_at")


def _follows() -> None:
    op.create_table(
        "idea_follow",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("since_event", BigId, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("standing IN ('chosen', 'spoke', 'not')", name="standing"),
        sa.PrimaryKeyConstraint("person_id", "idea_id"),
        *_named(),
    )
    op.create_index("ix_idea_follow_idea_id", "idea_follow", ["idea_id"])
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("parameters", sa.String(), nullable=False),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.Column("looked_to", BigId, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(parameters) BETWEEN 1 AND 1000", name="parameters"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "parameters"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )


def _marks() -> None:
    op.create_table(
        "read_mark",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", BigId, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("before_event", BigId, nullable=True),
        sa.Column("before_epoch", sa.Integer(), nullable=True),
        sa.Column("before_seq", BigId, nullable=True),
        sa.Column("before_sha256", sa.String(), nullable=True),
        sa.Column("before_at", UTCDateTime(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "idea_id"),
        *_named(),
    )
    op.create_index("ix_read_mark_idea_id", "read_mark", ["idea_id"])
    op.create_table(
        "watermark",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("event_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "stall_told",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("active_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("idea_id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
    )


def _mails() -> None:
    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("addressed", sa.String(), nullable=False),
        sa.Column("followed", sa.String(), nullable=False),
        sa.Column("follows_own", sa.Boolean(), nullable=False),
        sa.Column("keeps_quiet", sa.Boolean(), nullable=False),
        sa.Column("digest_event", BigId, nullable=False),
        sa.Column("digest_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("addressed IN ('instant', 'digest', 'never')", name="addressed"),
        sa.CheckConstraint("followed IN ('daily', 'weekly', 'never')", name="followed"),
        sa.PrimaryKeyConstraint("person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_table(
        "mailing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=True),
        sa.Column("after_event", BigId, nullable=False),
        sa.Column("to_event", BigId, nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('instant', 'digest')", name="kind"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.PrimaryKeyConstraint("id"),
        *_named(),
    )
    op.create_index("ix_mailing_person_id", "mailing", ["person_id"])
    op.create_index("ix_mailing_idea_id", "mailing", ["idea_id"])
    op.create_index("ix_mailing_next_at_id", "mailing", ["next_at", "id"])


def _begin() -> None:
    """Who spoke so far follows along, and nobody is told of what lies before this day."""
    said = (("comment", "author_id"), ("judgement", "person_id"))
    spoken = " UNION ".join(f"SELECT {who} AS who, idea_id FROM {table}" for table, who in said)
    op.execute(
        "INSERT INTO idea_follow (person_id, idea_id, standing, since_event, at) "
        "SELECT said.who, said.idea_id, 'spoke', "
        "(SELECT coalesce(max(id), 0) FROM event), CURRENT_TIMESTAMP "
        f"FROM ({spoken}) AS said JOIN person ON person.id = said.who "
        "WHERE person.erased_at IS NULL"
    )
    for name in ("heard", "published"):
        op.execute(
            "INSERT INTO watermark (name, event_id) "
            f"SELECT '{name}', coalesce(max(id), 0) FROM event"
        )


def _named() -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
    )
