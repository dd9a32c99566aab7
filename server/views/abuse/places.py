"""Where what was reported or hidden stands, and where one reads why."""

from collab.process.abuse.reports import Target
from storage.abuse.contents import Contribution


def place_of(ref: str, found: Contribution) -> str:
    """Where readers see it."""
    match found.target:
        case Target.COMMENT:
            return f"/ideas/{ref}#comment-{found.id}"
        case Target.SUGGESTION:
            return f"/ideas/{ref}/suggestions#suggestion-{found.id}"
        case Target.REQUIREMENT:
            return f"/ideas/{ref}#requirement-{found.name}"
    return f"/ideas/{ref}#judgements"


def page_of(ref: str, target: str, target_id: str) -> str:
    """The page of one contribution under which it is hidden, objected to and shown again."""
    if target == Target.COMMENT:
        return f"/ideas/{ref}/comments/{target_id}"
    return f"/ideas/{ref}/contributions/{target}/{target_id}"
