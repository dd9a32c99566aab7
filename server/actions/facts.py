"""What the gates look at, gathered from one text and the tables of one moment."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from collab.process.dossier import TITLE
from collab.process.feasibility import Confidence, Judgement, Verdict, judged_by
from collab.process.gates import DossierFacts
from collab.process.version import TextVersion
from collab.sync.text import DossierText, nodes_to_plain
from server.actions.cases import Case
from server.faces import Face, faces
from storage import ideas, judgements, stages
from storage.database import Transaction
from storage.tables.judgements import Judgement as JudgementRow

ARCHIVED = "archived"


async def dossier_facts(
    tx: Transaction, case: Case, text: DossierText, *, reason: str | None = None
) -> DossierFacts:
    """The facts of the case for its actor; ``reason`` is None while he was not asked for one."""
    rows = await judgements.of_idea(tx, case.idea.id)
    members = await team_ids(tx, case.idea.id)
    known = await faces(tx, {row.person_id for row in rows})
    return DossierFacts(
        template=case.template,
        filled=filled(text),
        judged=judged_by(judgement_values(rows, known, members)),
        team=members,
        actor=case.actor.person_id,
        reason=reason,
        archived_from=await _archived_from(tx, case),
    )


async def team_ids(tx: Transaction, idea_id: UUID) -> frozenset[UUID]:
    """Everybody who holds a role at the idea."""
    found = await ideas.team(tx, [idea_id])
    return frozenset(role.person_id for role in found.get(idea_id, []))


def filled(text: DossierText) -> frozenset[str]:
    """The title and the sections that hold text."""
    sections = {name for name, nodes in text.sections.items() if nodes_to_plain(nodes).strip()}
    return frozenset(sections | ({TITLE} if text.title.strip() else set()))


def judgement_values(
    rows: Iterable[JudgementRow], known: Mapping[UUID, Face], team: Iterable[UUID]
) -> list[Judgement]:
    """Stored judgements as the rules take them."""
    members = frozenset(team)
    return [
        Judgement(
            dimension=row.dimension,
            person_id=row.person_id,
            actor_class=known[row.person_id].actor_class,
            verdict=Verdict(row.verdict),
            confidence=Confidence(row.confidence),
            reason=row.reason,
            version=TextVersion(row.epoch, row.seq, row.sha256),
            by_author=row.person_id in members,
        )
        for row in rows
    ]


async def _archived_from(tx: Transaction, case: Case) -> str | None:
    if case.idea.stage != ARCHIVED:
        return None
    last = await stages.latest(tx, case.idea.id)
    return last.from_stage if last else None
