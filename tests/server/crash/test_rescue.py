"""The last good state of a text, found with a real child process and a real killer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from collab.sync.text import DossierText
from server.realtime.crash import child as children
from server.realtime.crash import rescue as rescuing
from server.realtime.crash.child import Child, Died, Failed, Job, NoTrial, Survived, a_child
from server.realtime.crash.rescue import Hopeless, killers_of, rescue
from server.realtime.crash.salvage import sort_out
from storage.documents import LogEntry
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, BEN, SCHEMA, SECTIONS, Pen, seeded
from tests.server.crash.killers import MODULE, PANIC, READ, SEGFAULT
from tests.storage.making import NOW

FRAME = Job(SCHEMA, SECTIONS, ())
NESTED = b"\x75\x01" * 27_000 + b"\x75\x00"


def killer(client: int) -> bytes:
    """Values nested so deeply that pycrdt overruns its stack; the guard would refuse them."""
    return wire.update((client, 0, [wire.values(NESTED, parent=(1, 7), key="x")]))


def rows(*updates: bytes, actor: UUID | None = None) -> list[LogEntry]:
    return [LogEntry(seq, update, actor, NOW) for seq, update in enumerate(updates, 1)]


def seqs(found: tuple[LogEntry, ...]) -> list[int]:
    return [row.seq for row in found]


@pytest.fixture
async def child() -> AsyncIterator[Child]:
    async with a_child() as opened:
        yield opened


@pytest.fixture
async def mortal_child(monkeypatch: pytest.MonkeyPatch, child: Child) -> Child:
    """A child in which certain words kill (``killers``)."""
    monkeypatch.setattr(children, "COMMAND", (*children.COMMAND[:2], MODULE, "trial"))
    return child


async def test_s27_a_row_that_kills_is_left_out_and_all_others_stay(child: Child) -> None:
    _, seed = seeded()
    ada, ben = Pen(ADA, seed), Pen(BEN, seed)
    log = rows(seed, ada.type("Ada "), killer(4_242), ben.type("Ben "), ada.type("nochmal "))
    found = await rescue(child, FRAME, None, log)
    assert seqs(found.killers) == [3]
    assert seqs(found.dependents) == []
    read = str(found.good.text.sections["need"])
    assert "Ben" in read
    assert "nochmal" in read


async def test_s28_what_hangs_on_a_killer_is_told_and_not_lost(child: Child) -> None:
    _, seed = seeded()
    ben = Pen(BEN, seed)
    later = wire.update((4_242, 1, [wire.text("danach", parent=(1, 8))]))
    pointing = wire.update((4_343, 0, [wire.text("daran", origin=(4_242, 1))]))
    log = rows(seed, killer(4_242), ben.type("Ben "), later, pointing)
    found = await rescue(child, FRAME, None, log)
    assert seqs(found.killers) == [2]
    assert seqs(found.dependents) == [4, 5]
    assert "Ben" in str(found.good.text.sections["need"])


async def test_s27_a_row_that_kills_only_its_reader_is_found(mortal_child: Child) -> None:
    _, seed = seeded()
    ada = Pen(ADA, seed)
    typed = [ada.type(word) for word in ("a ", "b ", f"{READ} ", "c ")]
    found = await rescue(mortal_child, FRAME, None, rows(seed, *typed))
    assert seqs(found.killers) == [4]
    # The row after it is the same hand's, and goes on where nothing is any more.
    assert seqs(found.dependents) == [5]


async def test_s27_rows_after_a_snapshot_are_tried_behind_it(child: Child) -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    log = [LogEntry(8, killer(4_242), None, NOW), LogEntry(9, ada.type("Ada "), None, NOW)]
    found = await rescue(child, FRAME, document.state(), log)
    assert seqs(found.killers) == [8]
    assert "Ada" in str(found.good.text.sections["need"])


async def test_after_too_many_killers_the_text_before_them_is_taken(
    mortal_child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescuing, "KILLERS_MAX", 2)
    _, seed = seeded()
    pens = [Pen(client, seed) for client in range(5_000, 5_004)]
    log = rows(seed, *(pen.type(f"{READ}{pen.client} ") for pen in pens))
    found = await rescue(mortal_child, FRAME, None, log)
    assert len(found.killers) == 2
    assert sorted([*seqs(found.killers), *seqs(found.dependents)]) == [2, 3, 4, 5]


async def test_a_text_that_cannot_begin_is_hopeless(child: Child) -> None:
    with pytest.raises(Hopeless):
        await rescue(child, FRAME, None, rows(b"no update"))
    with pytest.raises(Hopeless):
        await rescue(child, FRAME, None, [])


async def test_s29_of_a_turn_only_the_killer_is_named(mortal_child: Child) -> None:
    _, seed = seeded()
    frame = Job(SCHEMA, SECTIONS, [seed])
    people = [uuid4() for _ in range(5)]
    pens = [Pen(client, seed) for client in range(5_000, 5_005)]
    said = ["a", SEGFAULT, "b", READ, "c"]
    turn = [(pen.type(word), who) for pen, word, who in zip(pens, said, people, strict=True)]
    assert sorted(await killers_of(mortal_child, frame, turn)) == [1, 3]


async def test_s29_what_the_guard_refuses_is_no_killer(child: Child) -> None:
    _, seed = seeded()
    frame = Job(SCHEMA, SECTIONS, [seed])
    assert await killers_of(child, frame, [(killer(4_242), uuid4())]) == []


async def test_a_panic_is_a_death_and_a_refusal_is_none(mortal_child: Child) -> None:
    _, seed = seeded()
    panicking = Pen(ADA, seed).type(PANIC)
    with pytest.raises(Died, match="unwrap"):
        await mortal_child.tries(Job(SCHEMA, SECTIONS, [seed, panicking]))
    with pytest.raises(Failed, match="no text"):
        await mortal_child.tries(Job(SCHEMA, SECTIONS, []))
    assert (await mortal_child.tries(Job(SCHEMA, SECTIONS, [seed]))).reads_same


def test_s28_rows_are_sorted_by_what_they_stand_on() -> None:
    _, seed = seeded()
    ada = Pen(ADA, seed)
    one, two, three = (ada.type(word) for word in ("eins ", "zwei ", "drei "))
    deletes = wire.update(deletes=[(ADA, 0, 5)])
    found = sort_out([seed, b"no update", two, deletes, one, three])
    assert found.unreadable == [1]
    assert found.aside == [2, 3, 5]
    assert found.kept == [seed, one]


async def test_a_child_that_does_not_work_accuses_nobody(
    monkeypatch: pytest.MonkeyPatch, child: Child
) -> None:
    _, seed = seeded()
    for command in (("/nowhere",), (children.COMMAND[0], "-c", "pass")):
        monkeypatch.setattr(children, "COMMAND", command)
        with pytest.raises(NoTrial):
            await rescue(child, FRAME, None, rows(seed))


async def test_s29_a_row_that_kills_at_one_time_and_not_at_another_is_left_to_people() -> None:
    _, seed = seeded()
    ada = Pen(ADA, seed)
    with pytest.raises(Hopeless, match="not at another"):
        await rescue(Moody(), FRAME, None, rows(seed, ada.type("a"), ada.type("b")))


class Moody(Child):
    """A child that dies of the whole text the first time, and of its last row never alone."""

    jobs = 0

    async def tries(self, job: Job) -> Survived:
        self.jobs += 1
        if len(job.rows) == 3 and self.jobs < 4:
            raise Died("SIGKILL")
        return Survived(DossierText("", {}), "", b"", True, {}, (), ())
