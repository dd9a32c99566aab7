"""Suggest wording, change one's own suggestion, take it back. Each is one transaction."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotAllowed
from collab.process.actors import Actor
from collab.process.dossier import TITLE
from collab.process.events.texts.suggestions import (
    SuggestionChanged,
    SuggestionMade,
    SuggestionWithdrawn,
)
from collab.process.permissions import Action
from collab.process.suggestions.wording import (
    OPEN_PER_IDEA_MAX,
    OPEN_PER_PERSON_MAX,
    REVISIONS_MAX,
    SuggestionState,
    check_reason,
    check_words,
    kind_of,
)
from collab.process.version import TextVersion
from collab.sync.suggesting.blocks import joined, nearest, section_texts
from collab.sync.suggesting.changes import smallest
from collab.sync.suggesting.passages import Passage, find, in_one_line, narrowed, passage_at
from collab.sync.text import DossierText
from collab.typed import tidied
from server.actions.abuse.slow import take_turn
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.suggestions.finding import own_suggestion, require_in_sight, suggestion_of
from server.actions.talk.comments import comment_of
from server.auth import limits
from server.realtime.rooms.loading import DocumentUnreadable
from server.services import Services
from storage import ideas, mutes
from storage.database import Transaction
from storage.suggestions import suggestions
from storage.suggestions.suggestions import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody suggests: these words in the place of this passage."""

    section: str
    passage: Passage
    words: str
    reason: str = ""
    comment_id: UUID | None = None


async def suggest(
    services: Services, actor: Actor, ref: str, wanted: Wanted, *, with_comment: bool = False
) -> Suggestion:
    """Suggest other words for a passage that stands in the text now; kept is what differs.

    ``with_comment``: it came in one with a comment, which has taken the turn of slow mode.

    Raises:
        Invalid: names every faulty field.
        Conflict: (passage-changed) the text reads otherwise, ``present`` says how;
            (suggestions-full, own-suggestions-full) too many wait already.
        Limited: the person suggests faster than anybody can read, or than slow mode allows.
    """
    wanted = least(wanted)
    words, reason = wanted.words, wanted.reason
    await services.limiter.hit(limits.SUGGEST_PER_PERSON, "suggest", str(actor.person_id))
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.SUGGEST)
    text, version = await _current(services, case)
    _require_standing(case, text, wanted)
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.SUGGEST)
        await _require_room(tx, case)
        if wanted.comment_id is not None:
            await comment_of(tx, case, wanted.comment_id)
        # Of a comment that was sent twice the second suggestion is one more.
        is_second = await suggestions.is_made_of(tx, wanted.comment_id)
        if not with_comment or is_second:
            await take_turn(tx, case, now)
        row = await suggestions.add(
            tx,
            id=uuid4(),
            idea_id=case.idea.id,
            author_id=case.person_id,
            comment_id=wanted.comment_id,
            section=wanted.section,
            kind=kind_of(wanted.passage.quote, words),
            passage=wanted.passage.to_json(),
            text=words,
            reason=reason,
            epoch=version.epoch,
            seq=version.seq,
            created_at=now,
        )
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, SuggestionMade(row.id, row.section), now)
    await services.announcer.announce([event])
    return row


async def suggest_paragraph(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    section: str,
    number: int | None,
    before: str,
    after: str,
    reason: str,
    comment_id: UUID | None = None,
) -> Suggestion:
    """Suggest what makes ``after`` of a whole paragraph, as the smallest change.

    ``number`` is which paragraph of the section it was; None: a new one at the end of it.

    Raises:
        Conflict: (passage-changed) the paragraph reads otherwise now.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.SUGGEST)
    text, _ = await _current(services, case)
    _check_section(case, section)
    lines = joined(section_texts(text, section))
    if number is None:
        words = check_words(tidied(after), section)
        if not words:
            raise Invalid(fields={"text": "empty"})
        end = len(lines.text)
        passage = passage_at(in_one_line(lines.text), end, end)
        words = f"\n{words}" if lines.text.strip() else words
    else:
        passage, words = _changed(text, section, number, before, after)
    wanted = Wanted(
        section=section, passage=passage, words=words, reason=reason, comment_id=comment_id
    )
    return await suggest(services, actor, ref, wanted)


async def change_suggestion(
    services: Services,
    actor: Actor,
    ref: str,
    suggestion_id: UUID,
    *,
    revision: int,
    text: str,
    reason: str,
) -> Suggestion:
    """Change the words or the reason of one's own open suggestion; what it said before is kept.

    Raises:
        Conflict: (suggestion-settled) it is no longer open; (suggestion-changed) it was changed
            elsewhere; (revisions-full) it was changed too often.
    """
    await services.limiter.hit(limits.SUGGEST_PER_PERSON, "suggest", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.SUGGEST)
        row = await own_suggestion(tx, case, suggestion_id)
        require_in_sight(row)
        words, because = check_words(text, row.section), check_reason(reason)
        if (words, because) == (row.text, row.reason):
            return row
        if len(row.history) >= REVISIONS_MAX:
            raise Conflict("revisions-full")
        at = (row.edited_at or row.created_at).isoformat()
        earlier = {"text": row.text, "reason": row.reason, "at": at}
        values = {"kind": kind_of(passage_of(row).quote, words), "text": words, "reason": because}
        if not await suggestions.change(
            tx,
            suggestion_id,
            revision=revision,
            history=[*row.history, earlier],
            edited_at=now,
            **values,
        ):
            raise Conflict("suggestion-changed", current=row.revision)
        event = await tell(tx, case, SuggestionChanged(row.id, row.section), now)
        row = await suggestion_of(tx, case, suggestion_id)
    await services.announcer.announce([event])
    return row


async def withdraw_suggestion(
    services: Services, actor: Actor, ref: str, suggestion_id: UUID
) -> Suggestion:
    """Take one's own open suggestion back."""
    await services.limiter.hit(limits.SUGGEST_PER_PERSON, "suggest", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.SUGGEST)
        row = await own_suggestion(tx, case, suggestion_id)
        await suggestions.settle(
            tx, row.id, state=SuggestionState.WITHDRAWN, by=case.person_id, now=now
        )
        event = await tell(tx, case, SuggestionWithdrawn(row.id, row.section), now)
        row = await suggestion_of(tx, case, suggestion_id)
    await services.announcer.announce([event])
    return row


def passage_of(row: Suggestion) -> Passage:
    """The passage that a suggestion is about."""
    return Passage(**row.passage)


def least(wanted: Wanted) -> Wanted:
    """What of the wanted differs from the text, as it is stored; raises Invalid."""
    words, reason = check_words(wanted.words, wanted.section), check_reason(wanted.reason)
    passage = wanted.passage.checked()
    kind_of(passage.quote, words)
    piece = smallest(passage.quote, words)
    if piece is None:
        raise Invalid(fields={"text": "unchanged"})
    passage = narrowed(passage, piece.start, piece.end)
    return replace(wanted, passage=passage, words=piece.added, reason=reason)


async def require_standing(services: Services, actor: Actor, ref: str, wanted: Wanted) -> None:
    """Raise what ``suggest`` would, as far as that can be told without suggesting it."""
    wanted = least(wanted)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.SUGGEST)
        await _require_room(tx, case)
    text, _ = await _current(services, case)
    _require_standing(case, text, wanted)


async def _current(services: Services, case: Case) -> tuple[DossierText, TextVersion]:
    try:
        return await services.hub.text(case.idea.document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error


def _require_standing(case: Case, text: DossierText, wanted: Wanted) -> None:
    _check_section(case, wanted.section)
    texts = section_texts(text, wanted.section)
    if find(in_one_line(joined(texts).text), wanted.passage) is None:
        present = nearest(texts, wanted.passage.around)
        raise Conflict("passage-changed", present=present)


def _changed(
    text: DossierText, section: str, number: int, before: str, after: str
) -> tuple[Passage, str]:
    """The passage and the words of the smallest change of a paragraph."""
    texts = section_texts(text, section)
    if not 0 <= number < len(texts) or tidied(texts[number]) != tidied(before):
        raise Conflict("passage-changed", present=nearest(texts, before))
    standing = texts[number]
    offset = joined(texts).starts[number]
    edge = len(standing) - len(standing.lstrip())
    piece = smallest(standing.strip(), check_words(tidied(after), section))
    if piece is None:
        raise Invalid(fields={"text": "unchanged"})
    start, end = offset + edge + piece.start, offset + edge + piece.end
    return passage_at(in_one_line(joined(texts).text), start, end), piece.added


def _check_section(case: Case, section: str) -> None:
    if section not in {TITLE, *case.template.section_ids}:
        raise Invalid(fields={"section": "unknown"})


async def _require_room(tx: Transaction, case: Case) -> None:
    if await mutes.is_muted(tx, case.idea.document_id, case.person_id):
        raise NotAllowed("muted-here")
    if await suggestions.count_open_of(tx, case.idea.id, case.person_id) >= OPEN_PER_PERSON_MAX:
        raise Conflict("own-suggestions-full")
    if await suggestions.count_open(tx, case.idea.id) >= OPEN_PER_IDEA_MAX:
        raise Conflict("suggestions-full")
