"""Naming people in comments."""

import time

import pytest

from collab.errors import Invalid
from collab.process.talk.mentions import MENTIONS_MAX, check_mentions, mentions_in


def named(text: str) -> list[str]:
    return [handle for _, _, handle in mentions_in(text)]


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@anna", ["anna"]),
        ("Was sagst du, @Anna-Lena?", ["anna-lena"]),
        ("(@a, @b7)", ["a", "b7"]),
        ("@anna.", ["anna"]),
        ("@anna- und", ["anna"]),
        ("@anna\n@anna", ["anna", "anna"]),
        (f"@{'x' * 40}", ["x" * 40]),
    ],
)
def test_c7_a_handle_after_an_at_names_somebody(text: str, handles: list[str]) -> None:
    assert named(text) == handles


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org",
        "a.b+c@anna",
        "@anna@berlin.social",
        "@anna.example",
        "https://example.org/@anna",
        "http://anna@host/",
        "`@anna`",
        "`schreib @anna hier`",
        "@",
        "@@anna",
        "@-anna",
        "ü@anna",
        "@annä",
        f"@{'x' * 41}",
        "@anna_b",
        "/@anna",
    ],
)
def test_c7_mails_addresses_code_and_half_words_name_nobody(text: str) -> None:
    assert named(text) == []


def test_c7_where_somebody_is_named_is_where_it_stands() -> None:
    ((begin, end, handle),) = mentions_in("Frag @Anna doch.")
    assert ("Frag @Anna doch."[begin:end], handle) == ("@Anna", "anna")


def test_c7_names_are_counted_once_and_bounded() -> None:
    many = " ".join(f"@p{number}" for number in range(MENTIONS_MAX))
    assert len(check_mentions(f"{many} @p0 @P1")) == MENTIONS_MAX
    with pytest.raises(Invalid) as refusal:
        check_mentions(f"{many} @einer-mehr")
    assert refusal.value.data["fields"] == {"text": "too-many-mentions"}


@pytest.mark.parametrize("piece", ["@a-", "`@", "http://", "@a@", "a@"])
def test_c7_no_text_is_slow(piece: str) -> None:
    text = piece * (5000 // len(piece))
    began = time.process_time()
    list(mentions_in(text))
    assert time.process_time() - began < 1
