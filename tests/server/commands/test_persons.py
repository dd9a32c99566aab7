"""People at the command line."""

import json

from tests.server.commands.arena import Shell


def people(arena: Shell, *options: str) -> list[dict[str, object]]:
    """What ``person list --json`` prints."""
    printed = arena.works("person", "list", "--json", *options)
    return [json.loads(line) for line in printed.splitlines()]


def test_list_shows_everybody_with_roles(arena: Shell) -> None:
    found = people(arena)
    assert len(found) == 20
    office = next(person for person in found if person["handle"] == "office")
    assert office["roles"] == ["coordination_office"]
    assert "Aylin Demirtaş" in arena.works("person", "list")
    assert [person["handle"] for person in people(arena, "--search", "kovalenko")] == ["signatory"]


def test_added_person_is_listed_and_gets_a_link_for_a_password(arena: Shell) -> None:
    added = arena.json(
        "person", "add", "nele", "--name", "Nele Krüger", "--email", "Nele@Example.org",
        "--role", "moderator",
    )  # fmt: skip
    assert added["roles"] == ["moderator"]
    assert added["email"] == "nele@example.org"
    assert arena.works("person", "link", "nele").startswith("http://127.0.0.1:0/password-reset/")


def test_link_of_a_demonstration_signs_in(arena: Shell) -> None:
    there = Shell(arena.folder, arena.environment | {"ARENA_DEMO": "1"})
    assert "/sign-in/link/" in there.works("person", "link", "expert")


def test_added_person_is_a_participant_unless_said_otherwise(arena: Shell) -> None:
    assert arena.json("person", "add", "nele", "--name", "Nele")["roles"] == ["participant"]


def test_taken_handle_odd_address_role_and_language_are_told(arena: Shell) -> None:
    add = ("person", "add")
    assert arena.fails(*add, "office", "--name", "X")
    assert "email" in arena.fails(*add, "nele", "--name", "X", "--email", "nowhere")
    assert "no role 'mayor'" in arena.fails(*add, "nele", "--name", "X", "--role", "mayor")
    assert "no role 'author'" in arena.fails(*add, "nele", "--name", "X", "--role", "author")
    assert "no language" in arena.fails(*add, "nele", "--name", "X", "--language", "fr")
    assert len(people(arena)) == 20


def test_roles_are_granted_and_withdrawn(arena: Shell) -> None:
    changed = arena.json("person", "role", "participant", "--grant", "expert")
    assert changed["roles"] == ["expert", "participant"]
    changed = arena.json("person", "role", "participant", "--withdraw", "participant")
    assert changed["roles"] == ["expert"]
    assert arena.json("person", "role", "participant")["roles"] == ["expert"]


def test_p3_suspended_person_gets_no_token_until_restored(arena: Shell) -> None:
    arena.works("person", "suspend", "participant", "--reason", "Drohungen")
    assert arena.fails("token", "participant")
    suspended = [person["handle"] for person in people(arena) if person["suspended_at"]]
    assert suspended == ["participant"]
    arena.works("person", "restore", "participant")
    assert arena.works("token", "participant")


def test_suspending_twice_is_told(arena: Shell) -> None:
    arena.works("person", "suspend", "participant", "--reason", "Drohungen")
    assert arena.fails("person", "suspend", "participant", "--reason", "Drohungen")


def test_token_stands_alone_on_the_last_line(arena: Shell) -> None:
    lines = arena.works("token", "participant", "--label", "Test", "--days", "3").splitlines()
    assert lines[-1].startswith("arena_")
    assert " " not in lines[-1]


def test_password_is_read_from_standard_input(arena: Shell) -> None:
    arena.works("person", "password", "participant", typed="Sieben grüne Ampeln\n")
    assert "too-short" not in arena.fails("person", "password", "participant", typed="kurz\n")


def test_unknown_person_is_told(arena: Shell) -> None:
    for command in (
        ("token", "nobody"),
        ("person", "link", "nobody"),
        ("person", "role", "nobody"),
        ("person", "restore", "nobody"),
    ):
        assert arena.fails(*command)
    assert arena.fails("person", "password", "nobody", typed="Sieben grüne Ampeln\n")
