"""Ideas that go on in other ones: who is asked, what was moved, and where a comment was said."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVING = sa.text("state IN ('asked', 'done')")


def upgrade() -> None:
    _merge()
    _consent()
    _part()
    op.add_column("comment", sa.Column("origin_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("comment", "origin_id")
    for name in ("merge_part", "merge_consent", "idea_merge"):
        op.drop_table(name)


def _merge() -> None:
    op.create_table(
        "idea_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=False),
        sa.Column("merged_at", UTCDateTime(), nullable=True),
        sa.Column("source_epoch", sa.Integer(), nullable=True),
        sa.Column("source_seq", BIG, nullable=True),
        sa.Column("target_epoch", sa.Integer(), nullable=True),
        sa.Column("target_seq", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'done', 'declined', 'withdrawn', 'undone')",
            name=op.f("ck_idea_merge_state"),
        ),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_idea_merge_two")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 2000", name=op.f("ck_idea_merge_reason")),
        sa.CheckConstraint(
            "(state IN ('done', 'undone')) = (merged_at IS NOT NULL)",
            name=op.f("ck_idea_merge_merged"),
        ),
        sa.CheckConstraint(
            "(merged_at IS NULL) = (source_seq IS NULL)", name=op.f("ck_idea_merge_source_version")
        ),
        sa.CheckConstraint(
            "(merged_at IS NULL) = (target_seq IS NULL)", name=op.f("ck_idea_merge_target_version")
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (ended_at IS NULL)", name=op.f("ck_idea_merge_ended")
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["source_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["target_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"]),
    )
    op.create_index(
        "uq_idea_merge_living",
        "idea_merge",
        ["source_id"],
        unique=True,
        sqlite_where=LIVING,
        postgresql_where=LIVING,
    )
    op.create_index("ix_idea_merge_source", "idea_merge", ["source_id", "proposed_at"])
    op.create_index("ix_idea_merge_target", "idea_merge", ["target_id", "state", "proposed_at"])
    op.create_index("ix_idea_merge_proposed_by", "idea_merge", ["proposed_by"])


def _consent() -> None:
    op.create_table(
        "merge_consent",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("side IN ('source', 'target')", name=op.f("ck_merge_consent_side")),
        sa.CheckConstraint(
            "answer IS NULL OR answer IN ('yes', 'no')", name=op.f("ck_merge_consent_answer")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_merge_consent_answered")
        ),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_merge_consent_note")),
        sa.PrimaryKeyConstraint("merge_id", "person_id"),
        sa.ForeignKeyConstraint(["merge_id"], ["idea_merge.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_index("ix_merge_consent_person_id", "merge_consent", ["person_id"])


def _part() -> None:
    kinds = "'comment', 'task', 'requirement', 'role', 'follow', 'link', 'judgement'"
    op.create_table(
        "merge_part",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_merge_part_kind")),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 200", name=op.f("ck_merge_part_key")),
        sa.PrimaryKeyConstraint("merge_id", "kind", "key"),
        sa.ForeignKeyConstraint(["merge_id"], ["idea_merge.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_index("ix_merge_part_person_id", "merge_part", ["person_id"])
