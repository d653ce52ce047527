"""Settings from the environment (GENJIN_…), `.env` and `genjin.toml`, in this order of precedence.

Read once, in `bot/wiring.py`, and handed on as values.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config.business import Business

WECOM_API = "https://qyapi.weixin.qq.com"
KEY_LENGTH = 43  # an EncodingAESKey, developer.work.weixin.qq.com/document/path/91144


class WeComApp(BaseModel):
    """One self-built app of WeCom. Where each value is found is said in `config/doctor.py`."""

    corp_id: str = ""
    agent_id: int = 0
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    encoding_aes_key: SecretStr = SecretStr("")
    api_base: str = WECOM_API

    @field_validator("api_base")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")


class ModelEndpoint(BaseModel):
    """An OpenAI-compatible endpoint that may be asked about a message that the grammar is unsure of.

    Off unless `base_url` is set, for example https://api.example.com/v1. `timeout` is in seconds, for one
    question; what it proposes is always shown to the person first.
    """

    base_url: str = ""
    key: SecretStr = SecretStr("")
    name: str = ""
    timeout: float = Field(default=2.5, gt=0, le=30)

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

    organisation: str = "我的公司"
    database_url: str = "sqlite:///var/genjin.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    signing_key: SecretStr = SecretStr("")
    zone: str = "Asia/Shanghai"
    morning: time = time(8, 30)
    workdays_only: bool = True
    log_level: str = "INFO"
    log_json: bool = False
    writers: int = Field(default=3, ge=1, le=16, description="writer threads on PostgreSQL; SQLite has one")
    wecom: dict[str, WeComApp] = Field(default_factory=dict)
    model: ModelEndpoint = Field(default_factory=ModelEndpoint)

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
            workdays_only=self.workdays_only,
            public_url=self.public_url.rstrip("/"),
        )

    def sqlite_file(self) -> Path | None:
        """The database file, or None where the database is not SQLite in a file."""
        prefix = "sqlite:///"
        if not self.database_url.startswith(prefix):
            return None
        return Path(self.database_url.removeprefix(prefix))
