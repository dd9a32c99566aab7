"""What a person follows, and for which reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from collab.process.actors import Actor
from collab.process.stages import Stage
from server.views.arena.cards import stage_of
from server.views.arena.finder import Wish
from server.views.districts.districts import DistrictChoice, choices
from server.views.following.readable import cases_of
from server.views.following.searches import Search, search_view
from storage.database import Transaction
from storage.following import follows, mailing, searches
from storage.tables.ideas import Idea

SHOWN_MAX: Final = 200
"""So many followed ideas are shown, the last active first."""

Why = Literal["team", "spoke", "chosen"]


@dataclass(frozen=True, slots=True)
class Followed:
    """An idea that is followed, and why."""

    idea: Idea
    stage: Stage
    why: Why


@dataclass(frozen=True, slots=True)
class Following:
    """Everything that a person follows; ``more``: ideas that are not shown."""

    ideas: tuple[Followed, ...]
    more: int
    searches: Sequence[Search]
    follows_own: bool
    districts: Sequence[DistrictChoice]
    """Those that are not followed yet."""


async def following(tx: Transaction, actor: Actor, on: date) -> Following:
    """What the actor follows and may read."""
    assert actor.person_id is not None, "guests follow nothing"
    found = await follows.followed(tx, actor.person_id, SHOWN_MAX)
    count = await follows.count_followed(tx, actor.person_id)
    standing = await follows.chosen(tx, actor.person_id)
    cases = await cases_of(tx, actor, found)
    rows = await searches.of_person(tx, actor.person_id)
    saved = {each.parameters for each in rows}
    districts = await choices(tx, on)
    wanted = await mailing.choice(tx, actor.person_id)
    shown = tuple(
        Followed(cases[each].idea, stage_of(cases[each].idea.stage), _why(standing.get(each)))
        for each in found
        if each in cases
    )
    return Following(
        shown,
        max(count - len(found), 0),
        [await search_view(tx, row, on) for row in rows],
        wanted.follows_own,
        [each for each in districts if Wish(district=each.entry.id).query not in saved],
    )


def _why(row: follows.IdeaFollow | None) -> Why:
    if row is None:
        return "team"
    return "chosen" if row.standing == "chosen" else "spoke"
