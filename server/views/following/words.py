"""How notices and news are put into words, the same on pages and in mails."""

from collections.abc import Mapping
from typing import Final

from babel.support import NullTranslations

from collab.process.following.heard import Heard
from collab.process.following.notices import NoticeReason
from server.language import N_
from server.views.abuse.places import page_of

REASONS: Final[Mapping[NoticeReason, str]] = {
    NoticeReason.MENTIONED: N_("%(actor)s hat Sie in einem Kommentar erwähnt."),
    NoticeReason.REPLIED: N_("%(actor)s hat in einem Gespräch geantwortet, an dem Sie teilnehmen."),
    NoticeReason.ASSIGNED: N_("%(actor)s hat Ihnen eine Aufgabe übertragen."),
    NoticeReason.INVITED: N_("%(actor)s bittet Sie um Ihre Expertise."),
    NoticeReason.SUGGESTION: N_(
        "%(actor)s hat über einen Änderungsvorschlag von Ihnen entschieden."
    ),
    NoticeReason.JUDGED_TEXT_CHANGED: N_(
        "Was Sie eingeschätzt haben, liest sich jetzt anders. Bitte sehen Sie Ihre Einschätzung "
        "noch einmal an."
    ),
    NoticeReason.CONDITION: N_("%(actor)s hat eine Bedingung bearbeitet, die Sie gestellt haben."),
    NoticeReason.HIDDEN: N_(
        "Etwas, das Sie geschrieben haben, wurde ausgeblendet oder wird wieder gezeigt."
    ),
    NoticeReason.REPORT: N_("Über etwas, das Sie gemeldet haben, wurde entschieden."),
    NoticeReason.APPEAL: N_("Über Ihren Widerspruch wurde entschieden."),
    NoticeReason.STALLED: N_(
        "Hier geschieht seit Längerem nichts mehr. Was fehlt, damit es weitergeht?"
    ),
    NoticeReason.LEAD_GIVEN_BACK: N_(
        "Die Federführung wurde abgegeben: Die Idee sucht, wer sie trägt."
    ),
    NoticeReason.MERGE_ASKED: N_(
        "%(actor)s schlägt vor, zwei Ideen zusammenzuführen. Sie sind um Ihre Antwort gebeten."
    ),
    NoticeReason.MERGE_ANSWERED: N_(
        "%(actor)s hat auf Ihren Vorschlag geantwortet, zwei Ideen zusammenzuführen."
    ),
    NoticeReason.MERGED: N_(
        "Eine Idee, an der Sie beteiligt sind oder der Sie folgen, ist in dieser aufgegangen."
    ),
    NoticeReason.JUDGEMENT_MOVED: N_(
        "Eine Idee, die Sie eingeschätzt haben, ist in dieser aufgegangen. Behalten, ändern oder "
        "nehmen Sie Ihre Einschätzung zurück?"
    ),
    NoticeReason.SEARCH_ALERT: N_("Neu und passend zu einer Suche, die Sie sich gemerkt haben."),
}
"""One sentence for each reason; nothing of what others wrote, which is read where it stands."""

SOMEBODY: Final = N_("Jemand")

PLACES: Final[Mapping[NoticeReason, str]] = {
    NoticeReason.MENTIONED: "comments",
    NoticeReason.REPLIED: "comments",
    NoticeReason.HIDDEN: "comments",
    NoticeReason.JUDGED_TEXT_CHANGED: "judgements",
    NoticeReason.CONDITION: "judgements",
    NoticeReason.INVITED: "judgements",
    NoticeReason.JUDGEMENT_MOVED: "judgements",
    NoticeReason.MERGED: "lineage",
    NoticeReason.STALLED: "next",
    NoticeReason.LEAD_GIVEN_BACK: "responsibility",
}
"""Where on the idea's page it is; else at its top."""

MERGE_PAGES: Final = frozenset({NoticeReason.MERGE_ASKED, NoticeReason.MERGE_ANSWERED})
"""What is read beside both texts."""


def sentence(reason: str, actor: str | None, catalogue: NullTranslations) -> str:
    """What the notice says; a reason of a newer program is told without its why."""
    known = reason in set(NoticeReason)
    text = REASONS[NoticeReason(reason)] if known else N_("Hier ist etwas für Sie.")
    said: str = catalogue.gettext(text)
    return said % {"actor": actor or catalogue.gettext(SOMEBODY)}


def path_of(ref: str | None, reason: str, payload: Mapping[str, object]) -> str:
    """Where it is to be read."""
    if ref is None:
        return "/inbox"
    if reason in MERGE_PAGES:
        return f"/ideas/{ref}/merge"
    comment = payload.get("comment_id")
    if isinstance(comment, str):
        return f"/ideas/{ref}#comment-{comment}"
    target, target_id = payload.get("target"), payload.get("target_id")
    if isinstance(target, str) and isinstance(target_id, str):
        return f"{page_of(ref, target, target_id)}/hidden"
    place = PLACES.get(NoticeReason(reason)) if reason in set(NoticeReason) else None
    return f"/ideas/{ref}#{place}" if place else f"/ideas/{ref}"


def headings(
    counts: Mapping[Heard, int], catalogue: NullTranslations, *, text_changed: bool
) -> list[str]:
    """What happened, in a few words each: text first, then acts, judgements, talk."""
    said = [catalogue.gettext("Text geändert")] if text_changed else []
    return said + [_heading(each, counts[each], catalogue) for each in Heard if counts.get(each)]


def _heading(heard: Heard, count: int, catalogue: NullTranslations) -> str:
    match heard:
        case Heard.COMMENT:
            said = catalogue.ngettext("%(num)s Kommentar", "%(num)s Kommentare", count)
        case Heard.JUDGEMENT:
            said = catalogue.ngettext("%(num)s Einschätzung", "%(num)s Einschätzungen", count)
        case Heard.SUGGESTION:
            said = catalogue.ngettext(
                "%(num)s Änderungsvorschlag", "%(num)s Änderungsvorschläge", count
            )
        case Heard.ACT:
            said = catalogue.ngettext("%(num)s Schritt", "%(num)s Schritte", count)
    text: str = said % {"num": count}
    return text
