"""Where the passages that people speak about stand in the text now, for pages and the API."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from collab.errors import Invalid
from collab.process.actors import Actor
from collab.process.dossier import TITLE
from collab.process.talk.alignment import Quoted
from collab.process.talk.anchoring import AnchorState, Standing, find, standing
from collab.process.talk.comments import CONTEXT_CHARS_MAX, QUOTE_CHARS_MAX
from collab.process.talk.letters import Letters
from collab.sync.text import DossierText, nodes_to_plain
from server.services import Services
from server.views.dossier import read_text

TEXTS_MAX: Final = 64
"""So many texts whose passages were looked up are kept; the one asked for longest ago goes."""

_kept: OrderedDict[str, dict[tuple[str, ...], Standing]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Orphan:
    """A thread whose passage is gone."""

    id: UUID
    quote: str


@dataclass(frozen=True)
class Passages:
    """The passages of one text; each is looked up once as long as the text stays as it is."""

    text: DossierText
    sha256: str
    _found: dict[tuple[str, ...], Standing] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_found", _kept_for(self.sha256))

    @cached_property
    def sections(self) -> Mapping[str, Letters]:
        """The title and all sections."""
        plain = {name: nodes_to_plain(nodes) for name, nodes in self.text.sections.items()}
        return {name: Letters(words) for name, words in {TITLE: self.text.title, **plain}.items()}

    def of(self, anchor: Mapping[str, Any]) -> Standing:
        """What has become of the passage."""
        key = (anchor["section"], anchor["quote"], anchor["prefix"], anchor["suffix"])
        if key not in self._found:
            self._found[key] = standing(key[0], Quoted(*key[1:]), self.sections)
        return self._found[key]

    def state(self, anchor: Mapping[str, Any] | None) -> AnchorState | None:
        """What has become of the passage, if there was one."""
        return self.of(anchor).state if anchor else None

    def orphans(self, anchored: Iterable[tuple[UUID, str, Mapping[str, Any]]]) -> list[Orphan]:
        """The threads whose passage is gone."""
        return [
            Orphan(each, anchor["quote"])
            for each, _, anchor in anchored
            if self.state(anchor) is AnchorState.GONE
        ]


async def passages_of(services: Services, actor: Actor, ref: str) -> Passages:
    """The passages of an idea's text as it stands.

    Raises:
        NotFound: there is no such idea, or not for him.
    """
    read = await read_text(services, actor, ref)
    return Passages(read.text, read.version.sha256)


async def typed_anchor(
    services: Services, actor: Actor, ref: str, *, section: str, quote: str
) -> dict[str, str] | None:
    """The anchor for words that somebody typed as they stand in the text; None for no words.

    Without a section the first one counts in which they stand.

    Raises:
        NotFound: there is no such idea, or not for him.
        Invalid: the words are too long, or do not stand there.
    """
    words = " ".join(quote.split())
    if not words:
        return None
    if len(words) > QUOTE_CHARS_MAX:
        raise Invalid(fields={"quote": "too-long"})
    found = (await passages_of(services, actor, ref)).sections
    for name, letters in found.items():
        place = find(letters, Quoted(words)) if section in {"", name} else None
        if place is None or not place.is_same:
            continue
        before = letters.text[: place.first].replace("\n", " ")
        after = letters.text[place.last :].replace("\n", " ")
        return {
            "section": name,
            "start": "",
            "end": "",
            "quote": letters.text[place.first : place.last].replace("\n", " "),
            "prefix": before[-CONTEXT_CHARS_MAX:],
            "suffix": after[:CONTEXT_CHARS_MAX],
        }
    raise Invalid(fields={"quote": "not-in-text"})


def _kept_for(sha256: str) -> dict[tuple[str, ...], Standing]:
    found = _kept.setdefault(sha256, {})
    _kept.move_to_end(sha256)
    if len(_kept) > TEXTS_MAX:
        _kept.popitem(last=False)
    return found
