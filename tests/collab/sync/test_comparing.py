"""Two texts compared: nothing is lost on the way, and the cost has a bound."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from collab.sync.comparing.script import Op, TooMuchWork, Work, replaced, script
from collab.sync.comparing.texts import WORK_MAX, Change, Difference, compare, lines_of
from collab.sync.comparing.words import compared
from collab.sync.text import DossierText

SEED = 20261126


def paragraph(*runs: str | tuple[str, str]) -> dict[str, Any]:
    content = [
        {"type": "text", "text": run}
        if isinstance(run, str)
        else {"type": "text", "text": run[0], "marks": [{"type": run[1]}]}
        for run in runs
    ]
    return {"type": "paragraph", "content": content}


def link(text: str, href: str) -> dict[str, Any]:
    mark = {"type": "link", "attrs": {"href": href}}
    return {
        "type": "paragraph",
        "content": [{"type": "text", "text": text, "marks": [mark]}],
    }


def text(*paragraphs: str, title: str = "Bänke") -> DossierText:
    return DossierText(title, {"idea": [paragraph(each) for each in paragraphs]})


def told(difference: Difference) -> list[tuple[str, str]]:
    """Each line as its change and its words, [-taken out-] and {+written in+}."""
    marks = {Op.SAME: "{}", Op.REMOVED: "[-{}-]", Op.ADDED: "{{+{}+}}"}
    return [
        (line.change.value, "".join(marks[run.op].format(run.text) for run in line.runs))
        for line in difference.sections["idea"]
    ]


def sides(difference: Difference, section: str) -> tuple[list[str], list[str]]:
    """The earlier and the later lines, read off the difference."""
    both: dict[Op, list[str]] = {Op.REMOVED: [], Op.ADDED: []}
    for line in difference.sections[section]:
        for op, other in ((Op.REMOVED, Change.ADDED), (Op.ADDED, Change.REMOVED)):
            if line.change is not other:
                words = (run.text for run in line.runs if run.op in {Op.SAME, op})
                both[op].append("".join(words))
    return both[Op.REMOVED], both[Op.ADDED]


def test_u12_words_are_marked_within_a_line_that_stayed() -> None:
    before = text("Im Park fehlen zwei Bänke.", "Das kostet nichts.")
    after = text("Im Park fehlen drei neue Bänke.", "Das kostet nichts.")
    assert told(compare(before, after)) == [
        ("changed", "Im Park fehlen [-zwei-]{+drei neue+} Bänke."),
        ("same", "Das kostet nichts."),
    ]


def test_u12_a_new_line_is_new_and_its_neighbour_only_changed() -> None:
    before = text("Im Park fehlen zwei Bänke.")
    after = text("Ganz anderes steht davor, nämlich dies.", "Im Park fehlen zwei rote Bänke.")
    assert told(compare(before, after)) == [
        ("added", "{+Ganz anderes steht davor, nämlich dies.+}"),
        ("changed", "Im Park fehlen zwei {+rote +}Bänke."),
    ]


def test_u12_a_line_that_has_nothing_in_common_is_replaced_as_a_whole() -> None:
    assert told(compare(text("Alles alt hier."), text("Völlig neue Worte"))) == [
        ("removed", "[-Alles alt hier.-]"),
        ("added", "{+Völlig neue Worte+}"),
    ]


def test_u12_links_and_styles_are_compared_too() -> None:
    before = DossierText("", {"idea": [link("hier", "https://a.example"), paragraph("fett")]})
    after = DossierText(
        "", {"idea": [link("hier", "https://b.example"), paragraph(("fett", "strong"))]}
    )
    assert told(compare(before, after)) == [
        ("changed", "hier <https://[-a-]{+b+}.example>"),
        ("restyled", "fett"),
    ]
    quoted = {"type": "blockquote", "content": [paragraph("Wort")]}
    items = {
        "type": "bulletList",
        "content": [{"type": "listItem", "content": [paragraph("Wort")]}],
    }
    assert [(line.kind, line.depth) for line in lines_of([quoted, items])] == [
        ("quote", 1),
        ("item", 1),
    ]


def test_u12_the_same_text_has_no_difference_and_sections_come_and_go() -> None:
    assert compare(text("a", "b"), text("a", "b")).is_empty
    one = DossierText("A", {"x": [paragraph("nur vorher")]})
    other = DossierText("B", {"y": [paragraph("nur nachher")]})
    found = compare(one, other)
    assert list(found.sections) == ["y", "x"]
    assert found.title.change is Change.CHANGED
    assert not found.is_empty


def test_u12_both_texts_can_be_read_off_every_difference() -> None:
    dice = random.Random(SEED)
    words = ["Bank", "Park", " ", ",", "und", "Wort", "\n", "ä", "1"]

    def line() -> str:
        return "x" + " ".join(dice.choices(words, k=dice.randrange(12)))

    for _ in range(300):
        before = [line() for _ in range(dice.randrange(8))]
        after = [dice.choice([line(), *before]) for _ in range(dice.randrange(8))]
        for steps in (WORK_MAX, dice.randrange(200)):
            found = compare(text(*before), text(*after), steps=steps)
            assert sides(found, "idea") == (before, after), f"seed {SEED}"


def test_u12_the_way_is_the_shortest() -> None:
    """Against the table of longest common subsequences, which is slow and plain."""
    dice = random.Random(SEED)
    for _ in range(300):
        one = dice.choices("abc", k=dice.randrange(9))
        other = dice.choices("abc", k=dice.randrange(9))
        found = script(one, other, Work(10_000))
        kept = sum(each.end - each.start for each in found if each.op is Op.SAME)
        assert kept == longest_common(one, other), f"seed {SEED}"
        assert replayed(found, one, other) == (one, other)
        assert replayed(replaced(one, other), one, other) == (one, other)


def replayed(found: list[Any], one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    before = [x for s in found if s.op is not Op.ADDED for x in one[s.start : s.end]]
    at, after = 0, []
    for stretch in found:
        if stretch.op is Op.SAME:
            after += one[stretch.start : stretch.end]
        if stretch.op is Op.ADDED:
            assert stretch.start == len(after)
            after += other[stretch.start : stretch.end]
        at += stretch.end - stretch.start
    return before, after


def longest_common(one: list[str], other: list[str]) -> int:
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            same = table[i][j] + 1
            table[i + 1][j + 1] = same if a == b else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


def hostile(length: int) -> dict[str, tuple[DossierText, DossierText]]:
    """Texts of about ``length`` characters that make naive comparisons quadratic or worse."""
    dice = random.Random(SEED)
    some = [f"w{dice.randrange(50)}" for _ in range(length // 4)]
    other = [f"w{dice.randrange(50)}" for _ in range(length // 4)]
    return {
        "one long line of other words": (text(" ".join(some)), text(" ".join(other))),
        "the same word over and over": (text("a " * (length // 2)), text("a b " * (length // 4))),
        "many short lines": (text(*(some[: length // 8])), text(*(other[: length // 8]))),
        "turned round": (text(" ".join(some)), text(" ".join(some[::-1]))),
        "one letter per line": (text(*["a"] * (length // 8)), text(*["b", "a"] * (length // 16))),
    }


@pytest.mark.parametrize("name", hostile(8))
def test_u12_texts_of_200_000_characters_are_compared_in_time(name: str) -> None:
    before, after = hostile(200_000)[name]
    started = time.process_time()
    found = compare(before, after)
    assert time.process_time() - started < 10
    one, other = sides(found, "idea")
    assert "".join(one) == "".join(line.text for line in lines_of(before.sections["idea"]))
    assert "".join(other) == "".join(line.text for line in lines_of(after.sections["idea"]))


def test_u12_at_the_bound_lines_are_told_as_a_whole() -> None:
    before, after = text("gleich", "eins zwei drei vier"), text("gleich", "eins zwei drei fünf")
    assert not compare(before, after, steps=200).is_coarse
    coarse = compare(before, after, steps=0)
    assert coarse.is_coarse
    assert told(coarse) == [
        ("same", "gleich"),
        ("changed", "[-eins zwei drei vier-]{+eins zwei drei fünf+}"),
    ]
    with pytest.raises(TooMuchWork):
        script("abc", "xyz", Work(5))


def test_u12_changed_words_are_one_piece() -> None:
    runs = compared("ein alter grauer Stuhl", "ein neuer roter Stuhl", Work(1_000))
    assert [(run.op, run.text) for run in runs] == [
        (Op.SAME, "ein "),
        (Op.REMOVED, "alter grauer"),
        (Op.ADDED, "neuer roter"),
        (Op.SAME, " Stuhl"),
    ]


def test_h4_what_became_a_heading_or_an_item_of_a_list_is_said_to_have() -> None:
    item = {"type": "listItem", "content": [paragraph("Bäume pflanzen")]}
    heading = {"type": "heading", "attrs": {"level": 3}, "content": paragraph("Ziel")["content"]}
    before = DossierText("", {"idea": [paragraph("Ziel"), paragraph("Bäume pflanzen")]})
    bullets = DossierText("", {"idea": [heading, {"type": "bulletList", "content": [item]}]})
    numbers = DossierText("", {"idea": [heading, {"type": "orderedList", "content": [item]}]})
    lines = compare(before, bullets).sections["idea"]
    assert [(line.change, line.kind, line.depth, line.was) for line in lines] == [
        (Change.RESTYLED, "heading", 3, ("paragraph", 0)),
        (Change.RESTYLED, "item", 1, ("paragraph", 0)),
    ]
    same, numbered = compare(bullets, numbers).sections["idea"]
    assert (same.change, same.was) == (Change.SAME, None)
    assert (numbered.change, numbered.kind, numbered.was) == (
        Change.RESTYLED, "numbered", ("item", 1),
    )  # fmt: skip
