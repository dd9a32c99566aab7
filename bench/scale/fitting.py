"""What one edit costs each part, fitted to the measured loads by least squares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.scale.measuring import Cost

MICRO = 1e6
LOADS_MIN = 8


@dataclass(frozen=True, slots=True)
class Costs:
    """Microseconds of processor, and bytes; ``*_error`` is the worst misfit of a load."""

    node_edit_us: float
    """At the node that takes the edit: receive, judge, apply, acknowledge."""
    node_commit_us: float
    """A transaction; edits that come together share one."""
    node_publication_us: float
    """To tell the other nodes of an edit, whether or not they have the room."""
    node_delivery_us: float
    """To bring it to one person."""
    node_crossing_us: float
    """At each other node that has the room: hear, apply, follow."""
    node_idle: float
    """Share of a processor that a node uses when nobody writes."""
    node_error: float
    database_edit_us: float
    database_commit_us: float
    database_idle: float
    """Share of a processor that the database uses for each node when nobody writes."""
    database_error: float
    commits_per_edit: float
    """Where nodes are busiest, and edits of many documents come together."""
    log_bytes_per_edit: float
    relay_edit_us: float
    relay_crossing_us: float
    relay_error: float
    relay_bytes_per_crossing: float


def fitted(measured: Sequence[Cost]) -> Costs:
    """The costs that explain what was measured best.

    Raises:
        ValueError: there are too few loads, or none on several nodes.
    """
    several = [each for each in measured if each.load.nodes > 1]
    if len(measured) < LOADS_MIN or len(several) < 2:
        raise ValueError(f"{LOADS_MIN} loads are needed at least, two of them on several nodes")
    edits: Terms = [lambda cost: cost.edits]
    crossing: Terms = [lambda cost: cost.edits * cost.load.crosses]
    deliveries: Terms = [lambda cost: cost.deliveries]
    idle: Terms = [lambda cost: cost.load.nodes * cost.span_s]
    commits: Terms = [lambda cost: cost.commits]
    published: Terms = [lambda cost: cost.edits if cost.load.nodes > 1 else 0]
    terms = [*edits, *commits, *published, *deliveries, *crossing, *idle]
    node, node_error = _least(measured, lambda cost: cost.nodes_cpu_s, terms)
    database, database_error = _least(
        measured, lambda cost: cost.database_cpu_s, [*edits, *commits, *idle]
    )
    relay, relay_error = _least(several, lambda cost: cost.relay_cpu_s, [*edits, *crossing])
    crossed = sum(cost.edits * max(cost.load.crosses, 1.0) for cost in several)
    total = sum(cost.edits for cost in measured)
    return Costs(
        node_edit_us=node[0],
        node_commit_us=node[1],
        node_publication_us=node[2],
        node_delivery_us=node[3],
        node_crossing_us=node[4],
        node_idle=node[5] / MICRO,
        node_error=node_error,
        database_edit_us=database[0],
        database_commit_us=database[1],
        database_idle=database[2] / MICRO,
        database_error=database_error,
        commits_per_edit=min(cost.commits / cost.edits for cost in measured),
        log_bytes_per_edit=sum(cost.log_bytes for cost in measured) / total,
        relay_edit_us=relay[0],
        relay_crossing_us=relay[1],
        relay_error=relay_error,
        relay_bytes_per_crossing=sum(cost.relayed_bytes for cost in several) / crossed,
    )


Terms = list[Callable[[Cost], float]]


def _least(
    measured: Sequence[Cost], used_s: Callable[[Cost], float], terms: Terms
) -> tuple[list[float], float]:
    """Microseconds per unit of each term, none negative, and the worst relative misfit.

    Each load counts the same, however long it was: rows are divided by what they used.
    """
    chosen = list(range(len(terms)))
    while True:
        rows = [[terms[at](cost) / used_s(cost) for at in chosen] for cost in measured]
        found, *_ = np.linalg.lstsq(np.array(rows), np.ones(len(rows)), rcond=None)
        negative = [at for at, value in zip(chosen, found, strict=True) if value < 0]
        if not negative:
            break
        chosen = [at for at in chosen if at not in negative]
    misfit = float(np.abs(np.array(rows) @ found - 1).max())
    values = dict(zip(chosen, (float(each) for each in found), strict=True))
    return [values.get(at, 0.0) * MICRO for at in range(len(terms))], misfit
