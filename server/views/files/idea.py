"""An idea as a paper: what it is, its whole text, and exactly which text this is."""

from datetime import datetime

from babel.support import NullTranslations

from collab.errors import Conflict
from collab.process.actors import Actor
from collab.process.version import TextVersion
from collab.sync.removal.erase import MARK
from collab.sync.text import DossierText
from server.actions.cases import Case, open_case
from server.exporting.files.paper import Block, Facts, Heading, Inline, Paper, Prose, prose, words
from server.language import Language
from server.pages.wording import TEXT_LANGUAGE, filters
from server.services import Services
from server.views.dossier import pinned_dossier, read_text
from server.views.team import team


async def idea_paper(
    services: Services,
    actor: Actor,
    ref: str,
    language: Language,
    place: tuple[int, int] | None = None,
) -> tuple[Paper, TextVersion]:
    """The idea with its current text, or with the version kept at ``place``.

    Comments are not in it, and of suggestions only those that were taken.

    Raises:
        NotFound: there is no such idea or version, or not for this actor.
        Conflict: (unreadable-document) its text cannot be read; it is never given as empty.
    """
    redacted_at = None
    if place is None:
        read = await read_text(services, actor, ref)
        if read.unreadable:
            raise Conflict("unreadable-document")
        text, version = read.text, read.version
        async with services.database.read() as tx:
            case = await open_case(tx, actor, ref)
        at = case.idea.active_at
    else:
        case, dossier, row = await pinned_dossier(services, actor, ref, *place)
        text, version, at, redacted_at = dossier.text, dossier.version, row.at, row.redacted_at
    async with services.database.read() as tx:
        names = [member.face.name for member in (await team(tx, case)).members]
    told = _Told(services, case, language)
    facts = told.facts(names, version, at, redacted_at, is_current=place is None)
    paper = Paper(
        title=text.title or case.idea.title,
        language=language,
        at=at,
        body=(facts, *told.sections(text)),
        authors=tuple(names),
        foot=f"{ref} · {told.version(version)} · {version.sha256[:12]}",
        boxed=boxed(told.catalogue),
    )
    return paper, version


def boxed(catalogue: NullTranslations) -> str:
    """What is said where a file has no sign for what somebody wrote."""
    _ = catalogue.gettext
    return str(_("Ein Kästchen (□) steht für ein Zeichen, das diese Datei nicht darstellen kann."))


class _Told:
    """The words of one idea's paper in the language of its reader."""

    def __init__(self, services: Services, case: Case, language: Language) -> None:
        self.catalogue = services.pages.catalogues[language]
        self._case = case
        self._language = language
        self._address = f"{services.settings.address}/ideas/{case.idea.ref}"

    def version(self, version: TextVersion) -> str:
        """How a reader names a text."""
        _ = self.catalogue.gettext
        return str(_("Textstand %(name)s")) % {"name": f"{version.epoch}.{version.seq}"}

    def facts(
        self,
        names: list[str],
        version: TextVersion,
        at: datetime,
        redacted_at: datetime | None,
        *,
        is_current: bool,
    ) -> Facts:
        """What everybody wants to know first; the stage is that of now, so no old text has one."""
        _, dated = self.catalogue.gettext, filters(self._language)
        case, name = self._case, f"{version.epoch}.{version.seq}"
        stage = case.stage.label[self._language] if is_current else ""
        address = self._address if is_current else f"{self._address}/versions/{name}"
        gone = _("Seitdem wurden Stellen gelöscht; sie sind mit %(mark)s bezeichnet.")
        pairs: tuple[tuple[str, Inline], ...] = (
            (_("Kennung der Idee"), words(case.idea.ref)),
            (_("Art"), words(case.template.label[self._language])),
            (_("Phase"), words(stage)),
            (_("Team"), words(", ".join(names))),
            (_("Text vom"), words(dated["date_and_time"](at))),
            (_("Textstand"), words(name)),
            (_("Prüfsumme des Textes"), words(version.sha256)),
            (_("Gelöscht"), words(gone % {"mark": MARK} if redacted_at else "")),
            (_("Adresse"), words(address, address)),
        )
        return Facts(pairs)

    def sections(self, text: DossierText) -> list[Block]:
        """The sections in the order of the template; an empty one says so."""
        found: list[Block] = []
        for section in self._case.template.sections:
            found.append(Heading(2, section.label[self._language]))
            nodes = tuple(text.sections.get(section.id, ()))
            nothing = prose(self.catalogue.gettext("Hier steht noch nichts."))
            found.append(Prose(nodes, TEXT_LANGUAGE) if nodes else nothing)
        return found
