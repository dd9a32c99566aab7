"""Reads a page like somebody without scripts: its elements, their attributes, their words."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx2

from collab.process.actors import Actor, Role
from collab.process.dossier import IdeaKind, load_dossier
from server.actions import ideas, people, programs
from server.actions.ideas import NewIdea
from server.auth import holders
from storage.tables.ideas import Idea
from tests.server.running import Arena

PASSWORD = "ein gutes Passwort"
VOID = frozenset({"input", "link", "meta", "br", "hr", "img", "wbr"})


@dataclass
class Element:
    """An element with all text inside it."""

    tag: str
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]


class Page(HTMLParser):
    """The elements of a page in their order."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__()
        self.status = response.status_code
        self.source = response.text
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        innermost = self._open.pop().tag if self._open else None
        assert innermost == tag, f"</{tag}> closes <{innermost}>, line {self.getpos()[0]}"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements ``tag`` that have these attributes; ``class_`` asks for one class."""
        return [each for each in self.elements if each.tag == tag and _fits(each, attributes)]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × {tag} {attributes} in {self.text[:500]}"
        return found[0]

    @property
    def text(self) -> str:
        return self.elements[0].text

    @property
    def errors(self) -> dict[str, str]:
        """Field → what is wrong with it."""
        said = {each.attributes.get("id", "")[2:]: each for each in self.all("p")}
        invalid = [each for each in self.elements if each.attributes.get("aria-invalid") == "true"]
        return {each["name"]: said[each["name"]].text for each in invalid}


def _fits(element: Element, attributes: Mapping[str, str]) -> bool:
    classes = element.attributes.get("class", "").split()
    return all(
        value in classes if name == "class_" else element.attributes.get(name) == value
        for name, value in attributes.items()
    )


async def get(client: httpx2.AsyncClient, path: str) -> Page:
    return Page(await client.get(path))


async def post(client: httpx2.AsyncClient, path: str, **form: Any) -> httpx2.Response:
    return await client.post(path, data=form)


async def add(arena: Arena, handle: str, *roles: Role, **more: Any) -> UUID:
    """A person with the password of all persons of these tests."""
    given = {"name": handle.title(), "password": PASSWORD, **more}
    person = await people.add_person(arena.services, None, handle=handle, roles=roles, **given)
    return person.id


@asynccontextmanager
async def signed_in(arena: Arena, handle: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser in which the person is signed in."""
    async with arena.browser() as client:
        response = await post(client, "/sign-in", name=handle, password=PASSWORD)
        assert response.status_code == 303, response.text
        yield client


async def actor(arena: Arena, handle: str) -> Actor:
    """The person as rules see him."""
    token = await programs.issue_token(arena.services, handle)
    holder = await holders.by_token(arena.services, token)
    assert holder is not None
    return holder.actor


async def bring_in(
    arena: Arena, title: str, *, handle: str = "ana", kind: str = "need", is_public: bool = True
) -> Idea:
    """An idea with all its sections filled; a minute passes, so ideas have an order."""
    arena.clock.pass_by(minutes=1)
    sections = {name: f"Text zu {name}." for name in load_dossier(kind).section_ids}
    new = NewIdea(kind=IdeaKind(kind), title=title, sections=sections)
    created = await ideas.create_idea(
        arena.services, await actor(arena, handle), new, submit=is_public
    )
    return created.idea
