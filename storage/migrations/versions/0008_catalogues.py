"""Published versions of catalogues."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Json, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_catalogue_version()


def downgrade() -> None:
    op.drop_table("catalogue_version")


def _create_catalogue_version() -> None:
    op.create_table(
        "catalogue_version",
        sa.Column("catalogue_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "length(catalogue_id) BETWEEN 1 AND 64",
            name=op.f("ck_catalogue_version_catalogue_id"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_catalogue_version_version")),
        sa.CheckConstraint(
            "length(reason) BETWEEN 1 AND 2000", name=op.f("ck_catalogue_version_reason")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
        sa.PrimaryKeyConstraint("catalogue_id", "version"),
    )
