"""Responsibilities of organisations, and who may sign for one."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = "state IN ('offered', 'active')"
LEADS = "part = 'lead' AND state = 'active'"


def upgrade() -> None:
    _create_responsibility()
    _index_responsibility()
    with op.batch_alter_table("affiliation") as affiliation:
        affiliation.add_column(
            sa.Column("may_sign", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        affiliation.alter_column("may_sign", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("affiliation") as affiliation:
        affiliation.drop_column("may_sign")
    op.drop_table("responsibility")


def _create_responsibility() -> None:
    op.create_table(
        "responsibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.String(), nullable=False),
        sa.Column("actor_class", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("hands_over", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("offered_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=True),
        sa.CheckConstraint("part IN ('lead', 'partner')", name=op.f("ck_responsibility_part")),
        sa.CheckConstraint(
            "state IN ('offered', 'active', 'declined', 'withdrawn', 'expired', 'handed_over', "
            "'released')",
            name=op.f("ck_responsibility_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('active', 'handed_over', 'released') OR confirmed_at IS NOT NULL",
            name=op.f("ck_responsibility_confirmed"),
        ),
        sa.CheckConstraint(f"({OPEN}) = (ended_at IS NULL)", name=op.f("ck_responsibility_ended")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["hands_over"], ["responsibility.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["offered_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def _index_responsibility() -> None:
    table = "responsibility"
    op.create_index("ix_responsibility_idea", table, ["idea_id", "offered_at"])
    op.create_index("ix_responsibility_expiry", table, ["state", "expires_at"])
    op.create_index("ix_responsibility_organisation_id", table, ["organisation_id"])
    for name, columns, where in (
        ("uq_responsibility_lead", ["idea_id"], LEADS),
        ("uq_responsibility_open", ["idea_id", "organisation_id", "part"], OPEN),
    ):
        op.create_index(
            name,
            table,
            columns,
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
