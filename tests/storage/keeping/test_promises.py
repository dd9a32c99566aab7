"""Upgrading without a pause: what migrations may do, and what older programs are promised."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, text

from storage import migrate
from storage.database import Database, StorageUnavailable
from storage.engine import unavailable
from storage.migrations.promises import SINCE, promise_of
from tests.storage.keeping.ddl import Harm, harms

VERSION = re.compile(r"version_num\s*(?:\)\s*VALUES\s*\(|=\s*)'?(\w+)'?")

LATER = '''"""A later migration."""

from alembic import op

revision = "{revision}"
down_revision = "{after}"
{serves}

def upgrade() -> None:
    op.execute("""{statement}""")


def downgrade() -> None:
    pass
'''


def later(
    folder: Path,
    statement: str,
    *,
    revision: str = "9001",
    serves: str = "",
    after: Path = migrate.FOLDER,
) -> Path:
    """A folder with all migrations of ``after`` and one more, as a newer Arena would have it."""
    shutil.copytree(after, folder, ignore=shutil.ignore_patterns("__pycache__"))
    line = f'serves = "{serves}"\n' if serves else ""
    source = LATER.format(
        revision=revision, after=migrate.head(after), statement=statement, serves=line
    )
    (folder / "versions" / f"{revision}_later.py").write_text(source)
    return folder


async def statements_by_revision(url: str) -> dict[str, list[str]]:
    """What every migration says to the database, by revision."""
    said: list[str] = []
    found: dict[str, list[str]] = defaultdict(list)

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)
        if "alembic_version" in statement and (done := VERSION.search(statement)):
            found[done[1]] += said
            said.clear()

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await migrate.upgrade(url)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return found


async def test_t35_a_migration_that_takes_away_says_since_when_nobody_needs_it(
    empty_postgres_url: str,
) -> None:
    said = await statements_by_revision(empty_postgres_url)
    scripts = ScriptDirectory(str(migrate.FOLDER))
    path = [*scripts.walk_revisions()][::-1]
    assert {script.revision for script in path} == set(said), "a migration went unseen"
    order = [script.revision for script in path]
    wrong = []
    for script in path[order.index(SINCE) + 1 :]:
        assert isinstance(script.down_revision, str)
        serves = getattr(script.module, "serves", script.revision)
        before = order.index(promise_of(scripts, script.down_revision))
        later_by = order.index(serves) - before
        is_earlier = order.index(serves) < order.index(script.revision)
        for harm, statement in harms(said[script.revision]):
            is_said = is_earlier and later_by >= (1 if harm is Harm.TAKES_AWAY else 0)
            if harm is Harm.HOLDS_UP or not is_said:
                wrong.append(f"{script.revision} {harm}: {statement}")
    assert not wrong, "\n".join([*wrong, "docs/upgrading.md says what to do"])


@pytest.mark.parametrize(
    ("statement", "harm"),
    [
        ("DROP TABLE idea", Harm.TAKES_AWAY),
        ("ALTER TABLE idea DROP COLUMN title", Harm.TAKES_AWAY),
        ("ALTER TABLE idea RENAME COLUMN title TO name", Harm.TAKES_AWAY),
        ("ALTER TABLE idea RENAME TO ideas", Harm.TAKES_AWAY),
        ('ALTER TABLE "idea" ALTER COLUMN title TYPE INTEGER', Harm.TAKES_AWAY),
        ("ALTER TABLE idea ALTER COLUMN title SET NOT NULL", Harm.TAKES_AWAY),
        ("ALTER TABLE idea ADD COLUMN x INTEGER NOT NULL", Harm.TAKES_AWAY),
        ("ALTER TABLE idea DROP CONSTRAINT uq_idea_ref", Harm.TAKES_AWAY),
        ("ALTER TABLE idea ADD CONSTRAINT ck_x CHECK (x > 1)", Harm.NARROWS),
        ("CREATE UNIQUE INDEX ix_x ON idea (x)", Harm.NARROWS),
        ("ALTER TABLE idea ADD COLUMN x INTEGER CHECK (x > 1)", Harm.NARROWS),
        ("CREATE INDEX ix_x ON document_log (actor_id)", Harm.HOLDS_UP),
        ("CREATE INDEX IF NOT EXISTS ix_x ON document_log (actor_id)", None),
        ("CREATE INDEX ix_x ON idea (x)", None),
        ("ALTER TABLE idea ADD COLUMN x INTEGER", None),
        ("ALTER TABLE idea ADD COLUMN x INTEGER DEFAULT 1 NOT NULL", None),
        ("ALTER TABLE idea DROP CONSTRAINT ck_idea_kind", None),
        ("UPDATE idea SET x = 1", None),
    ],
)
def test_t35_what_harms_older_programs_is_told_apart(statement: str, harm: Harm | None) -> None:
    new = ["CREATE TABLE fresh (id INTEGER)", "ALTER TABLE fresh ADD CONSTRAINT c CHECK (id > 0)"]
    assert [found for found, _ in harms([*new, statement])] == ([harm] if harm else [])


async def test_t34_an_older_program_goes_on_when_the_newer_tables_serve_it(
    database_url: str, tmp_path: Path
) -> None:
    newer = later(tmp_path / "newer", "CREATE TABLE later (id INTEGER PRIMARY KEY)")
    await migrate.upgrade(database_url, newer)
    assert await migrate.current(database_url) == "9001"
    database = await Database.open(database_url)
    await migrate.require_current(database)
    await database.close()
    await migrate.upgrade(database_url)
    assert await migrate.current(database_url) == "9001", "an older program changed newer tables"


async def test_t34_an_older_program_is_refused_when_they_do_not(
    database_url: str, tmp_path: Path
) -> None:
    newer = later(tmp_path / "newer", "DROP TABLE claim", revision="9002", serves="9002")
    await migrate.upgrade(database_url, newer)
    database = await Database.open(database_url)
    sentence = rf"no longer serves programs of revision {migrate.head()}\. Start the newer Arena"
    with pytest.raises(StorageUnavailable, match=sentence):
        await migrate.require_current(database)
    await database.close()
    with pytest.raises(StorageUnavailable, match=sentence):
        await migrate.upgrade(database_url)


async def test_t34_a_promise_holds_for_its_own_revision_only(database: Database) -> None:
    async with database.write() as tx:
        await tx.run(text("UPDATE alembic_version SET version_num = '9003'"))
    with pytest.raises(StorageUnavailable, match="a newer Arena made it"):
        await migrate.require_current(database)


async def test_t34_a_newer_program_wants_its_own_tables(database_url: str, tmp_path: Path) -> None:
    newer = later(tmp_path / "newer", "CREATE TABLE later (id INTEGER PRIMARY KEY)")
    assert migrate.head(newer) == "9001"
    await migrate.downgrade(database_url, SINCE)
    database = await Database.open(database_url)
    with pytest.raises(StorageUnavailable, match=rf"at revision {SINCE}.*run\.py migrate"):
        await migrate.require_current(database)
    await database.close()


async def test_t36_a_migration_gives_way_to_who_holds_a_table(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TABLE_MS", 50)
    monkeypatch.setattr(migrate, "PAUSE_S", 0.0)
    newer = later(tmp_path / "newer", "ALTER TABLE idea ADD COLUMN later INTEGER")
    database = await Database.open(postgres_url)
    async with database.read() as tx:
        await tx.run(text("SELECT count(*) FROM idea"))
        with pytest.raises(unavailable.TableHeld, match="Nothing was changed and everybody can"):
            await migrate.upgrade(postgres_url, newer)
    assert await migrate.current(postgres_url) == migrate.head()
    await migrate.upgrade(postgres_url, newer)
    assert await migrate.current(postgres_url) == "9001"
    await database.close()
