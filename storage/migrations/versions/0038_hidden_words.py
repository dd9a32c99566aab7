"""Words beside comments are reported and hidden like them; who was named in a comment is known."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None
# Older programs write hidings and reports of comments only, which the constraints allow.
serves = "0027"

TARGETS = "target IN ('comment', 'suggestion', 'judgement', 'requirement', 'section', 'person')"
HIDEABLE = "target IN ('comment', 'suggestion', 'judgement', 'requirement')"
TARGETS_BEFORE = "target IN ('comment', 'section', 'person')"
CHECKS = {
    "ck_hiding_target": HIDEABLE,
    "ck_hiding_comment": "(target = 'comment') = (comment_id IS NOT NULL)",
    "ck_hiding_target_id": "(target = 'comment') = (target_id IS NULL)",
}
HOLDING = ("suggestion", "judgement", "requirement")
MADE_OF_COMMENTS = ("requirement", "task")


def upgrade() -> None:
    for table in HOLDING:
        op.add_column(table, sa.Column("hidden_at", UTCDateTime(), nullable=True))
    past: sa.Column[bool] = sa.Column(
        "is_past", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("mention", past)
    for table in MADE_OF_COMMENTS:
        op.add_column(table, sa.Column("hidden_with", sa.Uuid(), nullable=True))
        op.execute(
            f"UPDATE {table} SET hidden_with = (SELECT made.comment_id FROM comment_outcome made "
            "JOIN comment ON comment.id = made.comment_id AND comment.hidden_at IS NOT NULL "
            f"WHERE made.kind = '{table}' AND made.idea_id = {table}.idea_id "
            f"AND made.target = CAST({table}.number AS VARCHAR))"
        )
    _reported(TARGETS)
    with op.batch_alter_table("hiding") as hiding:
        hiding.add_column(
            sa.Column("target", sa.String(), nullable=False, server_default="comment")
        )
        hiding.add_column(sa.Column("target_id", sa.String(), nullable=True))
        hiding.alter_column("comment_id", existing_type=sa.Uuid(), nullable=True)
        for name, condition in CHECKS.items():
            hiding.create_check_constraint(op.f(name), condition)
    op.create_index("ix_hiding_target", "hiding", ["idea_id", "target", "target_id", "at"])


def downgrade() -> None:
    op.execute("DELETE FROM hiding WHERE target <> 'comment'")
    named = "SELECT id FROM report_case WHERE target IN ('suggestion', 'judgement', 'requirement')"
    op.execute(f"DELETE FROM report WHERE case_id IN ({named})")
    op.execute(f"DELETE FROM report_case WHERE id IN ({named})")
    op.drop_index("ix_hiding_target", "hiding")
    with op.batch_alter_table("hiding") as hiding:
        for name in CHECKS:
            hiding.drop_constraint(op.f(name), type_="check")
        hiding.alter_column("comment_id", existing_type=sa.Uuid(), nullable=False)
        hiding.drop_column("target_id")
        hiding.drop_column("target")
    _reported(TARGETS_BEFORE)
    with op.batch_alter_table("mention") as mention:
        mention.drop_column("is_past")
    for table in MADE_OF_COMMENTS:
        with op.batch_alter_table(table) as made:
            made.drop_column("hidden_with")
    # Not in a batch: SQLite would write the table anew, and 0021 could not be undone any more.
    for table in HOLDING:
        op.drop_column(table, "hidden_at")


def _reported(targets: str) -> None:
    with op.batch_alter_table("report_case") as report_case:
        report_case.drop_constraint(op.f("ck_report_case_target"), type_="check")
        report_case.create_check_constraint(op.f("ck_report_case_target"), targets)
