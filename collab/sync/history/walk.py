"""Walking through the log of a document: the text as it read at one moment after the other."""

from collections.abc import Iterable, Sequence

from pycrdt import Doc, XmlFragment

from collab.sync.document import DEFAULT_LIMITS, Document
from collab.sync.schema import SERVER_CLIENT, DocumentSchema
from collab.sync.text import DossierText, render


class Walk:
    """A scratch copy that is behind the document; ``seq`` is the last row it has taken."""

    def __init__(
        self, schema: DocumentSchema, sections: Sequence[str], state: bytes | None, seq: int
    ) -> None:
        self.seq = seq
        self._schema = schema
        self._sections = tuple(sections)
        self._doc: Doc[XmlFragment] = Doc(client_id=SERVER_CLIENT)
        if state is not None:
            self._doc.apply_update(state)

    def take(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Go on by these rows ``(seq, update)`` of the log, in order."""
        with self._doc.transaction():
            for seq, update in rows:
                self._doc.apply_update(update)
                self.seq = seq

    def text(self) -> DossierText:
        """The text as it read here."""
        return render(Document(self._schema, self._doc, 0, DEFAULT_LIMITS), self._sections)
