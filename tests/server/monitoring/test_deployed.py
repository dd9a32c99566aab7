"""Dashboard, alerts and the handbook: they name what there is, and each alert has its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
import yaml  # type: ignore[import-untyped]

from server.cli import cli
from tests.server.monitoring.busy import Busy
from tests.sources import ROOT

RULES = ROOT / "deploy/prometheus/alerts.yml"
SCRAPING = ROOT / "deploy/prometheus/prometheus.yml"
DASHBOARD = ROOT / "deploy/grafana/arena.json"
HANDBOOK = ROOT / "docs/operations.md"

OF_PROMETHEUS = {"up"}
NAME = re.compile(r"\b(?:arena|process)_[a-z0-9_]+\b")
WORDS = {
    "and", "or", "unless", "by", "without", "on", "ignoring", "sum", "max", "min", "count", "rate",
    "increase", "histogram_quantile", "time", "topk",
}  # fmt: skip
LABELS = re.compile(r"\{[^{}]*\}|\b(?:by|without)\s*\([^()]*\)")
WORD = re.compile(r"\b[a-z_][a-z0-9_]*\b")
COMMAND = re.compile(r"`(?:python3 run\.py|arena) ([^`]+)`|^(?:python3 run\.py|arena) (.+)$", re.M)
SEVERITIES = {"critical", "warning"}


def rules() -> list[dict[str, Any]]:
    """The alerts."""
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    """The panels of the dashboard that show something."""
    found = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [panel for panel in found if panel["type"] != "row"]


def expressions() -> Iterator[str]:
    """Every expression that Prometheus is asked."""
    yield from (rule["expr"] for rule in rules())
    for panel in panels():
        yield from (target["expr"] for target in panel["targets"])


def is_balanced(expression: str) -> bool:
    """Brackets close in the order in which they open, and quotes are paired."""
    closing, waiting = {")": "(", "]": "[", "}": "{"}, []
    for each in re.sub(r'"[^"]*"', "", expression):
        if each in "([{":
            waiting.append(each)
        elif each in closing and (not waiting or waiting.pop() != closing[each]):
            return False
    return not waiting and '"' not in re.sub(r'"[^"]*"', "", expression)


def unknown_words(expression: str) -> set[str]:
    """Names that are neither functions nor metrics, labels apart."""
    bare = LABELS.sub(" ", re.sub(r"\[[^\]]*\]", " ", LABELS.sub(" ", expression)))
    return {word for word in WORD.findall(bare) if not NAME.fullmatch(word)} - WORDS


@pytest.mark.parametrize(
    ("expression", "is_right"),
    [("sum(rate(a[5m]))", True), ('a{b="("}', True), ("sum(a", False), ("a)[", False)],
)
def test_the_balance_of_brackets_is_judged_right(expression: str, is_right: bool) -> None:
    assert is_balanced(expression) is is_right


async def test_t58_dashboard_and_alerts_name_only_numbers_that_there_are(busy: Busy) -> None:
    known = {sample.name for family in busy.metrics.values() for sample in family.samples}
    known |= {f"{name}_total" for name in busy.metrics}
    wrong = {name for expression in expressions() for name in NAME.findall(expression)} - known
    assert not wrong


async def test_t58_every_number_of_arena_is_on_the_dashboard(busy: Busy) -> None:
    shown = " ".join(expressions())
    absent = [name for name in busy.metrics if name.startswith("arena_") and name not in shown]
    assert not absent


def test_t58_expressions_are_well_formed() -> None:
    wrong = [
        each
        for each in expressions()
        if not is_balanced(each) or unknown_words(each) - OF_PROMETHEUS
    ]
    assert not wrong


def test_t58_labels_of_expressions_exist() -> None:
    from tests.server.monitoring.test_metrics import ALLOWED

    named = {
        label
        for each in expressions()
        for selector in re.findall(r"\{([^{}]*)\}", each)
        for label in re.findall(r"(\w+)\s*[=!]", selector)
    }
    grouped = {
        label.strip()
        for each in expressions()
        for group in re.findall(r"\bby\s*\(([^()]*)\)", each)
        for label in group.split(",")
    }
    assert named | grouped <= {*ALLOWED, "le", "instance", "status", "route", "version", "schema"}


def test_t59_every_alert_says_how_bad_it_is_and_where_to_read_on() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in SEVERITIES
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"


def test_t59_every_alert_has_its_page_and_every_page_its_alert() -> None:
    text = HANDBOOK.read_text(encoding="utf-8")
    assert set(re.findall(r"^### (Arena\w+)$", text, re.M)) == {rule["alert"] for rule in rules()}
    for page in re.split(r"^### ", text, flags=re.M)[1:]:
        if page.startswith("Arena"):
            body = page.partition("\n")[2].partition("\n## ")[0]
            assert len(body.split()) >= 25, f"the page says too little: {page.splitlines()[0]}"


def test_t59_the_rules_are_those_that_prometheus_is_told_to_read() -> None:
    scraping = yaml.safe_load(SCRAPING.read_text(encoding="utf-8"))
    assert scraping["rule_files"] == [RULES.name]
    (job,) = scraping["scrape_configs"]
    assert job["job_name"] == "arena"


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command of the command line, by its words."""
    group = group or typer.main.get_command(cli)
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name)
        yield from commands(command, (*path, name)) if hasattr(command, "commands") else ()


def test_t59_every_command_in_the_handbook_exists() -> None:
    known = {*commands(), ("check",), ("test",), ("--help",)}
    text = HANDBOOK.read_text(encoding="utf-8")
    named = [first or second for first, second in COMMAND.findall(text)]
    assert len(named) >= 5
    wrong = [each for each in named if not any(tuple(each.split())[: len(k)] == k for k in known)]
    assert not wrong


def test_t59_events_of_the_log_that_the_handbook_explains_exist() -> None:
    text = HANDBOOK.read_text(encoding="utf-8")
    table = text.partition("| event |")[2].partition("\n\n")[0]
    named = re.findall(r"^\| `([^`]+)`", table, re.M)
    sources = "".join(
        path.read_text(encoding="utf-8")
        for package in ("server", "storage")
        for path in (ROOT / package).rglob("*.py")
    )
    assert len(named) >= 15
    assert not [event for event in named if f'"{event}"' not in sources]
