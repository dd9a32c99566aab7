"""Answers to reports that are to leave: how often each was tried, and when it is tried again."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

HAS_ADDRESS = sa.text("email IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "report", sa.Column("answer_attempts", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("report", sa.Column("answer_next_at", UTCDateTime(), nullable=True))
    op.create_index(
        "ix_report_email",
        "report",
        ["at"],
        sqlite_where=HAS_ADDRESS,
        postgresql_where=HAS_ADDRESS,
    )


def downgrade() -> None:
    op.drop_index("ix_report_email", "report")
    op.drop_column("report", "answer_next_at")
    op.drop_column("report", "answer_attempts")
