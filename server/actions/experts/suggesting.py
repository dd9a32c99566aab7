"""Whom an idea could ask: what it could use, and who declares that he knows it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from collab.process.actors import Role
from collab.process.alignment.statements import FIELDS_OF_ACTION
from collab.process.catalogues.catalogue import Catalogue
from collab.process.experts.demands import demanded
from collab.process.experts.invitations import Asked, InvitationState, left_in_peace
from collab.process.experts.matching import Known, Suggestion, Wanted, suggest
from collab.process.feasibility.judgements import Judgement, Judges, judged_by
from collab.process.permissions import Action, allowed
from collab.sync.text import from_json
from server.actions.cases import Case
from server.actions.experts.showing import as_asked
from server.actions.facts.case import team_ids
from server.actions.facts.opinions import judgement_values
from server.actions.feasibility.outdated import outdated
from server.faces import Face, faces
from storage import people, texts
from storage.database import Transaction
from storage.experts import invitations, profiles
from storage.experts.invitations import ExpertInvitation
from storage.experts.profiles import Stored
from storage.feasibility import judgements
from storage.process.ties import alignment
from storage.texts import IdeaText


async def suggestions(
    tx: Transaction, case: Case, catalogue: Catalogue, now: datetime
) -> list[Suggestion]:
    """Whom to ask, with the reasons; neither the team, nor who judged, nor who was asked."""
    wanted = await wanted_by(tx, case, catalogue)
    asked = asked_values(await invitations.of_idea(tx, case.idea.id))
    rows = await judgements.of_idea(tx, case.idea.id)
    found = await profiles.meeting(
        tx,
        dimensions=wanted.unjudged | wanted.too_few,
        fields=wanted.fields,
        words=sorted(wanted.stems),
    )
    without = {
        *(await team_ids(tx, case.idea.id)),
        *left_in_peace(asked, now),
        *(row.person_id for row in rows),
    }
    return suggest(await known_of(tx, case, found), wanted, without=without)


async def wanted_by(tx: Transaction, case: Case, catalogue: Catalogue) -> Wanted:
    """What the idea could use: judgements that its process demands, and what it is about.

    Judgements count as its gates count them, against the text that lists show (rule J12).
    """
    rows = await judgements.of_idea(tx, case.idea.id)
    people_known = await faces(tx, {row.person_id for row in rows})
    values = judgement_values(rows, people_known, await team_ids(tx, case.idea.id))
    shown = await texts.get(tx, case.idea.id)
    counted = judged_by(values, await _changed(tx, case, values, shown) if shown else ())
    needed = demanded(case.process, case.idea.kind)
    missing = {
        name: found
        for name, most in needed.items()
        if (found := counted.get(name, Judges())).people < most
    }
    stated = {
        row.entry_id
        for row in await alignment.current(tx, case.idea.id)
        if row.catalogue_id == FIELDS_OF_ACTION
    }
    unjudged = {name for name, found in missing.items() if not found.people + found.earlier}
    return Wanted(
        unjudged=frozenset(unjudged),
        too_few=frozenset(missing.keys() - unjudged),
        fields=frozenset(with_parents(stated, catalogue)),
        stems=frozenset(shown.stems.split() if shown else ()),
        heard=frozenset(one.body for one in values if one.body),
    )


async def known_of(tx: Transaction, case: Case, found: Collection[Stored]) -> list[Known]:
    """Those of the profiles whose people may judge here, as they want to be asked."""
    ids = {each.person.id for each in found}
    held, known = await people.roles_of(tx, ids), await faces(tx, ids)
    able = [
        each
        for each in found
        if allowed(Action.JUDGE, roles_in(held.get(each.person.id, ())), case.idea.stage)
    ]
    return [_known(each, known) for each in able]


def roles_in(names: Iterable[str]) -> frozenset[Role]:
    """The roles of these names; those that the program does not know give nothing."""
    return frozenset(Role(name) for name in names if name in set(Role))


def asked_values(rows: Iterable[ExpertInvitation]) -> list[Asked]:
    """Stored invitations as the rules take them."""
    return [
        Asked(row.person_id, InvitationState(row.state), row.answered_at or row.invited_at)
        for row in rows
    ]


def with_parents(entries: Iterable[str], catalogue: Catalogue) -> set[str]:
    """The entries and all that lie above them: who knows the whole knows the part."""
    found: set[str] = set()
    for name in entries:
        entry = catalogue.entry(name)
        found.add(name)
        while entry is not None and entry.parent and entry.parent not in found:
            found.add(entry.parent)
            entry = catalogue.entry(entry.parent)
    return found


async def _changed(
    tx: Transaction, case: Case, values: Iterable[Judgement], shown: IdeaText
) -> frozenset[str]:
    """The hashes of judged texts that differ materially from the one that is shown."""
    versions = [each.version for each in values]
    text = from_json(shown.sections)
    return await outdated(tx, case.idea.document_id, versions, text, shown.sha256)


def _known(stored: Stored, known: Mapping[UUID, Face]) -> Known:
    face, profile = as_asked(stored, known[stored.person.id]), stored.profile
    return Known(
        person_id=stored.person.id,
        actor_class=face.actor_class,
        organisation=face.organisation,
        dimensions=profile.dimensions,
        fields=profile.fields,
        keywords=tuple(zip(profile.keywords, stored.stems, strict=True)),
    )
