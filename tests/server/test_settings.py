"""What the settings accept, and what they say when they do not."""

from pathlib import Path

import pytest

from server.settings import (
    SECRET_BYTES_MAX,
    SECRETS,
    Misconfigured,
    Settings,
    is_loopback,
    load_settings,
)


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


def test_t47_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    odd = {"smtp_url": "", "otlp_url": "http://collector:4318\n"}
    for name in SECRETS:
        monkeypatch.setenv(f"ARENA_{name.upper()}_FILE", str(tmp_path / name))
        (tmp_path / name).write_text(odd.get(name, f"{'A' * 43}\n"))
    settings = load_settings()
    assert settings.database_url == settings.metrics_token == settings.signing_key == "A" * 43
    assert settings.smtp_url is None
    assert settings.otlp_url == "http://collector:4318"
    assert load_settings(database_url="sqlite:///x").database_url == "sqlite:///x"


def test_t47_every_secret_may_lie_in_a_file() -> None:
    hidden = {name for name, field in Settings.model_fields.items() if not field.repr}
    assert hidden == set(SECRETS)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "cannot be read: No such file"),
        (b"one\ntwo", "one line"),
        (b"x" * (SECRET_BYTES_MAX + 1), "one line"),
        (b"\xff", "is no text"),
    ],
)
def test_t47_a_file_without_a_secret_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / "url").write_bytes(content)
    monkeypatch.setenv("ARENA_DATABASE_URL_FILE", str(tmp_path / "url"))
    with pytest.raises(Misconfigured, match=f"ARENA_DATABASE_URL_FILE: .*{why}"):
        load_settings()


def test_t47_two_secrets_for_one_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("sqlite:///there")
    monkeypatch.setenv("ARENA_DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("ARENA_DATABASE_URL", "sqlite:///here")
    with pytest.raises(Misconfigured, match="ARENA_DATABASE_URL is set, too"):
        load_settings()
