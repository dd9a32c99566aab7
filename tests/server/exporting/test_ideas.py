"""Ideas as files for others."""

import csv
import io
import json
from pathlib import Path

import pytest

from server.exporting.ideas import (
    COLUMNS,
    Exported,
    exported,
    safe_cell,
    write_csv,
    write_json_lines,
)
from storage.database import Database
from tests.harness.fixtures import Demonstration

PRIVATE = {"draft", "internal_review", "dropped"}


@pytest.fixture
def demonstration_url(demonstration: Demonstration, tmp_path: Path) -> str:
    """A copy of the demonstration of the run."""
    return demonstration.copy_to(tmp_path)


async def everything(url: str, *, drafts: bool = False) -> list[Exported]:
    """What the demonstration exports."""
    database = await Database.open(url)
    async with database.read() as tx:
        found = [one async for one in exported(tx, drafts=drafts)]
    await database.close()
    return found


async def test_i4_drafts_are_exported_only_on_demand(demonstration_url: str) -> None:
    public = await everything(demonstration_url)
    all_of_them = await everything(demonstration_url, drafts=True)
    shown = {one.idea.ref for one in public}
    hidden = [one for one in all_of_them if one.idea.ref not in shown]
    assert {one.idea.stage for one in hidden} == PRIVATE
    assert len(all_of_them) == len(public) + len(hidden)
    assert not PRIVATE & {one.idea.stage for one in public}


async def test_json_lines_hold_one_whole_idea_each_in_the_order_of_references(
    demonstration_url: str,
) -> None:
    file = io.StringIO()
    write_json_lines(await everything(demonstration_url), file)
    found = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [idea["ref"] for idea in found] == sorted(idea["ref"] for idea in found)
    trees = next(idea for idea in found if idea["title"].startswith("Durstige"))
    assert trees["sections"]["implementation"][0]["type"] == "orderedList"
    assert trees["created_by"] == "participant-2"
    assert set(trees["text_version"]) == {"epoch", "seq", "sha256"}


async def test_csv_is_a_table_with_the_text(demonstration_url: str) -> None:
    file = io.StringIO()
    write_csv(await everything(demonstration_url), file)
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
