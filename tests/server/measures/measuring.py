"""An arena with organisations, and ideas that become measures by official acts over the API."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

import httpx2
import pytest

from collab.process.evidence import load_evidence
from collab.process.gates.facts import CaseFacts
from server.actions import stages
from server.actions.facts import case as gathering
from server.actions.measures import renewals
from storage import ideas
from tests.server.idea.arena_of_all import Everyone
from tests.server.responsibility.organisations import MEMBER, SIGNATORY, Bodies

PRINCIPLES = ("human_centred", "open_and_trustworthy", "effective_and_adaptable")
COMPLETE = {
    name: {"keeps": True, "how": f"So halten wir {name} ein.", "evidence": "Siehe Bericht."}
    for name in PRINCIPLES
}


@dataclass
class Measures(Bodies):
    """The arena, its organisations, and what they do to become a measure."""

    known: list[str] = field(default_factory=list)

    @classmethod
    async def begun(cls, arena: Everyone) -> Self:
        """With all organisations."""
        return await cls.founded(arena)

    async def decided(self, key: str = "verein", *, stage: str = "decision") -> str:
        """An idea that the organisation leads, ready to be decided; its reference."""
        ref = await self.arena.idea("open", team={})
        await self.lead(ref, key)
        if stage != "open":
            await self.put(ref, "open", stage)
        return ref

    async def put(self, ref: str, before: str, stage: str) -> None:
        """Put the idea into a stage without any act."""
        services = self.arena.arena.services
        async with services.database.write() as tx:
            idea = await ideas.by_ref(tx, ref)
            assert idea is not None
            moved = await ideas.advance(
                tx, idea.id, idea.revision, from_stage=before, to_stage=stage, now=services.clock()
            )
        assert moved

    async def move(self, ref: str, to: str, by: str, status: int = 200) -> Any:
        """The official act; the JSON of the answer."""
        answer = await self.ask_to_move(ref, to, by)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def ask_to_move(self, ref: str, to: str, by: str) -> httpx2.Response:
        """The official act as an honest client would ask for it."""
        revision, version = await self.arena.state(ref, by)
        body = {"to": to, "expected_revision": revision, "text_version": version}
        client = await self.arena.client(by)
        return await client.post(f"/api/v1/ideas/{ref}/stage", json={**body, "reason": "Darum."})

    async def draft(self, ref: str, answers: dict[str, Any] | None = None, seen: int = 0) -> Any:
        """What the organisation's people answer."""
        body = {"answers": COMPLETE if answers is None else answers, "expected_revision": seen}
        return await self.call(MEMBER, "PUT", f"{ref}/commitment", **body)

    async def commit(self, ref: str, seen: int = 0) -> Any:
        """A complete, signed commitment."""
        draft = await self.draft(ref, seen=seen)
        path, revision = f"{ref}/commitment/signature", draft["revision"]
        return await self.call(SIGNATORY, "POST", path, expected_revision=revision)

    async def pending(self, key: str = "verein") -> str:
        """A network measure that is not recognised yet."""
        ref = await self.decided(key)
        await self.move(ref, "measure_network_pending", "cdo")
        return ref

    async def recognised(self, key: str = "verein") -> str:
        """A recognised network measure."""
        ref = await self.pending(key)
        await self.commit(ref)
        await self.move(ref, "measure_network", "office")
        return ref

    async def tick(self) -> None:
        """Let the clock open the renewals that are due."""
        services = self.arena.arena.services
        async with services.database.read() as tx:
            found = await renewals.unrenewed(tx, services.clock(), 100)
        for idea_id in found:
            await renewals.open_renewal(services, idea_id)

    async def get(self, path: str, by: str = "guest", **headers: str) -> httpx2.Response:
        """A page or a file."""
        return await (await self.arena.client(by)).get(path, headers=headers)

    async def number(self, ref: str) -> str:
        """The measure's number in the register."""
        found = (await self.get("/api/v1/measures?limit=100")).json()["measures"]
        return str(next(each["number"] for each in found if each["ref"] == ref))


def grant_the_rest(patch: pytest.MonkeyPatch) -> None:
    """Let the gates of other topics find what they want: records and indicators."""
    gather = gathering.case_facts

    async def granted(*given: Any, **named: Any) -> CaseFacts:
        facts = await gather(*given, **named)
        records = {kind.id: kind.required for kind in load_evidence().kinds}
        return replace(facts, evidence=records, indicators={"output": 1, "outcome": 1})

    patch.setattr(stages, "case_facts", granted)
