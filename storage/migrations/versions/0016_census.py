"""An index from which lists are counted by kind and stage without sorting anything."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_idea_census", "idea", ["kind", "stage", "id", "number"])


def downgrade() -> None:
    op.drop_index("ix_idea_census", "idea")
