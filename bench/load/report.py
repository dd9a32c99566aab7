"""What was measured, as a table for people and as JSON for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from bench.load.statistics import Summary, ratio

OURS = ("arena", "arena-y")
FIGURE = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Column:
    """A figure that is shown: its key, its title, its decimals, and whether ratios are told."""

    key: str
    title: str
    digits: int = 1
    compares: bool = False


@dataclass(slots=True)
class Run:
    """One scenario, in one variant, on one server, in one round.

    ``faults`` make the run say nothing about the server; ``losses`` are what did not arrive.
    """

    scenario: str
    variant: str
    server: str
    round: int
    figures: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: str = ""
    """Why there are no figures."""


def table(scenario: str, columns: Sequence[Column], runs: Sequence[Run]) -> str:
    """The scenario's runs as lines of text: ``median (least–most)`` of its valid rounds."""
    mine = [run for run in runs if run.scenario == scenario]
    heads = ["", "server", *(column.title for column in columns), "rounds"]
    rows = [heads]
    notes: list[str] = []
    for variant in unique(run.variant for run in mine):
        for server in unique(run.server for run in mine if run.variant == variant):
            group = [run for run in mine if (run.variant, run.server) == (variant, server)]
            rows.append([variant, server, *_cells(columns, group), _rounds(group)])
            notes += [f"  {variant} {server}: {text}" for text in _remarks(group)]
        notes += [f"  {variant} {text}" for text in _ratios(columns, mine, variant)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join([*(line.rstrip() for line in lines), *notes])


def summary(runs: Sequence[Run], key: str) -> Summary | None:
    """A figure over the rounds that count; over all of them if none does."""
    having = [run for run in runs if key in run.figures]
    counting = [run for run in having if not run.faults] or having
    return Summary.of([run.figures[key] for run in counting])


def as_json(runs: Iterable[Run]) -> list[dict[str, object]]:
    """The runs as they were measured."""
    return [asdict(run) for run in runs]


def unique(names: Iterable[str]) -> list[str]:
    """Each name once, in the order of its first mention."""
    return list(dict.fromkeys(names))


def _cells(columns: Sequence[Column], group: Sequence[Run]) -> list[str]:
    return [_cell(summary(group, column.key), column.digits) for column in columns]


def _cell(found: Summary | None, digits: int) -> str:
    if found is None:
        return "–"
    text = f"{found.median:,.{digits}f}"
    if found.rounds > 1:
        text += f" ({found.least:,.{digits}f}–{found.most:,.{digits}f})"
    return text


def _rounds(group: Sequence[Run]) -> str:
    """How many rounds count, of how many."""
    valid = sum(not run.faults and not run.failed for run in group)
    if valid == len(group):
        return f"{valid}"
    return f"{valid} of {len(group)}{' INVALID' if any(run.faults for run in group) else ''}"


def _remarks(group: Sequence[Run]) -> list[str]:
    """Notes, losses and faults; those that differ in their figures only are told once."""
    told: dict[str, tuple[str, list[int]]] = {}
    for run in group:
        for text in (*run.notes, *run.losses, *run.faults, *filter(None, [run.failed])):
            _, rounds = told.setdefault(FIGURE.sub("#", text), (text, []))
            rounds.append(run.round)
    return [_remark(text, rounds) for text, rounds in told.values()]


def _remark(text: str, rounds: Sequence[int]) -> str:
    of = "round" if len(rounds) == 1 else "rounds"
    return f"{text} ({of} {', '.join(map(str, rounds))})"


def _ratios(columns: Sequence[Column], runs: Sequence[Run], variant: str) -> list[str]:
    """Our medians as multiples of the others', for the figures that are compared."""
    here = [run for run in runs if run.variant == variant]
    servers = unique(run.server for run in here)
    lines = []
    for ours in (each for each in OURS if each in servers):
        for other in (each for each in servers if each not in OURS):
            found = [
                f"{column.title} {value:.2f}"
                for column in columns
                if column.compares and (value := _ratio(here, ours, other, column.key)) is not None
            ]
            if found:
                doubt = "" if _is_sound(here, ours) and _is_sound(here, other) else " INVALID"
                lines.append(f"{ours} / {other}: {', '.join(found)}{doubt}")
    return lines


def _is_sound(runs: Sequence[Run], server: str) -> bool:
    """At least one round says something about the server."""
    return any(run.server == server and not run.faults and run.figures for run in runs)


def _ratio(runs: Sequence[Run], one: str, other: str, key: str) -> float | None:
    mine = [run for run in runs if run.server == one]
    theirs = [run for run in runs if run.server == other]
    return ratio(summary(mine, key), summary(theirs, key))
