"""Settings of the optional model: off unless there is an address, and every fault says where to look."""

from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from bot.check import report
from config.doctor import findings
from config.settings import ModelEndpoint, Settings

KEY = "sk-not-shown-anywhere"


def faults(**model: object) -> list[str]:
    settings = Settings(model=ModelEndpoint.model_validate(model))
    return [f.name for f in findings(settings) if f.name.startswith("GENJIN_MODEL")]


def test_it_is_off_unless_there_is_an_address() -> None:
    assert Settings().model.base_url == ""
    assert faults() == []
    assert faults(name="any", key="secret") == []


def test_an_address_and_a_name_are_enough() -> None:
    assert faults(base_url="http://127.0.0.1:11434/v1/", name="qwen") == []
    assert ModelEndpoint(base_url="http://x/v1/").base_url == "http://x/v1"


def test_every_fault_is_named() -> None:
    assert faults(base_url="model.example.com", key="changeme") == [
        "GENJIN_MODEL__BASE_URL",
        "GENJIN_MODEL__NAME",
        "GENJIN_MODEL__KEY",
    ]


def test_it_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENJIN_MODEL__BASE_URL", "https://api.example.com/v1")
    monkeypatch.setenv("GENJIN_MODEL__NAME", "any")
    monkeypatch.setenv("GENJIN_MODEL__TIMEOUT", "1.5")
    model = Settings().model
    assert (model.base_url, model.name, model.timeout) == ("https://api.example.com/v1", "any", 1.5)


@pytest.mark.parametrize("timeout", [0, -1, 31])
def test_a_time_limit_that_makes_no_sense_is_refused(timeout: float) -> None:
    with pytest.raises(ValidationError):
        ModelEndpoint(timeout=timeout)


def test_the_key_is_never_shown() -> None:
    said: list[str] = []
    endpoint = ModelEndpoint(base_url="http://127.0.0.1:1/v1", name="qwen", key=SecretStr(KEY))
    settings = Settings(database_url="sqlite:////nowhere/at/all.db", model=endpoint)
    report(settings, said.append)
    printed = "\n".join(said)
    assert "qwen" in printed
    assert KEY not in printed + repr(settings)
