"""One idea while the demonstration is being filled: where it stands, and what hangs on acts."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from collab.process.actors import Actor, Role
from collab.process.dossier import DossierTemplate
from collab.process.events.event import Event, is_public
from collab.process.feasibility.judgements import Judges
from collab.process.gates.facts import CaseFacts, LeadFacts
from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.text import DossierText, render, sha256, to_json, to_plain
from server.actions.facts.case import filled
from server.demo.content import DemoIdea
from server.demo.writing import Pen, Written
from storage import events, texts
from storage.database import Transaction

NAMESPACE = UUID("6f1f0c1e-6a55-5c0e-9c55-0b7f5f3f8a11")
"""The ids of the demonstration are made of names in it, so they are always the same."""


@dataclass(slots=True)
class Case:
    """An idea, its document in memory, and what the acts so far have made of it."""

    idea: DemoIdea
    idea_id: UUID
    document_id: UUID
    document: Document
    template: DossierTemplate
    version: TextVersion
    stage: str
    team: dict[UUID, set[Role]] = field(default_factory=dict)
    revision: int = 1
    pens: dict[UUID, Pen] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    comments: dict[str, UUID] = field(default_factory=dict)
    judged: dict[str, set[UUID]] = field(default_factory=dict)
    lead: LeadFacts | None = None

    def text(self) -> DossierText:
        """The text as it is now."""
        return render(self.document, self.template.section_ids)

    def read_version(self, seq: int) -> None:
        """Note that the log has come to ``seq``."""
        self.version = TextVersion(self.version.epoch, seq, sha256(self.text()))

    def facts(self, actor: Actor, reason: str) -> CaseFacts:
        """What the gates look at when the actor wants to move the idea."""
        outside = {name: len(who - self.team.keys()) for name, who in self.judged.items()}
        judged = {name: Judges(people, people) for name, people in outside.items()}
        return CaseFacts(
            template=self.template,
            filled=filled(self.text()),
            judged=judged,
            team=frozenset(self.team),
            actor=actor.person_id,
            reason=reason,
            lead=self.lead,
        )

    async def pin(self, tx: Transaction, now: datetime) -> None:
        """Keep the text as it is now: an act is bound to it."""
        await texts.pin(
            tx,
            self.document_id,
            self.version,
            sections=to_json(self.text()),
            state=self.document.state(),
            now=now,
        )

    async def project(self, tx: Transaction, now: datetime) -> None:
        """Show the text as it is now in lists and search."""
        text = self.text()
        await texts.project(
            tx,
            self.idea_id,
            self.version,
            title=text.title,
            plain=to_plain(text),
            sections=to_json(text),
            now=now,
        )

    async def tell(
        self, tx: Transaction, actor: Actor, event: Event, now: datetime, **record: object
    ) -> None:
        """Write the event of an act, and its audit entry with this record."""
        await events.append(
            tx,
            event,
            idea_id=self.idea_id,
            actor_id=actor.person_id,
            public=is_public(event, self.stage),
            now=now,
            record=record,
        )


def id_of(actor: Actor) -> UUID:
    """The id of a demonstration person, who is never a guest."""
    assert actor.person_id is not None
    return actor.person_id
