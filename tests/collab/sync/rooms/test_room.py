"""The room: who may write, what is told to whom and when (docs/rules.md)."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.document import DEFAULT_LIMITS, Document
from collab.sync.messages import (
    AccessChanged,
    Acknowledged,
    Authenticated,
    Awareness,
    AwarenessEntry,
    Fullness,
    Outgoing,
    QueryAwareness,
    Refused,
    SyncStep1,
    SyncStep2,
    Update,
)
from collab.sync.refusals import RefusalReason
from collab.sync.rooms.early import WAITING_FRAMES_MAX
from collab.sync.rooms.effects import Acknowledge, Broadcast, Effect, End, Reply, Send
from collab.sync.rooms.room import Room
from collab.sync.rooms.session import (
    GUESTS_MAX,
    SESSIONS_MAX,
    Grant,
    Participant,
    Session,
    SessionId,
)
from collab.sync.rooms.turns import Received, ServerUpdate, Turn
from collab.sync.schema import DocumentSchema
from collab.sync.yjs.limits import Limits

SCHEMA = DocumentSchema(1, ("title", "situation"))
WRITER = Grant(read=True, write=True)
READER = Grant(read=True, write=False, reason="stage")
MUTED = Grant(read=True, write=False, reason="muted")


class Copy:
    """A person's copy of the document, and the updates he makes."""

    def __init__(self, state: bytes) -> None:
        self.doc: Doc[XmlFragment] = Doc()
        self.doc.apply_update(state)
        self.root = self.doc.get("situation", type=XmlFragment)

    def write(self, text: str) -> bytes:
        """A paragraph at the end; the update that brings it."""
        before = self.doc.get_state()
        with self.doc.transaction():
            self.root.children.append(XmlElement("paragraph", {}, [XmlText(text)]))
        return self.doc.get_update(before)


class Table:
    """A room with a seeded document, and people to seat at it."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        document, self.seed = Document.seeded(SCHEMA, {"title": ["Radweg"]}, limits=limits)
        self.room = Room(document, {1: None})
        self.copies: dict[SessionId, Copy] = {}

    def sit(
        self,
        number: SessionId,
        grant: Grant = WRITER,
        *,
        person_id: UUID | None = None,
        echoes: bool = False,
        is_synced: bool = True,
    ) -> Session:
        person = Participant(person_id or uuid4(), f"p{number}", f"Person {number}")
        session = Session(number, person, grant, address="d", echoes=echoes)
        self.room.join(session, greets=echoes)
        if is_synced:
            self.do(Received(number, SyncStep1(b"\x00")))
        self.copies[number] = Copy(self.room.document.state())
        return session

    def do(self, *writings: Received | ServerUpdate) -> Turn:
        turn = self.room.write(writings)
        self.room.committed(turn)
        return turn

    def typed(self, number: SessionId, text: str) -> Received:
        return Received(number, Update(self.copies[number].write(text)))

    @property
    def text(self) -> str:
        return str(Copy(self.room.document.state()).root)


def told(effects: Sequence[Effect], session: SessionId) -> list[Outgoing]:
    """What one session hears."""
    heard: list[Outgoing] = []
    for effect in effects:
        match effect:
            case Acknowledge(to, frames) if to == session:
                heard += [Acknowledged()] * frames
            case Send(to, message) if to == session:
                heard.append(message)
            case Broadcast(sessions, message) | Reply(sessions, message) if session in sessions:
                heard.append(message)
            case _:
                pass
    return heard


def test_s1_a_change_is_acknowledged_and_told_only_with_its_commit() -> None:
    table = Table()
    table.sit(1)
    table.sit(2)
    update = table.typed(1, "Hallo")
    turn = table.room.write([update])
    assert [c.update for c in turn.contributions] == [update.message.update]  # type: ignore[union-attr]
    assert told(turn.effects, 1) == [Acknowledged()]
    assert told(turn.effects, 2) == [Update(turn.contributions[0].update)]


def test_s11_each_frame_is_acknowledged_once_also_one_that_adds_nothing() -> None:
    table = Table()
    table.sit(1)
    first, second = table.typed(1, "a"), table.typed(1, "b")
    assert told(table.do(first, second).effects, 1).count(Acknowledged()) == 2
    again = table.do(first)
    assert again.contributions == ()
    assert told(again.effects, 1) == [Acknowledged()]


def test_s12_the_log_says_who_wrote_what() -> None:
    table = Table()
    ana, bo = table.sit(1), table.sit(2)
    turn = table.do(table.typed(1, "von Ana"), table.typed(2, "von Bo"), table.typed(1, "noch"))
    assert {c.actor for c in turn.contributions} == {
        ana.participant.person_id,
        bo.participant.person_id,
    }
    assert len(turn.contributions) == 2
    clients = {table.copies[1].doc.client_id, table.copies[2].doc.client_id}
    assert set(turn.claims) == clients
    assert {client for c in turn.contributions for client, _, _ in c.clients} == clients


def test_s2_nobody_writes_under_anothers_client_id() -> None:
    table = Table()
    table.sit(1)
    table.sit(2)
    table.do(table.typed(1, "meins"))
    forged = table.copies[1].write("gefälscht")
    turn = table.do(Received(2, Update(forged)))
    assert told(turn.effects, 2) == [Refused(RefusalReason.FOREIGN_CLIENT)]
    assert End(2, "foreign-client") in turn.effects
    assert "gefälscht" not in table.text


def test_s2_one_persons_tabs_own_their_ids_together() -> None:
    table = Table()
    ana = table.sit(1)
    table.sit(2, person_id=ana.participant.person_id)
    table.do(table.typed(1, "Telefon"))
    resent = table.copies[1].write("offline")
    assert told(table.do(Received(2, SyncStep2(resent))).effects, 2) == [Acknowledged()]
    assert "offline" in table.text


def test_p5_who_may_not_write_is_refused_frame_by_frame_and_stays() -> None:
    table = Table()
    table.sit(1)
    reader = table.sit(2, READER)
    turn = table.do(table.typed(2, "nein"))
    assert told(turn.effects, 2) == [Refused(RefusalReason.READ_ONLY)]
    assert not any(isinstance(effect, End) for effect in turn.effects)
    assert turn.contributions == ()
    table.room.change_grant(reader.id, MUTED)
    assert told(table.do(table.typed(2, "x")).effects, 2) == [Refused(RefusalReason.MUTED)]


def test_p5_a_reader_may_answer_a_step_one_with_what_is_known() -> None:
    table = Table()
    table.sit(2, READER)
    turn = table.do(Received(2, SyncStep2(table.room.document.state())))
    assert told(turn.effects, 2) == [Acknowledged()]


def test_p5_a_reader_may_know_of_deletes_that_nobody_has_sent() -> None:
    """What is typed into a paragraph that another deletes at that moment goes with it."""
    table = Table()
    table.sit(1)
    table.sit(2)
    table.do(table.typed(1, "Absatz"))
    paragraph = Copy(table.room.document.state())
    other = Copy(table.room.document.state())
    before = paragraph.doc.get_state()
    block = paragraph.root.children[1]
    assert isinstance(block, XmlElement)
    text = block.children[0]
    assert isinstance(text, XmlText)
    text.insert(0, "mitten hinein ")
    typed = paragraph.doc.get_update(before)
    before = other.doc.get_state()
    del other.root.children[1]
    table.do(Received(2, Update(other.doc.get_update(before))))
    table.do(Received(1, Update(typed)))
    reader = table.sit(3, READER)
    known = Copy(table.room.document.state())
    turn = table.do(Received(reader.id, SyncStep2(known.doc.get_update())))
    assert told(turn.effects, 3) == [Acknowledged()]
    before = known.doc.get_state()
    del known.root.children[0]
    turn = table.do(Received(reader.id, Update(known.doc.get_update(before))))
    assert told(turn.effects, 3) == [Refused(RefusalReason.READ_ONLY)]


def test_p5_a_right_withdrawn_holds_from_the_next_frame() -> None:
    table = Table()
    table.sit(1)
    assert table.room.change_grant(1, MUTED) == [Send(1, AccessChanged(False, "muted"))]
    assert told(table.do(table.typed(1, "zu spät")).effects, 1) == [Refused(RefusalReason.MUTED)]
    assert table.room.change_grant(1, WRITER) == [Send(1, AccessChanged(True, None))]
    assert table.room.change_grant(1, WRITER) == []


def test_p3_who_may_not_read_any_more_is_sent_away() -> None:
    table = Table()
    table.sit(1)
    effects = table.room.change_grant(1, Grant(False, False, "suspended"))
    assert End(1, "suspended") in effects
    assert table.room.session(1) is None


def test_s3_nonsense_of_one_harms_nobody_else() -> None:
    table = Table()
    table.sit(1)
    table.sit(2)
    turn = table.do(Received(1, Update(b"\xff\x00nonsense")), table.typed(2, "bleibt"))
    assert End(1, "malformed") in turn.effects
    assert Acknowledged() in told(turn.effects, 2)
    assert "bleibt" in table.text


def test_s11_a_lone_author_gets_no_echo_unless_his_protocol_counts_on_it() -> None:
    table = Table()
    table.sit(1)
    table.sit(2, echoes=True)
    assert told(table.do(table.typed(1, "a")).effects, 1) == [Acknowledged()]
    update = table.typed(2, "b")
    assert told(table.do(update).effects, 2) == [Acknowledged(), update.message]


def test_s11_what_many_type_in_a_turn_goes_to_all_as_one_update() -> None:
    table = Table()
    for number in (1, 2, 3):
        table.sit(number)
    turn = table.do(table.typed(1, "eins"), table.typed(2, "zwei"))
    updates = [message for message in told(turn.effects, 3) if isinstance(message, Update)]
    assert len(updates) == 1
    reader = table.copies[3]
    reader.doc.apply_update(updates[0].update)
    assert "eins" in str(reader.root)
    assert "zwei" in str(reader.root)


def test_the_text_is_sent_to_those_who_have_asked_for_it_only() -> None:
    table = Table()
    table.sit(1)
    table.sit(2, is_synced=False)
    assert told(table.do(table.typed(1, "a")).effects, 2) == []
    answer = told(table.do(Received(2, SyncStep1(b"\x00"))).effects, 2)
    assert [type(message) for message in answer] == [SyncStep2, SyncStep1]


def test_a_step_one_gets_the_text_with_this_turns_changes() -> None:
    table = Table()
    table.sit(1)
    table.sit(2, is_synced=False)
    turn = table.do(Received(2, SyncStep1(b"\x00")), table.typed(1, "gerade eben"))
    reply = next(m for m in told(turn.effects, 2) if isinstance(m, SyncStep2))
    assert "gerade eben" in str(Copy(reply.update).root)


def test_a_broken_state_vector_is_refused() -> None:
    table = Table()
    table.sit(1)
    turn = table.do(Received(1, SyncStep1(b"\xff\xff\xff")))
    assert End(1, "malformed") in turn.effects


def test_what_the_server_writes_is_told_to_everybody() -> None:
    table = Table()
    table.sit(1)
    moderator = uuid4()
    update = Copy(table.room.document.state()).write("Zurückgesetzt")
    turn = table.do(ServerUpdate(update, moderator))
    assert [c.actor for c in turn.contributions] == [moderator]
    assert told(turn.effects, 1) == [Update(update)]


def test_a_room_takes_so_many_sessions_and_no_more() -> None:
    table = Table()
    for number in range(SESSIONS_MAX):
        table.room.join(
            Session(number, Participant(None, "", ""), READER, "d", echoes=False), greets=False
        )
    late = Session(SESSIONS_MAX, Participant(None, "", ""), READER, "d", echoes=False)
    assert table.room.join(late, greets=False) == [End(SESSIONS_MAX, "room-full")]


def test_each_protocol_is_greeted_as_it_expects() -> None:
    table = Table()
    hocuspocus = Session(1, Participant(uuid4(), "a", "A"), WRITER, "d", echoes=False)
    assert table.room.join(hocuspocus, greets=False) == [Send(1, Authenticated(write=True))]
    y_websocket = Session(2, Participant(uuid4(), "b", "B"), WRITER, "d", echoes=True)
    (greeting,) = table.room.join(y_websocket, greets=True)
    assert greeting == Send(2, SyncStep1(table.room.document.state_vector()))


def test_presence_goes_to_everybody_and_comes_when_asked_for() -> None:
    table = Table()
    table.sit(1)
    table.sit(2)
    assert table.room.attend(Received(1, Awareness((AwarenessEntry(7, 1, "{}"),)))) == []
    assert table.room.shown.has_changed
    (broadcast,) = table.room.spread_presence()
    assert isinstance(broadcast, Broadcast)
    assert set(broadcast.sessions) == {1, 2}, "the speaker's provider takes silence for death"
    assert table.room.attend(Received(2, QueryAwareness())) == [Send(2, broadcast.message)]
    assert table.room.spread_presence() == []


def test_presence_of_a_whole_turn_is_one_message_with_the_newest_of_each() -> None:
    table = Table()
    table.sit(1)
    table.sit(2)
    for session, client, clock in [(1, 7, 1), (2, 8, 1), (1, 7, 2)]:
        table.room.attend(Received(session, Awareness((AwarenessEntry(client, clock, "{}"),))))
    (broadcast,) = table.room.spread_presence()
    assert isinstance(broadcast, Broadcast)
    assert isinstance(broadcast.message, Awareness)
    assert [(e.client_id, e.clock) for e in broadcast.message.entries] == [(7, 2), (8, 1)]


def test_after_a_failed_commit_the_room_goes_on_from_what_is_durable() -> None:
    table = Table()
    table.sit(1)
    durable = table.room.document.state()
    update = table.typed(1, "verloren gegangen")
    table.room.write([update])
    table.room.replace_document(Document.load(SCHEMA, [durable]), {1: None})
    assert "verloren" not in table.text
    assert told(table.do(update).effects, 1) == [Acknowledged()]
    assert "verloren gegangen" in table.text


def test_who_asks_again_within_a_turn_gets_one_answer() -> None:
    table = Table()
    table.sit(1, is_synced=False)
    asked = [Received(1, SyncStep1(b"\x00")) for _ in range(500)]
    answers = [type(message) for message in told(table.do(*asked).effects, 1)]
    assert answers == [SyncStep2, SyncStep1]


def test_guests_cannot_fill_the_room() -> None:
    table, stranger = Table(), Participant(None, "", "")
    for number in range(GUESTS_MAX):
        table.room.join(Session(number, stranger, READER, address="d", echoes=True), greets=True)
    late = Session(GUESTS_MAX, stranger, READER, address="d", echoes=True)
    assert table.room.join(late, greets=True) == [End(GUESTS_MAX, "room-full")]
    ana = Session(GUESTS_MAX + 1, Participant(uuid4(), "ana", "Ana"), WRITER, "d", echoes=True)
    assert End(ana.id, "room-full") not in table.room.join(ana, greets=True)


def test_s15_what_follows_on_offline_edits_waits_for_the_handshake_that_brings_them() -> None:
    table = Table()
    table.sit(1)
    table.sit(2)
    copy = table.copies[1]
    copy.write("offline geschrieben")
    hasty = Received(1, Update(copy.write("beim Verbinden getippt")))
    held = table.do(hasty)
    assert told(held.effects, 1) == [], "neither refused nor acknowledged yet"
    turn = table.do(Received(1, SyncStep2(copy.doc.get_update())))
    assert told(turn.effects, 1).count(Acknowledged()) == 2
    assert "offline geschrieben" in table.text
    assert "beim Verbinden getippt" in table.text


def test_s15_once_the_handshake_is_over_a_gap_is_refused() -> None:
    table = Table()
    table.sit(1)
    table.do(Received(1, SyncStep2(b"\x00\x00")))
    table.copies[1].write("nie gesendet")
    turn = table.do(table.typed(1, "danach"))
    assert told(turn.effects, 1) == [Refused(RefusalReason.GAP)]
    assert End(1, "gap") in turn.effects


def test_s15_what_waits_is_bounded() -> None:
    table = Table()
    table.sit(1)
    table.copies[1].write("nie gesendet")
    for _ in range(WAITING_FRAMES_MAX):
        assert told(table.do(table.typed(1, "a")).effects, 1) == []
    assert End(1, "gap") in table.do(table.typed(1, "a")).effects


def test_s15_a_turn_that_is_written_again_holds_back_the_same() -> None:
    table = Table()
    table.sit(1)
    copy = table.copies[1]
    copy.write("offline")
    table.do(Received(1, Update(copy.write("hastig"))))
    durable, answer = table.room.document.state(), Received(1, SyncStep2(copy.doc.get_update()))
    table.room.write([answer])
    table.room.replace_document(Document.load(SCHEMA, [durable]), {1: None})
    assert told(table.do(answer).effects, 1).count(Acknowledged()) == 2
    assert "hastig" in table.text


def test_s35_a_text_that_fills_up_says_so_in_time_and_to_who_comes_in() -> None:
    table = Table(Limits(document_bytes_max=2_000))
    table.sit(1)
    table.sit(2)
    assert told(table.do(table.typed(1, "x" * 1_000)).effects, 2)[-1:] != [Fullness(80)]
    filling = told(table.do(table.typed(1, "x" * 560)).effects, 2)
    (warning,) = [each for each in filling if isinstance(each, Fullness)]
    assert 80 <= warning.percent < 100
    again = told(table.do(table.typed(1, "x")).effects, 2)
    assert not any(isinstance(each, Fullness) for each in again), "once for each step"
    late = told(table.do(Received(2, SyncStep1(b"\x00"))).effects, 2)
    assert warning in late


def test_who_was_sent_away_is_not_told_of_afterwards() -> None:
    table = Table()
    table.sit(1)
    table.sit(2)
    table.room.attend(Received(1, Awareness((AwarenessEntry(7, 1, "{}"),))))
    assert table.room.dismiss(1) == [], "nobody was told that he was there"
    assert table.room.spread_presence() == []
    table.sit(3)
    table.room.attend(Received(3, Awareness((AwarenessEntry(9, 1, "{}"),))))
    table.room.spread_presence()
    (removal,) = table.room.dismiss(3)
    assert isinstance(removal, Broadcast)
    assert table.room.spread_presence() == []
