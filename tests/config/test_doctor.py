"""Each missing, default or short value is named as it is written, with its place in the console."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from config.doctor import PLACEHOLDERS, findings, left_out, startable
from config.places import DINGTALK_PLACES, WECOM_BOT_PLACES, WECOM_PLACES
from config.settings import DingTalkApp, DingTalkMode, ModelEndpoint, Settings, WeComApp, WeComBot

KEY = "k" * 43
SIGNING = SecretStr("s" * 32)
GOOD: dict[str, Any] = {
    "corp_id": "ww1",
    "agent_id": 1000002,
    "secret": SecretStr("a-real-secret"),
    "token": SecretStr("a-real-token"),
    "encoding_aes_key": SecretStr(KEY),
}


def settings(**values: Any) -> Settings:
    """Settings that nothing is wrong with but what is given."""
    plain: dict[str, Any] = {"signing_key": SIGNING, "wecom": {"main": WeComApp(**GOOD)}}
    return Settings(**(plain | values))


def test_a_whole_installation_has_no_findings() -> None:
    assert findings(settings()) == []


@pytest.mark.parametrize("name", list(GOOD))
def test_what_is_missing_is_named_with_its_place(name: str) -> None:
    given = {key: value for key, value in GOOD.items() if key != name}
    (found,) = findings(settings(wecom={"sales": WeComApp(**given)}))
    assert found.name == f"GENJIN_WECOM__SALES__{name.upper()}"
    assert found.problem == "没有填写"
    assert found.place == WECOM_PLACES[name]
    assert "work.weixin.qq.com" in found.place


@pytest.mark.parametrize("value", sorted(PLACEHOLDERS))
@pytest.mark.parametrize("name", ["secret", "token", "encoding_aes_key"])
def test_a_default_is_as_good_as_missing(name: str, value: str) -> None:
    given = GOOD | {name: SecretStr(value.upper())}
    (found,) = findings(settings(wecom={"main": WeComApp(**given)}))
    assert (found.name, found.problem) == (f"GENJIN_WECOM__MAIN__{name.upper()}", "还是默认值")


@pytest.mark.parametrize("key", ["k" * 42, "k" * 44, "k" * 42 + "=", "键" * 43])
def test_a_key_of_the_wrong_shape_says_what_it_should_be(key: str) -> None:
    given = GOOD | {"encoding_aes_key": SecretStr(key)}
    (found,) = findings(settings(wecom={"main": WeComApp(**given)}))
    assert "43" in found.problem
    assert key not in found.problem


@pytest.mark.parametrize("key", ["", "secret", "changeme", "short", "s" * 31])
def test_the_signing_key_must_be_long_and_one_s_own(key: str) -> None:
    (found,) = findings(settings(signing_key=SecretStr(key)))
    assert found.name == "GENJIN_SIGNING_KEY"
    assert "token_urlsafe" in found.place


def test_nothing_configured_names_the_first_step() -> None:
    names = [found.name for found in findings(Settings())]
    assert names == ["GENJIN_SIGNING_KEY", "GENJIN_WECOM__MAIN__CORP_ID"]


def test_a_zone_that_does_not_exist_is_named() -> None:
    (found,) = findings(settings(zone="Mars/Olympus"))
    assert (found.name, "Mars/Olympus" in found.problem) == ("GENJIN_ZONE", True)


def test_an_app_that_works_does_not_wait_for_one_that_does_not() -> None:
    both = settings(wecom={"main": WeComApp(**GOOD), "other": WeComApp()})
    assert findings(both) == []
    assert {found.name.split("__")[1] for found in left_out(both)} == {"OTHER"}
    assert list(startable(both).wecom) == ["main"]


def test_a_smart_bot_and_dingtalk_are_looked_at_as_well() -> None:
    only = settings(
        wecom={},
        wecom_bots={"bot": WeComBot(url="http://x")},
        dingtalk={"ding": DingTalkApp(aes_key=SecretStr(KEY), mode=DingTalkMode.HTTP)},
    )
    found = {one.name: one.place for one in findings(only)}
    assert found["GENJIN_WECOM_BOTS__BOT__BOT_ID"] == WECOM_BOT_PLACES["bot_id"]
    assert found["GENJIN_DINGTALK__DING__CLIENT_SECRET"] == DINGTALK_PLACES["client_secret"]
    assert "GENJIN_WECOM_BOTS__BOT__URL" in found
    assert "GENJIN_DINGTALK__DING__TOKEN" in found


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (ModelEndpoint(base_url="ftp://x", name="m"), "GENJIN_MODEL__BASE_URL"),
        (ModelEndpoint(base_url="https://x.example.com"), "GENJIN_MODEL__NAME"),
        (
            ModelEndpoint(base_url="https://x.example.com", name="m", key=SecretStr("changeme")),
            "GENJIN_MODEL__KEY",
        ),
    ],
)
def test_a_model_that_is_switched_on_must_be_whole(model: ModelEndpoint, name: str) -> None:
    assert [found.name for found in findings(settings(model=model))] == [name]


def test_no_finding_repeats_a_secret() -> None:
    secret = "not-43-characters-but-very-secret"
    bad = settings(
        signing_key=SecretStr("too-short-but-secret"),
        wecom={"main": WeComApp(encoding_aes_key=SecretStr(secret))},
    )
    shown = str(findings(bad))
    assert secret not in shown
    assert "too-short-but-secret" not in shown
