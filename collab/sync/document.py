"""One live document: a pycrdt ``Doc`` and the guard in front of it.

Nothing else in Arena applies updates to a Doc. A document is made once, by :meth:`Document.seeded`
inside the act that creates it, and from then on only loaded from what storage has kept. It is not
thread-safe and never waits; one task owns it.
"""

from collections import ChainMap
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Self, TypeVar

from pycrdt import Doc, XmlElement, XmlFragment, XmlText, merge_updates

from collab.sync.failures import (
    DocumentBroken,
    PoisonedDocument,
    UnreadableDocument,
    is_pycrdt_failure,
)
from collab.sync.growth import Growth
from collab.sync.guard import NOTHING_NEW, Admission, Guard, Owners
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.schema import NOTE, SERVER_CLIENT, DocumentSchema
from collab.sync.watch import UNWATCHED, Watch
from collab.sync.yjs.barred import NOTHING_BARRED
from collab.sync.yjs.expected import Expected
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.ranges import IdRanges
from collab.sync.yjs.replay import replayed
from collab.sync.yjs.update import parse_state_vector, parse_update

__all__ = ["Admission", "Document", "DocumentBroken", "PoisonedDocument", "UnreadableDocument"]

DEFAULT_LIMITS = Limits()

MERGE_MAX = 200
"""``merge_updates`` is quadratic; more updates than this are merged in groups."""

T = TypeVar("T")


class Document:
    """The text of one idea, note or board, held in memory.

    Every method that touches pycrdt may raise :class:`DocumentBroken`. ``watch`` is told before
    an update of a turn is applied; what is ``barred`` is refused.
    """

    __slots__ = (
        "_doc", "_growth", "_guard", "_is_broken", "barred", "limits", "schema", "watch",
    )  # fmt: skip

    def __init__(
        self, schema: DocumentSchema, doc: Doc[XmlFragment], bytes_known: int, limits: Limits
    ) -> None:
        self.schema = schema
        self.limits = limits
        self.watch: Watch = UNWATCHED
        self.barred = NOTHING_BARRED
        self._doc = doc
        self._guard: Guard | None = None
        self._growth = Growth(limits.document_bytes_max, bytes_known)
        self._is_broken = False

    @classmethod
    def seeded(
        cls,
        schema: DocumentSchema,
        paragraphs: Mapping[str, Sequence[str]] | None = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
    ) -> tuple[Self, bytes]:
        """Make a new document and the update that is its first log entry.

        ``paragraphs`` gives the plain paragraphs of roots by their name; every other root gets
        one empty paragraph, so that an editor finds a valid text; a board gets a note that is
        gone again, so that it has a first entry and nothing on it. The same arguments always
        give the same bytes, all written under client id 1.
        """
        given = paragraphs or {}
        assert set(given) <= set(schema.roots), "paragraphs for a root that is not there"
        doc: Doc[XmlFragment] = Doc(client_id=SERVER_CLIENT)
        with doc.transaction():
            for name in schema.roots:
                root = doc.get(name, type=XmlFragment)
                if NOTE in schema.rules[name].children:
                    root.children.append(XmlElement(NOTE))
                    del root.children[0]
                    continue
                for text in given.get(name) or ("",):
                    root.children.append(
                        XmlElement("paragraph", contents=[XmlText(text)] if text else [])
                    )
        seed = doc.get_update()
        return cls.load(schema, [seed], limits=limits), seed

    @classmethod
    def load(
        cls,
        schema: DocumentSchema,
        updates: Iterable[bytes],
        *,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Self:
        """Rebuild a document from its snapshot and tail, or its whole log, in order.

        The index of the guard is built when the first update is judged, not here.

        Raises:
            UnreadableDocument: nothing is there, something does not parse, or some of it would
                stay pending because a part is missing.
        """
        log = list(updates)
        return cls(schema, replayed(log), sum(map(len, log)), limits)

    def copy(self) -> Self:
        """The same text as a document of its own, with the same limits and the same watch."""
        made = type(self).load(self.schema, [self.state()], limits=self.limits)
        made.watch, made.barred = self.watch, self.barred
        return made

    @property
    def is_broken(self) -> bool:
        """Nothing can be had of it any more; it must be loaded again."""
        return self._is_broken

    @property
    def doc(self) -> Doc[XmlFragment]:
        """The Doc, to be read only."""
        return self._doc

    def admit(self, update: bytes, *, actor: Hashable, owners: Owners) -> Admission:
        """Judge one update without applying it: what would it add?

        Raises:
            FrameRefused: it would be refused.
        """
        return self._judge(update, actor, owners, keep=False)

    def admit_and_apply(
        self, batch: Sequence[tuple[bytes, Hashable]], owners: Owners
    ) -> list[Admission | FrameRefused]:
        """Judge and apply a turn's updates ``(update, actor)`` in order, in one transaction.

        ``owners`` tells to which actor each client id belongs. An id without an owner that is
        new here becomes the actor's for the rest of the turn and is reported in
        ``Admission.new_clients``; the caller claims it durably and adds it to ``owners``.
        Returns one verdict per update: a refused one leaves no trace and does not concern the
        others; one without news was not applied, because there was nothing to apply.
        """
        verdicts: list[Admission | FrameRefused] = []
        claims: dict[int, Hashable] = {}
        known: Owners = owners
        self._refuse_if_broken()
        try:
            with self._doc.transaction():
                for update, actor in batch:
                    self.watch.applying(update, actor)
                    try:
                        admission = self._judge(update, actor, known, keep=True)
                    except FrameRefused as refusal:
                        verdicts.append(refusal)
                        continue
                    if admission.news:
                        self._doc.apply_update(update)
                        self._growth.add(len(update), admission.deleted)
                    if admission.new_clients:
                        claims.update(dict.fromkeys(admission.new_clients, actor))
                        known = ChainMap(claims, dict(owners))
                    verdicts.append(admission)
            self.watch.applied()
        except BaseException as error:
            raise self._broken(error, len(verdicts)) from error
        return verdicts

    def apply(self, updates: Sequence[bytes]) -> None:
        """Apply updates that are committed already, such as another process's, in log order.

        Raises:
            DocumentBroken: one does not fit behind what is known; load the document again.
        """
        self._refuse_if_broken()
        done, expected = 0, Expected()
        try:
            with self._doc.transaction():
                for update in updates:
                    if self._guard is None:
                        expected.note(update)
                    else:
                        self._guard.follow(parse_update(update))
                    self._doc.apply_update(update)
                    self._growth.add(len(update))
                    done += 1
            if not expected.is_reached(parse_state_vector(self._doc.get_state())):
                raise FrameRefused(RefusalReason.GAP)
        except BaseException as error:
            raise self._broken(error, done) from error

    def state_vector(self) -> bytes:
        """What is known here, as a Yjs state vector."""
        return self._read(self._doc.get_state)

    def diff(self, state_vector: bytes) -> bytes:
        """What a holder of ``state_vector`` lacks, as a v1 update with all deletes.

        Raises:
            FrameRefused: (malformed, clock-too-big) it is no state vector.
        """
        clocks = parse_state_vector(state_vector)
        known = parse_state_vector(self.state_vector())
        inside = [
            (client, clock) for client, clock in clocks.items() if 0 < clock < known.get(client, 0)
        ]
        if any(self._guarded().splits_character(client, clock) for client, clock in inside):
            raise FrameRefused(RefusalReason.SPLIT_CHARACTER, "state vector inside a character")
        return self._read(self._doc.get_update, state_vector)

    def state(self) -> bytes:
        """The whole document as one v1 update: a snapshot."""
        return self._read(self._doc.get_update)

    def holds(self, admission: Admission) -> bool:
        """Whether what seemed to be news is here already.

        What somebody puts into a paragraph that another deletes is deleted with it, though no
        update says so; whoever has seen both sends that delete as well.
        """
        if admission.inserted:
            return False
        gone = IdRanges()
        for deleted in parse_update(self.diff(self.state_vector())).deletes:
            gone.add(*deleted)
        return all(gone.covers(*each) for each in admission.deleted)

    def merge(self, updates: Sequence[bytes]) -> bytes:
        """One update with the content of several, which repeat nothing of each other.

        That is so for what updates have brought (``Admission.brought``) and for rows of the log.
        """
        merged = list(updates)
        while len(merged) > 1:
            groups = [merged[at : at + MERGE_MAX] for at in range(0, len(merged), MERGE_MAX)]
            merged = [self._read(merge_updates, *group) for group in groups]
        return merged[0] if merged else b"\x00\x00"

    def _judge(self, data: bytes, actor: Hashable, owners: Owners, *, keep: bool) -> Admission:
        if len(data) > self.limits.update_bytes_max:
            raise FrameRefused(RefusalReason.TOO_BIG, f"{len(data)} bytes")
        update = parse_update(data, structs_max=self.limits.known_structs_max)
        if not update.blocks and not update.deletes:
            return NOTHING_NEW
        if self.barred and self.barred.holds(data, update):
            raise FrameRefused(RefusalReason.QUARANTINED, "an update like this killed a server")
        guard = self._guard or self._guarded()
        if self._growth.is_exceeded_by(len(data), self._size) and guard.inserts(update):
            raise FrameRefused(RefusalReason.QUOTA, f"{self._growth.estimate} bytes")
        return guard.admit(update, actor=actor, owners=owners, keep=keep)

    def fullness(self) -> float:
        """How much of the greatest size is used, from 0 to 1."""
        return self._growth.fraction(self._size)

    def _size(self) -> int:
        return len(self.state())

    def _guarded(self) -> Guard:
        """The guard, which reads the whole state when it is first needed."""
        if self._guard is None:
            guard = Guard(self.schema, self.limits)
            try:
                guard.follow(parse_update(self.state()))
            except FrameRefused as refusal:
                self._is_broken = True
                raise DocumentBroken(f"state cannot be read: {refusal}") from refusal
            self._guard = guard
        return self._guard

    def _read(self, act: Callable[..., T], *arguments: bytes) -> T:
        self._refuse_if_broken()
        try:
            return act(*arguments)
        except BaseException as error:
            raise self._broken(error, None) from error

    def _refuse_if_broken(self) -> None:
        if self._is_broken:
            raise DocumentBroken("already broken")

    def _broken(self, error: BaseException, position: int | None) -> BaseException:
        """What to raise for ``error``; what is not about the document passes as it is."""
        self._is_broken = True
        if isinstance(error, FrameRefused) or is_pycrdt_failure(error):
            return DocumentBroken(f"{type(error).__name__}: {error}", position)
        return error
