"""Rounds of judging, judgements that were taken back, and who was told that a text changed."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, Json, UTCDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

DISCLOSURES = "disclosure IN ('after_own_or_close', 'after_close', 'open')"
COLUMNS = ("round_id", "withdrawn_at", "looked_sha256", "told_at")


def upgrade() -> None:
    op.create_table(
        "judgement_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("dimensions", Json, nullable=False),
        sa.Column("disclosure", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_reason", sa.String(), nullable=False),
        sa.CheckConstraint(DISCLOSURES, name="disclosure"),
        sa.CheckConstraint("epoch >= 1 AND seq >= 0", name="version"),
        sa.CheckConstraint("(closed_by IS NULL) = (closed_reason = '')", name="closed"),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"]),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_judgement_round_open",
        "judgement_round",
        ["idea_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_judgement_round_idea", "judgement_round", ["idea_id", "opened_at"])
    op.create_index("ix_judgement_round_opened_by", "judgement_round", ["opened_by"])
    # Said to the database itself: SQLite takes a constraint only together with its column.
    type_name = sa.Uuid().compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE judgement ADD COLUMN round_id {type_name} "
        "CONSTRAINT fk_judgement_round_id REFERENCES judgement_round (id)"
    )
    op.add_column("judgement", sa.Column("withdrawn_at", UTCDateTime(), nullable=True))
    op.add_column("judgement", sa.Column("looked_sha256", sa.String(), nullable=True))
    op.add_column("judgement", sa.Column("told_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("judgement", name)
    op.drop_table("judgement_round")
