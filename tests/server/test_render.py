"""What templates can use: the built files, translations, dates and numbers."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from collab.process.templates.reading import Words
from server.language import Language
from server.pages.render import Assets, Pages
from server.pages.wording import filters
from tests.server.running import Arena, running

AT = datetime(2026, 7, 1, 22, 5, tzinfo=UTC)


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path) as arena:
        yield arena


def pages(folder: Path, **templates: str) -> Pages:
    """Pages over templates and a catalogue made for the test."""
    for name, text in templates.items():
        (folder / f"{name}.html").write_text(text)
    english = folder / "locale" / "en" / "LC_MESSAGES"
    english.mkdir(parents=True)
    (english / "arena.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        '#: web/templates/x.html:1\nmsgid "Hallo %(name)s"\nmsgstr "Hello %(name)s"\n\n'
        '#: web/src/live.ts:3\nmsgid "Neu </script>"\nmsgstr "New </script>"\n\n'
        '#: web/src/live.ts:4\nmsgid "%(num)s Kommentar"\nmsgid_plural "%(num)s Kommentare"\n'
        'msgstr[0] "%(num)s comment"\nmsgstr[1] "%(num)s comments"\n\n'
        '#: web/src/live.ts:5\nmsgid "Fehlt"\nmsgstr ""\n'
    )
    return Pages(folder, folder / "dist", folder / "locale")


def request(arena: Arena, language: str) -> HTTPConnection:
    return HTTPConnection(
        {
            "type": "http",
            "app": arena.app,
            "path": "/x",
            "query_string": f"lang={language}".encode(),
            "headers": [(b"host", b"arena.test")],
        }
    )


def body(answered: HTMLResponse) -> str:
    return bytes(answered.body).decode()


async def test_texts_are_translated_and_what_people_wrote_is_escaped(
    arena: Arena, tmp_path: Path
) -> None:
    made = pages(tmp_path, x='{{ _("Hallo %(name)s", name=who) }}')
    shown = {
        language: body(made.render(request(arena, language), "x.html", {"who": "<b>"}))
        for language in ("de", "en")
    }
    assert shown == {"de": "Hallo &lt;b&gt;", "en": "Hello &lt;b&gt;"}


async def test_what_is_compiled_once_serves_every_language(arena: Arena, tmp_path: Path) -> None:
    made = pages(tmp_path, x='{{ "2026-07-01"|day }}')
    made.compile_all()
    (tmp_path / "x.html").write_text("changed")
    assert {
        language: body(made.render(request(arena, language), "x.html")) for language in ("de", "en")
    } == {"de": "01.07.2026", "en": filters("en")["day"]("2026-07-01")}


async def test_scripts_get_their_own_messages_only(arena: Arena, tmp_path: Path) -> None:
    made = pages(tmp_path, x="{{ script_messages }}")
    english = body(made.render(request(arena, "en"), "x.html"))
    assert "<" not in english
    assert json.loads(english) == {
        "Neu </script>": "New </script>",
        "%(num)s Kommentar": ["%(num)s comment", "%(num)s comments"],
    }
    assert body(made.render(request(arena, "de"), "x.html")) == ""


async def test_a_forgotten_value_is_a_fault_and_no_empty_space(
    arena: Arena, tmp_path: Path
) -> None:
    made = pages(tmp_path, x="{{ forgotten }}")
    with pytest.raises(UndefinedError):
        made.render(request(arena, "de"), "x.html")


async def test_templates_ask_what_the_visitor_may(arena: Arena, tmp_path: Path) -> None:
    made = pages(tmp_path, x="{{ may('read_idea', 'open') }} {{ may('comment', 'open') }}")
    assert body(made.render(request(arena, "de"), "x.html")) == "True False"


def test_built_files_are_found_by_their_source(tmp_path: Path) -> None:
    manifest = {"main.ts": {"file": "main-abc.js", "css": ["main-xyz.css"]}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assets = Assets(tmp_path)
    assert assets.url("main.ts") == "/assets/main-abc.js"
    assert assets.styles("main.ts") == ["/assets/main-xyz.css"]
    assert assets.url("other.ts") == ""


def test_without_a_build_pages_have_no_scripts(tmp_path: Path) -> None:
    assert Assets(tmp_path).url("main.ts") == ""
    assert Assets(tmp_path).styles("main.ts") == []


@pytest.mark.parametrize(
    ("language", "name", "value", "shown"),
    [
        ("de", "date", AT, "02.07.2026"),
        ("de", "date_and_time", AT, "02.07.2026, 00:05"),
        ("en", "date", AT, "2 Jul 2026"),
        ("de", "number", 2163, "2.163"),
        ("en", "number", 2163, "2,163"),
        ("de", "number", 0.5, "0,5"),
        ("de", "percent", 0.12, "12\xa0%"),
        ("en", "percent", 0.12, "12%"),
        ("en", "iso", AT, "2026-07-01T22:05:00+00:00"),
        ("en", "localized", Words(de="Entwurf", en="Draft"), "Draft"),
    ],
)
def test_values_are_shown_as_readers_of_a_language_expect(
    language: Language, name: str, value: object, shown: str
) -> None:
    assert filters(language)[name](value) == shown


@pytest.mark.parametrize(("language", "shown"), [("de", "vor 3 Stunden"), ("en", "3 hours ago")])
async def test_times_are_counted_from_the_pages_now(
    arena: Arena, tmp_path: Path, language: str, shown: str
) -> None:
    made = pages(tmp_path, x="{{ at|ago }}")
    at = arena.clock()
    arena.clock.pass_by(hours=3)
    assert body(made.render(request(arena, language), "x.html", {"at": at})) == shown


async def test_words_are_formats_with_and_without_names_and_escape_what_is_put_in(
    arena: Arena, tmp_path: Path
) -> None:
    made = pages(
        tmp_path,
        x='{% macro m(a) %}<i>{{ a }}</i>{% endmacro %}{{ _("100 %%") }} {{ _("<b>") }} '
        '{% for each in ["&"] %}{{ m(_("Hallo %(name)s", name=each)) }}{% endfor %}',
    )
    shown = body(made.render(request(arena, "en"), "x.html"))
    assert shown == "100 % <b> <i>Hello &amp;</i>"
