"""Compares what two indexes say about one text, as far as it is there to be read."""

from __future__ import annotations

from collab.sync.yjs.content import TYPE
from collab.sync.yjs.index import Index, Place

Ranges = list[tuple[int, int, int]]
Reading = tuple[dict[int, int], Ranges, dict[str, Ranges]]


def whole(index: Index) -> object:
    """All that an index holds, to see whether a refusal has changed anything."""
    return (
        reading(index),
        {
            client: (clocks.clock, list(clocks.starts), list(clocks.types), len(clocks.halves))
            for client, clocks in index.clients.items()
        },
    )


def reading(index: Index) -> Reading:
    """Clocks, deletes, and every place that can be reached, in the order of the text."""
    found: dict[str, Ranges] = {}
    waiting = [(name, place) for name, place in index.roots.items() if place.first]
    while waiting:
        name, place = waiting.pop()
        found[name] = sequence(place)
        for key, values in (place.attributes or {}).items():
            if values.first:
                found[f"{name}@{key}"] = sequence(values)
        run = place.first
        while run is not None:
            inside = index.clients[run.client].types.get(run.clock) if run.kind == TYPE else None
            if inside and not index.deletes.covers(run.client, run.clock, run.clock + 1):
                waiting.append((f"{name}/{run.client}:{run.clock}", inside))
            run = run.next
    clocks = {client: known.clock for client, known in index.clients.items()}
    return clocks, sorted(index.deletes), found


def sequence(place: Place) -> Ranges:
    """The clocks of a place in its order, neighbours put together."""
    found: Ranges = []
    run = place.first
    while run is not None:
        if found and found[-1][0] == run.client and found[-1][2] == run.clock:
            found[-1] = (run.client, found[-1][1], run.end)
        else:
            found.append((run.client, run.clock, run.end))
        run = run.next
    return found
