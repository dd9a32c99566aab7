"""Documents and honest writers for tests: each writer is a pycrdt Doc of its own."""

from collections.abc import Callable, Sequence

from pycrdt import Doc, TransactionEvent, XmlElement, XmlFragment, XmlText

from collab.sync.document import Admission, Document
from collab.sync.refusals import FrameRefused
from collab.sync.schema import DocumentSchema
from collab.sync.yjs.limits import Limits

SCHEMA = DocumentSchema(number=1, roots=("title", "need", "idea"))
SECTIONS = ("need", "idea")

ADA, BEN = 2_000_000_001, 3_000_000_002
"""Client ids of the two usual writers; their actors are called like this."""
OWNERS = {ADA: "ada", BEN: "ben", 1: None}

MALLORY = 666


def seeded(limits: Limits | None = None, *need: str) -> tuple[Document, bytes]:
    """A document with the title "Titel" and the given paragraphs under ``need``."""
    paragraphs = {"title": ["Titel"], "need": need or ("eins", "zwei")}
    return Document.seeded(SCHEMA, paragraphs, limits=limits or Limits())


class Pen:
    """An honest client: writes into its own Doc and keeps what it has to send."""

    def __init__(self, client: int, *updates: bytes) -> None:
        self.client = client
        self.doc: Doc[XmlFragment] = Doc(client_id=client)
        self.read(*updates)
        self.unsent: list[bytes] = []
        self._is_reading = False
        self._subscription = self.doc.observe(self._note)

    def _note(self, event: TransactionEvent) -> None:
        if not self._is_reading:
            self.unsent.append(event.update)

    def read(self, *updates: bytes) -> None:
        """Take in what the server broadcasts."""
        self._is_reading = True
        for each in updates:
            self.doc.apply_update(each)
        self._is_reading = False

    def write(self, act: Callable[["Pen"], object]) -> bytes:
        """Do something and return the updates of it as one."""
        before = len(self.unsent)
        with self.doc.transaction():
            act(self)
        sent = self.unsent[before:]
        assert len(sent) == 1, "nothing was changed"
        return sent[0]

    def root(self, name: str = "need") -> XmlFragment:
        return self.doc.get(name, type=XmlFragment)

    def text(self, paragraph: int = 0, root: str = "need") -> XmlText:
        """The text of a paragraph; a new one if the paragraph is empty."""
        parent = self.root(root).children[paragraph]
        assert isinstance(parent, XmlElement)
        if not len(parent.children):
            return parent.children.append(XmlText())
        found = parent.children[0]
        assert isinstance(found, XmlText)
        return found

    def type(self, content: str, at: int = 0, paragraph: int = 0) -> bytes:
        """Insert characters; ``at`` counts UTF-8 bytes."""
        return self.write(lambda pen: pen.text(paragraph).insert(at, content))

    def erase(self, start: int, end: int, paragraph: int = 0) -> bytes:
        """Delete bytes ``start`` to ``end`` of a paragraph's text."""
        return self.write(lambda pen: pen.text(paragraph).__delitem__(slice(start, end)))


def admit(document: Document, update: bytes, actor: str = "ada") -> Admission | FrameRefused:
    """One update as one turn."""
    return document.admit_and_apply([(update, actor)], OWNERS)[0]


def admitted(document: Document, *updates: bytes, actor: str = "ada") -> Sequence[Admission]:
    """Updates as one turn, all of which must be taken."""
    verdicts = document.admit_and_apply([(each, actor) for each in updates], OWNERS)
    for verdict in verdicts:
        assert isinstance(verdict, Admission), verdict
    return [verdict for verdict in verdicts if isinstance(verdict, Admission)]
