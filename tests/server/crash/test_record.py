"""The record: what it keeps, what it costs in space, who may read it and when it is gone."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from server.realtime.crash import record
from server.realtime.crash.deaths import accusations, dead_records
from server.realtime.crash.record import (
    BYTES_MAX,
    ENTRIES_MAX,
    FILE_BYTES,
    Entry,
    Note,
    Phase,
    Record,
    keeping_record,
    noted,
    read_note,
)

DOCUMENT = uuid4()
ADA, BEN = uuid4(), uuid4()


def left_behind(folder: Path, fault: str = "") -> Record:
    """The record of a process that is dead: nobody holds its lock."""
    kept, descriptor = record._create(folder)
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
    if fault:
        kept.fault_path.write_text(fault)
    return kept


def note_of(folder: Path) -> Note | None:
    """What the only record in the folder says."""
    (path,) = folder.glob("*.record")
    return read_note(path.read_bytes())


def test_s26_what_was_being_applied_is_known_after_death(tmp_path: Path) -> None:
    kept = left_behind(tmp_path)
    kept.begin(DOCUMENT, 3, 17, Phase.READ)
    kept.applying(b"first", ADA)
    kept.applying(b"second", None)
    assert note_of(tmp_path) == Note(
        DOCUMENT,
        3,
        17,
        Phase.APPLY,
        (
            Entry(ADA, hashlib.sha256(b"first").hexdigest(), b"first"),
            Entry(None, hashlib.sha256(b"second").hexdigest(), b"second"),
        ),
    )
    kept.applied()
    note = note_of(tmp_path)
    assert note is not None
    assert note.phase is Phase.READ


def test_a_turn_that_has_ended_accuses_nobody(tmp_path: Path) -> None:
    kept = left_behind(tmp_path)
    kept.begin(DOCUMENT, 1, 1, Phase.READ)
    kept.applying(b"first", ADA)
    kept.end()
    assert note_of(tmp_path) is None


def test_the_next_turn_does_not_name_the_updates_of_the_last(tmp_path: Path) -> None:
    kept = left_behind(tmp_path)
    for update in (b"first", b"second"):
        kept.begin(DOCUMENT, 1, 1, Phase.READ)
        kept.applying(update, ADA)
    note = note_of(tmp_path)
    assert note is not None
    assert [entry.update for entry in note.entries] == [b"second"]


def test_updates_beyond_the_bound_keep_their_hash_and_the_file_its_size(tmp_path: Path) -> None:
    kept = left_behind(tmp_path)
    kept.begin(DOCUMENT, 1, 1, Phase.READ)
    big = bytes(BYTES_MAX)
    kept.applying(big, ADA)
    kept.applying(b"one too many", BEN)
    note = note_of(tmp_path)
    assert note is not None
    assert note.entries[0].update == big
    digest = hashlib.sha256(b"one too many").hexdigest()
    assert note.entries[1] == Entry(BEN, digest, None)
    assert kept.path.stat().st_size == FILE_BYTES


def test_of_too_many_updates_the_one_being_applied_is_always_noted(tmp_path: Path) -> None:
    kept = left_behind(tmp_path)
    kept.begin(DOCUMENT, 1, 1, Phase.READ)
    for number in range(ENTRIES_MAX + 1):
        kept.applying(b"%d" % number, ADA)
    note = note_of(tmp_path)
    assert note is not None
    assert len(note.entries) == ENTRIES_MAX
    assert note.entries[-1].update == b"%d" % ENTRIES_MAX


def test_a_living_process_is_not_reported(tmp_path: Path) -> None:
    with keeping_record(tmp_path) as kept:
        assert kept is not None
        kept.begin(DOCUMENT, 1, 1, Phase.LOAD)
        with dead_records(tmp_path) as deaths:
            assert deaths == []
    assert list(tmp_path.iterdir()) == [], "who ends in order leaves nothing"


def test_a_death_is_reported_once_and_by_one(tmp_path: Path) -> None:
    left_behind(tmp_path, fault="Fatal Python error: Segmentation fault").begin(
        DOCUMENT, 1, 1, Phase.LOAD
    )
    with dead_records(tmp_path) as mine, dead_records(tmp_path) as others:
        assert [death.fault[:5] for death in mine] == ["Fatal"]
        assert others == []
    with dead_records(tmp_path) as again:
        assert again == []
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_is_made_again(tmp_path: Path) -> None:
    left_behind(tmp_path).begin(DOCUMENT, 1, 1, Phase.LOAD)
    with pytest.raises(OSError, match="no database"), dead_records(tmp_path):
        raise OSError("no database")
    with dead_records(tmp_path) as deaths:
        assert len(deaths) == 1


@pytest.mark.parametrize("rubbish", [b"", b"ARENA", bytes(FILE_BYTES), b"\xff" * FILE_BYTES])
def test_rubbish_is_no_note(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / "1-a.record").write_bytes(rubbish)
    with dead_records(tmp_path) as deaths:
        assert [death.note for death in deaths] == [None]


def test_without_a_folder_the_server_runs_without_a_record(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with keeping_record(tmp_path / "file" / "crash") as kept, noted(DOCUMENT, 1, 1, Phase.LOAD):
        assert kept is None


def test_a_block_inside_another_is_part_of_it(tmp_path: Path) -> None:
    with keeping_record(tmp_path) as kept:
        assert kept is not None
        with noted(DOCUMENT, 1, 1, Phase.LOAD):
            with noted(uuid4(), 1, 1, Phase.READ):
                note = note_of(tmp_path)
                assert note is not None
                assert (note.document_id, note.phase) == (DOCUMENT, Phase.LOAD)
            assert not kept.is_idle
        assert kept.is_idle


def entries(*actors: UUID | None) -> tuple[Entry, ...]:
    return tuple(Entry(actor, "0" * 64, b"") for actor in actors)


@pytest.mark.parametrize(
    ("phase", "actors", "is_fault", "deaths"),
    [
        (Phase.APPLY, (ADA, BEN), False, [0, 1]),
        (Phase.APPLY, (ADA, BEN), True, [0, 2]),
        (Phase.READ, (ADA, ADA), False, [1, 1]),
        (Phase.READ, (ADA, ADA), True, [2, 2]),
        (Phase.READ, (ADA, BEN), True, [0, 0]),
        (Phase.LOAD, (), True, []),
    ],
)
def test_s29_a_death_speaks_only_against_whom_it_points_at(
    phase: Phase, actors: tuple[UUID | None, ...], is_fault: bool, deaths: list[int]
) -> None:
    note = Note(DOCUMENT, 1, 1, phase, entries(*actors))
    assert [each.deaths for each in accusations(note, is_fault=is_fault)] == deaths
