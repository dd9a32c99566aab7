"""Text that people send must not be able to stop the page or the process that shows it."""

import os
import random
import threading

import pytest

from collab.process.feasibility.spelling import words
from collab.process.talk import anchoring
from collab.process.talk.alignment import Quoted
from collab.process.talk.anchoring import Found
from collab.process.talk.letters import Letters
from collab.sync.formats.markdown import nodes_to_markdown
from collab.sync.formats.nodes import Node
from collab.sync.suggesting.passages import (
    ALIKE_CHARS_MIN,
    EDGE_CHARS,
    TELLING_CHARS,
    Passage,
    find,
    passage_at,
)
from collab.sync.text import DossierText
from server.views.prose import prose
from server.views.talk import passages
from server.views.talk.passages import Passages

LINES = 100_000
SECTION_CHARS = 200_000
SEED = int(os.environ.get("ARENA_TEST_SEED") or random.randrange(2**32))


def paragraph(text: str) -> Node:
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


def test_a_text_of_nothing_but_line_ends_becomes_markdown_at_once() -> None:
    # In squared time this would take minutes.
    lines = nodes_to_markdown([paragraph("\n" * LINES + "1. x")])
    assert lines == "\n" * LINES + "1\\. x"


def test_what_looks_like_a_list_stays_text_behind_any_white_space() -> None:
    assert nodes_to_markdown([paragraph("\u00a0\t12) x")]) == "\u00a0\t12\\) x"


def test_an_address_with_a_tail_of_brackets_is_a_link_at_once() -> None:
    tail = ")]}." * 450
    html = prose(f"https://example.org/(a){tail} und https://example.org/{'(' * 900}{')' * 900}x")
    assert 'href="https://example.org/(a)"' in html
    assert html.count(")]}.") == 450


def test_o1_addresses_that_never_end_are_read_at_once() -> None:
    begun = "<http://" * LINES
    assert {word.folded for word in words(begun)} == {"<", "http"}
    (link,) = words("<https://example.org/a?b=c>")
    assert link.folded == "<https://example.org/a?b=c>"


def test_o1_a_passage_that_could_be_meant_anywhere_is_given_up_at_once() -> None:
    everywhere = "a" * SECTION_CHARS
    for start, end in ((100_000, 105_000), (100_000, 100_001), (100_000, 100_000)):
        assert find(everywhere, passage_at(everywhere, start, end)) is None
    once = everywhere[:1_000] + "Hier!" + everywhere[1_000:]
    assert find(once, passage_at(once, 1_000, 1_005)) == 1_000


def test_o1_a_passage_is_found_where_looking_at_every_place_finds_it() -> None:
    print(f"ARENA_TEST_SEED={SEED}")  # noqa: T201
    chance = random.Random(SEED)
    found = 0
    for _ in range(2_000):
        flat = "".join(chance.choices("ab ", k=chance.randrange(90)))
        start = chance.randrange(len(flat) + 1)
        end = min(len(flat), start + chance.choice((0, 1, 5, 30)))
        passage = passage_at(flat, start, end)
        at = chance.randrange(len(flat) + 1)
        now = flat[:at] + chance.choice(("", "a", "b ab")) + flat[at + chance.randrange(9) :]
        assert find(now, passage) == _found_everywhere(now, passage), (now, passage)
        found += find(now, passage) is not None
    assert found > 200


def _found_everywhere(flat: str, passage: Passage) -> int | None:
    """The rule itself: every place is looked at, and the best one counts if it is the only one."""
    quote, prefix, suffix = passage.quote, passage.prefix, passage.suffix
    if not (quote or prefix or suffix):
        return None if flat else 0
    places = [at for at in range(len(flat) + 1) if flat.startswith(quote, at)]
    scores = {at: _score(flat, at, at + len(quote), prefix, suffix) for at in places}
    best = [at for at in places if scores[at] == max(scores.values())]
    is_telling = len(quote) >= TELLING_CHARS and len(places) == 1
    least = min(ALIKE_CHARS_MIN, (len(prefix) + len(suffix)) // 2)
    if len(best) != 1 or (scores[best[0]] < least and not is_telling):
        return None
    return best[0]


def _score(flat: str, start: int, end: int, prefix: str, suffix: str) -> int:
    before = max(n for n in range(len(prefix) + 1) if flat[:start].endswith(prefix[-n:] * (n > 0)))
    after = max(n for n in range(len(suffix) + 1) if flat.startswith(suffix[:n], end))
    at_start = before == len(prefix) == start
    at_end = after == len(suffix) == len(flat) - end
    return before + after + EDGE_CHARS * (at_start + at_end)


async def test_o1_passages_are_looked_up_once_for_each_reading_of_a_section(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []

    def counted(letters: Letters, wanted: Quoted) -> Found | None:
        assert threading.current_thread() is not threading.main_thread()
        looked.append(letters.text)
        return anchoring.find(letters, wanted)

    monkeypatch.setattr("server.views.talk.passages.find", counted)
    anchor = {"section": "costs", "quote": "eine Seilbahn im Wald", "prefix": "", "suffix": ""}
    first = text_of(situation="Am See steht o1.", costs="Eine Bank, o1.")
    await Passages(first).look_up([anchor, None])
    assert sorted(looked) == ["Am See steht o1.", "Eine Bank, o1.", "o1"]
    looked.clear()
    await Passages(text_of(situation="Am See steht o1.", costs="Zwei, o1.")).look_up([anchor])
    assert looked == ["Zwei, o1."]
    assert Passages(first).state(anchor) == "gone"
    assert looked == ["Zwei, o1."]


def test_o1_how_much_is_kept_of_texts_and_passages_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passages, "CHARS_MAX", 100)
    monkeypatch.setattr(passages, "FOUND_MAX", 3)
    for number in range(20):
        found = Passages(text_of(costs=f"{number:20}"))
        for each in range(5):
            found.of({"section": "costs", "quote": f"{each}", "prefix": "", "suffix": ""})
        assert sum(map(len, passages._kept)) <= 100
        assert len(found.sections["costs"].found) <= 3


def text_of(**sections: str) -> DossierText:
    return DossierText("o1", {name: [paragraph(text)] for name, text in sections.items()})
