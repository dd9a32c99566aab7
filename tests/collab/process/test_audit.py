"""Chains of the audit log: what stands in clear, and that no single change goes unnoticed."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from collab.process.audit.check import FaultKind, verify
from collab.process.audit.entry import FIRST, Draft, Entry, canonical, enter, moment
from collab.process.audit.facts import CLEAR, facts_of, seal
from collab.process.audit.witness import Witness, contradictions
from collab.process.events.ideas import IdeaCreated, StageChanged, TeamChanged
from collab.process.events.people import PersonMuted
from collab.process.version import TextVersion

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
CHAIN = "2026-00042"


def draft(number: int = 1, **given: Any) -> Draft:
    """What the act ``number`` of an idea leaves in its chain."""
    facts = {"revision": number, "to_stage": "open", "office": "moderator"}
    values: dict[str, Any] = {
        "chain": CHAIN,
        "act": "stage_changed",
        "at": NOW + timedelta(minutes=number),
        "public": True,
        "event": 100 + number,
        "facts": facts,
        "sealed": {"actor": seal(KEY, "actor", "somebody")},
    }
    return Draft(**{**values, **given})


def chain(length: int = 5) -> list[Entry]:
    """A whole chain."""
    entries: list[Entry] = []
    for number in range(1, length + 1):
        previous = entries[-1].hash if entries else FIRST
        entries.append(enter(draft(number), number, previous))
    return entries


def found(entries: list[Entry]) -> list[tuple[int, FaultKind]]:
    return [(fault.number, fault.kind) for fault in verify(CHAIN, entries)]


def test_u2_a_whole_chain_is_without_fault() -> None:
    assert found(chain()) == []
    assert found([]) == []


def differing(**given: Any) -> Callable[[Entry], Entry]:
    """Gives an entry that differs in what its draft says."""
    return lambda entry: replace(entry, draft=replace(entry.draft, **given))


CHANGES: list[Callable[[Entry], Entry]] = [
    lambda entry: replace(entry, hash="f" * 64),
    lambda entry: replace(entry, previous="f" * 64),
    differing(act="kind_changed"),
    differing(at=NOW),
    differing(public=False),
    differing(event=7),
    differing(event=None),
    differing(chain="2026-00043"),
    differing(facts={"revision": 3, "to_stage": "declined", "office": "moderator"}),
    differing(facts={}),
    differing(sealed={}),
]


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("change", CHANGES)
def test_u2_an_altered_entry_is_named(change: Callable[[Entry], Entry], at: int) -> None:
    entries = chain()
    entries[at] = change(entries[at])
    assert (at + 1, FaultKind.ALTERED) in found(entries)


@pytest.mark.parametrize("at", range(4))
def test_u2_a_missing_entry_is_named(at: int) -> None:
    entries = chain()
    del entries[at]
    assert found(entries) == [(at + 1, FaultKind.MISSING)]


def test_u2_a_gap_is_one_fault_however_wide() -> None:
    whole = chain(2)
    far = enter(draft(2), 2**31 - 1, whole[0].hash)
    assert found([whole[0], far]) == [(2, FaultKind.MISSING)]


def test_u2_a_moved_entry_is_named() -> None:
    entries = chain()
    entries[1], entries[3] = entries[3], entries[1]
    assert (2, FaultKind.MISPLACED) in found(entries)


@pytest.mark.parametrize("at", range(5))
def test_u2_an_entry_put_in_with_a_right_hash_is_found_by_the_next(at: int) -> None:
    entries = chain(6)
    forged = enter(draft(at + 1, act="kind_changed"), at + 1, entries[at].previous)
    entries[at] = forged
    assert found(entries) == [(at + 2, FaultKind.UNLINKED)]


def test_u2_an_entry_there_twice_is_named() -> None:
    entries = chain()
    entries.insert(3, entries[2])
    assert found(entries) == [(3, FaultKind.MISPLACED)]


def test_the_hash_is_what_the_document_says() -> None:
    entry = chain(1)[0].to_json()
    content = {name: value for name, value in entry.items() if name != "hash"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert entry["hash"] == hashlib.sha256(text.encode()).hexdigest()
    assert seal(KEY, "reason", "Weil.") == hashlib.sha256(KEY + b"reason\nWeil.").hexdigest()


def test_the_canonical_form_is_one_for_one_value() -> None:
    assert canonical({"b": 1, "a": ["ä", None, True]}) == '{"a":["ä",null,true],"b":1}'.encode()
    with pytest.raises(ValueError):
        canonical(float("nan"))
    berlin = timezone(timedelta(hours=1))
    assert moment(NOW.astimezone(berlin)) == moment(NOW) == "2026-11-23T09:30:00.000000Z"


def test_u3_people_and_words_are_sealed_and_codes_stand_in_clear() -> None:
    version = TextVersion(1, 7, "c" * 64)
    moved = facts_of(StageChanged("submit", "draft", "open", "Weil Kim es sagt.", version).payload)
    assert moved.words == {"reason": "Weil Kim es sagt."}
    assert moved.clear["version"] == version.to_json()
    assert moved.clear["to_stage"] == "open"
    assert facts_of(IdeaCreated("Bänke", "need", "draft").payload).words == {"title": "Bänke"}
    joined = facts_of(TeamChanged(UUID(int=5), "editor", True).payload)
    assert joined.words == {"person_id": str(UUID(int=5))}
    muted = facts_of(PersonMuted(UUID(int=5), "Werbung").payload)
    assert muted.clear == {}


@pytest.mark.parametrize("name", ["note", "signed_by", "partner_id", "name", "anything"])
def test_u3_a_field_that_nobody_decided_about_is_sealed(name: str) -> None:
    assert facts_of({name: "kim"}).clear == {}


@pytest.mark.parametrize("value", ["Kim Neu", "k@example.org", "x" * 65, "Grund, Name", ""])
def test_u3_a_sentence_never_stands_in_clear_whatever_the_field_is_called(value: str) -> None:
    for name in CLEAR:
        assert facts_of({name: value}).clear == {}


def test_u3_two_seals_of_one_person_have_nothing_in_common() -> None:
    assert seal(KEY, "actor", "kim") != seal(bytes(32), "actor", "kim")
    assert seal(KEY, "actor", "kim") != seal(KEY, "person_id", "kim")


def test_u6_what_an_event_says_otherwise_is_named() -> None:
    payload = {"to_stage": "open", "reason": "Weil."}
    entered = draft(
        facts={"to_stage": "open", "office": "cdo"},
        sealed={"reason": seal(KEY, "reason", "Weil."), "actor": seal(KEY, "actor", "kim")},
    )
    keys = {"reason": KEY, "actor": KEY}
    told = Witness(kind="stage_changed", actor="kim", payload=payload, public=True, at=entered.at)

    def said(**otherwise: Any) -> list[str]:
        return list(contradictions(entered, replace(told, **otherwise), keys))

    assert said() == []
    assert said(kind="kind_changed") == ["act"]
    assert said(at=NOW) == ["at"]
    assert said(public=False) == ["public"]
    assert said(actor="jo") == ["actor"]
    assert said(payload={**payload, "to_stage": "declined"}) == ["to_stage"]
    assert said(payload={**payload, "reason": "Darum."}) == ["reason"]
    assert said(payload={**payload, "more": "x"}) == ["more"]
    keys.clear()
    assert said(actor="jo", payload={**payload, "reason": "[gelöscht]"}) == []


def test_u6_what_stands_in_clear_may_be_decided_otherwise_later() -> None:
    entered = draft(
        facts={"note": "code", "office": "cdo"}, sealed={"verdict": seal(KEY, "verdict", "open")}
    )
    payload = {"note": "code", "verdict": "open"}
    told = Witness(kind=entered.act, actor=None, payload=payload, public=True, at=entered.at)
    assert list(contradictions(entered, told, {"verdict": KEY})) == []
    spoilt = replace(told, payload={"note": "other", "verdict": "legal"})
    assert list(contradictions(entered, spoilt, {"verdict": KEY})) == ["note", "verdict"]


def test_u8_a_closed_entry_says_nothing_but_its_place() -> None:
    entry = chain(3)[2]
    assert entry.closed() == {
        "format": "arena-audit/1",
        "chain": CHAIN,
        "number": 3,
        "closed": True,
        "previous": entry.previous,
        "hash": entry.hash,
    }
