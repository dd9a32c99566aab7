"""Which changes of a text are material: every example of docs/rules.md, and the line itself."""

import os
import random
import re
import time
from pathlib import Path

import pytest

from collab.process.feasibility import watched
from collab.process.feasibility.material import (
    CHANGES_MAX,
    LINES_MAX,
    PASSAGE_WORDS_MAX,
    Kind,
    Names,
    is_material,
    material_changes,
)
from collab.process.feasibility.spelling import words

NAMES = Names.of(watched.BERLIN, ["Grün Berlin", "Amt für Umwelt"])
RULES = Path(__file__).parents[4] / "docs" / "rules.md"
EXAMPLE = re.compile(
    r"^\| (material|not material)(?:: (\w+))? \| `(.*?)` \| `(.*?)` \|$", re.MULTILINE
)
EXAMPLES = [found.groups() for found in EXAMPLE.finditer(RULES.read_text("utf-8"))]
TEXT = (
    "Auf der Kantstraße entstehen zwischen den Kreuzungen geschützte Ladezonen für Lieferverkehr. "
    "Das Bezirksamt richtet zwölf Stellplätze ein und prüft nach einem Jahr, ob Beschwerden "
    "abnehmen. Anwohnende können ihre Erfahrungen jederzeit mitteilen, niemand muss sich anmelden. "
    "Die Kosten von 48.500 Euro trägt der Bezirk, Wartung übernehmen Partnerunternehmen freiwillig."
)


SEED = int(os.environ.get("ARENA_TEST_SEED") or random.randrange(2**32))


def seeded(number: int) -> random.Random:
    """Chance that ``ARENA_TEST_SEED`` repeats."""
    print(f"ARENA_TEST_SEED={SEED}, round {number}")  # noqa: T201
    return random.Random(f"{SEED} {number}")


def kinds(before: str, after: str) -> list[Kind]:
    """The kinds of material changes from one text to the other; ``/`` divides lines."""
    one, other = before.split(" / "), after.split(" / ")
    return [each.kind for each in material_changes({"a": one}, {"a": other}, NAMES)]


def test_j6_the_rules_show_both_sides_of_the_line() -> None:
    sides = [side for side, *_ in EXAMPLES]
    assert sides.count("material") >= 15
    assert sides.count("not material") >= 15
    assert {kind for side, kind, *_ in EXAMPLES if side == "material"} == set(Kind) - {Kind.PASSAGE}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each[2]} - {each[3]}")
def test_j6_every_example_of_the_rules_lies_on_its_side(example: tuple[str, ...]) -> None:
    side, kind, before, after = example
    found = kinds(before, after)
    assert found == [] if side == "not material" else kind in found


def test_j6_a_change_says_where_it_is_and_what_stood_there() -> None:
    found = material_changes(
        {"title": ["Mehr Bänke"], "costs": ["Wir zahlen 20 Euro.", "Einmalig."]},
        {"title": ["Mehr Bäume"], "costs": ["Wir zahlen 30 Euro.", "Einmalig."]},
        NAMES,
    )
    assert [(each.section, each.kind, each.before, each.after) for each in found] == [
        ("title", Kind.WORDING, "Bänke", "Bäume"),
        ("costs", Kind.NUMBER, "20", "30"),
    ]


def test_j6_a_section_that_came_or_went_is_material() -> None:
    assert is_material({}, {"a": ["Neu."]})
    assert is_material({"a": ["Alt."]}, {})
    assert not is_material({"a": ["Alt."], "b": [], "c": ["…"]}, {"a": ["alt"]})


@pytest.mark.parametrize("round_", range(20))
def test_j7_typing_errors_never_cross_the_line(round_: int) -> None:
    chance = seeded(round_)
    spoilt = TEXT
    for _ in range(12):
        spoilt = _mistyped(chance, spoilt)
    assert material_changes({"a": [TEXT]}, {"a": [spoilt]}, NAMES) == ()
    assert material_changes({"a": [spoilt]}, {"a": [TEXT]}, NAMES) == ()


@pytest.mark.parametrize("round_", range(20))
def test_j7_a_changed_digit_always_does(round_: int) -> None:
    chance = seeded(round_)
    number = str(chance.randrange(1, 10 ** chance.randrange(1, 9)))
    at = chance.randrange(len(number))
    digit = chance.choice([each for each in "123456789" if each != number[at]])
    other = number[:at] + digit + number[at + 1 :]
    forms = [
        "{}",
        "{} %",
        "bis {}",
        "{}-mal",
        "{}.",
        "({})",
        "A{}",
        "um {} Uhr",
        "-{}",
        "{}m²",
        "§{}",
    ]
    form, where = chance.choice(forms), chance.randrange(TEXT.count(" "))
    said = TEXT.split(" ")
    one, two = (
        " ".join([*said[:where], form.format(each), *said[where:]]) for each in (number, other)
    )
    found = material_changes({"a": [one]}, {"a": [two]}, NAMES)
    assert [each.kind for each in found] == [Kind.NUMBER], (one, two)


def _mistyped(chance: random.Random, text: str) -> str:
    """The text with one slip in a word that nothing depends on, or of its punctuation."""
    said = text.split(" ")
    at = chance.randrange(len(said))
    if chance.random() < 0.3:
        word = said[at]
        said[at] = chance.choice([word.upper(), word.lower(), f"{word},", f"„{word}“"])
        return " ".join(said)
    original = TEXT.split(" ")[at]
    core = re.sub(r"\W", "", original)
    folded = words(core)[0].folded
    known = {word for table in _TABLES for word in table}
    if len(core) < 6 or core != re.sub(r"\W", "", said[at]) or folded in known | set(NAMES.places):
        return text
    place = chance.randrange(1, len(core) - 1)
    left, right = core[:place], core[place:]
    slip = chance.choice(
        [
            left + right[1:],
            left + right[0] + right,
            left + right[1] + right[0] + right[2:],
            left + "x" + right[1:],
        ]
    )
    if words(slip)[0].folded in known:
        return text
    said[at] = said[at].replace(core, slip)
    return " ".join(said)


_TABLES = (watched.NEGATIONS, watched.FORCES, watched.NUMBERS, watched.COSTS, watched.ARTICLES)


def test_j19_a_passage_at_the_bound_is_compared_by_words_and_past_it_as_a_whole() -> None:
    def passage(count: int, mark: str) -> list[str]:
        inner = [f"Wort{'x' * (number % 7)}e" for number in range(count - 2)]
        return [" ".join([f"{mark}anfang", *inner, f"{mark}schluss"])]

    at, past = PASSAGE_WORDS_MAX, PASSAGE_WORDS_MAX + 1
    found = material_changes({"a": passage(at, "Ur")}, {"a": passage(at, "Voll")})
    assert [each.kind for each in found] == [Kind.WORDING, Kind.WORDING]
    found = material_changes({"a": passage(past, "Ur")}, {"a": passage(past, "Voll")})
    assert [each.kind for each in found] == [Kind.PASSAGE]


def test_j19_the_changes_that_are_named_are_bounded() -> None:
    one = [f"Punkt {number} gilt." for number in range(CHANGES_MAX + 5)]
    other = [f"Punkt {number} fehlt." for number in range(CHANGES_MAX + 5)]
    assert 1 <= len(material_changes({"a": one}, {"a": other})) <= CHANGES_MAX


@pytest.mark.parametrize("count", [LINES_MAX // 2, LINES_MAX + 1])
def test_j19_whatever_is_compared_takes_bounded_time(count: int) -> None:
    chance = seeded(count)
    one = [" ".join(chance.choices(["ein", "aus", "Baum", "Haus"], k=9)) for _ in range(count)]
    other = [" ".join(chance.choices(["ein", "aus", "Baum", "Haus"], k=9)) for _ in range(count)]
    began = time.process_time()
    assert is_material({"a": one}, {"a": other})
    assert len(material_changes({"a": one}, {"a": other})) <= CHANGES_MAX
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "nasty", ["\x00", "\ud800", "‮", "a" * 100_000, "%" * 5_000, "1." * 5_000, "'" * 9_999]
)
def test_j6_whatever_stands_there_is_compared(nasty: str) -> None:
    material_changes({"a": [nasty]}, {"a": ["Ein Satz."]})
    assert not is_material({"a": [nasty]}, {"a": [nasty]})
