"""The Dockerfile, read as an engine would: pinned, without root, with everything it copies."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from server.settings import Settings
from tests.sources import ROOT, listing

PINNED = re.compile(r"^[a-z]+:\d+\.\d+\.\d+[\w.-]*$")
FORMS = {"RUN", "CMD"}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; ``options`` are its words that begin with two dashes."""

    name: str
    options: dict[str, str]
    rest: str

    @property
    def words(self) -> list[str]:
        """What follows, as an engine splits it; the exec form is JSON."""
        if self.rest.startswith("["):
            read: list[str] = json.loads(self.rest)
            return read
        return self.rest.split()


@pytest.fixture(scope="module")
def stages() -> list[list[Instruction]]:
    """The instructions by stage."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    found: list[list[Instruction]] = []
    for line in joined.splitlines():
        name, rest = line.split(maxsplit=1)
        options = dict(re.findall(r"--([a-z-]+)=(\S+)", rest.split("CMD")[0]))
        plain = re.sub(r"^(--[a-z-]+=\S+\s+)+", "", rest)
        if name == "FROM":
            found.append([])
        found[-1].append(Instruction(name, options, plain))
    return found


def test_t46_every_base_is_pinned_to_a_version(stages: list[list[Instruction]]) -> None:
    bases = [stage[0].rest.split()[0] for stage in stages]
    assert all(PINNED.match(base) for base in bases), bases


def test_t46_commands_need_no_shell(stages: list[list[Instruction]]) -> None:
    wrong = [
        each.rest
        for stage in stages
        for each in stage
        if each.name in FORMS and not each.rest.startswith("[")
    ]
    assert not wrong, listing(wrong)


def test_t46_everything_that_is_copied_is_there_and_reaches_the_engine(
    stages: list[list[Instruction]],
) -> None:
    lets_in = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    copied = [
        source
        for stage in stages
        for each in stage
        if each.name == "COPY" and "from" not in each.options
        for source in each.words[:-1]
    ]
    wrong = [
        source
        for source in copied
        if not (ROOT / source).exists()
        or not any(source == each or fnmatch(source, f"{each}/*") for each in lets_in)
    ]
    assert not wrong, listing(wrong)
    assert set(lets_in) == {
        next(each for each in lets_in if source == each or source.startswith(f"{each}/"))
        for source in copied
    }


def test_t46_the_image_has_every_package_of_the_product(stages: list[list[Instruction]]) -> None:
    last = [each.words for each in stages[-1] if each.name == "COPY"]
    for package in ("collab", "storage", "server", "web"):
        assert [package, f"./{package}"] in last
    assert ["/build/dist", "./web/dist"] in last


def test_t46_nobody_in_the_image_is_root(stages: list[list[Instruction]]) -> None:
    names = [each.name for each in stages[-1]]
    (user,) = [each.rest for each in stages[-1] if each.name == "USER"]
    assert all(part.isdigit() and int(part) > 0 for part in user.split(":"))
    assert not {"RUN", "COPY", "ADD"} & set(names[names.index("USER") :])


def test_t46_the_image_says_how_it_is_and_where_it_keeps_things(
    stages: list[list[Instruction]],
) -> None:
    by_name = {each.name: each for each in stages[-1]}
    assert by_name["CMD"].words == ["arena", "serve"]
    assert "/readyz" in by_name["HEALTHCHECK"].rest
    variables = dict(re.findall(r"(ARENA_[A-Z_]+)=(\S+)", by_name["ENV"].rest))
    assert {f"ARENA_{name.upper()}" for name in Settings.model_fields} >= variables.keys()
    assert by_name["VOLUME"].words == [variables["ARENA_VAR"]]
    assert by_name["EXPOSE"].rest == variables["ARENA_PORT"]
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    assert compose["services"]["app"]["volumes"] == [f"var:{variables['ARENA_VAR']}"]


def test_t46_the_command_of_the_image_passes_everything_on(tmp_path: Path) -> None:
    stand_in = tmp_path / "python"
    stand_in.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    stand_in.chmod(0o755)
    shown = subprocess.run(
        [ROOT / "deploy" / "arena", "person", "add", "--name", "Zwei Wörter"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=10,
    )
    assert shown.stdout == "-m|server.cli|person|add|--name|Zwei Wörter|"
