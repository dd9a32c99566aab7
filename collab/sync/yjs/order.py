"""The order in which the structs of an update can be taken in: references first.

An update lists its structs by client; a struct may refer to structs of another client further
down. Like yjs ``integrateStructs`` we follow such references from client to client, each struct
once, so the work is linear; where yjs would wait for a later update, we refuse.
"""

from collections.abc import Callable, Iterator, Sequence

from collab.sync.codec import malformed
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.update import Block, Struct

Lacking = Callable[[Struct], int | None]
"""Which client's clocks a struct still needs; ``None`` if all it refers to is known."""


def dangling(detail: str = "refers to what is not known") -> FrameRefused:
    """The refusal for a reference to what is not known here, or not what it should be."""
    return FrameRefused(RefusalReason.DANGLING, detail)


def in_order(blocks: Sequence[Block], lacking: Lacking) -> Iterator[tuple[int, int, Struct]]:
    """Yield each struct with its client and clock; the caller takes it in before the next.

    Raises:
        FrameRefused: dangling, if something refers to what is neither known nor in here.
    """
    if len(blocks) > 1:
        yield from _across_clients(blocks, lacking)
        return
    client, at, _, structs = blocks[0]
    for struct in structs:
        if lacking(struct) is not None:
            raise dangling()
        yield client, at, struct
        at += struct.length


def _across_clients(blocks: Sequence[Block], lacking: Lacking) -> Iterator[tuple[int, int, Struct]]:
    cursors = {block.client: Cursor(block) for block in blocks}
    if len(cursors) != len(blocks):
        raise malformed("a client occurs twice")
    for first in cursors.values():
        stack = [first]
        waiting = {first.client}
        while stack:
            cursor = stack[-1]
            needed = lacking(cursor.struct) if cursor.left else None
            if needed is not None:
                other = cursors.get(needed)
                if other is None or not other.left or needed in waiting:
                    raise dangling()
                stack.append(other)
                waiting.add(needed)
                continue
            if cursor.left:
                yield cursor.client, cursor.at, cursor.struct
                cursor.step()
            if len(stack) > 1 or not cursor.left:
                # One struct further; then see whether that was what the one below waits for.
                stack.pop()
                waiting.discard(cursor.client)


class Cursor:
    """A position in a block: the next struct and its clock."""

    __slots__ = ("_structs", "at", "client", "left", "struct")

    def __init__(self, block: Block) -> None:
        self.client = block.client
        self.at = block.clock
        self.left = len(block.structs)
        self.struct = block.structs[0]
        self._structs = block.structs

    def step(self) -> None:
        """Go to the next struct."""
        self.at += self.struct.length
        self.left -= 1
        if self.left:
            self.struct = self._structs[-self.left]
