"""The version that a node says it has."""

import tomllib

from server.monitoring.version import VERSION
from tests.sources import ROOT


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
