"""The settings, their bounds and where they come from: argument, then environment, then default."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import ConfigError

ENV_PREFIX = "OTR_"
# Tokens of a prompt when nothing else is set: ten passages with their statements have some 4,500.
PROMPT_TOKENS = 6000


class Settings(BaseModel):
    """Everything that can be set. Build it with `Settings.load`, then pass it down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: Path = Field(Path("index"), description="Folder of the index (OTR_INDEX).")
    embeddings: str = Field(
        "all-MiniLM-L6-v2",
        min_length=1,
        description="Embedding model (OTR_EMBEDDINGS): the packaged one, or the folder of a sentence-transformers one.",
    )
    llm: str = Field(
        "embedded",
        min_length=1,
        description="Who judges (OTR_LLM): embedded, provider:model, gguf:PATH, or an OpenAI-compatible server's URL.",
    )
    llm_base_url: str | None = Field(
        None, description="Address of the model's server, when it is not the provider's own (OTR_LLM_BASE_URL)."
    )
    llm_threads: int = Field(
        default_factory=lambda: max(1, (os.cpu_count() or 2) - 1),
        ge=1,
        le=256,
        description="CPU threads of a model file (OTR_LLM_THREADS); one core is left free because it spins.",
    )
    llm_tokens: int = Field(
        PROMPT_TOKENS,
        ge=1000,
        le=1_000_000,
        description="Tokens that a prompt to a chat model may have (OTR_LLM_TOKENS).",
    )
    llm_timeout: float = Field(60.0, gt=0, le=3600, description="Seconds to wait for the model (OTR_LLM_TIMEOUT).")

    @classmethod
    def load(cls, **given: object) -> Settings:
        """Read the settings; arguments that are None fall back to the environment, then to the default.

        Raises ConfigError naming the setting and what it expects.
        """
        values: dict[str, object] = {}
        for name in cls.model_fields:
            value = given.pop(name, None)
            if value is None:
                value = os.environ.get(ENV_PREFIX + name.upper()) or None
            elif value == "":
                raise ConfigError(
                    f"{name} is given as '', which is nothing: give a value, or leave it out for the default."
                )
            if value is not None:
                values[name] = value
        try:
            return cls.model_validate(values | given)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            raise ConfigError(
                f"{ENV_PREFIX}{name.upper()} is {first['input']!r}, which cannot be used: {first['msg'].lower()}."
            ) from error
