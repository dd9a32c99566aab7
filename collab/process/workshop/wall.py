"""What the wall of a workshop shows at which time, and how much of it.

A wall is read from ten metres and never scrolled: of too much it shows the newest, and counts.
"""

from enum import StrEnum
from typing import Final

from collab.process.workshop.agenda import StepKind

CARDS_MAX: Final = 12
GROUPS_MAX: Final = 8
TABLES_MAX: Final = 12
IDEAS_MAX: Final = 10
NOTE_CHARS: Final = 110
LINE_CHARS: Final = 150
NAMES_MAX: Final = 8


class Scene(StrEnum):
    """What the large part of the wall is about."""

    SILENT = "silent"
    NOTES = "notes"
    TABLES = "tables"
    HARVEST = "harvest"


SCENES: Final = {
    StepKind.COLLECT: Scene.NOTES,
    StepKind.CLUSTER: Scene.NOTES,
    StepKind.DISCUSS: Scene.TABLES,
    StepKind.DRAFT: Scene.TABLES,
    StepKind.VOTE: Scene.NOTES,
    StepKind.HARVEST: Scene.HARVEST,
}


def scene_of(kind: StepKind, *, is_silent: bool, is_over: bool) -> Scene:
    """The scene of a step. While people write silently nothing is shown of what they write."""
    if is_over:
        return Scene.HARVEST
    scene = SCENES[kind]
    return Scene.SILENT if is_silent and scene is Scene.NOTES else scene


def shortened(text: str, chars_max: int) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= chars_max:
        return line
    head, _, _ = line[: chars_max - 1].rpartition(" ")
    return (head or line[: chars_max - 1]).rstrip(" ,;.–-") + "…"


def ending(text: str, chars_max: int) -> str:
    """The end of a text on one line, cut between words: what was written last."""
    line = " ".join(text.split())
    if len(line) <= chars_max:
        return line
    cut = line[1 - chars_max :]
    _, _, tail = line[-chars_max:].partition(" ")
    return "…" + (tail or cut)
