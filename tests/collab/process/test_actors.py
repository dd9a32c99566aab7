"""Actors and the roles that count."""

from uuid import uuid4

from collab.process.actors import Actor, Role


def test_p4_a_person_without_any_role_may_what_a_guest_may() -> None:
    actor = Actor(uuid4(), "ana", "Ana", frozenset())
    assert actor.effective_roles == {Role.GUEST}
