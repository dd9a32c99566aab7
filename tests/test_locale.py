"""German and English say the same: the catalogue is whole, and no text of the pages escapes it."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment

from server.language import LANGUAGES, load_script_messages
from tests import sources
from tests.sources import ROOT, listing
from web.places import LOCALE, TEMPLATES

Messages = dict[tuple[str, ...], set[str]]

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
GERMAN = re.compile(r"[äöüßÄÖÜ„]")
PLACES = {"Neukölln", "Tempelhof-Schöneberg", "Treptow-Köpenick"}
"""Names that are the same in every language."""
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-sent)="([^"]*)"')
# What stands between tags and is no text to translate: the name of the product, an attribute
# that a macro writes into the tag of another one.
NO_WORDS = re.compile(r"\bArena\b|[a-z-]+=\"")
CLASSES = re.compile(r"{% block main_class %}.*?{% endblock %}")


@functools.cache
def extracted() -> Messages:
    """What the sources say, as (singular,) or (singular, plural), and the files that say it."""
    with (LOCALE / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found: Messages = {}
    extraction = extract_from_dir(ROOT, methods, options, directory_filter=is_ours)
    for path, _, message, _, _ in extraction:
        key = (message,) if isinstance(message, str) else tuple(message)
        found.setdefault(key, set()).add(path)
    return found


def is_ours(folder: str | Path) -> bool:
    """Neither what git ignores nor other people's packages."""
    name = Path(folder).name
    return name not in sources.SKIPPED_FOLDERS and not name.startswith(".")


@functools.cache
def english() -> Catalog:
    """The English catalogue."""
    with (LOCALE / "en" / "LC_MESSAGES" / "arena.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def entries() -> list[Message]:
    """The entries of the English catalogue without its header."""
    return [message for message in english() if message.id]


def forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """The one text of a message, or all forms of its plural."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def test_the_english_catalogue_says_what_the_sources_say() -> None:
    """Where it fails, CONTRIBUTING.md has the command that brings the catalogue up to date."""
    translated = {forms(message.id) for message in entries()}
    wrong = [
        *(f"missing: {key}" for key in extracted().keys() - translated),
        *(f"in no source: {key}" for key in translated - extracted().keys()),
        *(f"obsolete: {key}" for key in english().obsolete),
    ]
    assert len(translated) > 400
    assert not wrong, listing(wrong)


def test_the_catalogue_knows_which_files_say_what() -> None:
    """Scripts get the messages of .ts files, so a wrong place would leave them in German."""
    wrong = [
        f"{forms(message.id)}: {', '.join(sorted(places))}"
        for message in entries()
        if (places := {path for path, _ in message.locations}) != extracted().get(forms(message.id))
    ]
    assert not wrong, listing(wrong)


def test_every_message_has_english_words_in_every_form() -> None:
    wrong = [
        f"{message.id}: {message.string}"
        for message in entries()
        if message.fuzzy
        or len(forms(message.string)) != len(forms(message.id))
        or not all(text.strip() for text in forms(message.string))
    ]
    assert english().num_plurals == 2
    assert not wrong, listing(wrong)


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [
        f"{german}: {text}"
        for message in entries()
        for german, text in zip(forms(message.id), forms(message.string), strict=True)
        if set(PLACEHOLDER.findall(german)) != set(PLACEHOLDER.findall(text))
        or "%" in PLACEHOLDER.sub("", german + text)
    ]
    assert not wrong, listing(wrong)


def test_translations_hold_no_markup_and_no_german() -> None:
    """A template takes a translation as safe HTML."""
    wrong = [
        text
        for message in entries()
        for text in forms(message.string)
        if GERMAN.search(text) or (is_in_template(message) and re.search(r"[<>&\"]", text))
    ]
    assert not wrong, listing(wrong)


def is_in_template(message: Message) -> bool:
    """A template says it."""
    return any(path.endswith(".html") for path, _ in message.locations)


def test_german_quotation_marks_are_german() -> None:
    wrong = [
        text
        for key in extracted()
        for text in key
        if re.search("[\"'”]", text) or text.count("„") != text.count("“")
    ]
    assert not wrong, listing(wrong)


def test_scripts_get_every_message_of_theirs() -> None:
    said = {key[0] for key, paths in extracted().items() if any(p.endswith(".ts") for p in paths)}
    given = load_script_messages(LOCALE)
    assert said
    assert set(json.loads(given["en"])) == said
    assert given["de"] == ""


@pytest.mark.parametrize(
    "path", sources.files("web/templates", ".html"), ids=lambda path: path.name
)
def test_templates_say_nothing_outside_gettext(path: Path) -> None:
    source = CLASSES.sub("", path.read_text(encoding="utf-8"))
    parts = Environment(extensions=["jinja2.ext.do", "jinja2.ext.i18n"]).lex(source)
    html = "".join(text if kind == "data" else "|" for _, kind, text in parts)
    texts = [*SPOKEN_ATTRIBUTE.findall(html), *re.split(r"<[^>]*>", html)]
    assert TEMPLATES in path.parents
    assert not [text for text in texts if WORD.search(NO_WORDS.sub("", text))]


def test_catalogues_of_the_process_speak_every_language() -> None:
    wrong = [
        f"{path.name}: {words}"
        for path in sources.files("collab/process/templates", ".json")
        for words in labels(json.loads(path.read_text(encoding="utf-8")))
        if not isinstance(words, dict)
        or set(words) != set(LANGUAGES)
        or not all(text.strip() for text in words.values())
        or (GERMAN.search(words["en"]) and words["en"] not in PLACES)
    ]
    assert not wrong, listing(wrong)


def labels(data: Any) -> Iterator[Any]:
    """Every label and help text in a catalogue, and whatever looks like one."""
    if isinstance(data, list):
        for each in data:
            yield from labels(each)
    elif isinstance(data, dict):
        if set(data) & set(LANGUAGES):
            yield data
        for name, value in data.items():
            if name in {"label", "help"}:
                yield value
            else:
                yield from labels(value)
