"""Settings from the environment (GENJIN_…), `.env` and `genjin.toml`, in this order of precedence.

Read once, in `bot/wiring.py`, and handed on as values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr, field_serializer, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config.business import Business

WECOM_API = "https://qyapi.weixin.qq.com"
WECOM_LINE = "wss://openws.work.weixin.qq.com"
DINGTALK_API = "https://api.dingtalk.com"
DINGTALK_OAPI = "https://oapi.dingtalk.com"
DATABASE = re.compile(r"sqlite:///(?!:memory:).+|postgresql(\+psycopg)?://.*")
PASSWORD = re.compile(r"(?<=://)([^\s/@:]*):[^\s/]*@")  # in an address: user:password@host
KEY_LENGTH = 43  # an EncodingAESKey, developer.work.weixin.qq.com/document/path/91144


class WeComApp(BaseModel):
    """One self-built app of WeCom. Where each value is found is said in `config/doctor.py`."""

    corp_id: str = Field(default="", description="企业ID of the organisation")
    agent_id: int = Field(default=0, description="AgentId of the self-built app")
    secret: SecretStr = Field(default=SecretStr(""), description="Secret of the app")
    token: SecretStr = Field(default=SecretStr(""), description="Token of 设置API接收")
    encoding_aes_key: SecretStr = Field(default=SecretStr(""), description="EncodingAESKey of 设置API接收")
    api_base: str = Field(default=WECOM_API, description="the platform's API, or a proxy of it")

    @field_validator("agent_id", mode="before")
    @classmethod
    def _not_filled_in(cls, value: object) -> object:
        return value or 0

    @field_validator("api_base")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")


class WeComBot(BaseModel):
    """One smart bot of WeCom, reached over its long connection: no public address is needed."""

    bot_id: str = Field(default="", description="Bot ID of the smart bot")
    secret: SecretStr = Field(default=SecretStr(""), description="Secret of its long connection")
    url: str = Field(default=WECOM_LINE, description="the platform's long connection")


class DingTalkMode(StrEnum):
    """How messages reach an app of DingTalk: over a connection that we open, or pushed to our address."""

    STREAM = "stream"
    HTTP = "http"


class DingTalkApp(BaseModel):
    """One internal app of DingTalk with its robot.

    `robot_code` is the client id unless given. Without `card_template_id` there are no cards that call back;
    everything works by text. `token` and `aes_key` open the events of an app in HTTP mode, `card_secret` and
    `route_key` its card callbacks.
    """

    client_id: str = Field(default="", description="Client ID (AppKey) of the internal app")
    client_secret: SecretStr = Field(
        default=SecretStr(""), description="Client Secret (AppSecret) of the app"
    )
    robot_code: str = Field(default="", description="RobotCode; empty: the client id")
    card_template_id: str = Field(
        default="", description="id of the imported card template; empty: all works by text"
    )
    mode: DingTalkMode = Field(
        default=DingTalkMode.STREAM, description="`stream` opens a connection, `http` is pushed to"
    )
    token: SecretStr = Field(default=SecretStr(""), description="签名 token of the events, in HTTP mode")
    aes_key: SecretStr = Field(default=SecretStr(""), description="aes_key of the events, in HTTP mode")
    card_secret: SecretStr = Field(
        default=SecretStr(""), description="secret of the card callbacks, in HTTP mode"
    )
    route_key: str = Field(default="genjin", description="name under which the card callback is registered")
    api_base: str = Field(default=DINGTALK_API, description="the platform's API, or a proxy of it")
    oapi_base: str = Field(default=DINGTALK_OAPI, description="the platform's older API, or a proxy of it")

    @field_validator("api_base", "oapi_base")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def robot(self) -> str:
        """The robot's code: that of an internal app is its client id."""
        return self.robot_code or self.client_id


class ModelEndpoint(BaseModel):
    """An OpenAI-compatible endpoint that may be asked about a message that the grammar is unsure of.

    Off unless `base_url` is set, for example https://api.example.com/v1. `timeout` is in seconds, for one
    question; what it proposes is always shown to the person first.
    """

    base_url: str = Field(default="", description="OpenAI-compatible endpoint; empty: no model is asked")
    key: SecretStr = Field(default=SecretStr(""), description="key of the endpoint, where it wants one")
    name: str = Field(default="", description="name of the model")
    timeout: float = Field(default=2.5, gt=0, le=30, description="seconds for one question")

    @field_validator("base_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")


class Settings(BaseSettings):
    """Everything that an administrator can set. Names in the environment: GENJIN_DATABASE_URL and so on,
    nested ones with two underscores: GENJIN_WECOM__MAIN__CORP_ID."""

    model_config = SettingsConfigDict(
        env_prefix="GENJIN_",
        env_nested_delimiter="__",
        env_file=".env",
        toml_file="genjin.toml",
        extra="ignore",
    )

    organisation: str = Field(default="我的公司", description="name of the organisation, as cards show it")
    database_url: str = Field(
        default="sqlite:///var/genjin.db",
        description="`sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`",
    )
    files_dir: str = Field(
        default="",
        description="folder of photos and files, shared by all replicas; empty: `files` beside the SQLite"
        " database, otherwise `var/files`",
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on")
    public_url: str = Field(default="", description="address under which the proxy is reached from outside")
    signing_key: SecretStr = Field(
        default=SecretStr(""),
        description="signs the buttons of cards; at least 32 characters, made by yourself",
    )
    zone: str = Field(default="Asia/Shanghai", description="IANA time zone of the organisation")
    morning: time = Field(default=time(8, 30), description="when the morning card is sent")
    evening: time = Field(default=time(18, 30), description="when managers get the digest of follow-ups")
    workdays_only: bool = Field(default=True, description="no morning card on weekends and holidays")
    default_manager: str = Field(
        default="", description="userid of the manager of whoever has none in the directory"
    )
    reveals_a_day: int = Field(
        default=50, ge=0, description="masked phone numbers that a member may look at in a day"
    )
    undo_hours: int = Field(default=72, ge=1, description="hours in which a member can take a record back")
    undo_hours_lead: int = Field(
        default=720, ge=1, description="the same for managers, directors and administrators"
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_json: bool = Field(default=False, description="log lines as JSON")
    writers: int = Field(default=3, ge=1, le=16, description="writer threads on PostgreSQL; SQLite has one")
    wecom: dict[str, WeComApp] = Field(default_factory=dict)
    wecom_bots: dict[str, WeComBot] = Field(default_factory=dict)
    dingtalk: dict[str, DingTalkApp] = Field(default_factory=dict)
    dingtalk_calls: int = Field(default=5_000, ge=1, description="API calls of the organisation a month")
    dingtalk_pushes: int = Field(default=3_000, ge=1, description="pushes of the organisation a month")
    model: ModelEndpoint = Field(default_factory=ModelEndpoint)

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not DATABASE.fullmatch(value):
            raise ValueError("应是 sqlite:///文件 或 postgresql://用户:密码@主机/库名")
        return value

    @field_serializer("database_url")
    def _without_password(self, value: str) -> str:
        return PASSWORD.sub(r"\1:…@", value)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            yield name, self._without_password(value) if name == "database_url" else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code beats the environment, which beats `.env`, which beats `genjin.toml`."""
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, dotenv_settings, file_secret_settings, toml

    def business(self) -> Business:
        """The part that the business rules use."""
        return Business(
            organisation=self.organisation,
            zone=self.zone,
            morning=self.morning,
            evening=self.evening,
            workdays_only=self.workdays_only,
            default_manager=self.default_manager.strip(),
            reveals_a_day=self.reveals_a_day,
            undo_window=timedelta(hours=self.undo_hours),
            undo_window_lead=timedelta(hours=self.undo_hours_lead),
            public_url=self.public_url.rstrip("/"),
        )

    def files_folder(self) -> Path:
        """Where photos and files are kept."""
        if self.files_dir:
            return Path(self.files_dir).expanduser()
        database = self.sqlite_file()
        return database.parent / "files" if database is not None else Path("var") / "files"

    def sqlite_file(self) -> Path | None:
        """The database file, or None where the database is not SQLite in a file."""
        prefix = "sqlite:///"
        if not self.database_url.startswith(prefix):
            return None
        return Path(self.database_url.removeprefix(prefix))
