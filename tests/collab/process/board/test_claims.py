"""Claims: one person at a time, and the other is told who."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from collab.errors import Conflict, Invalid
from collab.process.board.claims import (
    NOTE_CHARS_MAX,
    Held,
    check_note,
    require_free,
    require_seen,
)

ME, YOU, SHE = UUID(int=1), UUID(int=2), UUID(int=3)
UNTIL = datetime(2026, 5, 4, 12, tzinfo=UTC)
YOURS = Held(YOU, "Yasemin", UNTIL)


def test_b4_a_free_idea_and_an_own_one_can_be_claimed() -> None:
    require_free(None, ME)
    require_free(YOURS, YOU)


def test_b4_who_comes_second_is_told_by_whom_and_until_when() -> None:
    with pytest.raises(Conflict) as refusal:
        require_free(YOURS, ME)
    winner = {"person_id": str(YOU), "name": "Yasemin", "until": UNTIL.isoformat()}
    assert (refusal.value.code, refusal.value.data["winner"]) == ("already-claimed", winner)


def test_b4_one_takes_over_only_from_whom_one_saw() -> None:
    require_seen(YOURS, YOU, ME)
    require_seen(None, YOU, ME)
    require_seen(Held(ME, "Ich", UNTIL), YOU, ME)
    with pytest.raises(Conflict):
        require_seen(Held(SHE, "Sina", UNTIL), YOU, ME)


def test_b4_taking_over_needs_a_word_of_bounded_length() -> None:
    assert check_note(" Vertretung \r\n im Urlaub. ") == "Vertretung \n im Urlaub."
    for note, code in (("  ", "empty"), ("x" * (NOTE_CHARS_MAX + 1), "too-long")):
        with pytest.raises(Invalid) as refusal:
            check_note(note)
        assert refusal.value.data["fields"] == {"note": code}
    assert len(check_note("x" * NOTE_CHARS_MAX)) == NOTE_CHARS_MAX
