"""Responsibilities of organisations, who may sign for one, roles for a time, and support."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = "state IN ('offered', 'active')"
LEADS = "part = 'lead' AND state = 'active'"


def upgrade() -> None:
    _create_responsibility()
    _index_responsibility()
    _create_role_term()
    _create_support_request()
    with op.batch_alter_table("affiliation") as affiliation:
        affiliation.add_column(
            sa.Column("may_sign", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        affiliation.alter_column("may_sign", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("affiliation") as affiliation:
        affiliation.drop_column("may_sign")
    op.drop_table("support_request")
    op.drop_table("role_term")
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


def _create_role_term() -> None:
    table = "role_term"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("valid_from", UTCDateTime(), nullable=False),
        sa.Column("valid_until", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'ended')", name=op.f("ck_role_term_state")
        ),
        sa.CheckConstraint("length(role) BETWEEN 1 AND 64", name=op.f("ck_role_term_role")),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_role_term_order")),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_role_term_ended")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_role_term_person_id", table, ["person_id"])
    op.create_index("ix_role_term_begin", table, ["state", "valid_from"])
    op.create_index("ix_role_term_end", table, ["state", "valid_until"])
    for name, columns, where in (
        ("uq_role_term_at_idea", ["idea_id", "person_id", "role"], "idea_id IS NOT NULL"),
        ("uq_role_term_at_arena", ["person_id", "role"], "idea_id IS NULL"),
    ):
        is_open = sa.text(f"state <> 'ended' AND {where}")
        op.create_index(
            name, table, columns, unique=True, sqlite_where=is_open, postgresql_where=is_open
        )


def _create_support_request() -> None:
    table = "support_request"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("escalated_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('method', 'workshop', 'prototyping', 'advice', 'moderation')",
            name=op.f("ck_support_request_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'done')",
            name=op.f("ck_support_request_state"),
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_support_request_answered")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_support_request_done")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_support_request_idea", table, ["idea_id", "asked_at"])
    op.create_index("ix_support_request_due", table, ["state", "due_at"])
