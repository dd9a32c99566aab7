"""Every form of every page is refused once: what people have written in it is in the answer.

The forms are taken from the routes, so a new one is tried as soon as it is there.
"""

import html
import inspect
import re
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx2
import pytest
from starlette.routing import Route

from collab.process.permissions import Action, allowed
from server.pages.forms import WORDS
from server.routes import PAGE_MODULES
from tests.server.idea.arena_of_all import PEOPLE, TEAM, Everyone, everyone
from tests.server.rights.rules import FORMS
from tests.server.rights.samples import IN_PATH, NOBODY
from web.places import TEMPLATES

WHO: Final = ("author", "moderator", "office", "expert", "signatory", "lead")
ROLES: Final = {who: frozenset({PEOPLE[who], *([TEAM[who]] if who in TEAM else [])}) for who in WHO}
CHOSEN: Final = ("kind", "state", "to", "day", "due", "owner", "expected_revision", "deed")
"""Fields that are not for words; with a word in them most forms are refused."""
IN_QUOTES: Final = re.compile(r'"([a-z_]+)"')
LINE: Final = re.compile(r"""field\(\s*"([a-z_]+-?)"[^}]*?\brows=""")
ALONE: Final = re.compile(r"""<textarea[^>]*\bname="([a-z_]+)""")


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path_factory.mktemp("words")) as arena:
        yield arena


@pytest.fixture(scope="module")
async def here(arena: Everyone) -> dict[str, str]:
    """What addresses name: an idea, and what can be talked about at it."""
    ref = await arena.idea("open")
    said: dict[str, str] = {"ref": ref}
    author, expert = await arena.client("author"), await arena.client("expert")
    at = f"/api/v1/ideas/{ref}"
    said["comment_id"] = (await _make(expert, f"{at}/comments", text="Worte"))["id"]
    await _make(author, f"{at}/tasks", text="Tun")
    await _make(expert, f"{at}/requirements", text="Verlangt")
    found = await _make(
        author, f"{at}/suggestions", section="idea", passage={"quote": "Text"}, text="Wort"
    )
    said["suggestion_id"] = found["id"]
    return said


async def _make(client: httpx2.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def _forms() -> list[Route]:
    routes = [route for module in PAGE_MODULES for route in module.routes]
    return [each for each in routes if isinstance(each, Route) and "POST" in (each.methods or ())]


def _is_posted(route: Route) -> bool:
    return hasattr(route.endpoint, "__wrapped__")


def _path(route: Route, here: dict[str, str]) -> str:
    known = dict.fromkeys(route.param_convertors, NOBODY) | IN_PATH | here
    return route.path.format(**known)


def _names() -> list[str]:
    """The names of fields for words that templates have."""
    found = {
        name
        for path in TEMPLATES.rglob("*.html")
        for pattern in (LINE, ALONE)
        for name in pattern.findall(path.read_text())
    }
    return sorted(found)


def test_p7_what_people_write_in_is_known_as_words() -> None:
    assert [name for name in _names() if not WORDS.search(name)] == []
    assert not any(WORDS.search(name) for name in ("password", "current", "code", "revision"))


async def test_p7_a_form_sent_by_nobody_gives_the_words_back(
    arena: Everyone, here: dict[str, str]
) -> None:
    guest = await arena.client("guest")
    words = {name: f"Wort zu {name}" for name in ("text", "reason", "note")}
    lost, told = [], 0
    for route in _forms():
        if "sent(" not in inspect.getsource(route.endpoint) and not _is_posted(route):
            continue  # a button, with which nothing is sent
        answer = await guest.post(_path(route, here), data=words)
        assert answer.status_code < 500, route.path
        if answer.status_code != 401:
            continue
        told += 1
        shown = html.unescape(answer.text)
        lost += [f"{route.path}: {each}" for each in words.values() if each not in shown]
    assert not lost, "\n".join(lost)
    assert told > 100


async def test_p7_a_refused_form_gives_the_words_back(
    arena: Everyone, here: dict[str, str]
) -> None:
    lost, told = [], 0
    for route in filter(_is_posted, _forms()):
        words = {name: f"Wort „zu“ <{name}> & mehr" for name in _words_of(route)}
        client = await arena.client(_who_may(route))
        answer = await client.post(_path(route, here), data=dict.fromkeys(CHOSEN, "?") | words)
        assert answer.status_code < 500, route.path
        if answer.status_code < 400 or not words:
            continue
        told += 1
        shown = html.unescape(answer.text)
        lost += [f"{route.path}: {name}" for name, each in words.items() if each not in shown]
    assert not lost, "\n".join(lost)
    assert told > 60


def _words_of(route: Route) -> list[str]:
    """The names of fields for words in the module of the form."""
    source = inspect.getsource(inspect.getmodule(inspect.unwrap(route.endpoint)) or inspect)
    return sorted({name for name in IN_QUOTES.findall(source) if WORDS.search(name)})


def _who_may(route: Route) -> str:
    """Somebody who has the right to send the form, so that it is refused for what is in it."""
    rule = FORMS[route.path]
    may = [who for who in WHO if isinstance(rule, Action) and allowed(rule, ROLES[who], "open")]
    return may[0] if may else WHO[0]
