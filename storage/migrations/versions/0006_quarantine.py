"""Suspect documents, and the updates that are kept out of documents."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, Json, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PHASE = "phase IN ('load', 'apply', 'read')"


def upgrade() -> None:
    _create_suspect_document()
    _create_quarantine()


def downgrade() -> None:
    op.drop_table("quarantine")
    op.drop_table("suspect_document")


def _create_suspect_document() -> None:
    op.create_table(
        "suspect_document",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(PHASE, name=op.f("ck_suspect_document_phase")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("document_id"),
    )


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("update", sa.LargeBinary(), nullable=True),
        sa.Column("clients", Json, nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("released_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(PHASE, name=op.f("ck_quarantine_phase")),
        sa.CheckConstraint(
            "verdict IN ('suspected', 'cleared', 'killer', 'dependent', 'damaged')",
            name=op.f("ck_quarantine_verdict"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_quarantine_sha256")),
        sa.CheckConstraint("deaths >= 0", name=op.f("ck_quarantine_deaths")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "sha256"),
    )
