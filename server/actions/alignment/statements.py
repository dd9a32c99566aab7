"""The team says what its idea pays into, changes that, or takes it back."""

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.alignment.statements import CATALOGUES, Goal, Words, check_words
from collab.process.events.event import Event
from collab.process.events.ties.alignment import AlignmentStated, AlignmentWithdrawn
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.actions.catalogues.today import today
from server.auth import limits
from server.services import Services
from storage import ideas
from storage.database import Transaction
from storage.process import catalogues
from storage.process.ties import alignment
from storage.process.ties.alignment import Alignment


async def state(
    services: Services,
    actor: Actor,
    ref: str,
    goal: Goal,
    words: Words,
    *,
    expected_revision: int,
) -> Alignment:
    """Say what the idea pays into ``goal``; 0 is the revision of a statement not made yet.

    Raises:
        Conflict: (statement-moved) somebody changed it since; ``current`` is what stands there.
        Invalid: there is no such entry to choose today, or the words are faulty.
    """
    kept, now = check_words(words), services.clock()
    await services.limiter.hit(limits.ALIGN_PER_PERSON, "align", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.ALIGN)
        last = await alignment.latest(tx, case.idea.id, *goal)
        _require_seen(last, expected_revision)
        if last is not None and not last.is_withdrawn and words_of(last) == kept:
            return last
        version = await _catalogue_version(services, tx, goal, is_new=expected_revision == 0)
        row = await alignment.append(
            tx,
            **_place(case, goal, last),
            catalogue_version=version,
            contribution=kept.contribution,
            effect=kept.effect,
            indicator=kept.indicator,
            conflict=kept.conflict,
            by=case.person_id,
            at=now,
        )
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, AlignmentStated(*goal), now)
    await services.announcer.announce([event])
    return row


async def withdraw(
    services: Services, actor: Actor, ref: str, goal: Goal, *, expected_revision: int
) -> None:
    """Take a statement back; what it said and how it was reviewed is kept.

    Raises:
        Conflict: (statement-moved) somebody changed it since.
        NotFound: (statement-unknown) there is none.
    """
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.ALIGN)
        last = await alignment.latest(tx, case.idea.id, *goal)
        if last is None or last.is_withdrawn:
            raise NotFound("statement-unknown")
        _require_seen(last, expected_revision)
        said = last.model_dump(include={"catalogue_version", *_WORDS})
        place = _place(case, goal, last)
        await alignment.append(tx, **place, **said, is_withdrawn=True, by=case.person_id, at=now)
        fact: Event = AlignmentWithdrawn(*goal)
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])


_WORDS = frozenset({"contribution", "effect", "indicator", "conflict"})


def words_of(row: Alignment) -> Words:
    """What a stored statement says."""
    return Words(row.contribution, row.effect, row.indicator, row.conflict)


def _place(case: Case, goal: Goal, last: Alignment | None) -> dict[str, object]:
    """The key of the revision that follows ``last``."""
    revision = last.revision + 1 if last else 1
    keys = ("idea_id", "catalogue_id", "entry_id", "revision")
    return dict(zip(keys, (case.idea.id, *goal, revision), strict=True))


def _require_seen(last: Alignment | None, expected_revision: int) -> None:
    current = 0 if last is None or last.is_withdrawn else last.revision
    if current != expected_revision:
        raise Conflict("statement-moved", current=current)


async def _catalogue_version(
    services: Services, tx: Transaction, goal: Goal, *, is_new: bool
) -> int:
    """The version of the catalogue that counts; a new statement needs an entry of today."""
    catalogue_id, entry_id = goal
    if catalogue_id not in CATALOGUES:
        raise Invalid(fields={"catalogue": "unknown-choice"})
    on = today(services)
    catalogue = await catalogues.current(tx, catalogue_id, on)
    entry = catalogue.entry(entry_id)
    if entry is None or (is_new and not entry.is_valid(on)):
        raise Invalid(fields={"entry": "unknown-choice"})
    return catalogue.version
