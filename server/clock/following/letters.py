"""What a mail says, written when it leaves: in its reader's language, with his rights of now.

A mail carries who did what and where to read it, and nothing of what others wrote: that is read on
its page, where it can be hidden, changed and erased.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from babel.support import NullTranslations

from collab.process.actors import Actor
from collab.process.following.mailing import ENTRIES_MAX, Choice, Followed, Kind, one_line
from server.actions.following.choosing import unsubscribe_link
from server.language import DEFAULT, N_, language_of
from server.mail import message_id
from server.services import Services
from server.views.following.inbox import Line, line_of, names_of
from server.views.following.news import Entry, Period, digest
from server.views.following.readable import cases_of, may_be_told, reader_of
from server.views.following.words import headings
from storage import people
from storage.database import Transaction
from storage.following import mailing, notices
from storage.following.mailing import Mailing
from storage.following.notices import Told
from storage.tables.ideas import Idea
from storage.tables.people import Person

INSTANT: Final = "instant"

GREETING: Final = N_("Guten Tag %(name)s,")
ADDRESSED: Final = N_("An Sie gerichtet:")
FOLLOWED: Final = N_("Neu bei Ideen, denen Sie folgen:")
ARENA: Final = N_("Arena der Ideen")
MORE: Final = N_("Mehr davon: %(link)s")
CHOOSE: Final = N_("Wann die Arena Ihnen schreibt, stellen Sie hier ein: %(link)s")
STOP: Final = N_("Solche Mails nicht mehr (ein Klick, ohne Anmeldung): %(link)s")
STOP_ALL: Final = N_("Gar keine Mails über Neuigkeiten mehr: %(link)s")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it leaves."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Desk:
    """To whom is written, by which choice, and in which words."""

    services: Services
    person: Person
    actor: Actor
    wanted: Choice
    words: NullTranslations

    @property
    def origin(self) -> str:
        return self.services.settings.address


async def written(services: Services, tx: Transaction, mail: Mailing) -> Letter | None:
    """The mail; None if nothing is left that this person wants and may be told of."""
    person = await people.get(tx, mail.person_id)
    actor = await reader_of(tx, person) if person is not None else None
    if person is None or actor is None or person.email is None:
        return None
    wanted = await mailing.choice(tx, person.id)
    words = services.pages.catalogues[language_of(person.language) or DEFAULT]
    desk = _Desk(services, person, actor, wanted, words)
    if mail.kind == INSTANT:
        return await _instant(desk, tx, mail)
    return await _digest(desk, tx, mail)


async def _instant(desk: _Desk, tx: Transaction, mail: Mailing) -> Letter | None:
    """What is addressed to him about one idea; what he has seen meanwhile is left out."""
    found = await notices.mailed(tx, desk.person.id, mail.made_at, mail.idea_id, of_idea=True)
    lines, ideas = await _lines(desk, tx, found)
    if not lines:
        return None
    idea = ideas.get(lines[0].event_id)
    title = one_line(idea.title) if idea else desk.words.gettext(ARENA)
    several = desk.words.ngettext(
        "%(num)s Nachricht für Sie", "%(num)s Nachrichten für Sie", len(lines)
    )
    said = one_line(lines[0].text) if len(lines) == 1 else several % {"num": len(lines)}
    body = [f"{title} ({idea.ref})" if idea else title, "", *_bullets(desk, lines)]
    headers = _threaded(desk, idea)
    return _letter(desk, mail, f"{title}: {said}", body, Kind.ADDRESSED, headers)


async def _digest(desk: _Desk, tx: Transaction, mail: Mailing) -> Letter | None:
    """What is addressed to him and not seen, then what is new where he follows."""
    told = await notices.mailed(tx, desk.person.id, mail.made_at, None, of_idea=False)
    lines, _ = await _lines(desk, tx, told)
    found: list[Entry] = []
    has_more = False
    if desk.wanted.followed is not Followed.NEVER:
        period = Period(mail.after_event, mail.to_event, mail.since)
        found, has_more = await digest(tx, desk.actor, period, ENTRIES_MAX)
    if not lines and not found:
        return None
    body = [desk.words.gettext(ADDRESSED), "", *_bullets(desk, lines), ""] if lines else []
    if found:
        body += [desk.words.gettext(FOLLOWED), ""]
        body += [part for each in found for part in _entry(desk, each)]
    if has_more:
        body.append(desk.words.gettext(MORE) % {"link": f"{desk.origin}/catch-up"})
    count = len(found) + len(lines)
    several = desk.words.ngettext("%(num)s Neuigkeit", "%(num)s Neuigkeiten", count)
    subject = f"{desk.words.gettext(ARENA)}: {several % {'num': count}}"
    kind = Kind.FOLLOWED if found else Kind.ADDRESSED
    return _letter(desk, mail, subject, body, kind, {})


async def _lines(
    desk: _Desk, tx: Transaction, found: Sequence[Told]
) -> tuple[list[Line], dict[int, Idea]]:
    """The unseen notices that he may be told of, in words, the newest first, and their ideas."""
    cases = await cases_of(tx, desk.actor, {each.event.idea_id for each in found})
    left = [
        each for each in found if each.notice.seen_at is None and may_be_told(each.event, cases)
    ]
    names = await names_of(tx, left)
    ideas = {each.event.id: cases[each.event.idea_id].idea for each in left if each.event.idea_id}
    return [line_of(each, names, desk.words) for each in left], ideas


def _bullets(desk: _Desk, lines: Sequence[Line]) -> list[str]:
    shown = lines[:ENTRIES_MAX]
    said = [part for each in shown for part in (f"– {one_line(each.text)}", _link(desk, each.path))]
    if len(lines) > len(shown):
        count = len(lines) - len(shown)
        more = desk.words.ngettext("und %(num)s weitere", "und %(num)s weitere", count)
        said += [more % {"num": count}, _link(desk, "/inbox")]
    return said


def _entry(desk: _Desk, entry: Entry) -> list[str]:
    said = headings(entry.counts, desk.words, text_changed=entry.text_changed)
    title = one_line(entry.idea.title)
    path = f"/ideas/{entry.idea.ref}/since"
    return [f"– {title} ({entry.idea.ref}): {', '.join(said)}", _link(desk, path)]


def _link(desk: _Desk, path: str) -> str:
    return f"  {desk.origin}{path}"


def _threaded(desk: _Desk, idea: Idea | None) -> dict[str, str]:
    """Mails about one idea belong together."""
    if idea is None:
        return {}
    root = message_id(f"idea-{idea.ref}", desk.origin)
    return {"In-Reply-To": root, "References": root}


def _letter(
    desk: _Desk,
    mail: Mailing,
    subject: str,
    body: Sequence[str],
    kind: Kind,
    headers: Mapping[str, str],
) -> Letter:
    settings, person = desk.services.settings, desk.person
    stop, stop_all = (unsubscribe_link(settings, person.id, each) for each in (kind, Kind.ALL))
    foot = ((CHOOSE, f"{desk.origin}/account/mails"), (STOP, stop), (STOP_ALL, stop_all))
    lines = [
        desk.words.gettext(GREETING) % {"name": one_line(person.name)},
        "",
        *body,
        "",
        "-- ",
        *(desk.words.gettext(text) % {"link": link} for text, link in foot),
    ]
    assert person.email is not None, "he is written to"
    return Letter(
        person.email,
        one_line(subject),
        "\n".join(lines) + "\n",
        {
            # The same at every attempt, so that a mail that came twice is known to be one.
            "Message-ID": message_id(f"{mail.kind}-{mail.id.hex}", desk.origin),
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **headers,
        },
    )
