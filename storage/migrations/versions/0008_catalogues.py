"""What the coordination office keeps: catalogues, organisations, existing initiatives."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Json, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WORDS = ("short_name", "type_name", "source", "end_reason")
OTHERS = ("parent_id", "successor_id")
STEM = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    _create_catalogue_version()
    _create_initiative()
    _create_initiative_word()
    _create_initiative_relation()
    _extend_organisation()


def downgrade() -> None:
    for name in ("source", "parent_id", "successor_id"):
        op.drop_index(f"ix_organisation_{name}", "organisation")
    for name in (*WORDS, *OTHERS):
        op.drop_column("organisation", name)
    op.drop_table("initiative_relation")
    op.drop_table("initiative_word")
    op.drop_table("initiative")
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


def _create_initiative() -> None:
    op.create_table(
        "initiative",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("name", "abstract", "text", "url", "repository", "licence")
        ),
        *(sa.Column(name, Json, nullable=False) for name in ("tags", "run_by", "backed_by")),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 300", name=op.f("ck_initiative_name")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source"),
    )
    op.create_index("ix_initiative_name", "initiative", ["name", "id"])


def _create_initiative_word() -> None:
    op.create_table(
        "initiative_word",
        sa.Column("initiative_id", sa.Uuid(), nullable=False),
        sa.Column("stem", STEM, nullable=False),
        sa.Column("backwards", STEM, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 12", name=op.f("ck_initiative_word_weight")),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"]),
        sa.PrimaryKeyConstraint("initiative_id", "stem"),
    )
    columns = ["stem", "initiative_id", "weight"]
    op.create_index("ix_initiative_word_stem", "initiative_word", columns)
    op.create_index("ix_initiative_word_backwards", "initiative_word", ["backwards", "stem"])


def _create_initiative_relation() -> None:
    op.create_table(
        "initiative_relation",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("initiative_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('complements', 'builds_on', 'competes', 'replaces')",
            name=op.f("ck_initiative_relation_kind"),
        ),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_initiative_relation_note")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
        sa.PrimaryKeyConstraint("idea_id", "initiative_id"),
    )
    op.create_index(
        op.f("ix_initiative_relation_initiative_id"), "initiative_relation", ["initiative_id"]
    )


def _extend_organisation() -> None:
    for name in WORDS:
        op.add_column("organisation", sa.Column(name, sa.String(), nullable=True))
    # Said to the database itself: SQLite takes a constraint only together with its column.
    type_name = sa.Uuid().compile(op.get_bind().dialect)
    for name in OTHERS:
        op.execute(
            f"ALTER TABLE organisation ADD COLUMN {name} {type_name} "
            f"CONSTRAINT fk_organisation_{name} REFERENCES organisation (id)"
        )
        op.create_index(op.f(f"ix_organisation_{name}"), "organisation", [name])
    op.create_index("ix_organisation_source", "organisation", ["source"], unique=True)
