"""The settings of one process: every ``ARENA_*`` variable, checked once at start.

Nothing else reads the environment.
"""

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from collab.process.measures.badge import from_base64url
from storage.engine.connect import CONNECTIONS, CONNECTIONS_MIN

SECRETS = ("database_url", "redis_url", "smtp_url", "metrics_token", "signing_key", "otlp_url")
"""What may lie in a file that ``ARENA_…_FILE`` names instead of in the environment."""

SECRET_BYTES_MAX = 64 * 1024
LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost"})


class Misconfigured(Exception):
    """The settings do not allow a start; the message says which variable and what to do."""


class SecretFiles(PydanticBaseSettingsSource):
    """The secrets that lie in files; an empty file is no secret."""

    def __call__(self) -> dict[str, Any]:
        found: dict[str, str] = {}
        wrong: list[str] = []
        for name in SECRETS:
            try:
                if secret := _in_file(f"ARENA_{name.upper()}"):
                    found[name] = secret
            except ValueError as error:
                wrong.append(f"ARENA_{name.upper()}_FILE: {error}")
        if wrong:
            raise Misconfigured("\n".join(wrong))
        return found

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Nothing of a single field: all are read at once."""
        return None, field_name, False


class Settings(BaseSettings):
    """The settings, read from the environment; keyword arguments win (tests, CLI options)."""

    model_config = SettingsConfigDict(
        env_prefix="ARENA_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: str = Field(default="sqlite:///var/arena.db", repr=False)
    database_connections: int = Field(default=CONNECTIONS, ge=CONNECTIONS_MIN, le=500)
    """How many connections to PostgreSQL the process opens at most."""
    redis_url: str | None = Field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    base_url: str = ""
    """Where browsers find Arena; links in mails and invitations start with it."""
    origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Further origins that may post and open sockets, besides ``base_url`` and the own host."""
    proxies: str = ""
    """Addresses or networks of proxies whose X-Forwarded-* headers are believed, by commas."""
    demo: bool = False
    var: Path = Path("var")
    smtp_url: str | None = Field(default=None, repr=False)
    mail_from: str = "Arena der Ideen <arena@localhost>"
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_token: str | None = Field(default=None, repr=False)
    otlp_url: str | None = Field(default=None, repr=False)
    """The collector that traces are sent to over OTLP/HTTP, such as ``http://collector:4318``."""
    otlp_share: float = Field(default=0.1, ge=0.0, le=1.0)
    """How many of all traces are collected."""
    offer_working_days: int = Field(default=20, ge=1, le=250)
    """How long an organisation has to confirm that it answers for an idea."""
    support_working_days: int = Field(default=10, ge=1, le=250)
    """How long a request for support may be open before it is marked as late."""
    signing_key: str | None = Field(default=None, repr=False)
    """The private key of badges, 32 bytes in base64url; without it one is kept in ``var``."""
    similar: Literal["meaning", "words"] = "meaning"
    """How ideas are compared; by words also where the model of sentences cannot be loaded."""
    webhook_private: bool = False
    """Webhooks may lead to addresses of private networks and of this machine."""
    log_days: int | None = Field(default=None, ge=30, le=36_500)
    """How long every single change of a text is kept; without it for good."""
    body_bytes_max: int = Field(default=1024 * 1024, ge=1024)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Keyword arguments, the environment, and files that it names."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    @field_validator("origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        """Accept the comma-separated form of the environment."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("origins")
    @classmethod
    def _origins_are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_origin(each) for each in value)

    @field_validator("base_url")
    @classmethod
    def _base_url_is_an_origin(cls, value: str) -> str:
        return _origin(value) if value else value

    @field_validator("otlp_url")
    @classmethod
    def _otlp_url_is_a_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise ValueError("must look like http://collector:4318; /v1/traces is added to it")
        return value

    @field_validator("signing_key")
    @classmethod
    def _signing_key_is_a_key(cls, value: str | None) -> str | None:
        if value is not None and not _is_seed(value):
            raise ValueError("must be 32 random bytes in base64url; `arena badge key` makes one")
        return value

    @model_validator(mode="after")
    def _demonstration_stays_on_this_machine(self) -> Self:
        hosts = {self.host, urlsplit(self.base_url).hostname or self.host}
        if self.demo and not all(is_loopback(host) for host in hosts):
            raise ValueError(
                "ARENA_DEMO signs in demonstration persons without a password and is therefore "
                "only possible on a loopback address; unset ARENA_DEMO or use ARENA_HOST=127.0.0.1"
            )
        return self

    @property
    def address(self) -> str:
        """The origin of the pages, without a slash at the end."""
        return self.base_url or f"http://{_bracketed(self.host)}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Browsers reach Arena over TLS, so cookies can be bound to it."""
        return self.address.startswith("https://")

    @property
    def outbox(self) -> Path:
        """Where mails land as files when no mail server is set."""
        return self.var / "outbox"


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process.

    Raises:
        Misconfigured: with one line per wrong variable.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [_explain(each["loc"], each["msg"]) for each in error.errors()]
        raise Misconfigured("\n".join(lines)) from error


def _in_file(variable: str) -> str | None:
    """The secret in the file that ``variable`` + ``_FILE`` names; ``None`` without one.

    Raises:
        ValueError: there is no such file, or no telling which secret is meant.
    """
    name = os.environ.get(f"{variable}_FILE")
    if not name:
        return None
    if os.environ.get(variable):
        raise ValueError(f"{variable} is set, too; unset one of them")
    try:
        with open(name, "rb") as file:
            data = file.read(SECRET_BYTES_MAX + 1)
        secret = data.decode().strip()
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is no text") from error
    if len(data) > SECRET_BYTES_MAX or "\n" in secret:
        raise ValueError(f"{name} must hold the secret and nothing else, in one line")
    return secret or None


def is_loopback(host: str) -> bool:
    """Only this machine can reach ``host``."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _explain(location: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"ARENA_{str(location[0]).upper()}: {text}" if location else text


def _origin(text: str) -> str:
    """``text`` as ``scheme://host[:port]``."""
    parts = urlsplit(text.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ValueError("must look like https://arena.example, without a path")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_seed(text: str) -> bool:
    try:
        return len(from_base64url(text)) == 32
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
