"""Erasures: whose and which, how far they are, and what in people and texts they leave behind."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", UTCDateTime(), nullable=True))
    op.add_column("text_version", sa.Column("redacted_at", UTCDateTime(), nullable=True))
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("purged_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "purged_at IS NULL OR done_at IS NOT NULL", name=op.f("ck_erasure_order")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_erasure_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_purged_at"), "erasure", ["purged_at"])


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_column("text_version", "redacted_at")
    op.drop_column("person", "erased_at")
