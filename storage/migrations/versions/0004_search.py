"""Search indexes on ``idea_text``: words by their stems, titles by their trigrams.

SQLite: FTS5 tables that triggers keep equal to ``idea_text``. PostgreSQL: GIN indexes.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# (FTS5 table, indexed column, tokenizer). The stems are ready-made words in lower case.
SQLITE_INDEXES = (
    ("search_stems", "stems", "unicode61 remove_diacritics 0"),
    ("search_title", "title", "trigram"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, column, tokenizer in SQLITE_INDEXES:
            _create_fts5(name, column, tokenizer)
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX search_stems ON idea_text USING gin (to_tsvector('simple', stems))")
    op.execute("CREATE INDEX search_title ON idea_text USING gin (lower(title) gin_trgm_ops)")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP INDEX search_title")
        op.execute("DROP INDEX search_stems")
        return
    for name, _, _ in SQLITE_INDEXES:
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER {name}_{event}")
        op.execute(f"DROP TABLE {name}_rows")
        op.execute(f"DROP TABLE {name}")


def _create_fts5(name: str, column: str, tokenizer: str) -> None:
    # detail and columnsize are left at their defaults: bm25 needs the sizes.
    op.execute(
        f"CREATE VIRTUAL TABLE {name} USING fts5({column}, content='idea_text', "
        f"content_rowid='number', tokenize='{tokenizer}')"
    )
    # The vocabulary tells how rare a token is without touching the index rows.
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
