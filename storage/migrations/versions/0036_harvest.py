"""What came out of workshops: points, ideas, the next date."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, UTCDateTime

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "harvest",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("handed_over_at", UTCDateTime(), nullable=True),
        sa.Column("meets_at", UTCDateTime(), nullable=True),
        sa.Column("meets_until", UTCDateTime(), nullable=True),
        sa.Column("meeting_place", sa.String(), nullable=False),
        sa.Column("meeting_change", sa.Integer(), nullable=False),
        sa.Column("meeting_changed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("workshop_id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.CheckConstraint("points >= 0", name=op.f("ck_harvest_points")),
        sa.CheckConstraint("length(meeting_place) <= 200", name=op.f("ck_harvest_place")),
        sa.CheckConstraint(
            "(meets_at IS NULL) = (meets_until IS NULL)", name=op.f("ck_harvest_meeting")
        ),
        sa.CheckConstraint("meets_until > meets_at", name=op.f("ck_harvest_meets_until")),
    )
    _create_points()
    op.create_table(
        "workshop_idea",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kept_epoch", sa.Integer(), nullable=True),
        sa.Column("kept_seq", BigId, nullable=True),
        sa.PrimaryKeyConstraint("workshop_id", "idea_id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["table_id"], ["workshop_table.id"]),
        sa.CheckConstraint("way IN ('made', 'opened', 'added')", name=op.f("ck_workshop_idea_way")),
        sa.CheckConstraint(
            "(kept_epoch IS NULL) = (kept_seq IS NULL)", name=op.f("ck_workshop_idea_kept")
        ),
    )
    op.create_index("ix_workshop_idea_idea_id", "workshop_idea", ["idea_id"])


def _create_points() -> None:
    op.create_table(
        "harvest_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_for", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("idea_id", sa.Uuid(), nullable=True),
        sa.Column("task_number", sa.Integer(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"]),
        sa.UniqueConstraint("workshop_id", "number"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_harvest_point_number")),
        sa.CheckConstraint(
            "kind IN ('open_point', 'volunteer', 'task', 'decision_hint')",
            name=op.f("ck_harvest_point_kind"),
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name=op.f("ck_harvest_point_text")),
        sa.CheckConstraint(
            "length(recorded_for) <= 60", name=op.f("ck_harvest_point_recorded_for")
        ),
        sa.CheckConstraint(
            "task_number IS NULL OR idea_id IS NOT NULL", name=op.f("ck_harvest_point_task")
        ),
    )
    for column in ("person_id", "idea_id", "created_by"):
        op.create_index(f"ix_harvest_point_{column}", "harvest_point", [column])


def downgrade() -> None:
    for table in ("workshop_idea", "harvest_point", "harvest"):
        op.drop_table(table)
