"""compose.yaml is valid, pinned, without secrets, with least rights, and names what there is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from server.settings import SECRETS, Settings, load_settings
from server.workers.supervisor import STOP_S
from tests.servers import binaries
from tests.servers.caddy import CADDYFILE
from tests.sources import ROOT, listing

COMPOSE = ROOT / "compose.yaml"
DEPLOY = ROOT / "deploy"
VARIABLE = re.compile(r"\bARENA_[A-Z][A-Z_]*[A-Z]\b")
# A name, perhaps of an account, and a version with at least two parts.
PINNED = re.compile(r"^([a-z]+/)?[a-z]+:v?\d+\.\d+[\w.-]*$")
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL|SMTP_URL")
ASKED = re.compile(r"\$\{([A-Z_]+)")
OWN_IMAGE = "arena:local"
ONE_SHOT = "migrate"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file as Compose reads it."""
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Its services by name."""
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def test_t46_compose_keeps_to_its_specification() -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    checked = subprocess.run(
        [program, "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_t46_every_variable_that_is_set_is_a_setting() -> None:
    known = {f"ARENA_{name.upper()}" for name in Settings.model_fields}
    known |= {f"ARENA_{name.upper()}_FILE" for name in SECRETS}
    wrong = [
        f"{path.relative_to(ROOT)}: {variable}"
        for path in (COMPOSE, ROOT / "Dockerfile", *sorted(DEPLOY.rglob("*")))
        if path.is_file() and "secrets" not in path.parts
        for variable in VARIABLE.findall(path.read_text("utf-8"))
        if variable not in known
    ]
    assert not wrong, listing(wrong)


def test_t46_the_environment_of_a_node_starts(
    services: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the secrets that deploy/make-secrets writes, and made again they stay as they are."""
    make = ["sh", str(DEPLOY / "make-secrets"), str(tmp_path / "secrets")]
    for _ in range(2):
        subprocess.run(make, check=True, capture_output=True, timeout=20)
        written = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert (
        len({written["metrics_token"], written["postgres_password"], written["signing_key"]}) == 3
    )
    asked = {"SITE_ADDRESS": "arena.example", "MAIL_FROM": "Arena <arena@arena.example>"}
    for name, value in services["app"]["environment"].items():
        filled = re.sub(r"\$\{([A-Z_]+)[^}]*\}", lambda found: asked[found[1]], value)
        monkeypatch.setenv(name, filled.replace("/run/secrets", str(tmp_path / "secrets")))
    settings = load_settings()
    assert settings.is_secure
    assert (
        settings.database_url == f"postgresql://arena:{written['postgres_password']}@postgres/arena"
    )
    assert settings.signing_key == written["signing_key"]
    assert settings.smtp_url is None


def test_t46_images_are_pinned_to_a_version(services: dict[str, Any]) -> None:
    images = {name: each["image"] for name, each in services.items()}
    wrong = [
        f"{name}: {image}"
        for name, image in images.items()
        if image != OWN_IMAGE and not PINNED.match(image)
    ]
    assert not wrong, listing(wrong)
    assert all("build" in services[name] for name, image in images.items() if image == OWN_IMAGE)


def test_t46_every_service_has_the_least_rights(services: dict[str, Any]) -> None:
    for name, each in services.items():
        assert each["read_only"], name
        assert each["cap_drop"] == ["ALL"], name
        assert each["security_opt"] == ["no-new-privileges:true"], name
        assert each["logging"]["options"].keys() == {"max-size", "max-file"}, name
        limits = each["deploy"]["resources"]["limits"]
        assert limits.keys() == {"cpus", "memory", "pids"}, name
        assert not each.get("privileged"), name
        assert not set(each) & {"pid", "network_mode", "cgroup", "devices"}, name
    adding = {name: each["cap_add"] for name, each in services.items() if "cap_add" in each}
    assert adding == {"caddy": ["NET_BIND_SERVICE"]}


def test_t46_every_service_shows_its_health_and_comes_back(services: dict[str, Any]) -> None:
    for name, each in services.items():
        if name == ONE_SHOT:
            assert each["restart"] == "no"
            assert each["healthcheck"] == {"disable": True}
            continue
        assert each["restart"] == "unless-stopped", name
        assert each["healthcheck"]["test"][0] == "CMD", name
        for other, condition in each.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other == ONE_SHOT else "service_healthy"
            assert condition == {"condition": wanted}, f"{name} on {other}"


def test_t46_only_the_proxy_is_seen_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    open_to_all = {
        name
        for name, each in services.items()
        for port in each.get("ports", [])
        if not port.startswith("127.0.0.1:")
    }
    assert open_to_all == {"caddy"}
    assert compose["networks"]["back"]["internal"]
    assert set(services["caddy"]["networks"]) == {"front"}
    assert services["postgres"]["networks"] == services["valkey"]["networks"] == ["back"]
    address = services["caddy"]["networks"]["front"]["ipv4_address"]
    assert services["app"]["environment"]["ARENA_PROXIES"] == address


def test_t46_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    wrong = [
        f"{name}: {variable}"
        for name, each in compose["services"].items()
        for variable, value in each.get("environment", {}).items()
        if SECRET_NAME.search(variable)
        and not (variable.endswith("_FILE") and value.startswith("/run/secrets/"))
    ]
    assert not wrong, listing(wrong)
    for name, secret in compose["secrets"].items():
        assert secret == {"file": f"./deploy/secrets/{name}"}
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"deploy/secrets/", ".env"} <= set(ignored)


def test_t46_every_secret_and_volume_that_is_named_is_there(compose: dict[str, Any]) -> None:
    named_secrets: set[str] = set()
    for name, each in compose["services"].items():
        named_secrets |= set(each.get("secrets", []))
        for variable, value in each.get("environment", {}).items():
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in each["secrets"], f"{name}: {variable}"
        for volume in each.get("volumes", []):
            source = volume.split(":")[0]
            is_there = (
                (ROOT / source).exists() if source[0] == "." else source in compose["volumes"]
            )
            assert is_there, f"{name}: {volume}"
    assert named_secrets == set(compose["secrets"])


def test_t46_whoever_stops_a_node_waits_until_it_has_drained(services: dict[str, Any]) -> None:
    assert int(services["app"]["stop_grace_period"].removesuffix("s")) > STOP_S
    manual = (ROOT / "docs" / "deployment.md").read_text("utf-8")
    assert f"within {STOP_S:g} seconds" in manual


def test_t46_nodes_are_replicas_of_one_process_and_the_proxy_knows_each(
    services: dict[str, Any],
) -> None:
    count = services["app"]["deploy"]["replicas"]
    nodes = services["caddy"]["environment"]["UPSTREAMS"].split()
    expected = [
        f"${{COMPOSE_PROJECT_NAME:-arena}}-app-{number + 1}:8000" for number in range(count)
    ]
    assert nodes == expected
    assert "command" not in services["app"], "the image serves with one process"


def test_t46_postgresql_keeps_its_data_where_its_image_has_it(services: dict[str, Any]) -> None:
    major = int(services["postgres"]["image"].split(":")[1].split(".")[0])
    assert major >= 18
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_t46_every_question_to_the_operator_is_in_the_example() -> None:
    asked = set(ASKED.findall(COMPOSE.read_text("utf-8"))) - {"COMPOSE_PROJECT_NAME"}
    example = (DEPLOY / ".env.example").read_text("utf-8")
    assert asked == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


def test_t46_the_caddyfile_is_valid_and_formatted(tmp_path: Path) -> None:
    program = binaries.system_caddy() or binaries.packaged_caddy()
    assert program is not None
    settled = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "SITE_ADDRESS": "arena.example",
        "UPSTREAMS": "app-1:8000 app-2:8000",
    }
    for words in (["validate", "--adapter", "caddyfile", "--config"], ["fmt", "--diff"]):
        done = subprocess.run(
            [program, *words, str(CADDYFILE)],
            env=settled,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
