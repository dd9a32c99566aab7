"""Every code that the program can refuse with has a wording."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from babel.support import NullTranslations

from server.messages import (
    FIELD_MESSAGES,
    MAILS,
    MESSAGES,
    TOPICS,
    field_message,
    mail_text,
    message,
)
from tests import sources

REFUSALS = {"NotAllowed", "NotFound", "Conflict", "Unmet", "Invalid", "Limited"}


def refusals() -> Iterator[ast.Call]:
    """Every call in the product that makes a refusal."""
    for source in sources.product():
        calls = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
        yield from (each for each in calls if is_refusal(each.func))


def is_refusal(called: ast.expr) -> bool:
    return isinstance(called, ast.Name) and called.id in REFUSALS


@cache
def codes() -> set[str]:
    """The narrower codes that refusals are made with."""
    first = [call.args[0] for call in refusals() if call.args]
    return {str(each.value) for each in first if isinstance(each, ast.Constant)}


@cache
def field_codes() -> set[str]:
    """The codes of fields, where they are written out."""
    calls = [
        node
        for source in sources.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
    ]
    keywords = [keyword for call in calls for keyword in call.keywords]
    maps = [each.value for each in keywords if each.arg == "fields"]
    maps += [call.args[0] for call in calls if is_named(call.func, "refuse") and call.args]
    values = [value for each in maps if isinstance(each, ast.Dict) for value in each.values]
    values += [each.value for each in keywords if each.arg == "if_empty"]
    return {
        str(found.value)
        for value in values
        for found in ast.walk(value)
        if isinstance(found, ast.Constant) and isinstance(found.value, str) and found.value
    }


def is_named(called: ast.expr, name: str) -> bool:
    return isinstance(called, ast.Name) and called.id == name


def test_every_refusal_is_worded() -> None:
    assert len(codes()) > 10
    assert not codes() - set(MESSAGES)


def test_every_faulty_field_is_worded() -> None:
    assert "malformed" in field_codes()
    assert not field_codes() - set(FIELD_MESSAGES)


def test_no_code_is_worded_twice() -> None:
    for name in ("MESSAGES", "FIELD_MESSAGES", "MAILS"):
        worded = Counter(code for topic in TOPICS for code in getattr(topic, name, {}))
        assert not [code for code, times in worded.items() if times > 1]


def test_an_unknown_code_is_still_answered() -> None:
    catalogue = NullTranslations()
    assert message("from-the-future", {}, catalogue) == MESSAGES["refused"]
    assert field_message("from-the-future", catalogue) == FIELD_MESSAGES["malformed"]


def test_mails_are_filled_in() -> None:
    values = defaultdict(lambda: "x", link="https://arena.example/x", name="100 % Ana")
    for which in MAILS:
        subject, text = mail_text(which, NullTranslations(), values)
        assert subject
        assert "https://arena.example/x" in text
        assert "%(" not in text
