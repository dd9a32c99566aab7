"""For whom a rendering is: everybody to whom an idea is shown in the same way.

Rights follow from roles, stage and suspension, all of which are read anew for each request. The
rest of a person – who he is, what he wrote – is not known to what is rendered for an audience.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from collab.process.actors import Actor, Role
from server.actions.cases import Case, all_at_idea
from server.auth.together import Together
from server.auth.visitor import Visitor
from server.language import Language
from storage.database import Transaction
from storage.talk import crowd
from storage.talk.crowd import TalkVersion


@dataclass(frozen=True, slots=True)
class Audience:
    """The roles that count at the idea, and the language."""

    roles: frozenset[Role]
    language: Language

    @property
    def visitor(self) -> Visitor:
        """Somebody of this audience who is nobody."""
        return Visitor(Actor(None, "", "", self.roles), "none", None, self.language)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody looks at an idea."""

    ref: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Look:
    """The idea as he meets it now, whether or not he may, and how far it has come."""

    case: Case
    version: TalkVersion
    last_event: int

    def audience(self, language: Language) -> Audience:
        """Those who are shown the same as he is."""
        return Audience(self.case.actor.effective_roles, language)


async def _read(tx: Transaction, asked: Collection[Asked]) -> dict[Asked, Look]:
    looking: dict[str, list[Actor]] = {}
    for each in asked:
        looking.setdefault(each.ref, []).append(each.actor)
    looks = {}
    for ref, here in (await crowd.standings(tx, looking)).items():
        for actor, there in (await all_at_idea(tx, looking[ref], here.idea)).items():
            case = Case(here.idea, there)
            looks[Asked(ref, actor)] = Look(case, here.version, here.last_event)
    return looks


looks: Final = Together(_read)
owns: Final = Together(crowd.own)
