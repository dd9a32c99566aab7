"""Which right each route that changes something asks for. A new route without a line fails.

A value is the action of the permission table, or a sentence that says why there is none.
"""

from typing import Final

from collab.process.permissions import Action

OWN: Final = "one's own account"
SELF: Final = "whoever made it, or laid it down himself"

OPERATIONS: Final[dict[str, Action | str]] = {
    "create_idea": Action.CREATE_IDEA,
    "change_kind": Action.CHANGE_KIND,
    "add_to_team": Action.MANAGE_TEAM,
    "remove_from_team": SELF,
    "change_stage": Action.CHANGE_STAGE,
    "add_comment": Action.COMMENT,
    "change_comment": Action.COMMENT,
    "delete_comment": Action.COMMENT,
    "hide_comment": Action.HIDE_COMMENT,
    "judge": Action.JUDGE,
    "mute": Action.MUTE,
    "unmute": Action.MUTE,
    "revert_text": Action.REVERT_TEXT,
    "change_me": OWN,
    "erase_me": OWN,
    "grant_role": Action.MANAGE_PEOPLE,
    "withdraw_role": Action.MANAGE_PEOPLE,
    "suspend": Action.MANAGE_PEOPLE,
    "restore": Action.MANAGE_PEOPLE,
    "offer_responsibility": Action.OFFER_RESPONSIBILITY,
    "withdraw_responsibility": Action.OFFER_RESPONSIBILITY,
    "confirm_responsibility": Action.SIGN_RESPONSIBILITY,
    "decline_responsibility": Action.SIGN_RESPONSIBILITY,
    "hand_over_responsibility": Action.END_RESPONSIBILITY,
    "release_responsibility": Action.END_RESPONSIBILITY,
    "appoint_person": Action.END_RESPONSIBILITY,
    "grant_idea_term": Action.MANAGE_TEAM,
    "end_idea_term": Action.MANAGE_TEAM,
    "grant_person_term": Action.MANAGE_PEOPLE,
    "end_person_term": Action.MANAGE_PEOPLE,
    "create_ticket": "for what one may read; it opens what the socket allows",
}

FORMS: Final[dict[str, Action | str]] = {
    "/ideas/new": Action.CREATE_IDEA,
    "/ideas/{ref}/comments": Action.COMMENT,
    "/ideas/{ref}/comments/{comment_id}/resolve": Action.COMMENT,
    "/ideas/{ref}/comments/{comment_id}/edit": Action.COMMENT,
    "/ideas/{ref}/comments/{comment_id}/delete": Action.COMMENT,
    "/ideas/{ref}/comments/{comment_id}/hide": Action.HIDE_COMMENT,
    "/ideas/{ref}/judgements": Action.JUDGE,
    "/ideas/{ref}/kind": Action.CHANGE_KIND,
    "/ideas/{ref}/team": Action.MANAGE_TEAM,
    "/ideas/{ref}/team/remove": SELF,
    "/ideas/{ref}/mute": Action.MUTE,
    "/ideas/{ref}/unmute": Action.MUTE,
    "/ideas/{ref}/revert": Action.REVERT_TEXT,
    "/ideas/{ref}/stage": Action.CHANGE_STAGE,
    "/ideas/{ref}/responsibilities/offer": Action.OFFER_RESPONSIBILITY,
    "/ideas/{ref}/responsibilities/{responsibility_id}/{deed}": "the deed's own, as over the API",
    "/sign-in": "anybody: this is how one comes in",
    "/sign-in/demo": "anybody: only on loopback, for demonstration persons",
    "/sign-out": OWN,
    "/password/forgot": "anybody: a mail goes to the address only",
    "/password-reset/{secret}": "whoever has the secret of the mail",
    "/invitation/{secret}": "whoever has the secret of the mail",
    "/account/profile": OWN,
    "/account/password": OWN,
    "/account/sessions/others": OWN,
    "/account/sessions/{key}/revoke": OWN,
    "/account/tokens": OWN,
    "/account/tokens/{token}/revoke": OWN,
    "/account/data/erase": OWN,
    "/people/invite": Action.INVITE,
    "/people/{handle}/roles": Action.MANAGE_PEOPLE,
    "/people/{handle}/organisation": Action.MANAGE_PEOPLE,
    "/people/{handle}/suspend": Action.MANAGE_PEOPLE,
    "/people/{handle}/restore": Action.MANAGE_PEOPLE,
}
