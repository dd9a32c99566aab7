"""What the settings accept, and what they say when they do not."""

import pytest

from server.settings import Misconfigured, is_loopback, load_settings


def test_defaults_need_nothing_but_this_machine() -> None:
    settings = load_settings()
    assert settings.address == "http://127.0.0.1:8000"
    assert settings.database_url.startswith("sqlite:///")
    assert not settings.demo
    assert not settings.is_secure


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "[::1]", "localhost"])
def test_loopback_addresses_are_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.3", "arena.example", "", "localhost.x"])
def test_other_addresses_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "elsewhere", [{"host": "0.0.0.0"}, {"base_url": "https://arena.example"}, {"host": "::"}]
)
def test_demonstration_is_refused_where_others_can_reach_it(elsewhere: dict[str, str]) -> None:
    with pytest.raises(Misconfigured, match="ARENA_DEMO"):
        load_settings(demo=True, **elsewhere)


def test_every_wrong_variable_is_named() -> None:
    with pytest.raises(Misconfigured) as refused:
        load_settings(port="many", origins="arena.example", base_url="https://x.example/path")
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [
        "ARENA_PORT",
        "ARENA_BASE_URL",
        "ARENA_ORIGINS",
    ]


def test_variables_of_the_environment_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENA_ORIGINS", "https://a.example, https://B.example/")
    monkeypatch.setenv("ARENA_BASE_URL", "https://arena.example/")
    settings = load_settings()
    assert settings.origins == ("https://a.example", "https://b.example")
    assert settings.address == "https://arena.example"
    assert settings.is_secure


def test_secrets_are_not_shown() -> None:
    settings = load_settings(smtp_url="smtps://me:hunter2@mail.example", metrics_token="hunter2")
    assert "hunter2" not in repr(settings)


def test_a_database_password_is_not_shown() -> None:
    assert "hunter2" not in repr(load_settings(database_url="postgresql://me:hunter2@db/arena"))
