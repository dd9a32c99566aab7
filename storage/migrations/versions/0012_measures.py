"""Commitments and their renewal, and the public register of measures with recognitions."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Json, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_commitment()
    _create_renewal()
    _create_register()
    _create_recognition()
    _create_central()


def downgrade() -> None:
    for name in (
        "central_link",
        "central_measure",
        "recognition",
        "measure",
        "number_counter",
        "renewal",
        "commitment",
    ):
        op.drop_table(name)


def _create_commitment() -> None:
    table = "commitment"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.String(), nullable=False),
        sa.Column("catalogue_id", sa.String(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", UTCDateTime(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_by_name", sa.String(), nullable=True),
        sa.Column("signed_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=True),
        *_checks(
            table,
            state="state IN ('draft', 'signed', 'superseded', 'withdrawn')",
            duty="duty IN ('commit', 'explain')",
            revision="revision >= 1",
            signed="(state = 'draft') = (signed_at IS NULL)",
            signed_by="(signed_at IS NULL) = (signed_by IS NULL)",
            ended="(state IN ('draft', 'signed')) = (ended_at IS NULL)",
        ),
        *_references(
            idea_id="idea.id",
            organisation_id="organisation.id",
            drafted_by="person.id",
            signed_by="person.id",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_commitment_idea", table, ["idea_id", "drafted_at"])
    both = ["idea_id", "organisation_id"]
    _create_unique("uq_commitment_draft", table, both, "state = 'draft'")
    _create_unique("uq_commitment_signed", table, both, "state = 'signed'")


def _create_renewal() -> None:
    op.create_table(
        "renewal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.String(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        *_checks("renewal", cause="cause IN ('catalogue', 'lead', 'withdrawn')"),
        *_references(idea_id="idea.id", organisation_id="organisation.id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_renewal_idea", "renewal", ["idea_id", "opened_at"])
    _create_unique("uq_renewal_open", "renewal", ["idea_id"], "closed_at IS NULL")


def _create_register() -> None:
    op.create_table(
        "number_counter",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        *_checks("number_counter", last="last >= 1"),
        sa.PrimaryKeyConstraint("series", "year"),
    )
    op.create_table(
        "measure",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=True),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        *_checks(
            "measure",
            kind="kind IN ('decentral', 'network', 'central')",
            idea="(kind = 'central') = (idea_id IS NULL)",
            change="(idea_id IS NULL) = (change_id IS NULL)",
        ),
        *_references(idea_id="idea.id", change_id="stage_change.id"),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("idea_id"),
        sa.UniqueConstraint("year", "nth"),
    )


def _create_recognition() -> None:
    table = "recognition"
    op.create_table(
        table,
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.String(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        *_checks(table, state="state IN ('valid', 'suspended', 'withdrawn')"),
        *_references(
            idea_id="idea.id",
            given_by="person.id",
            organisation_id="organisation.id",
            commitment_id="commitment.id",
            change_id="stage_change.id",
            changed_by_id="stage_change.id",
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_recognition_idea_id", table, ["idea_id"])
    _create_unique("uq_recognition_living", table, ["idea_id"], "state <> 'withdrawn'")


def _create_central() -> None:
    table = "central_measure"
    op.create_table(
        table,
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        *_checks(
            table,
            title="length(title) BETWEEN 1 AND 200",
            text="length(text) BETWEEN 1 AND 5000",
            status="status IN ('planned', 'running', 'finished')",
            revision="revision >= 1",
        ),
        *_references(
            number="measure.number", organisation_id="organisation.id", created_by="person.id"
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "central_link",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        *_checks("central_link", kind="kind IN ('builds_on', 'referred')"),
        *_references(idea_id="idea.id", number="central_measure.number", by="person.id"),
        sa.PrimaryKeyConstraint("idea_id", "number", "kind"),
    )
    op.create_index("ix_central_link_number", "central_link", ["number"])


def _checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in conditions.items()
    ]


def _references(**columns: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([name], [target]) for name, target in columns.items()]


def _create_unique(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name,
        table,
        columns,
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
