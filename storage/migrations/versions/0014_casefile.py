"""The logbook of a case: evidence, requirements, conditions of judgements, indicators."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Json, UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("measurement", "indicator", "condition", "requirement", "evidence")


def upgrade() -> None:
    # Said to the database itself: SQLite takes a constraint only together with its column.
    op.execute(
        "ALTER TABLE judgement ADD COLUMN revision INTEGER DEFAULT 1 NOT NULL "
        "CONSTRAINT ck_judgement_revision CHECK (revision >= 1)"
    )
    _evidence()
    _requirement()
    _condition()
    _indicator()
    _measurement()


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
    op.drop_column("judgement", "revision")


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_amendment", sa.Boolean(), nullable=False),
        *_by(),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 64", name="kind"),
        sa.CheckConstraint("revision >= 1", name="revision"),
        sa.CheckConstraint("NOT is_amendment OR length(reason) > 0", name="amendment"),
        sa.PrimaryKeyConstraint("idea_id", "kind", "revision"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
    )
    op.create_index("ix_evidence_by", "evidence", ["by"])


def _requirement() -> None:
    states = "state IS NULL OR state IN ('taken_up', 'partly', 'not')"
    op.create_table(
        "requirement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_for", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=True),
        sa.Column("anchor", Json, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("met_section", sa.String(), nullable=True),
        sa.Column("met_anchor", Json, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text"),
        sa.CheckConstraint(states, name="state"),
        sa.CheckConstraint("(state IS NULL) = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("(state IS NULL) = (revision = 0)", name="revision"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idea_id", "number"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"]),
    )
    op.create_index("ix_requirement_raised_by", "requirement", ["raised_by"])


def _condition() -> None:
    op.create_table(
        "condition",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('met', 'accepted')", name="state"),
        sa.CheckConstraint("length(because) > 0", name="because"),
        sa.PrimaryKeyConstraint("idea_id", "dimension", "person_id", "revision"),
        sa.ForeignKeyConstraint(
            ["idea_id", "dimension", "person_id"],
            ["judgement.idea_id", "judgement.dimension", "judgement.person_id"],
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
    )
    op.create_index("ix_condition_by", "condition", ["by"])


def _indicator() -> None:
    op.create_table(
        "indicator",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_amendment", sa.Boolean(), nullable=False),
        *_by(),
        sa.CheckConstraint("number >= 1 AND revision >= 1", name="number"),
        sa.CheckConstraint("kind IN ('output', 'outcome')", name="kind"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name="text"),
        sa.CheckConstraint("NOT is_amendment OR length(reason) > 0", name="amendment"),
        sa.PrimaryKeyConstraint("idea_id", "number", "revision"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
    )
    op.create_index("ix_indicator_by", "indicator", ["by"])


def _measurement() -> None:
    op.create_table(
        "measurement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idea_id", "indicator", "day", "revision"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
    )
    op.create_index("ix_measurement_by", "measurement", ["by"])


def _by() -> list[sa.Column[object]]:
    """Who put a record there, as he was called then."""
    return [
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
    ]
