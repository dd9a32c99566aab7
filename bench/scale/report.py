"""What was measured, fitted and carried on, as tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from bench.scale.fitting import MICRO, Costs
from bench.scale.measuring import Cost
from bench.scale.model import Dealing, Size, capacity
from bench.scale.simulation import Simulated


def measured(costs: Sequence[Cost]) -> str:
    """One line for each load."""
    heads = [
        "nodes", "rooms x people", "letters/s", "dealt", "edits/s", "p50 ms", "p99 ms",
        "ack p50", "ack p99", "node us/edit", "database us/edit", "relay us/edit",
        "commits/edit", "log B/edit",
    ]  # fmt: skip
    rows = [heads]
    for cost in costs:
        load = cost.load
        rows.append(
            [
                str(load.nodes),
                f"{load.rooms} x {load.people}",
                f"{load.rate:g}",
                "by document" if load.apart else "anywhere",
                f"{cost.edits / cost.span_s:,.0f}",
                *(f"{each:.1f}" for each in (cost.p50_ms, cost.p99_ms)),
                *(f"{each:.1f}" for each in (cost.ack_p50_ms, cost.ack_p99_ms)),
                *(
                    f"{MICRO * each / cost.edits:,.0f}"
                    for each in (cost.nodes_cpu_s, cost.database_cpu_s, cost.relay_cpu_s)
                ),
                f"{cost.commits / cost.edits:.2f}",
                f"{cost.log_bytes / cost.edits:,.0f}",
                "; ".join(cost.remarks),
            ]
        )
    return _table(rows)


def fit(costs: Costs) -> str:
    """The fitted costs, and how well they explain the loads."""
    return "\n".join(
        [
            f"node:     {costs.node_edit_us:.0f} us per edit + {costs.node_commit_us:.0f} us per "
            f"commit + {costs.node_publication_us:.0f} us to tell of an edit + "
            f"{costs.node_delivery_us:.1f} us per delivery + {costs.node_crossing_us:.0f} us per "
            f"crossing, idle {costs.node_idle:.1%} "
            f"(worst load {costs.node_error:.0%} off)",
            f"database: {costs.database_edit_us:.0f} us per edit + {costs.database_commit_us:.0f} "
            f"us per commit, {costs.commits_per_edit:.2f} commits and "
            f"{costs.log_bytes_per_edit:,.0f} bytes of log per edit, idle "
            f"{costs.database_idle:.1%} per node "
            f"(worst load {costs.database_error:.0%} off)",
            f"relay:    {costs.relay_edit_us:.0f} us per edit + {costs.relay_crossing_us:.0f} us "
            f"and {costs.relay_bytes_per_crossing:,.0f} bytes per crossing "
            f"(worst load {costs.relay_error:.0%} off)",
        ]
    )


def carried(costs: Costs, sizes: Sequence[Size]) -> str:
    """What each size needs, and what breaks first there."""
    rows = [["people", "rooms", "edits/s", "dealt", "nodes", "crossings", "first to break", "used"]]
    for size in sizes:
        for dealing in Dealing:
            found = capacity(costs, size, dealing)
            first = found.first_to_break
            rows.append(
                [
                    f"{size.people:,}",
                    f"{size.rooms:,}",
                    f"{size.edits:,.0f}",
                    dealing.value,
                    str(found.nodes),
                    f"{found.crosses:.1f}",
                    first,
                    f"{found.used[first]:.0%}",
                ]
            )
    return _table(rows)


def simulated(found: Sequence[Simulated]) -> str:
    """What chance makes of the sizes."""
    rows = [
        [
            "people", "dealt", "nodes", "crossings", "average node", "busiest node", "largest room",
            "busiest room", "wait ms",
        ]
    ]  # fmt: skip
    rows += [
        [
            f"{each.paper.size.people:,}",
            each.paper.dealing.value,
            str(each.paper.nodes),
            f"{each.crosses:.1f}",
            f"{each.average_node:.0%}",
            f"{each.busiest_node:.0%}",
            f"{each.largest_room:,}",
            f"{each.busiest_room:.0%}",
            f"{each.wait_ms:.2f}",
        ]
        for each in found
    ]
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    columns = max(map(len, rows))
    filled = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(len(row[at]) for row in filled) for at in range(columns)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in filled
    )
