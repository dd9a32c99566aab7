"""The moderators' board: claims, prepared decisions, documents of notes, an index for columns."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, Json, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_claim()
    _create_prepared_act()
    _create_case_note()
    columns = ["process_id", "stage", "number", "kind", "active_at"]
    op.create_index("ix_idea_board", "idea", columns)


def downgrade() -> None:
    op.drop_index("ix_idea_board", "idea")
    op.drop_table("case_note")
    op.drop_table("prepared_act")
    op.drop_table("claim")


def _create_claim() -> None:
    op.create_table(
        "claim",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("taken_from", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("until > at", name=op.f("ck_claim_lifetime")),
        sa.CheckConstraint("taken_from IS NULL OR length(note) > 0", name=op.f("ck_claim_note")),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_claim_note_length")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["taken_from"], ["person.id"]),
        sa.PrimaryKeyConstraint("idea_id"),
    )
    op.create_index("ix_claim_person_id", "claim", ["person_id"])


def _create_prepared_act() -> None:
    op.create_table(
        "prepared_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("list_name", sa.String(), nullable=False),
        sa.Column("to_stage", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("refused_at", UTCDateTime(), nullable=True),
        sa.Column("refusal", Json, nullable=True),
        sa.CheckConstraint(
            "length(list_name) BETWEEN 1 AND 80", name=op.f("ck_prepared_act_list_name")
        ),
        sa.CheckConstraint(
            "length(to_stage) BETWEEN 1 AND 64", name=op.f("ck_prepared_act_to_stage")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_prepared_act_revision")),
        sa.CheckConstraint("epoch >= 1 AND seq >= 0", name=op.f("ck_prepared_act_version")),
        sa.CheckConstraint(
            "(refused_at IS NULL) = (refusal IS NULL)", name=op.f("ck_prepared_act_refused")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["prepared_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("list_name", "idea_id"),
    )
    op.create_index("ix_prepared_act_idea_id", "prepared_act", ["idea_id"])
    op.create_index("ix_prepared_act_list_name_at_id", "prepared_act", ["list_name", "at", "id"])
    op.create_index("ix_prepared_act_prepared_by", "prepared_act", ["prepared_by"])


def _create_case_note() -> None:
    op.create_table(
        "case_note",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("idea_id"),
        sa.UniqueConstraint("document_id"),
    )
