"""Everybody whom an idea needs on its way to a measure, each with a window and a program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from playwright.async_api import Page, expect

from collab.process.actors import Role
from server.actions.links import make_sign_in_link
from server.actions.people import add_person
from server.actions.programs import issue_token
from server.commands.console import services
from server.settings import load_settings
from storage import people
from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import OFFLINE_NOISE, Visits
from tests.harness.api import Api
from tests.harness.process import ArenaProcess

ORGANISATIONS = {
    "club": ("Radlotsen Nord e. V.", "association", "civil_society"),
    "institute": ("Institut für Wegeforschung", "institute", "science"),
    "company": ("Speiche und Nabe eG", "company", "business"),
    "nordhain": ("Bezirksamt Nordhain", "district", "administration"),
    "suedau": ("Bezirksamt Südau", "district", "administration"),
}

# handle: name, roles, organisation and whether he may sign for it
PEOPLE: dict[str, tuple[str, tuple[Role, ...], str, bool]] = {
    "way-author": ("Frieda Albrecht", (Role.PARTICIPANT,), "club", False),
    "way-signatory": ("Selim Aksoy", (Role.PARTICIPANT, Role.SIGNATORY), "club", True),
    "way-expert": ("Dr. Ida Novak", (Role.PARTICIPANT, Role.EXPERT), "institute", False),
    "way-expert-b": ("Paul Richter", (Role.PARTICIPANT, Role.EXPERT), "company", False),
    "way-moderator": ("Marta Lenz", (Role.MODERATOR,), "", False),
    "way-moderator-b": ("Tarek Haddad", (Role.MODERATOR,), "", False),
    "way-qualifier": ("Hanne Voss", (Role.QUALIFIER,), "", False),
    "way-office": ("Jörg Baumann", (Role.COORDINATION_OFFICE,), "", False),
    "way-cdo": ("Dr. Leyla Stein", (Role.CDO,), "", False),
    "way-planner": ("Uwe Krüger", (Role.PARTICIPANT, Role.SIGNATORY), "nordhain", True),
    "way-neighbour": ("Ngozi Bauer", (Role.PARTICIPANT,), "suedau", False),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a browser, who may also send a program ahead."""

    name: str
    page: Page
    api: Api

    async def open(self, ref: str) -> IdeaPage:
        """The idea's page as it is now, which anybody can read."""
        await self.page.goto(f"/ideas/{ref}")
        assert await violations(self.page) == [], f"/ideas/{ref} for {self.name}"
        return IdeaPage(self.page, ref)

    async def leave(self) -> None:
        """Go from the page, which would follow whatever the others do for the rest of the way."""
        await self.page.goto("about:blank")

    async def act(self, ref: str, to: str, reason: str, label: str) -> None:
        """Take the official step from the idea's page, see its new stage there, and leave."""
        window = await self.open(ref)
        await window.decide(to, reason)
        await expect(window.stage()).to_contain_text(label)
        await self.leave()

    async def sees(self, path: str, *words: str) -> None:
        """The page at ``path`` is accessible and says all of it."""
        await self.page.goto(path)
        assert await violations(self.page) == [], f"{path} for {self.name}"
        for each in words:
            await expect(self.page.locator("main")).to_contain_text(each)

    async def fill(self, **fields: str) -> None:
        """Fill the fields of a form by their names; a choice takes its value."""
        for name, value in fields.items():
            field = self.page.locator(f'main [name="{name}"]')
            if await field.evaluate("each => each.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)

    async def press(self, button: str) -> None:
        """Press a button of the page with the keyboard."""
        found = self.page.locator("main").get_by_role("button", name=button)
        await found.press("Enter")

    async def record(self, ref: str, kind: str, **data: str) -> None:
        """Put evidence on record through its form in the logbook, and leave."""
        await self.sees(f"/ideas/{ref}/logbook/{kind}")
        await self.fill(**{f"field-{name}": value for name, value in data.items()})
        await self.press("Speichern")
        await expect(self.page).not_to_have_url(f"/ideas/{ref}/logbook/{kind}")
        await self.leave()


@dataclass(frozen=True, slots=True)
class Accounts:
    """What was made for everybody: ids of organisations, tokens, links that sign in once."""

    origin: str
    organisations: dict[str, str]
    tokens: dict[str, str]
    links: dict[str, list[str]]

    @classmethod
    async def make(cls, arena: ArenaProcess, folder: Path, times: int) -> Self:
        """Make them while the server runs; everybody can sign in ``times`` times."""
        settings = load_settings(
            database_url=arena.database_url, port=arena.port, var=folder, demo=True
        )
        made = cls(arena.origin, {key: str(uuid4()) for key in ORGANISATIONS}, {}, {})
        async with services(settings) as parts:
            async with parts.database.write() as tx:
                for key, (name, kind, actor_class) in ORGANISATIONS.items():
                    await people.create_organisation(
                        tx,
                        organisation_id=UUID(made.organisations[key]),
                        name=name,
                        actor_class=actor_class,
                        kind=kind,
                    )
            for handle, (name, roles, body, may_sign) in PEOPLE.items():
                person = await add_person(parts, None, handle=handle, name=name, roles=roles)
                if body:
                    async with parts.database.write() as tx:
                        await people.affiliate(
                            tx,
                            person.id,
                            UUID(made.organisations[body]),
                            confirmed_at=parts.clock(),
                            may_sign=may_sign,
                        )
                made.tokens[handle] = await issue_token(parts, handle)
                links = [await make_sign_in_link(parts, handle) for _ in range(times)]
                made.links[handle] = [urlsplit(each).path for each in links]
        return made


@dataclass(frozen=True, slots=True)
class Cast:
    """The people by handle, each in a window that the visits close."""

    people: dict[str, Person]
    organisations: dict[str, str]
    visits: Visits

    def __getitem__(self, handle: str) -> Person:
        """The person, by handle without ``way-``."""
        return self.people[f"way-{handle}"]

    @classmethod
    async def enter(cls, accounts: Accounts, visits: Visits) -> Self:
        """Sign everybody in."""
        found: dict[str, Person] = {}
        for handle, (name, *_) in PEOPLE.items():
            page = await visits.enter()
            visits.expect(page, OFFLINE_NOISE)
            link = accounts.links[handle].pop()
            answer = await page.context.request.get(link, max_redirects=0)
            assert answer.status == 303, f"{handle} could not sign in: {answer.status}"
            found[handle] = Person(name, page, Api(accounts.origin, accounts.tokens[handle]))
        return cls(found, accounts.organisations, visits)

    async def leave(self) -> None:
        """Close the programs."""
        for each in self.people.values():
            await each.api.client.aclose()
