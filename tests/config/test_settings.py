"""Settings: where they come from, which of two wins, and that no secret is ever shown."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.settings import DingTalkApp, ModelEndpoint, Settings, WeComApp, WeComBot

SECRETS = ("geheim-app", "geheim-token", "geheim-aes", "geheim-signing", "geheim-db", "geheim-model")


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's settings: an empty folder, and no GENJIN_… in the environment."""
    import os

    for name in list(os.environ):
        if name.startswith("GENJIN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def whole() -> Settings:
    """Settings in which every secret is set."""
    return Settings(
        database_url="postgresql://genjin:geheim-db@db.example.com:5432/genjin",
        signing_key=SecretStr("geheim-signing"),
        wecom={
            "main": WeComApp(
                corp_id="ww1",
                secret=SecretStr("geheim-app"),
                token=SecretStr("geheim-token"),
                encoding_aes_key=SecretStr("geheim-aes"),
            )
        },
        wecom_bots={"bot": WeComBot(bot_id="b", secret=SecretStr("geheim-app"))},
        dingtalk={
            "ding": DingTalkApp(
                client_secret=SecretStr("geheim-app"),
                token=SecretStr("geheim-token"),
                aes_key=SecretStr("geheim-aes"),
                card_secret=SecretStr("geheim-app"),
            )
        },
        model=ModelEndpoint(key=SecretStr("geheim-model")),
    )


def test_nothing_needs_to_be_set_to_look_around() -> None:
    settings = Settings()
    assert settings.database_url == "sqlite:///var/genjin.db"
    assert settings.sqlite_file() == Path("var/genjin.db")
    assert settings.wecom == {}


def test_an_app_is_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENJIN_WECOM__MAIN__CORP_ID", "ww1")
    monkeypatch.setenv("GENJIN_WECOM__MAIN__AGENT_ID", "1000002")
    monkeypatch.setenv("GENJIN_WECOM__MAIN__API_BASE", "https://proxy.example.com/")
    app = Settings().wecom["main"]
    assert (app.corp_id, app.agent_id, app.api_base) == ("ww1", 1000002, "https://proxy.example.com")


def test_code_beats_environment_beats_dotenv_beats_toml(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "genjin.toml").write_text(
        'organisation = "toml"\nzone = "Asia/Tokyo"\nport = 1\nhost = "toml"\n'
        '[wecom.main]\ncorp_id = "toml"\n',
        encoding="utf-8",
    )
    (empty_folder / ".env").write_text(
        "GENJIN_ORGANISATION=dotenv\nGENJIN_PORT=2\nGENJIN_HOST=dotenv\nUNRELATED=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("GENJIN_ORGANISATION", "environment")
    monkeypatch.setenv("GENJIN_PORT", "3")
    settings = Settings(port=4)
    assert settings.port == 4
    assert settings.organisation == "environment"
    assert settings.host == "dotenv"
    assert settings.zone == "Asia/Tokyo"
    assert settings.wecom["main"].corp_id == "toml"


def test_one_app_may_be_spread_over_the_sources(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / "genjin.toml").write_text('[wecom.main]\ncorp_id = "ww1"\n', encoding="utf-8")
    monkeypatch.setenv("GENJIN_WECOM__MAIN__SECRET", "geheim-app")
    app = Settings().wecom["main"]
    assert (app.corp_id, app.secret.get_secret_value()) == ("ww1", "geheim-app")


def test_no_way_of_showing_settings_shows_a_secret() -> None:
    settings = whole()
    ways = (
        repr(settings),
        str(settings),
        str(settings.model_dump()),
        settings.model_dump_json(),
        str(dict(settings)).replace(settings.database_url, ""),
        f"{settings.wecom}{settings.dingtalk}{settings.wecom_bots}{settings.model}",
    )
    for way in ways:
        assert [secret for secret in SECRETS if secret in way] == []
    assert "genjin:…@db.example.com:5432/genjin" in repr(settings)
    assert "geheim-db" in settings.database_url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GENJIN_PORT", "99999"),
        ("GENJIN_MORNING", "25:00"),
        ("GENJIN_WRITERS", "0"),
        ("GENJIN_MODEL__TIMEOUT", "0"),
        ("GENJIN_WECOM__MAIN__AGENT_ID", "abc"),
    ],
)
def test_an_impossible_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    where = "__".join(str(part) for part in refused.value.errors()[0]["loc"]).upper()
    assert f"GENJIN_{where}" == name


def test_the_business_rules_get_their_part() -> None:
    business = Settings(
        organisation="华东公司",
        morning=time(9, 15),
        workdays_only=False,
        public_url="https://crm.example.com/",
    ).business()
    assert (business.organisation, business.morning, business.workdays_only) == (
        "华东公司",
        time(9, 15),
        False,
    )
    assert business.public_url == "https://crm.example.com"


def test_a_database_elsewhere_is_no_file() -> None:
    assert whole().sqlite_file() is None
