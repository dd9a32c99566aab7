"""Presence: who is here, in whose name (docs/rules.md, S9, S13, S14)."""

import json
from uuid import UUID

import pytest

from collab.sync.messages import Awareness, AwarenessEntry
from collab.sync.rooms.elsewhere import CLOCK_MAX
from collab.sync.rooms.presence import STATE_BYTES_MAX, Presence
from collab.sync.rooms.session import Grant, Participant, Session

WRITER = Grant(read=True, write=True)


def seat(number: int, name: str = "Ana", *, person_id: UUID | None = None) -> Session:
    person = Participant(person_id or UUID(int=8 * number), name.lower(), name)
    return Session(number, person, WRITER, address="d", echoes=True)


def say(client_id: int, clock: int, state: object) -> Awareness:
    text = None if state is None else json.dumps(state)
    return Awareness((AwarenessEntry(client_id, clock, text),))


def states(heard: Awareness | None) -> dict[int, object]:
    assert heard is not None
    return {e.client_id: json.loads(e.state) if e.state else None for e in heard.entries}


def test_s9_the_server_writes_who_somebody_is() -> None:
    presence, ana = Presence(), seat(1, "Ana")
    claim = {"user": {"name": "Bürgermeisterin", "color": "#f00"}, "cursor": {"anchor": 1}}
    heard = states(presence.report(ana, say(7, 1, claim)))
    assert heard == {
        7: {"cursor": {"anchor": 1}, "user": {"id": "ana", "name": "Ana", "colour": "c0"}}
    }


def test_s13_nobody_speaks_or_falls_silent_in_anothers_name() -> None:
    presence, ana, bo = Presence(), seat(1, "Ana"), seat(2, "Bo")
    presence.report(ana, say(7, 1, {}))
    assert presence.report(bo, say(7, 2, {"cursor": {}})) is None
    assert presence.report(bo, say(7, 2, None)) is None
    assert list(states(presence.everybody())) == [7]


def test_s13_a_session_speaks_for_one_client_only() -> None:
    presence, ana = Presence(), seat(1)
    presence.report(ana, say(7, 1, {}))
    assert presence.report(ana, say(8, 1, {})) is None


def test_s14_a_persons_newest_connection_takes_over() -> None:
    presence, ana = Presence(), seat(1, "Ana")
    again = Session(2, ana.participant, WRITER, address="d", echoes=True)
    presence.report(ana, say(7, 3, {"cursor": {"anchor": 1}}))
    presence.leave(ana.id, leaves_at=10.0)
    assert states(presence.report(again, say(7, 3, {"cursor": {"anchor": 2}})))
    assert presence.expire(20.0) is None, "who came back in time is not announced as gone"


def test_s14_whoever_has_gone_is_announced_after_the_grace_period() -> None:
    presence, ana = Presence(), seat(1)
    presence.report(ana, say(7, 3, {}))
    presence.leave(ana.id, leaves_at=10.0)
    assert presence.next_expiry() == 10.0
    assert presence.expire(9.9) is None
    assert states(presence.expire(10.0)) == {7: None}
    assert presence.everybody() is None


def test_s14_guests_are_not_shown() -> None:
    guest = Session(1, Participant(None, "", ""), Grant(True, False), address="d", echoes=True)
    assert Presence().report(guest, say(7, 1, {})) is None


@pytest.mark.parametrize(
    "state",
    ["[]", "7", '"x"', "{", "NaN", '{"cursor": NaN}', "[" * 3_000],
    ids=["list", "number", "text", "broken", "nan", "nan-inside", "deep"],
)
def test_a_state_that_is_no_object_is_passed_over(state: str) -> None:
    presence, ana = Presence(), seat(1)
    assert presence.report(ana, Awareness((AwarenessEntry(7, 1, state),))) is None
    assert presence.everybody() is None


def test_a_state_that_is_too_big_keeps_only_the_name() -> None:
    presence, ana = Presence(), seat(1)
    heard = states(presence.report(ana, say(7, 1, {"cursor": "x" * STATE_BYTES_MAX})))
    assert heard == {7: {"user": {"id": "ana", "name": "Ana", "colour": "c0"}}}


def test_a_clock_cannot_run_away_and_lock_its_owner_out() -> None:
    presence, ana = Presence(), seat(1)
    assert presence.report(ana, say(7, CLOCK_MAX + 1, {})) is None
    presence.report(ana, say(7, 5, {}))
    assert presence.report(ana, say(7, CLOCK_MAX, {})) is None
    assert presence.report(ana, say(7, 6, {})) is not None


def test_an_older_clock_is_not_heard() -> None:
    presence, ana = Presence(), seat(1)
    presence.report(ana, say(7, 5, {"cursor": {"anchor": 5}}))
    assert presence.report(ana, say(7, 4, {"cursor": {"anchor": 4}})) is None


def test_everybody_has_a_colour_and_neighbours_differ() -> None:
    presence = Presence()
    for number in range(8):
        presence.report(seat(number, f"P{number}"), say(number + 10, 1, {}))
    assert {colour for _, colour in presence.participants()} == {f"c{n}" for n in range(8)}


@pytest.mark.parametrize("state", ['{"cursor": 1e999}', '{"cursor": {"anchor": [-1e400]}}'])
def test_s9_what_would_be_no_json_to_others_is_left_out(state: str) -> None:
    presence, ana = Presence(), seat(1, "Ana")
    heard = presence.report(ana, Awareness((AwarenessEntry(7, 1, state),)))
    assert heard is not None
    told = json.loads(heard.entries[0].state or "", parse_constant=pytest.fail)
    assert told == {"user": {"id": "ana", "name": "Ana", "colour": "c0"}}


def test_s13_two_tabs_of_a_person_cannot_pile_up_seats() -> None:
    # Found by `arena bench fuzz presence`: each hand-over left a tab free to take another seat.
    presence, one = Presence(), seat(1, "Ana")
    two = Session(2, one.participant, WRITER, address="d", echoes=True)
    presence.report(two, say(9, 1, {}))
    for client in range(10, 30):
        presence.report(one, say(client, 1, {}))
        presence.report(two, say(client, 2, {}))
    assert len(states(presence.everybody())) == 2
