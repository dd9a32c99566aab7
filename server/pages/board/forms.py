"""What the forms of the board share: where they lead back to, and the states they are about."""

from collections.abc import Sequence

from collab.errors import Invalid
from collab.process.version import TextVersion
from server.actions.stages import Decision
from server.pages.forms import Sent
from server.views.board.board import path_back

PARTS = 5
DIGITS_MAX = 15


def back_of(form: Sent) -> str:
    """The board as it stood when the form was opened."""
    return path_back(form["back"])


def decision_of(state: str, to: str, reason: str, reason_code: str = "") -> Decision:
    """The decision in a form whose field ``state`` says on which state of the idea it was made.

    Raises:
        Invalid: this is no state of an idea.
    """
    ref, *numbers, sha256 = state.split(".") if state.count(".") == PARTS - 1 else ("", "")
    if len(numbers) != PARTS - 2 or not all(_is_number(each) for each in numbers):
        raise Invalid(fields={"state": "malformed"})
    revision, epoch, seq = map(int, numbers)
    seen = TextVersion(epoch, seq, sha256)
    return Decision(ref, to, revision, seen, reason, reason_code or None)


def refs_in(states: Sequence[str]) -> list[str]:
    """The references of the ideas whose states these are."""
    return [state.partition(".")[0] for state in states]


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= DIGITS_MAX
