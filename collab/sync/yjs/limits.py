"""How much one update, and one document, may hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that an honest client does not reach; each is a typed refusal.

    They count what is *new* in an update: clients send again what is known, as much as they like
    within ``update_bytes_max``.
    """

    update_bytes_max: int = 1 << 20
    """One update, before anything of it is read."""

    structs_max: int = 25_000
    """New structs in one update: about 400 kB of the most fragmented writing."""

    known_structs_max: int = 200_000
    """Structs in one update, known ones included; an honest megabyte holds 100,000 at most."""

    run_max: int = 1 << 20
    """Clocks of one new struct. What is stored may be longer: pycrdt joins what is collected."""

    deletes_max: int = 25_000
    """New ranges of deletes in one update."""

    clients_max: int = 1_000
    """Client ids with news in one update: page loads of somebody who was offline."""

    depth_max: int = 64
    """Elements in elements."""

    steps_max: int = 60_000
    """Siblings looked at while the new structs find their places (0.2 µs each in pycrdt)."""

    moves_max: int = 300_000_000
    """Blocks that pycrdt moves aside to split others, or passes by to delete (2 ns each): each
    block of a client behind a cut counts, so cutting a long text into dust gets dear."""

    unchained_max: int = 64
    """First values of one attribute that did not know of each other."""

    document_bytes_max: int = 16 << 20
    """The document's state; beyond it only deletes are taken."""
