"""Archives: everything comes back exactly, on either engine; nothing that is wrong comes in."""

from __future__ import annotations

import io
import json
import os
import random
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text

from storage import migrate
from storage.backup import reading, restoring, writing
from storage.backup.kinds import Kind, decode, encode, kind_of
from storage.backup.manifest import COLUMNS_MAX, BadArchive, Manifest
from storage.backup.reading import opened
from storage.backup.restoring import restored
from storage.backup.writing import OWN_TO_A_DATABASE, Origin
from storage.database import METADATA, Database, StorageUnavailable
from storage.log.rows import DOCUMENT, LOG, sha256
from tests.harness.fixtures import Demonstration

Change = Callable[[dict[str, Any], dict[str, bytes]], object]
"""Changes a manifest and the members of an archive."""

ROWS = "tables/document_log.jsonl"
MOMENT = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
EXTREME: dict[Kind, list[Any]] = {
    Kind.UUID: [UUID(int=0), UUID(int=2**128 - 1)],
    Kind.BYTES: [b"", b"\x00\xff\n" * 50],
    Kind.MOMENT: [
        datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    ],
    Kind.DATE: [date(1, 1, 1), date(9999, 12, 31)],
    Kind.JSON: [{}, [], "", 0, False, {"a": [None, 1.5, -0.0, "\ud800", "\x00", "ß"]}, 2**60],
    Kind.BOOLEAN: [True, False],
    Kind.INTEGER: [0, -(2**63), 2**63 - 1],
    Kind.FLOAT: [0.0, -0.0, 1e-320, 1.7e308, 0.1, float("inf"), float("-inf")],
    Kind.TEXT: ["", "ÄÖÜ ß €", "\N{PARTY POPPER}", "a\nb\r\n\u2028c", "'\";--"],
}  # fmt: skip


@pytest.fixture
def rng() -> random.Random:
    """The dice of this run."""
    seed = int(os.environ.get("ARENA_TEST_SEED", random.randrange(2**32)))
    print(f"ARENA_TEST_SEED={seed}")  # noqa: T201
    return random.Random(seed)


async def written(url: str, file: Path, **origin: Any) -> Manifest:
    with file.open("wb") as out:
        said = Origin("0.1.0", MOMENT, **origin)
        return await writing.write(url, out, said, lambda rows: lambda count: None)


async def bring_in(file: Path, url: str, gap: int = 1000) -> None:
    with opened(file) as archive:
        archive.check()
        async with restored(url, archive, gap=gap):
            pass


async def content(url: str) -> dict[str, list[Any]]:
    """Every row of every table, in no order of the engine's."""
    database = await Database.open(url)
    found = {}
    async with database.read() as tx:
        for table in METADATA.sorted_tables:
            if table.name not in OWN_TO_A_DATABASE:
                rows = (await tx.run(select(*table.columns))).all()
                found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    await database.close()
    return found


async def scribble(url: str, rng: random.Random, count: int) -> None:
    """Add a document with random rows."""
    database = await Database.open(url)
    document = uuid4()
    async with database.write() as tx:
        head = {"id": document, "kind": "dossier", "schema_number": 1, "created_at": MOMENT}
        await tx.run(
            insert(DOCUMENT).values(head | {"epoch": 1, "seq": count, "access_version": 0})
        )
        rows = [
            {
                "document_id": document,
                "epoch": 1,
                "seq": number,
                "update": (update := rng.randbytes(rng.randrange(3_000))),
                "sha256": sha256(update),
                "actor_id": rng.choice([None, uuid4()]),
                "clients": [[rng.randrange(2**32), 0, rng.randrange(2**31)]],
                "at": MOMENT + timedelta(microseconds=rng.randrange(10**15)),
            }
            for number in range(1, count + 1)
        ]
        await tx.run(insert(LOG), rows)
    await database.close()


@pytest.mark.parametrize("kind", list(Kind))
def test_t31_values_of_every_kind_survive_exactly(kind: Kind) -> None:
    for value in [None, *EXTREME[kind]]:
        kept = json.dumps(encode(kind, value))
        came = decode(kind, json.loads(kept))
        assert repr(came) == repr(value)
        assert type(came) is type(value)


def test_t31_every_column_has_a_kind() -> None:
    kinds = {kind_of(column.type) for table in METADATA.sorted_tables for column in table.columns}
    assert kinds == set(Kind)


async def test_t31_an_archive_goes_from_either_engine_to_the_other_and_back(
    demonstration: Demonstration,
    empty_postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rng: random.Random,
) -> None:
    monkeypatch.setattr(writing, "READ_BYTES", 20_000)  # so that tables are read in many parts
    first = demonstration.copy_to(tmp_path)
    await scribble(first, rng, 200)
    before = await content(first)
    assert sum(1 for rows in before.values() if rows) > 50, "the demonstration has shrunk"
    manifest = await written(first, tmp_path / "1.zip")
    assert {part.name: part.rows for part in manifest.tables} == {
        name: len(rows) for name, rows in before.items()
    }
    await bring_in(tmp_path / "1.zip", empty_postgres_url)
    assert await content(empty_postgres_url) == before
    assert await migrate.check(empty_postgres_url) == [], "the tables are not what they were"
    await written(empty_postgres_url, tmp_path / "2.zip")
    again = f"sqlite:///{tmp_path / 'again.db'}"
    await bring_in(tmp_path / "2.zip", again)
    assert await content(again) == before
    for url in (empty_postgres_url, again):
        database = await Database.open(url)
        async with database.write() as tx:
            values = {"kind": "x", "payload": {}, "public": True, "at": MOMENT}
            made = await tx.run(insert(METADATA.tables["event"]).values(values))
        assert made.inserted_primary_key is not None
        assert made.inserted_primary_key[0] == max(row[0] for row in before["event"]) + 1001
        await database.close()


async def test_t30_an_archive_is_one_moment(database_url: str, tmp_path: Path) -> None:
    await scribble(database_url, random.Random(1), 30)
    before = await content(database_url)
    plain = writing._table
    written_between: list[str] = []

    async def and_meanwhile(*given: Any) -> Any:
        if not written_between:
            written_between.append("once")
            await scribble(database_url, random.Random(2), 10)
        return await plain(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "_table", and_meanwhile)
        await written(database_url, tmp_path / "a.zip")
    target = f"sqlite:///{tmp_path / 'target.db'}"
    await bring_in(tmp_path / "a.zip", target)
    assert await content(target) == before
    assert len((await content(database_url))["document"]) == len(before["document"]) + 1


async def test_t31_a_database_with_rows_or_strange_tables_is_left_alone(
    database_url: str, tmp_path: Path
) -> None:
    await scribble(database_url, random.Random(3), 3)
    await written(database_url, tmp_path / "a.zip")
    before = await content(database_url)
    with pytest.raises(StorageUnavailable, match=r"not empty \(document has rows\).*make a new"):
        await bring_in(tmp_path / "a.zip", database_url)
    assert await content(database_url) == before


async def test_t31_a_database_of_something_else_is_left_alone(
    empty_database_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    await written(sqlite_url, tmp_path / "a.zip")
    database = await Database.open(empty_database_url)
    async with database.write() as tx:
        await tx.run(text("CREATE TABLE wordpress (id INTEGER)"))
    await database.close()
    with pytest.raises(StorageUnavailable, match=r"tables of something else \(wordpress\)"):
        await bring_in(tmp_path / "a.zip", empty_database_url)


async def test_t31_a_restoration_that_breaks_off_leaves_nothing(
    empty_database_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    await scribble(sqlite_url, random.Random(4), 3)
    await written(sqlite_url, tmp_path / "a.zip")
    with pytest.raises(RuntimeError, match="power"), opened(tmp_path / "a.zip") as archive:
        async with restored(empty_database_url, archive, gap=1):
            raise RuntimeError("the power fails")
    assert await migrate.current(empty_database_url) is None
    await bring_in(tmp_path / "a.zip", empty_database_url)
    assert await content(empty_database_url) == await content(sqlite_url)


def rewritten(
    source: Path,
    target: Path,
    change: Change,
) -> Path:
    """The archive with manifest and members changed, and put together again properly."""
    with zipfile.ZipFile(source) as members:
        held = {name: members.read(name) for name in members.namelist()}
    manifest = json.loads(held.pop("manifest.json"))
    change(manifest, held)
    with zipfile.ZipFile(target, "w") as out:
        for name, data in {**held, "manifest.json": json.dumps(manifest).encode()}.items():
            out.writestr(name, data)
    return target


@pytest.fixture
async def archive(sqlite_url: str, tmp_path: Path) -> Path:
    """A small sound archive."""
    await scribble(sqlite_url, random.Random(5), 20)
    await written(sqlite_url, tmp_path / "sound.zip")
    return tmp_path / "sound.zip"


async def refusal(file: Path, url: str) -> str:
    """Why the archive is not restored; the database stays as it was, without a table."""
    with pytest.raises(BadArchive) as refused:
        await bring_in(file, url)
    assert await migrate.current(url) is None
    said = str(refused.value)
    assert said.startswith(f"{file} cannot be restored: ")
    assert said.endswith(" Nothing was changed.")
    return said


WRONG: list[tuple[str, Change]] = [
    ("it is not a backup of Arena", lambda m, _: m.update(format="other")),
    (r"its format has number 2, this Arena reads 1: restore it with the Arena that made it",
     lambda m, _: m.update(version=2)),
    (r"revision 9999, which this Arena .* was made by a newer one", lambda m, _: m.update(
        revision="9999")),
    ("its manifest is damaged", lambda m, _: m.update(moment="yesterday")),
    ("its manifest is damaged", lambda m, _: m["tables"].append(m["tables"][0])),
    ("its manifest is damaged", lambda m, _: m["tables"][0].update(name="x; DROP TABLE person")),
    ("its manifest is damaged", lambda m, _: m["tables"][0].update(
        columns=[["x", "text"]] * (COLUMNS_MAX + 1))),
    ("does not hold the tables of revision", lambda m, _: m["tables"].pop()),
    ("its table document is not that of revision", lambda m, h: (
        m["tables"][0]["columns"][0].__setitem__(0, "other"))),
    ("tables/document_log.jsonl is missing", lambda m, h: h.pop(ROWS)),
    ("row 2 of the table document_log is damaged", lambda m, h: h.update(
        {ROWS: h[ROWS].replace(b"]\n[", b"]\n{", 1)})),
    ("document_log has 19 rows instead of 20", lambda m, h: h.update(
        {ROWS: h[ROWS].split(b"\n", 1)[1]})),
    ("document_log is not what was written", lambda m, _: next(
        each for each in m["tables"] if each["name"] == "document_log").update(sha256="0" * 64)),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(WRONG)))
async def test_t32_what_does_not_fit_is_refused_by_a_sentence(
    archive: Path, tmp_path: Path, number: int
) -> None:
    sentence, change = WRONG[number]
    said = await refusal(
        rewritten(archive, tmp_path / "wrong.zip", change), f"sqlite:///{tmp_path / 'new.db'}"
    )
    assert re.search(sentence, said), said


async def test_t32_rows_that_hang_in_the_air_are_refused(
    archive: Path, empty_database_url: str, tmp_path: Path
) -> None:
    def orphan(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
        (part,) = [each for each in manifest["tables"] if each["name"] == "document"]
        held["tables/document.jsonl"] = b""
        part.update(rows=0, sha256=sha256(b""))

    said = await refusal(rewritten(archive, tmp_path / "wrong.zip", orphan), empty_database_url)
    assert "names a row that is not there" in said or "break a rule of the tables" in said


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "it is empty"), (b"-- a dump", "not a backup"), (b"PK\x03\x04 or so", "cut short")],
)
async def test_t32_other_files_are_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    file = tmp_path / "other.zip"
    file.write_bytes(data)
    assert sentence in await refusal(file, f"sqlite:///{tmp_path / 'new.db'}")


async def test_t32_another_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as out:
        out.writestr("photo.jpg", b"...")
    said = await refusal(tmp_path / "photos.zip", f"sqlite:///{tmp_path / 'new.db'}")
    assert "it is not a backup of Arena" in said


def test_t32_wherever_a_file_is_cut_or_flipped_that_is_found(
    archive: Path, tmp_path: Path, rng: random.Random
) -> None:
    sound = archive.read_bytes()
    with opened(archive) as whole:
        wanted = [list(whole.rows(part)) for part in whole.manifest.tables]
    broken = tmp_path / "broken.zip"
    for _ in range(60):
        at = rng.randrange(len(sound))
        broken.write_bytes(sound[:at])
        with pytest.raises(BadArchive, match="Nothing was changed"), opened(broken) as cut:
            cut.check()
        flipped = bytearray(sound)
        flipped[at] ^= 1 << rng.randrange(8)
        broken.write_bytes(flipped)
        try:
            with opened(broken) as other:
                found = [list(other.rows(part)) for part in other.manifest.tables]
        except BadArchive:
            continue
        assert found == wanted, f"a flipped bit in byte {at} went unseen"


async def test_t32_a_row_without_end_is_not_read_into_memory(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROW_BYTES_MAX", 100)
    with pytest.raises(BadArchive, match="is damaged"), opened(archive) as read:
        read.check()


async def test_t32_only_who_knows_all_tables_makes_a_backup(
    database_url: str, tmp_path: Path
) -> None:
    await migrate.downgrade(database_url, "0027")
    with pytest.raises(StorageUnavailable, match="backup is made by the version whose tables"):
        await written(database_url, tmp_path / "a.zip")


async def test_t32_no_backup_while_tables_are_changed(postgres_url: str, tmp_path: Path) -> None:
    database = await Database.open(postgres_url)
    async with database.write() as tx:
        await migrate.take_turn(await tx.connection())
        with pytest.raises(StorageUnavailable, match="when migrate has ended"):
            await written(postgres_url, tmp_path / "a.zip")
    await database.close()


async def test_t31_an_older_archive_is_brought_to_todays_tables(
    archive: Path, empty_database_url: str, tmp_path: Path
) -> None:
    """As one of the revision before backups were made: with what its tables had then."""
    older = f"sqlite:///{tmp_path / 'older.db'}"
    await migrate.upgrade(older)
    await migrate.downgrade(older, "0027")
    database = await Database.open(older)
    async with database.read() as tx:
        connection = await tx.connection()
        known = await connection.run_sync(restoring._tables)
        columns = {
            name: {row[1] for row in await tx.run(text(f"PRAGMA table_info('{name}')"))}
            for name in known
        }
    await database.close()

    def age(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
        manifest["revision"] = "0027"
        manifest["tables"] = [each for each in manifest["tables"] if each["name"] in known]
        for part in manifest["tables"]:
            kept = [name in columns[part["name"]] for name, _ in part["columns"]]
            part["columns"] = [
                each for each, is_in in zip(part["columns"], kept, strict=True) if is_in
            ]
            member, out = f"tables/{part['name']}.jsonl", io.BytesIO()
            for line in held[member].splitlines():
                row = [each for each, is_in in zip(json.loads(line), kept, strict=True) if is_in]
                out.write(json.dumps(row).encode() + b"\n")
            held[member] = out.getvalue()
            part["sha256"] = sha256(held[member])

    await bring_in(rewritten(archive, tmp_path / "old.zip", age), empty_database_url)
    assert await migrate.current(empty_database_url) == migrate.head()
    assert len((await content(empty_database_url))["document_log"]) == 20
