"""The demonstration's people and ideas, read from the data files beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from collab.process.actors import ActorClass, Role


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """A body that demonstration people speak for."""

    key: str
    name: str
    actor_class: ActorClass
    kind: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One demonstration person; the handle is stable."""

    handle: str
    name: str
    roles: frozenset[Role]
    organisation: str | None
    is_confirmed: bool
    may_sign: bool


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person did, so many days before now; ``data`` is what the file says of it."""

    kind: str  # create, write, move, offer, sign, comment, judge
    by: str
    days_ago: float
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DemoIdea:
    """One idea and everything that happened to it, oldest first."""

    key: str
    kind: str
    title: str
    author: str
    team: tuple[tuple[str, Role], ...]  # handle and role, the author not among them
    place: tuple[float, float] | None
    districts: tuple[str, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The whole demonstration arena."""

    organisations: tuple[DemoOrganisation, ...]
    people: tuple[DemoPerson, ...]
    ideas: tuple[DemoIdea, ...]


@cache
def demonstration() -> Demonstration:
    """The shipped demonstration."""
    folder = resources.files("server.demo")
    bodies = tomllib.loads(folder.joinpath("people.toml").read_text("utf-8"))
    files = sorted(folder.joinpath("ideas").iterdir(), key=lambda entry: entry.name)
    return Demonstration(
        organisations=tuple(_organisation(entry) for entry in bodies["organisations"]),
        people=tuple(_person(entry) for entry in bodies["people"]),
        ideas=tuple(
            _idea(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))
            for file in files
        ),
    )


def _organisation(data: dict[str, Any]) -> DemoOrganisation:
    actor_class = ActorClass(data["actor_class"])
    return DemoOrganisation(data["key"], data["name"], actor_class, data["kind"])


def _person(data: dict[str, Any]) -> DemoPerson:
    return DemoPerson(
        handle=data["handle"],
        name=data["name"],
        roles=frozenset(Role(role) for role in data["roles"]),
        organisation=data.get("organisation"),
        is_confirmed=data.get("confirmed", False),
        may_sign=data.get("signs", False),
    )


def _idea(key: str, data: dict[str, Any]) -> DemoIdea:
    team = [
        (handle, Role(role)) for role, names in data.get("team", {}).items() for handle in names
    ]
    place = (data["latitude"], data["longitude"]) if "latitude" in data else None
    acts = sorted(_acts(data), key=lambda act: -act.days_ago)
    return DemoIdea(
        key=key,
        kind=data["kind"],
        title=data["title"],
        author=data["author"],
        team=tuple(team),
        place=place,
        districts=tuple(data.get("districts", ())),
        acts=tuple(acts),
    )


def _acts(data: dict[str, Any]) -> list[Act]:
    author, created = data["author"], float(data["created_days_ago"])
    acts = [Act("create", author, created, {})]
    # A few minutes per section, so that the text grows before anybody else sees it.
    for at, (section, text) in enumerate(data["sections"].items(), 1):
        written = {"section": section, "text": text}
        acts.append(Act("write", author, created - 0.01 * at, written))
    acts += [Act("write", one["by"], one["days_ago"], one) for one in data.get("edits", [])]
    acts += [Act("move", one["by"], one["days_ago"], one) for one in data.get("history", [])]
    acts += [Act("judge", one["by"], one["days_ago"], one) for one in data.get("judgements", [])]
    for one in data.get("responsibilities", []):
        acts.append(Act("offer", one["by"], one["days_ago"], one))
        if "signed_by" in one:
            acts.append(Act("sign", one["signed_by"], one["signed_days_ago"], one))
    for at, comment in enumerate(data.get("comments", [])):
        acts.append(Act("comment", comment["by"], comment["days_ago"], {**comment, "key": str(at)}))
        for place, reply in enumerate(comment.get("replies", [])):
            keys = {"key": f"{at}.{place}", "reply_to": str(at)}
            acts.append(Act("comment", reply["by"], reply["days_ago"], {**reply, **keys}))
    return acts
