"""What ideas pay into, links between them, replicas, and changes offered to these."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, Json, UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_alignment()
    _create_alignment_review()
    _create_idea_link()
    _create_replication()
    _create_offered_change()


def downgrade() -> None:
    for name in ("offered_change", "replication", "idea_link", "alignment_review", "alignment"):
        op.drop_table(name)


def _create_alignment() -> None:
    op.create_table(
        "alignment",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("catalogue_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("contribution", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("conflict", sa.String(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_alignment_revision")),
        sa.CheckConstraint("length(contribution) >= 1", name=op.f("ck_alignment_contribution")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_alignment_idea_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_alignment_by")),
        sa.PrimaryKeyConstraint(
            "idea_id", "catalogue_id", "entry_id", "revision", name=op.f("pk_alignment")
        ),
    )
    op.create_index("ix_alignment_entry", "alignment", ["catalogue_id", "entry_id"])


def _create_alignment_review() -> None:
    statement = ["idea_id", "catalogue_id", "entry_id", "revision"]
    op.create_table(
        "alignment_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("catalogue_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('agree', 'doubt', 'question')", name=op.f("ck_alignment_review_verdict")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_alignment_review_answer")
        ),
        sa.ForeignKeyConstraint(
            statement,
            [f"alignment.{name}" for name in statement],
            name=op.f("fk_alignment_review_idea_id_catalogue_id_entry_id_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_alignment_review_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_alignment_review_answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alignment_review")),
        sa.UniqueConstraint(*statement, "person_id", name="uq_alignment_review_person"),
    )


def _create_idea_link() -> None:
    op.create_table(
        "idea_link",
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('answers', 'builds_on', 'complements', 'replicates')",
            name=op.f("ck_idea_link_kind"),
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_idea_link_two")),
        sa.ForeignKeyConstraint(["from_id"], ["idea.id"], name=op.f("fk_idea_link_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["idea.id"], name=op.f("fk_idea_link_to_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_idea_link_by")),
        sa.PrimaryKeyConstraint("from_id", "to_id", "kind", name=op.f("pk_idea_link")),
    )
    op.create_index(op.f("ix_idea_link_to_id"), "idea_link", ["to_id"])


def _create_replication() -> None:
    op.create_table(
        "replication",
        sa.Column("replica_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.String(), nullable=False),
        sa.Column("sections", Json, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("offered_epoch", sa.Integer(), nullable=False),
        sa.Column("offered_seq", BigId, nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("epoch >= 1 AND seq >= 0", name=op.f("ck_replication_version")),
        sa.CheckConstraint("replica_id <> origin_id", name=op.f("ck_replication_two")),
        sa.ForeignKeyConstraint(
            ["replica_id"], ["idea.id"], name=op.f("fk_replication_replica_id")
        ),
        sa.ForeignKeyConstraint(["origin_id"], ["idea.id"], name=op.f("fk_replication_origin_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_replication_organisation_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_replication_by")),
        sa.PrimaryKeyConstraint("replica_id", name=op.f("pk_replication")),
    )
    op.create_index(op.f("ix_replication_origin_id"), "replication", ["origin_id"])


def _create_offered_change() -> None:
    op.create_table(
        "offered_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("replica_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("from_epoch", sa.Integer(), nullable=False),
        sa.Column("from_seq", BigId, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'declined')", name=op.f("ck_offered_change_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_offered_change_decided")
        ),
        sa.ForeignKeyConstraint(
            ["replica_id"], ["replication.replica_id"], name=op.f("fk_offered_change_replica_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_offered_change_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_change")),
    )
    op.create_index(op.f("ix_offered_change_replica_id"), "offered_change", ["replica_id"])
