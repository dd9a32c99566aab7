"""Comments: bounds of text and anchor."""

import pytest

from collab.errors import Invalid
from collab.process.talk.comments import (
    Anchor,
    CommentKind,
    check_kind,
    check_text,
)

ANCHOR = {
    "section": "situation", "start": "AAEC", "end": "AwQ=", "quote": "der Radweg endet",
    "prefix": "hier: ", "suffix": " an der Kreuzung",
}  # fmt: skip


@pytest.mark.parametrize("text", ["x", "x" * 5000, f"  {'x' * 5000}\n"])
def test_c1_text_within_bounds_is_stripped_and_taken(text: str) -> None:
    assert check_text(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n\t", "empty"), ("\0", "empty"), ("x" * 5001, "too-long")]
)
def test_c1_text_out_of_bounds_names_the_field(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_text(text)
    assert refusal.value.data["fields"] == {"text": code}


def test_c1_line_ends_of_forms_become_plain() -> None:
    assert check_text("eins\r\nzwei\rdrei") == "eins\nzwei\ndrei"


@pytest.mark.parametrize("kind", ["question", "concern", "evidence", "offer", "praise", "note"])
def test_c1_kinds(kind: str) -> None:
    assert check_kind(kind) is CommentKind(kind)


def test_c1_unknown_kind_names_the_field() -> None:
    with pytest.raises(Invalid) as refusal:
        check_kind("insult")
    assert refusal.value.data["fields"] == {"kind": "unknown"}


def test_c2_anchor_comes_back_as_it_was() -> None:
    assert Anchor.from_json(ANCHOR).to_json() == ANCHOR


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"section": "Sit uation"}, {"anchor.section": "malformed"}),
        ({"start": ""}, {"anchor.start": "malformed"}),
        ({"end": "A" * 513}, {"anchor.end": "malformed"}),
        ({"end": "<script>"}, {"anchor.end": "malformed"}),
        ({"quote": "x" * 501}, {"anchor.quote": "too-long"}),
        ({"quote": " "}, {"anchor.quote": "empty"}),
        (
            {"prefix": "x" * 65, "suffix": "x" * 65},
            {"anchor.prefix": "too-long", "anchor.suffix": "too-long"},
        ),
    ],
)
def test_c2_anchor_out_of_bounds_names_each_field(
    changed: dict[str, str], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        Anchor.from_json(ANCHOR | changed)
    assert refusal.value.data["fields"] == fields


@pytest.mark.parametrize("data", [None, [], "x", {}, ANCHOR | {"more": "x"}, ANCHOR | {"end": 7}])
def test_c2_anything_else_is_no_anchor(data: object) -> None:
    with pytest.raises(Invalid) as refusal:
        Anchor.from_json(data)
    assert refusal.value.data["fields"] == {"anchor": "malformed"}
