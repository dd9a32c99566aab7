"""The map of a process: the main way as a line down, every stage beside it as a lane.

A dot where the main way leads into a lane, a ring where the lane leads back; arcs for steps that
skip stages or go back. All coordinates are in units of the drawing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from collab.process.stages import ProcessTemplate, Stage, Transition

TOP, ROW = 176, 54
BOX_X, BOX_WIDTH, BOX_HEIGHT = 96, 280, 34
LANE_X, LANE = 416, 40
ARC_STEP, ARC_STEPS_MAX = 11, 7


@dataclass(frozen=True, slots=True)
class Box:
    """A stage on the main way."""

    stage: Stage
    y: int


@dataclass(frozen=True, slots=True)
class Link:
    """A way between two stages of the main way; straight between neighbours, else an arc."""

    path: str
    is_back: bool
    transition: Transition


@dataclass(frozen=True, slots=True)
class Lane:
    """A stage beside the main way, and from where to where it has dots."""

    stage: Stage
    x: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a lane can be entered from the main way (``is_in``), and left for it (``is_out``)."""

    x: int
    y: int
    is_in: bool
    is_out: bool
    title: str


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """Everything there is to draw."""

    process: ProcessTemplate
    language: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]


def process_map(process: ProcessTemplate, language: str) -> ProcessMap:
    """The map of a process, with labels in ``language``."""
    boxes = [
        Box(stage, TOP + ROW * row)
        for row, stage in enumerate(stage for stage in process.stages if stage.is_main)
    ]
    beside = [stage for stage in process.stages if not stage.is_main]
    lanes, dots = [], list[Dot]()
    for column, stage in enumerate(beside):
        x = LANE_X + LANE * column
        found = [dot for box in boxes if (dot := _dot(process, language, box, stage, x))]
        ys = [dot.y for dot in found] or [TOP]
        lanes.append(Lane(stage, x, min(ys), max(ys)))
        dots += found
    return ProcessMap(
        process=process,
        language=language,
        width=LANE_X + LANE * len(beside) + 150,
        height=TOP + ROW * len(boxes) - ROW + BOX_HEIGHT + 12,
        boxes=tuple(boxes),
        links=tuple(_links(process, boxes)),
        lanes=tuple(lanes),
        dots=tuple(dots),
    )


def _dot(process: ProcessTemplate, language: str, box: Box, stage: Stage, x: int) -> Dot | None:
    into = [way for way in process.transitions if _leads(way, box.stage.id, stage.id)]
    out = [way for way in process.transitions if _leads(way, stage.id, box.stage.id)]
    if not into and not out:
        return None
    here, there = box.stage.label[language], stage.label[language]
    told = [f"{way.label[language]}: {here} → {there}" for way in into]
    told += [f"{way.label[language]}: {there} → {here}" for way in out]
    return Dot(x, box.y, bool(into), bool(out), "\n".join(dict.fromkeys(told)))


def _links(process: ProcessTemplate, boxes: list[Box]) -> Iterable[Link]:
    for start, one in enumerate(boxes):
        for end, other in enumerate(boxes):
            for way in process.transitions:
                if _leads(way, one.stage.id, other.stage.id):
                    yield Link(_path(start, end), end < start, way)


def _path(start: int, end: int) -> str:
    """From box to box: straight down to the next one, else around on the left."""
    middle, half = BOX_X + BOX_WIDTH // 2, BOX_HEIGHT // 2
    here, there = TOP + ROW * start, TOP + ROW * end
    if end == start + 1:
        return f"M{middle} {here + half}V{there - half - 6}"
    bend = BOX_X - 12 - ARC_STEP * min(abs(end - start), ARC_STEPS_MAX)
    # Ways on leave above the middle of a box, ways back below it, so that both can be told.
    shift = -6 if end > start else 6
    a, b = here + shift, there + shift
    return f"M{BOX_X} {a}C{bend} {a} {bend} {b} {BOX_X - 6} {b}"


def _leads(way: Transition, source: str, target: str) -> bool:
    return source in way.sources and way.target == target


STYLE = """
text { font: 14px system-ui, sans-serif; fill: #172b30 }
.lane-name { font-size: 12px; fill: #43575c }
.box { fill: #eef6f7; stroke: #1d5a68; stroke-width: 1.5 }
.box.is-end { stroke-width: 3 }
.way { fill: none; stroke: #1d5a68; stroke-width: 2 }
.way.is-back { stroke-dasharray: 5 4; stroke-width: 1.5 }
.head { fill: #1d5a68 }
.lane { stroke: #b9c7ca; stroke-width: 1.5 }
.dot { fill: #1d5a68; stroke: #1d5a68; stroke-width: 2 }
.dot.is-out { fill: #fff }
.dot.is-both { fill: #f2d13c }
.paper { fill: #fff }
""".strip()


def drawing(process: ProcessTemplate, language: str) -> str:
    """The map as an SVG file that stands for itself."""
    found = process_map(process, language)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {found.width} {found.height}" '
        f'role="img" aria-label="{escape(process.label[language])}">\n'
        f"<style>\n{STYLE}\n</style>\n"
        f'<rect class="paper" width="{found.width}" height="{found.height}"/>\n'
        f"{shapes(found)}\n</svg>\n"
    )


def shapes(found: ProcessMap) -> str:
    """The inside of the drawing; the classes get their colours from the page or from STYLE."""
    language = found.language
    parts = [
        '<defs><marker id="head" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="5" '
        'markerHeight="5" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>'
    ]
    parts += [
        (
            f'<path class="lane" d="M{lane.x} {TOP - BOX_HEIGHT}V{lane.bottom}"/>'
            f'<text class="lane-name" transform="translate({lane.x - 2} {TOP - BOX_HEIGHT - 6}) '
            f'rotate(-38)">{escape(lane.stage.label[language])}</text>'
        )
        for lane in found.lanes
    ]
    for link in found.links:
        back = " is-back" if link.is_back else ""
        parts.append(
            f'<path class="way{back}" d="{link.path}" marker-end="url(#head)">'
            f"<title>{escape(link.transition.label[language])}</title></path>"
        )
    for box in found.boxes:
        end = " is-end" if box.stage.is_end else ""
        parts.append(
            f'<rect class="box{end}" x="{BOX_X}" y="{box.y - BOX_HEIGHT // 2}" '
            f'width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
            f'<text x="{BOX_X + BOX_WIDTH // 2}" y="{box.y + 5}" text-anchor="middle">'
            f"{escape(_short(box.stage.label[language]))}</text>"
        )
    for dot in found.dots:
        both = " is-both" if dot.is_in and dot.is_out else ""
        out = " is-out" if dot.is_out and not dot.is_in else ""
        parts.append(
            f'<circle class="dot{both}{out}" cx="{dot.x}" cy="{dot.y}" r="6">'
            f"<title>{escape(dot.title)}</title></circle>"
        )
    return "\n".join(parts)


def _short(label: str) -> str:
    """A label that fits into its box."""
    return label if len(label) <= 32 else label[:31].rstrip(" ,") + "…"
