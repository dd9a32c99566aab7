"""Reports by anybody, hidings with their appeals, and slow mode."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

GROUNDS = "ground IN ('insult', 'hate', 'personal_data', 'spam', 'copyright', 'illegal', 'other')"
OUTCOMES = "outcome IN ('hidden', 'acted', 'dismissed')"


def upgrade() -> None:
    _create_report_case()
    _create_report()
    _create_hiding()
    _create_slow_mode()
    # What was hidden before can be appealed against like everything else.
    op.execute(
        "INSERT INTO hiding (id, comment_id, idea_id, author_id, by, ground, reason, at, appeal, "
        "answer, shown_reason) SELECT id, id, idea_id, author_id, hidden_by, 'other', "
        "COALESCE(hidden_reason, ''), hidden_at, '', '', '' FROM comment "
        "WHERE hidden_at IS NOT NULL AND hidden_by IS NOT NULL"
    )


def downgrade() -> None:
    for name in ("slow_turn", "slow_mode", "hiding", "report", "report_case"):
        op.drop_table(name)


def _create_report_case() -> None:
    op.create_table(
        "report_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "target IN ('comment', 'section', 'person')", name=op.f("ck_report_case_target")
        ),
        sa.CheckConstraint("state IN ('open', 'decided')", name=op.f("ck_report_case_state")),
        sa.CheckConstraint(
            "length(target_id) BETWEEN 1 AND 64", name=op.f("ck_report_case_target_id")
        ),
        sa.CheckConstraint(f"outcome IS NULL OR {OUTCOMES}", name=op.f("ck_report_case_outcome")),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_at IS NOT NULL)", name=op.f("ck_report_case_decided")
        ),
        sa.CheckConstraint(
            "(state = 'decided') = (outcome IS NOT NULL)", name=op.f("ck_report_case_ended")
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        *(
            sa.ForeignKeyConstraint([name], ["person.id"])
            for name in ("person_id", "claimed_by", "decided_by")
        ),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_report_case_open",
        "report_case",
        ["idea_id", "target", "target_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_report_case_queue", "report_case", ["state", "opened_at", "id"])
    op.create_index("ix_report_case_person_id", "report_case", ["person_id"])


def _create_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(GROUNDS, name=op.f("ck_report_ground")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_report_words")),
        sa.CheckConstraint("length(quote) <= 500", name=op.f("ck_report_quote")),
        sa.CheckConstraint("length(secret_hash) = 64", name=op.f("ck_report_secret_hash")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
        sa.ForeignKeyConstraint(["case_id"], ["report_case.id"]),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"]),
    )
    for column in ("case_id", "reporter_id", "at"):
        op.create_index(f"ix_report_{column}", "report", [column])


def _create_hiding() -> None:
    op.create_table(
        "hiding",
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("id", "comment_id", "idea_id", "author_id", "by")
        ),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("appeal_state", sa.String(), nullable=True),
        sa.Column("appealed_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("shown_reason", sa.String(), nullable=False),
        sa.Column("shown_by", sa.Uuid(), nullable=True),
        sa.Column("shown_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(GROUNDS, name=op.f("ck_hiding_ground")),
        sa.CheckConstraint("length(appeal) <= 2000", name=op.f("ck_hiding_appeal")),
        sa.CheckConstraint(
            "appeal_state IS NULL OR appeal_state IN ('open', 'granted', 'rejected')",
            name=op.f("ck_hiding_state"),
        ),
        sa.CheckConstraint(
            "(appeal_state IS NULL) = (appealed_at IS NULL)", name=op.f("ck_hiding_appealed")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR appeal_state <> 'open'", name=op.f("ck_hiding_answered")
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        *(
            sa.ForeignKeyConstraint([name], ["person.id"])
            for name in ("author_id", "by", "answered_by", "shown_by")
        ),
    )
    op.create_index("ix_hiding_comment", "hiding", ["comment_id", "at"])
    op.create_index("ix_hiding_appeals", "hiding", ["appeal_state", "appealed_at"])
    op.create_index("ix_hiding_author_id", "hiding", ["author_id"])


def _create_slow_mode() -> None:
    op.create_table(
        "slow_mode",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.CheckConstraint("seconds BETWEEN 30 AND 3600", name=op.f("ck_slow_mode_seconds")),
        sa.CheckConstraint("until > at", name=op.f("ck_slow_mode_lifetime")),
        sa.PrimaryKeyConstraint("idea_id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
    )
    op.create_index("ix_slow_mode_until", "slow_mode", ["until"])
    op.create_table(
        "slow_turn",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("idea_id", "person_id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
