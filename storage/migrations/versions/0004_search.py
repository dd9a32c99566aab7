"""Search indexes on ``idea_text``: words by their stems, titles by their trigrams.

Both columns hold ready-made words. SQLite: FTS5 tables that triggers keep equal to ``idea_text``.
PostgreSQL: generated ``tsvector`` columns with GIN indexes.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# (index, indexed column)
INDEXES = (("search_stems", "stems"), ("search_trigrams", "title_trigrams"))


def upgrade() -> None:
    create = _create_fts5 if op.get_bind().dialect.name == "sqlite" else _create_gin
    for name, column in INDEXES:
        create(name, column)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _ in INDEXES:
        if not is_sqlite:
            op.execute(f"ALTER TABLE idea_text DROP COLUMN {name}")
            continue
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER {name}_{event}")
        op.execute(f"DROP TABLE {name}_rows")
        op.execute(f"DROP TABLE {name}")


def _create_gin(name: str, column: str) -> None:
    # A column, not an expression index: filters would compute the expression for every row.
    op.execute(
        f"ALTER TABLE idea_text ADD COLUMN {name} tsvector "
        f"GENERATED ALWAYS AS (to_tsvector('simple', {column})) STORED"
    )
    op.execute(f"CREATE INDEX {name}_gin ON idea_text USING gin ({name})")


def _create_fts5(name: str, column: str) -> None:
    op.execute(
        f"CREATE VIRTUAL TABLE {name} USING fts5({column}, content='idea_text', "
        "content_rowid='number', tokenize='unicode61 remove_diacritics 0')"
    )
    # The vocabulary tells how rare a word is.
    op.execute(f"CREATE VIRTUAL TABLE {name}_rows USING fts5vocab({name}, row)")
    add = f"INSERT INTO {name}(rowid, {column}) VALUES (new.number, new.{column});"
    remove = (
        f"INSERT INTO {name}({name}, rowid, {column}) VALUES ('delete', old.number, old.{column});"
    )
    op.execute(f"CREATE TRIGGER {name}_insert AFTER INSERT ON idea_text BEGIN {add} END")
    op.execute(
        f"CREATE TRIGGER {name}_update AFTER UPDATE OF {column}, number ON idea_text "
        f"WHEN old.{column} <> new.{column} OR old.number <> new.number BEGIN {remove} {add} END"
    )
    op.execute(f"CREATE TRIGGER {name}_delete AFTER DELETE ON idea_text BEGIN {remove} END")
