"""Charts of organisations: the same tree, once, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from server.actions.catalogues.organisations import Imported, import_units
from server.exporting.organisations import as_graph
from server.importing.decoding import UnreadableFile
from server.importing.organisations import (
    DEPTH_MAX,
    FILE_BYTES_MAX,
    UNITS_MAX,
    Unit,
    parse_chart,
    read_chart,
)
from storage import people
from storage.database import Database
from storage.process import organisations
from tests.harness.charts import ADDRESS, chart, graph, tree_of, unit
from tests.sources import ROOT
from tests.storage.making import NOW

SENATE = ROOT.parent / "shared/data/berlin-org/senfin-orgunits-no-persons.json"
TODAY = NOW.date()


async def bring_in(database: Database, data: object, **given: Any) -> Imported:
    settings = {"actor_class": "administration", "valid_from": None, "on": TODAY, **given}
    return await import_units(database, parse_chart(data).units, **settings)


async def stored_tree(database: Database) -> set[tuple[str | None, str | None]]:
    """(address, address of what lies above) of everything in the database."""
    async with database.read() as tx:
        rows = await organisations.everything(tx)
    sources = {row.id: row.source for row in rows}
    return {(row.source, sources[row.parent_id] if row.parent_id else None) for row in rows}


async def test_ac_g3a_an_import_gives_the_same_tree_and_the_second_time_nothing(
    database: Database,
) -> None:
    assert await bring_in(database, chart()) == Imported(new=7, adopted=0, same=0, differing=())
    assert await stored_tree(database) == tree_of(chart())
    assert await bring_in(database, chart()) == Imported(new=0, adopted=0, same=7, differing=())
    async with database.read() as tx:
        known = await organisations.by_sources(tx, [ADDRESS + "top", ADDRESS + "group"])
        offered = {row.name for row in await people.organisations(tx, on=TODAY)}
    top = known[ADDRESS + "top"]
    assert (top.kind, top.short_name, top.type_name) == (
        "senate_department", "SenBei", "Senatsverwaltung",
    )  # fmt: skip
    assert known[ADDRESS + "group"].kind == "layout"
    assert "Organisation" not in offered
    assert {"Referat 1", "Landesamt für Muster"} < offered


@pytest.mark.skipif(not SENATE.is_file(), reason="no chart at ../shared/data")
async def test_ac_g3a_a_real_chart_gives_the_same_tree(database: Database) -> None:
    data = json.loads(SENATE.read_text("utf-8"))
    assert (await bring_in(database, data)).new == 72
    tree = await stored_tree(database)
    assert len(tree) == 72
    assert tree == tree_of(data)


async def test_k11_a_known_unit_that_differs_is_told_and_keeps_its_name(
    database: Database,
) -> None:
    await bring_in(database, chart())
    changed = chart()
    changed[0]["name"] = "Senatsverwaltung für Vorbilder"
    moved = changed[0]["organisations"][1]["organisations"][0]["organisations"].pop()
    changed.append(moved)
    done = await bring_in(database, changed)
    assert done == Imported(
        new=0, adopted=0, same=5,
        differing=(
            ("Senatsverwaltung für Beispiele", "is called 'Senatsverwaltung für Vorbilder'"),
            ("Referat 1", "lies elsewhere"),
        ),
    )  # fmt: skip
    assert await stored_tree(database) == tree_of(chart())


async def test_k11_what_was_noted_by_hand_joins_the_chart(database: Database) -> None:
    by_hand = uuid4()
    async with database.write() as tx:
        await people.create_organisation(
            tx, organisation_id=by_hand, name="landesamt für muster",
            actor_class="administration", kind="other",
        )  # fmt: skip
    dry = await bring_in(database, chart(), dry_run=True)
    assert (dry.new, dry.adopted) == (6, 1)
    assert await bring_in(database, chart()) == dry
    async with database.read() as tx:
        joined = await organisations.get(tx, by_hand)
    assert joined is not None
    assert (joined.source, joined.name, joined.kind) == (
        ADDRESS + "below", "landesamt für muster", "subordinate_authority",
    )  # fmt: skip
    assert await stored_tree(database) == tree_of(chart())


async def test_w3c_org_is_read_and_comes_back(database: Database) -> None:
    units = parse_chart(graph()).units
    assert units == (
        Unit("ex:top", "Senatsverwaltung für Beispiele", "SenBei", "Senatsverwaltung", None),
        Unit("ex:a", "Abteilung A", "", "Abteilung", "ex:top"),
        Unit("ex:one", "Referat 1", "", "Referat", "ex:a"),
    )
    await bring_in(database, graph(), valid_from=date(2026, 1, 1))
    async with database.read() as tx:
        written = as_graph(await organisations.everything(tx))
    assert set(parse_chart(written).units) == set(units)
    assert written["@graph"][0]["schema:foundingDate"] == "2026-01-01"


def deep(levels: int) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    for level in range(levels):
        nodes = [unit(str(level), "Tief", "Referat", *nodes)]
    return nodes


CIRCLE = {
    "@graph": [
        {"@id": "ex:a", "@type": "org:Organization", "name": "A", "org:unitOf": "ex:b"},
        {"@id": "ex:b", "@type": "org:Organization", "name": "B", "org:unitOf": "ex:a"},
    ]
}
FAULTS: dict[str, tuple[object, str]] = {
    "nothing": ([], "holds no organisation"),
    "no objects": (["A"], "expected objects"),
    "no list": ({**unit("a", "A", ""), "organisations": "B"}, "expected a list"),
    "no address": ([{**unit("a", "A", ""), "uri": None}], "is no address"),
    "no name": ([unit("a", " ", "Referat")], f"is no name, at {ADDRESS}a"),
    "long name": ([unit("a", "x" * 301, "Referat")], "is no name"),
    "twice": ([unit("a", "A", ""), unit("a", "B", "")], f"Two units have the address {ADDRESS}a"),
    "too deep": (deep(DEPTH_MAX + 1), "deeper than 40 levels"),
    "a circle": (CIRCLE, "lies below itself"),
    "too many": (
        [unit(str(n), "A", "Referat") for n in range(UNITS_MAX + 1)], "more than 10000 units",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_chart_is_refused_and_the_unit_is_named(name: str) -> None:
    data, said = FAULTS[name]
    with pytest.raises(UnreadableFile, match=said):
        parse_chart(data)


def test_the_deepest_chart_is_read() -> None:
    assert len(parse_chart(deep(DEPTH_MAX)).units) == DEPTH_MAX


def test_a_file_that_is_no_chart_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "chart.json"
    for text, said in (("{", "no JSON"), (" " * (FILE_BYTES_MAX + 1), "bigger than 10 MiB")):
        file.write_text(text, "utf-8")
        with pytest.raises(UnreadableFile, match=said):
            read_chart(file)
    file.write_text("\ufeff" + json.dumps(chart()), "utf-8")
    assert (len(read_chart(file).units), read_chart(file).left_out) == (7, 1)
