"""The harvest of a workshop as files: a paper, two sheets, a date for calendars."""

from urllib.parse import urlsplit

from babel.support import NullTranslations

from collab.errors import NotFound
from collab.process.workshop.harvest import PointKind
from server.exporting.files.meetings import Meeting, calendar
from server.exporting.files.paper import (
    Block,
    Facts,
    Heading,
    Inline,
    Paper,
    Prose,
    Table,
    bullets,
    prose,
    words,
)
from server.exporting.files.sheet import sheet
from server.language import Language
from server.pages.wording import TEXT_LANGUAGE, filters
from server.services import Services
from server.views.files.idea import boxed
from server.views.workshop.harvest.reading import Came, HarvestView, Point


class HarvestFiles:
    """Writes one harvest in the language of its reader, with nothing in it but what he may read."""

    def __init__(self, services: Services, view: HarvestView, language: Language) -> None:
        self._view = view
        self._language = language
        self._catalogue = services.pages.catalogues[language]
        self._filters = filters(language)
        self._address = services.settings.address

    def paper(self) -> Paper:
        """All of it, the ideas first."""
        _, view = self._catalogue.gettext, self._view
        title = _("Ernte: %(title)s") % {"title": view.workshop.title}
        day = self._filters["date"](view.workshop.created_at)
        body: list[Block] = [Facts(((_("Werkstatt vom"), words(day)),))]
        body += self._ideas()
        for kind, heading in headings(self._catalogue).items():
            body += self._points(kind, heading)
        body += self._meeting()
        body += [Heading(2, _("Protokoll"))]
        body.append(
            prose(_("Das Protokoll lässt sich gerade nicht lesen; es ist nicht leer."))
            if view.minutes.is_unreadable
            else Prose(view.minutes.nodes, TEXT_LANGUAGE)
            if not view.minutes.is_empty
            else prose(_("Hier steht noch nichts."))
        )
        return Paper(
            title=title,
            language=self._language,
            at=view.at,
            body=tuple(body),
            foot=f"{title} · {day}",
            boxed=boxed(self._catalogue),
        )

    def points_sheet(self) -> bytes:
        """The points as rows."""
        _, names = self._catalogue.gettext, headings(self._catalogue)
        header = ("Nr.", _("Art"), _("Was"), _("Wer"), _("Bis wann"), _("Idee"), _("erledigt"))
        return sheet(
            header,
            (
                (
                    each.row.number,
                    names[PointKind(each.row.kind)],
                    each.row.text,
                    each.who,
                    each.row.due.isoformat() if each.row.due else "",
                    each.idea.ref if each.idea else "",
                    _("ja") if each.is_done else _("nein"),
                )
                for each in self._view.points
            ),
        )

    def ideas_sheet(self) -> bytes:
        """The ideas as rows."""
        _ = self._catalogue.gettext
        header = (
            _("Kennung der Idee"),
            _("Idee"),
            _("Phase"),
            _("Autor:innen"),
            _("Textstand"),
            _("Adresse"),
        )
        return sheet(
            header,
            (
                (
                    each.idea.ref,
                    each.idea.title,
                    each.stage.label[self._language],
                    ", ".join(one.name for one in each.authors),
                    each.version,
                    self._place(each),
                )
                for each in self._view.ideas
            ),
        )

    def meeting(self) -> bytes:
        """The next date for calendars; raises NotFound (no-meeting) while there is none."""
        said, workshop = self._view.said, self._view.workshop
        if said is None or said.meets_at is None or said.meets_until is None:
            raise NotFound("no-meeting")
        host = urlsplit(self._address).hostname or "arena"
        return calendar(
            [
                Meeting(
                    uid=f"workshop-{workshop.id}@{host}",
                    title=workshop.title,
                    starts_at=said.meets_at,
                    ends_at=said.meets_until,
                    changed_at=said.meeting_changed_at or workshop.created_at,
                    change=said.meeting_change,
                    place=said.meeting_place,
                    url=f"{self._address}/w/{workshop.code}/harvest",
                )
            ]
        )

    def _ideas(self) -> list[Block]:
        _, view = self._catalogue.gettext, self._view
        found: list[Block] = [Heading(2, _("Ideen"))]
        if view.ideas:
            header = (_("Idee"), _("Phase"), _("Autor:innen"), _("Textstand"))
            found.append(Table(header, tuple(map(self._idea_row, view.ideas))))
        else:
            found.append(prose(_("Noch keine.")))
        if view.hidden:
            found.append(prose(self._hidden()))
        return found

    def _hidden(self) -> str:
        count = self._view.hidden
        said = self._catalogue.ngettext(
            "Dazu %(num)s Entwurf, den nur sein Team liest.",
            "Dazu %(num)s Entwürfe, die nur ihre Teams lesen.",
            count,
        )
        return str(said) % {"num": count}

    def _idea_row(self, came: Came) -> tuple[Inline, ...]:
        named = f"{came.idea.title} ({came.idea.ref})"
        return (
            words(named, self._place(came)),
            words(came.stage.label[self._language]),
            words(", ".join(self._named(one.name, one.is_guest) for one in came.authors)),
            words(came.version),
        )

    def _place(self, came: Came) -> str:
        return f"{self._address}/ideas/{came.idea.ref}"

    def _points(self, kind: PointKind, heading: str) -> list[Block]:
        points = self._view.of(kind)
        if not points:
            return []
        if kind is PointKind.TASK:
            return [Heading(2, heading), self._tasks(points)]
        return [Heading(2, heading), bullets([self._line(each) for each in points])]

    def _tasks(self, points: list[Point]) -> Table:
        _ = self._catalogue.gettext
        header = (_("Was"), _("Wer"), _("Bis wann"), _("Idee"))
        rows = [
            (
                words(self._done(each) + each.row.text),
                words(self._named(each.who, each.is_guest)),
                words(self._filters["day"](each.row.due) if each.row.due else ""),
                words(each.idea.ref, f"{self._address}/ideas/{each.idea.ref}") if each.idea else (),
            )
            for each in points
        ]
        return Table(header, tuple(rows))

    def _line(self, point: Point) -> Inline:
        """One point on one line: what, who, at which idea, until when."""
        due = self._filters["day"](point.row.due) if point.row.due else ""
        parts = [part for part in (self._named(point.who, point.is_guest), due) if part]
        said = self._done(point) + point.row.text + (f" ({', '.join(parts)})" if parts else "")
        if point.idea is None:
            return words(said)
        at = f"{self._address}/ideas/{point.idea.ref}"
        return (*words(f"{said} – "), *words(point.idea.ref, at))

    def _named(self, name: str, is_guest: bool) -> str:
        if not is_guest:
            return name
        said: str = self._catalogue.gettext("%(name)s (als Gast festgehalten)")
        return said % {"name": name}

    def _done(self, point: Point) -> str:
        _ = self._catalogue.gettext
        return f"{_('erledigt')}: " if point.is_done else ""

    def _meeting(self) -> list[Block]:
        _, said = self._catalogue.gettext, self._view.said
        if said is None or said.meets_at is None or said.meets_until is None:
            return []
        at = self._filters["date_and_time"](said.meets_at, "full")
        until = self._filters["time"](said.meets_until)
        facts = Facts(
            (
                (_("Wann"), words(f"{at} – {until}")),
                (_("Wo"), words(said.meeting_place)),
            )
        )
        return [Heading(2, _("Nächster Termin")), facts]


def headings(catalogue: NullTranslations) -> dict[PointKind, str]:
    """What the kinds of points are called, in the order in which they are shown."""
    _ = catalogue.gettext
    return {
        PointKind.TASK: str(_("Aufgaben")),
        PointKind.VOLUNTEER: str(_("Wer mitmacht")),
        PointKind.OPEN: str(_("Offene Punkte")),
        PointKind.HINT: str(_("Hinweise für Entscheidungen")),
    }
