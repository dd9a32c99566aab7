"""Ideas as files for others."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from server.demo.fill import fill_empty
from server.exporting.ideas import (
    COLUMNS,
    Exported,
    exported,
    safe_cell,
    write_csv,
    write_json_lines,
)
from storage.database import Database

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


async def everything(url: str, *, drafts: bool = False) -> list[Exported]:
    """What the demonstration exports."""
    database = await Database.open(url)
    await fill_empty(database, NOW)
    async with database.read() as tx:
        found = [one async for one in exported(tx, drafts=drafts)]
    await database.close()
    return found


async def test_i4_drafts_are_exported_only_on_demand(sqlite_url: str) -> None:
    public = await everything(sqlite_url)
    all_of_them = await everything(sqlite_url, drafts=True)
    assert {one.idea.stage for one in all_of_them} - {one.idea.stage for one in public} == {"draft"}
    assert len(all_of_them) == len(public) + 1


async def test_json_lines_hold_one_whole_idea_each_in_the_order_of_references(
    sqlite_url: str,
) -> None:
    file = io.StringIO()
    write_json_lines(await everything(sqlite_url), file)
    found = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [idea["ref"] for idea in found] == sorted(idea["ref"] for idea in found)
    trees = next(idea for idea in found if idea["title"].startswith("Durstige"))
    assert trees["sections"]["implementation"][0]["type"] == "orderedList"
    assert trees["created_by"] == "participant-2"
    assert set(trees["text_version"]) == {"epoch", "seq", "sha256"}


async def test_csv_is_a_table_with_the_text(sqlite_url: str) -> None:
    file = io.StringIO()
    write_csv(await everything(sqlite_url), file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert list(rows[0]) == list(COLUMNS)
    assert any("Bohrmaschine" in row["text"] for row in rows)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =cmd", "'  =cmd"),
        ("-Punkt", "'-Punkt"),
        ("+49 30", "'+49 30"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("-12.5", "-12.5"),
        ("Mehr = besser", "Mehr = besser"),
        (-12.5, -12.5),
        (None, None),
    ],
)
def test_no_cell_acts_as_a_formula(value: object, cell: object) -> None:
    assert safe_cell(value) == cell
