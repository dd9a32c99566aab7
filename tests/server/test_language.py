"""Which language a reader gets, and where its texts come from."""

from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from server.language import accepted_language, choose_language, load_catalogues


def connection(query: str = "", **headers: str) -> HTTPConnection:
    """A connection with a query string and headers."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection(
        {"type": "http", "path": "/", "query_string": query.encode(), "headers": raw}
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "de"),
        ("en", "en"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr-FR,fr;q=0.9,en;q=0.1", "en"),
        ("fr", "de"),
        ("*", "de"),
        ("en;q=0,de;q=0.1", "de"),
        ("en;q=nonsense", "de"),
        (";;;,,,=", "de"),
        ("en" * 5000, "de"),
    ],
)
def test_the_browsers_best_language_of_ours_is_taken(header: str, language: str) -> None:
    assert accepted_language(header) == language


def test_a_wish_comes_before_the_cookie_the_person_and_the_browser() -> None:
    headers = {"cookie": "arena_language=de", "accept_language": "de"}
    assert choose_language(connection("lang=en", **headers), persons="de") == "en"


def test_the_cookie_comes_before_the_person() -> None:
    assert choose_language(connection(cookie="arena_language=en"), persons="de") == "en"


def test_the_person_comes_before_the_browser() -> None:
    assert choose_language(connection(accept_language="de"), persons="en") == "en"


def test_an_unknown_wish_is_passed_over() -> None:
    assert choose_language(connection("lang=tlh", accept_language="en")) == "en"


def test_an_absent_catalogue_answers_in_german(tmp_path: Path) -> None:
    assert load_catalogues(tmp_path)["en"].gettext("Anmelden") == "Anmelden"


def test_catalogues_are_read_as_they_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "arena.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Anmelden"\nmsgstr "Sign in"\n\n'
        'msgid "%(num)s Idee"\nmsgid_plural "%(num)s Ideen"\n'
        'msgstr[0] "%(num)s idea"\nmsgstr[1] "%(num)s ideas"\n'
    )
    english = load_catalogues(tmp_path)["en"]
    assert english.gettext("Anmelden") == "Sign in"
    assert english.ngettext("%(num)s Idee", "%(num)s Ideen", 2) == "%(num)s ideas"
