"""Everything that goes from one idea to the other, and back, with its map.

The caller holds the locks of both documents' heads.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final

from storage.database import Transaction
from storage.merging import parts
from storage.merging.judgements import add_judgements, remove_judgement
from storage.merging.links import add_links, remove_link
from storage.merging.parts import Joined, Kind, Part
from storage.merging.people import add_follows, add_roles, remove_follow, remove_role
from storage.merging.talk import move, move_back

Adds = Callable[[Transaction, Joined, Collection[str] | None], Awaitable[list[Part]]]
Removes = Callable[[Transaction, Joined, Part], Awaitable[bool]]

ADDED: Final[Mapping[Kind, tuple[Adds, Removes]]] = {
    Kind.ROLE: (add_roles, remove_role),
    Kind.FOLLOW: (add_follows, remove_follow),
    Kind.LINK: (add_links, remove_link),
    Kind.JUDGEMENT: (add_judgements, remove_judgement),
}
"""What the target gets besides what the source keeps: how it is added, and taken away again."""


async def join(tx: Transaction, joined: Joined) -> None:
    """Bring everything to the target and write the map."""
    found = await move(tx, joined)
    for adds, _ in ADDED.values():
        found += await adds(tx, joined, None)
    await parts.keep(tx, joined.merge_id, found)


async def separate(tx: Transaction, joined: Joined) -> None:
    """Bring back what came from the source; what has come since stays with the target.

    What another merge would have added as well stays, and is on that one's map from now on.
    """
    found = {kind: await parts.of_kind(tx, joined.merge_id, kind) for kind in Kind}
    await move_back(tx, joined, found)
    others = await parts.other_sources(tx, joined)
    for kind, (adds, removes) in ADDED.items():
        gone = {each.key for each in found[kind] if await removes(tx, joined, each)}
        for other in others if gone else ():
            await parts.keep(tx, other.merge_id, await adds(tx, other, gone))
    await parts.forget(tx, joined.merge_id)
