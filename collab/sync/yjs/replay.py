"""Builds a Doc from what is stored: whole, or not at all."""

from collections.abc import Sequence

from pycrdt import Doc, XmlFragment

from collab.sync.failures import PoisonedDocument, UnreadableDocument, is_pycrdt_failure
from collab.sync.refusals import FrameRefused
from collab.sync.schema import SERVER_CLIENT
from collab.sync.yjs.expected import Expected
from collab.sync.yjs.update import parse_state_vector


def replayed(updates: Sequence[bytes]) -> Doc[XmlFragment]:
    """Apply a snapshot and its tail, or a whole log, in order.

    All at once, which is faster, and else row by row: what somebody wrote into something that had
    been deleted and collected by then cannot be applied before that is collected here too, and
    pycrdt collects when a transaction ends.

    Raises:
        UnreadableDocument: nothing is there, something does not parse, or some of it would stay
            pending because a part is missing; ``PoisonedDocument`` if pycrdt fails.
    """
    try:
        return _replayed([updates])
    except PoisonedDocument:
        if len(updates) < 2:
            raise
    return _replayed([[update] for update in updates])


def _replayed(transactions: Sequence[Sequence[bytes]]) -> Doc[XmlFragment]:
    doc: Doc[XmlFragment] = Doc(client_id=SERVER_CLIENT)
    expected = Expected()
    try:
        for updates in transactions:
            with doc.transaction():
                for update in updates:
                    expected.note(update)
                    doc.apply_update(update)
        reached = parse_state_vector(doc.get_state())
    except FrameRefused as refusal:
        raise UnreadableDocument(str(refusal)) from refusal
    except BaseException as error:
        if not is_pycrdt_failure(error):
            raise
        raise PoisonedDocument(f"pycrdt: {error}") from error
    if not expected.clocks:
        raise UnreadableDocument("no text at all, not even the seed")
    if not expected.is_reached(reached):
        raise UnreadableDocument("a part of the log is missing")
    return doc
