"""What type of measure an idea became, and on what ground and in which office it was moved."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MEASURE_TYPE = (
    "ALTER TABLE idea ADD COLUMN measure_type VARCHAR "
    "CONSTRAINT ck_idea_measure_type CHECK (measure_type IN ('decentral', 'network'))"
)
COLUMNS = ("office", "organisation", "reason_code", "gates", "evidence")


def upgrade() -> None:
    # Said to the database itself: SQLite takes a constraint only together with its column.
    op.execute(MEASURE_TYPE)
    for name in ("office", "organisation", "reason_code"):
        op.add_column("stage_change", sa.Column(name, sa.String(), nullable=True))
    for name, empty in (("gates", "[]"), ("evidence", "{}")):
        column = sa.Column(name, Json, nullable=False, server_default=empty)
        op.add_column("stage_change", column)


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("stage_change", name)
    op.drop_column("idea", "measure_type")
