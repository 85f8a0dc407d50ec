"""Settings: where they come from, in which order, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from rag.config import ENV_PREFIX, Settings
from rag.errors import ConfigError


@pytest.fixture(autouse=True)
def _no_settings_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(ENV_PREFIX + name.upper(), raising=False)


def test_the_defaults_need_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    settings = Settings.load()
    assert settings.index == Path("index")
    assert settings.llm == "embedded"
    assert settings.llm_base_url is None
    assert settings.llm_threads == 7


def test_one_core_still_gives_the_model_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert Settings.load().llm_threads == 1


def test_an_argument_wins_over_the_environment_and_that_over_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTR_LLM", "none")
    monkeypatch.setenv("OTR_INDEX", "elsewhere")
    settings = Settings.load(llm="ollama:qwen3", index=None)
    assert settings.llm == "ollama:qwen3"
    assert settings.index == Path("elsewhere")


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTR_LLM_TIMEOUT", "")
    assert Settings.load().llm_timeout == 60.0


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OTR_LLM_THREADS", "0"),
        ("OTR_LLM_THREADS", "many"),
        ("OTR_LLM_TIMEOUT", "-1"),
        ("OTR_LLM_TIMEOUT", "nan"),
        ("OTR_LLM_TIMEOUT", "inf"),
    ],
)
def test_a_wrong_variable_is_named_with_its_value(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError, match=rf"^{variable} is '{value}', which cannot be used: "):
        Settings.load()


def test_an_empty_argument_is_refused_and_does_not_mean_the_folder_one_is_in() -> None:
    with pytest.raises(ConfigError, match=r"^index is given as '', which is nothing: give a value, or leave it out "):
        Settings.load(index="")


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^OTR_LMM is 'none', which cannot be used: "):
        Settings.load(lmm="none")


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = Settings.load()
    with pytest.raises(ValidationError):
        settings.llm = "none"
