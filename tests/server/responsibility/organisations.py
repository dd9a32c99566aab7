"""Organisations of every class with members and signatories, and what they do with ideas."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from uuid import UUID, uuid4

from storage import people
from storage.database import Transaction
from tests.server.idea.arena_of_all import Everyone

CLASSES = {
    "amt": ("Bezirksamt Mitte", "administration"),
    "land": ("Senatsverwaltung", "administration"),
    "firma": ("Spreewerk eG", "business"),
    "institut": ("Institut Adlershof", "science"),
    "verein": ("Kiezverein e. V.", "civil_society"),
}
MEMBER, OTHER, SIGNATORY = "participant", "expert", "signatory"
"""Belong to every organisation; only the last may sign."""


@dataclass
class Bodies:
    """The arena and its organisations by key."""

    arena: Everyone
    ids: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    async def founded(cls, arena: Everyone) -> Self:
        """All organisations of ``CLASSES``, with their people."""
        found = cls(arena)
        async with arena.arena.services.database.write() as tx:
            for key, (name, actor_class) in CLASSES.items():
                await found.make(tx, key, name, actor_class)
        return found

    async def found(
        self, key: str, name: str, actor_class: str, *, valid_to: date | None = None
    ) -> UUID:
        """A further organisation with the same people."""
        async with self.arena.arena.services.database.write() as tx:
            return await self.make(tx, key, name, actor_class, valid_to=valid_to)

    async def make(
        self,
        tx: Transaction,
        key: str,
        name: str,
        actor_class: str,
        *,
        valid_to: date | None = None,
    ) -> UUID:
        """As ``found``, in a transaction in which more is made."""
        self.ids[key] = uuid4()
        await people.create_organisation(
            tx,
            organisation_id=self.ids[key],
            name=name,
            actor_class=actor_class,
            kind="other",
            valid_to=valid_to,
        )
        for handle in (MEMBER, OTHER, SIGNATORY):
            person = await people.by_handle(tx, handle)
            assert person is not None
            await people.affiliate(
                tx,
                person.id,
                self.ids[key],
                confirmed_at=self.arena.arena.services.clock(),
                may_sign=handle == SIGNATORY,
            )
        return self.ids[key]

    async def join(
        self, handle: str, key: str, *, is_confirmed: bool = True, may_sign: bool = False
    ) -> None:
        """Let the person belong to the organisation."""
        services = self.arena.arena.services
        async with services.database.write() as tx:
            person = await people.by_handle(tx, handle)
            assert person is not None
            confirmed_at = services.clock() if is_confirmed else None
            await people.affiliate(
                tx, person.id, self.ids[key], confirmed_at=confirmed_at, may_sign=may_sign
            )

    async def call(
        self, handle: str, method: str, path: str, status: int = 200, /, **body: object
    ) -> Any:
        """Call an operation at an idea for the person; the JSON of the answer."""
        client = await self.arena.client(handle)
        sent = body if body or method != "GET" else None
        answer = await client.request(method, f"/api/v1/ideas/{path}", json=sent)
        found = 200 if answer.status_code == 204 else answer.status_code
        assert found == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def offer(self, ref: str, key: str, *, part: str = "lead", by: str = MEMBER) -> str:
        """An open offer; its id."""
        body = {"organisation_id": str(self.ids[key]), "part": part}
        made = await self.call(by, "POST", f"{ref}/responsibilities", 201, **body)
        return str(made["id"])

    async def sign(self, ref: str, offer: str, **body: object) -> Any:
        """The signed offer."""
        path = f"{ref}/responsibilities/{offer}/confirmation"
        return await self.call(SIGNATORY, "POST", path, **body)

    async def lead(self, ref: str, key: str, *, by: str = MEMBER, part: str = "lead") -> str:
        """A confirmed lead; the id of its responsibility."""
        offer = await self.offer(ref, key, part=part, by=by)
        await self.sign(ref, offer)
        return offer

    async def at(self, ref: str) -> list[dict[str, Any]]:
        """All responsibilities of the idea, the newest first."""
        found = await self.call("guest", "GET", f"{ref}/responsibilities")
        return list(found["responsibilities"])

    async def leaders(self, ref: str) -> list[str]:
        """The names of the organisations that lead; there should be one at most."""
        return [
            each["organisation"]
            for each in await self.at(ref)
            if (each["part"], each["state"]) == ("lead", "active")
        ]

    async def team(self, ref: str) -> set[tuple[str, str]]:
        """Who has which role that came with a responsibility."""
        idea = await self.call("moderator", "GET", ref)
        roles = {(each["person"]["handle"], each["role"]) for each in idea["team"]}
        return {each for each in roles if each[1] in {"lead", "member"}}
