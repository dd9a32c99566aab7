"""Text that came after it was settled: set apart by the room, judged on the person's shelf."""

from uuid import UUID, uuid4

import pytest

from collab.process.actors import Actor, Role
from collab.process.seam.late import BYTES_MAX, COUNT_MAX, has_room, might_write_before
from collab.sync.document import Document
from collab.sync.formats.changes import (
    CHARS_MAX,
    CONTEXT_CHARS,
    LINES_MAX,
    Passage,
    changed_passages,
)
from collab.sync.messages import Acknowledged, Refused, SyncStep2
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.rooms import verdicts
from collab.sync.rooms.effects import Send
from collab.sync.rooms.late import Shelf
from collab.sync.rooms.session import Grant
from collab.sync.rooms.turns import Received
from collab.sync.text import DossierText
from tests.collab.sync.rooms.test_room import READER, SCHEMA, Copy, Table, told

LATE = Grant(read=True, write=False, reason="stage", late=True)
ANA = UUID(int=7)


def shelf(document: Document, *kept: bytes) -> Shelf:
    return Shelf(document, {1: None}, actor=ANA, kept=kept, sections=["situation"])


def seeded() -> tuple[Document, Copy]:
    document, seed = Document.seeded(SCHEMA, {"title": ["Radweg"], "situation": ["Es ist eng."]})
    return document, Copy(seed)


def test_l1_what_comes_late_is_not_in_the_text_and_not_answered_before_it_is_kept() -> None:
    table = Table()
    table.sit(1)
    table.sit(2, LATE)
    late = table.typed(2, "Zu spät")
    turn = table.do(late)
    assert turn.late == (late,)
    assert not turn.contributions
    assert not turn.effects
    assert "Zu spät" not in table.text


def test_l1_others_write_on_in_the_same_turn() -> None:
    table = Table()
    table.sit(1)
    table.sit(2, LATE)
    turn = table.do(table.typed(1, "Rechtzeitig"), table.typed(2, "Zu spät"))
    assert told(turn.effects, 1) == [Acknowledged()]
    assert len(turn.late) == 1
    assert "Rechtzeitig" in table.text
    assert "Zu spät" not in table.text


def test_l1_who_brings_nothing_new_is_acknowledged_and_not_late() -> None:
    table = Table()
    table.sit(2, LATE)
    turn = table.do(Received(2, SyncStep2(table.room.document.state())))
    assert told(turn.effects, 2) == [Acknowledged()]
    assert not turn.late


def test_l1_who_never_might_write_is_refused_as_before() -> None:
    table = Table()
    table.sit(1, READER)
    turn = table.do(table.typed(1, "Fremd"))
    assert told(turn.effects, 1) == [Refused(RefusalReason.READ_ONLY)]
    assert not turn.late


def test_l1_after_the_answer_the_session_reads_on() -> None:
    assert verdicts.refusal(3, RefusalReason.LATE) == [Send(3, Refused(RefusalReason.LATE))]
    assert verdicts.refusal(3, RefusalReason.LATE_FULL) == [
        Send(3, Refused(RefusalReason.LATE_FULL))
    ]


def test_l1_only_a_stage_that_the_idea_has_left_makes_a_former_writer() -> None:
    person = Actor(uuid4(), "ana", "Ana", frozenset({Role.PARTICIPANT}))
    assert might_write_before(person, "proposal", ["draft", "open", "feasibility"])
    assert not might_write_before(person, "proposal", ["draft", "feasibility"])
    assert not might_write_before(person, "open", ["open"])
    assert not might_write_before(
        Actor(None, "", "", frozenset({Role.GUEST})), "proposal", ["open"]
    )


def test_l2_a_later_update_follows_on_an_earlier_one_that_is_kept() -> None:
    document, copy = seeded()
    first, second = copy.write("Eins."), copy.write("Zwei.")
    with pytest.raises(FrameRefused):
        shelf(document).put(second)
    assert shelf(document, first).put(second) is not None


def test_l2_what_is_kept_is_not_kept_again_in_whatever_pieces() -> None:
    document, copy = seeded()
    before = copy.doc.get_state()
    first, second = copy.write("Eins."), copy.write("Zwei.")
    both = copy.doc.get_update(before)
    lying = shelf(document, first)
    assert lying.put(first) is None
    addition = lying.put(both)
    assert addition is not None
    assert lying.put(both) is None
    assert lying.put(second) is None
    ((client, start, end),) = addition.clients
    assert client == copy.doc.client_id
    assert 0 < start < end, "what the first one brought is not in it"


def test_l2_late_text_is_judged_like_any_other() -> None:
    document, _ = seeded()
    foreign: Copy = Copy(document.state())
    update = foreign.write("Fremd")
    owned = Shelf(
        document,
        {1: None, foreign.doc.client_id: uuid4()},
        actor=ANA,
        kept=[],
        sections=["situation"],
    )
    with pytest.raises(FrameRefused) as refusal:
        owned.put(update)
    assert refusal.value.reason is RefusalReason.FOREIGN_CLIENT


def test_l2_the_shelf_does_not_touch_the_document() -> None:
    document, copy = seeded()
    state = document.state()
    shelf(document).put(copy.write("Zu spät."))
    assert document.state() == state


def test_l3_the_bounds_hold_at_the_bound() -> None:
    assert has_room(COUNT_MAX - 1, 0, 1)
    assert not has_room(COUNT_MAX, 0, 1)
    assert has_room(1, BYTES_MAX - 10, 10)
    assert not has_room(1, BYTES_MAX - 10, 11)


def test_l6_a_late_text_says_what_it_adds_and_what_it_takes() -> None:
    document, copy = seeded()
    addition = shelf(document).put(copy.write("Und laut."))
    assert addition is not None
    assert addition.passages == (Passage("situation", "", "Und laut."),)
    before = copy.doc.get_state()
    with copy.doc.transaction():
        del copy.root.children[0]
    gone = shelf(document).put(copy.doc.get_update(before))
    assert gone is not None
    assert gone.passages == (Passage("situation", "Es ist eng.", ""),)


def test_l6_a_long_paragraph_is_told_by_what_differs_in_it() -> None:
    def text(paragraph: str) -> DossierText:
        node = {"type": "paragraph", "content": [{"type": "text", "text": paragraph}]}
        return DossierText("T", {"situation": [node]})

    same = "x" * 5_000
    (found,) = changed_passages(text(f"{same}alt{same}"), text(f"{same}neu{same}"))
    around = "x" * CONTEXT_CHARS
    assert (found.before, found.after) == (f"…{around}alt{around}…", f"…{around}neu{around}…")
    assert changed_passages(text("ab"), text("aab")) == (Passage("situation", "ab", "aab"),)
    assert changed_passages(text("x"), text("y" * CHARS_MAX)) == ()
    assert len(changed_passages(text("x"), text("y" * (CHARS_MAX - 1)))) == 1


def test_l6_a_section_of_very_many_lines_is_compared_as_a_whole() -> None:
    def text(*lines: str) -> DossierText:
        nodes = [
            {"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines
        ]
        return DossierText("T", {"situation": nodes})

    many = [str(number) for number in range(LINES_MAX)]
    assert len(changed_passages(text(*many), text(*many[:-1], "neu"))) == 1
    whole = changed_passages(text(*many), text(*many, "neu"))
    assert [each.after[-5:] for each in whole] == ["9\nneu"]
