"""What one reader is shown of the talk about an idea: the newest, an earlier page, one thread."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from collab.errors import NotFound
from collab.process.dossier import TITLE
from collab.process.talk.comments import check_kind
from server.actions.cases import Case
from server.actions.facts.case import team_ids
from server.faces import Face, faces
from server.views.talk.threads import Origins, Said, Talk, Thread, said, talk
from storage import ideas
from storage.database import Transaction
from storage.suggestions import suggestions
from storage.talk import comments, threads
from storage.talk.beside import Beside, beside
from storage.talk.comments import Comment
from storage.talk.threads import ALL, Span, Wanted

THREADS_SHOWN: Final = 30
REPLIES_SHOWN: Final = 5
TAIL_MAX: Final = 100
"""A page that stays open takes new threads in; past so many the oldest go."""
REPLIES_PER_PAGE: Final = 200
ADDRESSABLE_MAX: Final = 12
PAGE_DIGITS_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class WholeThread:
    """One thread with a page of its replies; the pages are counted from 1."""

    thread: Thread
    page: int
    pages: int


async def tail(tx: Transaction, case: Case, since: str = "", wanted: Wanted = ALL) -> Talk:
    """The newest threads; with ``since`` all that a page shows already from one thread on.

    A thread that is not here any more, for a merge took it along or back, names no beginning.
    """
    try:
        at = Span(since=await cursor(tx, case, since)) if since else Span()
    except NotFound:
        at = Span()
    most = TAIL_MAX if at.since else THREADS_SHOWN
    return await _talk(tx, case, at, wanted, most)


async def earlier_page(tx: Transaction, case: Case, query: Mapping[str, str]) -> Talk:
    """A page of the talk: before, after or from a thread on, of one kind, only what is open, …

    Raises:
        NotFound: (comment-not-found) there is no such thread to go on from.
        Invalid: there is no such kind or section.
    """
    before, after = query.get("before", ""), query.get("after", "")
    at = Span()
    if before:
        at = Span(before=await cursor(tx, case, before))
    elif after:
        at = Span(after=await cursor(tx, case, after))
    elif since := query.get("from", ""):
        return await tail(tx, case, since, wanted_in(case, query))
    return await _talk(tx, case, at, wanted_in(case, query), THREADS_SHOWN)


async def whole_thread(tx: Transaction, case: Case, root: str, page: str = "") -> WholeThread:
    """One thread with a page of its replies, the first one if none is named."""
    row = await cursor(tx, case, root)
    is_number = page.isascii() and page.isdecimal() and len(page) <= PAGE_DIGITS_MAX
    count = await threads.count_replies(tx, row.id)
    pages = max(1, -(-count // REPLIES_PER_PAGE))
    number = min(max(int(page), 1), pages) if is_number else 1
    begin = (number - 1) * REPLIES_PER_PAGE
    replies = await threads.replies_of(tx, row.id, limit=REPLIES_PER_PAGE, offset=begin)
    if row.deleted_at is not None and not count:
        raise NotFound("comment-not-found")
    shown = await said_of(tx, case, [row, *replies])
    return WholeThread(Thread(shown[0], tuple(shown[1:])), number, pages)


async def address_of(tx: Transaction, case: Case, comment: Comment) -> str:
    """Where the comment stands now: on the idea's page, or in its thread."""
    root = comment.reply_to or comment.id
    newer, earlier = await threads.place_of(tx, comment)
    here = f"/ideas/{case.idea.ref}"
    if newer < THREADS_SHOWN:
        last = await threads.count_replies(tx, root) - earlier <= REPLIES_SHOWN
        if comment.reply_to is None or last:
            return f"{here}#comment-{comment.id}"
    page = earlier // REPLIES_PER_PAGE + 1
    return f"{here}/comments?thread={root}&page={page}#comment-{comment.id}"


async def said_of(tx: Transaction, case: Case, rows: Iterable[Comment]) -> list[Said]:
    """These comments as the case's actor sees them."""
    rows = list(rows)
    known, hanging, origins = await _around(tx, case, rows)
    return [said(case, row, known, hanging, origins) for row in rows]


async def cursor(tx: Transaction, case: Case, text: str) -> Comment:
    """The first comment of a thread that an address names; also a deleted one keeps its place."""
    try:
        row = await comments.get(tx, UUID(text))
    except ValueError:
        row = None
    if row is None or row.idea_id != case.idea.id or row.reply_to is not None:
        raise NotFound("comment-not-found")
    return row


def wanted_in(case: Case, query: Mapping[str, str]) -> Wanted:
    """Which threads an address asks for; raises Invalid for a kind that is unknown."""
    kind, section = query.get("kind", ""), query.get("section", "")
    known = {TITLE, *case.template.section_ids}
    return Wanted(
        kind=check_kind(kind).value if kind else None,
        resolved=False if query.get("open") else None,
        anchored=True if query.get("anchored") else None,
        section=section if section in known else None,
    )


async def _talk(tx: Transaction, case: Case, at: Span, wanted: Wanted, most: int) -> Talk:
    found = await threads.page(
        tx, case.idea.id, threads_max=most, replies_max=REPLIES_SHOWN, at=at, wanted=wanted
    )
    rows = [*found.roots, *(row for each in found.replies.values() for row in each)]
    known, hanging, origins = await _around(tx, case, rows)
    team = await faces(tx, await team_ids(tx, case.idea.id))
    spoke = {row.author_id: known[row.author_id] for row in reversed(rows)}
    return talk(
        case,
        found,
        known,
        hanging,
        origins,
        wanted=wanted,
        addressable=_some(case, {**team, **spoke}),
    )


async def _around(
    tx: Transaction, case: Case, rows: list[Comment]
) -> tuple[dict[UUID, Face], dict[UUID, Beside], Origins]:
    """Who wrote and settled these comments, what hangs on them, and where they were said."""
    hanging = await beside(tx, [row.id for row in rows], case.actor.person_id)
    settlers = {each.by for here in hanging.values() for each in here.settled}
    known = await faces(tx, {row.author_id for row in rows} | settlers)
    return known, hanging, await _origins(tx, rows, hanging)


async def _origins(
    tx: Transaction, rows: Iterable[Comment], hanging: Mapping[UUID, Beside]
) -> Origins:
    """Of what a merge has brought here; without any, nothing is asked."""
    moved = [row for row in rows if row.origin_id is not None]
    if not moved:
        return Origins()
    found = await ideas.of_ids(tx, {row.origin_id for row in moved if row.origin_id})
    suggested = [
        UUID(each.target)
        for row in moved
        for each in hanging[row.id].became
        if each.kind == "suggestion"
    ]
    homes = await suggestions.homes(tx, suggested) if suggested else {}
    return Origins({each.id: each for each in found}, homes)


def _some(case: Case, known: Mapping[UUID, Face]) -> list[Face]:
    others = [face for each, face in known.items() if each != case.actor.person_id]
    return others[:ADDRESSABLE_MAX]
