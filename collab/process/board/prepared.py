"""Prepared decisions and acts on many ideas at once: their bounds."""

from collections.abc import Sequence

from collab.errors import Invalid
from collab.process.gates.unmet import REASON_CHARS_MAX
from collab.typed import checked

ACTS_MAX = 50
"""Acts in one list, and ideas in one act on many."""

LISTS_MAX = 100
LIST_NAME_CHARS_MAX = 80


def check_list_name(name: str) -> str:
    """The name of a list: one line, not empty, not too long; else Invalid."""
    return checked(" ".join(name.replace("\0", "").split()), "list_name", LIST_NAME_CHARS_MAX)


def check_reason(reason: str) -> str:
    """A reason that is written down now and checked when it counts; too long is Invalid."""
    return checked(reason, "reason", REASON_CHARS_MAX, if_empty="")


def check_many(refs: Sequence[str]) -> None:
    """Raise Invalid unless these are some, not too many, and each once (rule B7)."""
    if not refs:
        raise Invalid(fields={"refs": "empty"})
    if len(refs) > ACTS_MAX:
        raise Invalid(fields={"refs": "too-many-ideas"})
    if len(set(refs)) != len(refs):
        raise Invalid(fields={"refs": "twice"})
