"""The chat model that the settings name: in a setting, out a `ChatModel`, or None for no chat model.

The default is none: the trained reader and judge work by themselves, and nothing leaves the machine unless the
user names a model or server elsewhere. What a model is asked, and what becomes of its reply, is not decided here.
The only importer of chat-model clients.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from pydantic import BaseModel, ValidationError

from rag.config import PROMPT_TOKENS, Settings
from rag.errors import ConfigError, ModelError

T = TypeVar("T", bound=BaseModel)

# A list of numbers has a few hundred; the rest is for models that think before they write.
REPLY_TOKENS = 4000
# A model file served here does not think for long: its context is memory.
GGUF_REPLY_TOKENS = 1500
# Once more is enough for a hiccup; after that the embedded reader and judge do the work.
RETRIES = 1
LIST_SECONDS = 10.0
# The client's own timeout tells more, so it gets this long to come first.
GRACE_SECONDS = 2.0
OLLAMA_ADDRESS = "http://127.0.0.1:11434"
KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
EXTRAS = ("anthropic", "ollama")
# How each kind of provider is made to reply in a form. One that is not named here keeps its client's own way.
# Anthropic's JSON schemas are known to newer models only, its tools to all.
METHODS = {
    "openai": "json_schema",
    "server": "json_schema",
    "gguf": "json_schema",
    "ollama": "json_schema",
    "anthropic": "function_calling",
}
CHOICES = (
    "expected embedded, openai:NAME, anthropic:NAME, ollama:NAME, another provider:NAME that LangChain's "
    "init_chat_model knows, gguf:PATH, or the address of an OpenAI-compatible server such as http://127.0.0.1:8080/v1"
)


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A chat model and its name for people.

    `provider` is LangChain's name of its provider, "server" for an address or "gguf" for a model file; `timeout` is
    how many seconds a reply may take in all; `tokens` are those that a prompt may have.
    """

    model: BaseChatModel = field(repr=False)
    name: str
    provider: str = "server"
    timeout: float = 60.0
    tokens: int = PROMPT_TOKENS

    def ask(self, schema: type[T], messages: Sequence[BaseMessage]) -> T:
        """Ask for a reply in the form of a pydantic model, and return it.

        Raises ModelError when none comes that can be used: whatever the client raises, a reply in another form, or
        none in time. Neither a key nor the server's own words stand in its message.
        """
        replies: queue.SimpleQueue[object] = queue.SimpleQueue()

        def work() -> None:
            try:
                replies.put(self._invoke(schema, messages))
            except Exception as error:  # noqa: BLE001  # a client can raise anything; it is raised again below
                replies.put(error)

        # A client's timeout is one for each read: a server that drips out words for ever would never meet it.
        threading.Thread(target=work, name="chat model", daemon=True).start()
        try:
            reply = replies.get(timeout=self.timeout + GRACE_SECONDS)
        except queue.Empty:
            raise ModelError(f"The model {self.name} did not reply within {self.timeout:g} s.") from None
        if isinstance(reply, Exception):
            kind = type(reply).__name__
            raise ModelError(f"The model {self.name} gave no reply that can be used ({kind}).") from reply
        if not isinstance(reply, schema):
            raise ModelError(f"The model {self.name} replied in another form than it was asked for.")
        return reply

    def _invoke(self, schema: type[T], messages: Sequence[BaseMessage]) -> object:
        method = METHODS.get(self.provider)
        options: dict[str, Any] = {} if method is None else {"method": method}
        # Options of the call and not bound to the model: a bound model has no structured output.
        return self.model.with_structured_output(schema, **options).invoke(list(messages), **self._limits())

    def _limits(self) -> dict[str, Any]:
        """The limit of a reply in the words of the provider; none for one whose words are not known."""
        if self.provider == "ollama":
            # It cuts the beginning off a prompt that is longer than its context, in silence.
            context = self.tokens + REPLY_TOKENS
            return {"options": {"temperature": 0, "num_predict": REPLY_TOKENS, "num_ctx": context}}
        if self.provider == "gguf":
            return {"max_tokens": GGUF_REPLY_TOKENS, "extra_body": {"cache_prompt": True}}
        return {"max_tokens": REPLY_TOKENS} if self.provider in METHODS else {}


_lock = threading.Lock()


def load_chat_model(settings: Settings) -> ChatModel | None:
    """Return the chat model of `settings.llm`, the same one each time; None for "embedded" (or "none").

    Raises ConfigError when the setting cannot be understood, ModelError when the model cannot be loaded or reached: a
    package, file, key or server is missing.
    """
    named = settings.llm.strip(), settings.llm_base_url
    with _lock:
        return _load(*named, settings.llm_threads, settings.llm_timeout, settings.llm_tokens)


@functools.cache
def _load(spec: str, base_url: str | None, threads: int, timeout: float, tokens: int) -> ChatModel | None:
    provider, _, name = spec.partition(":")
    provider, name = provider.strip().lower(), name.strip()
    own_address = provider in ("embedded", "none", "gguf") or "://" in spec
    if base_url is not None and own_address:
        raise ConfigError("OTR_LLM_BASE_URL is the address for a provider:NAME in OTR_LLM: unset it, or name one.")
    if spec.lower() in ("embedded", "none"):
        return None
    if provider == "gguf" and name:
        return _from_file(Path(name), threads, timeout, tokens)
    if "://" in spec:
        address = _checked_address(spec, "OTR_LLM")
        key = os.environ.get("OPENAI_API_KEY") or "none"
        name = _first_model(address, key)
        return ChatModel(_at_server(name, address, key, timeout), name, timeout=timeout, tokens=tokens)
    if not provider or not name:
        raise ConfigError(f"OTR_LLM is {spec!r}: {CHOICES}.")
    return _from_provider(spec, provider, name, base_url, (timeout, tokens))


def _from_file(path: Path, threads: int, timeout: float, tokens: int) -> ChatModel:
    from rag.models.gguf import serve

    engine = serve(path, threads=threads, context=tokens + GGUF_REPLY_TOKENS)
    model = _at_server(path.stem, f"{engine.address}/v1", engine.key, timeout)
    return ChatModel(model, path.stem, "gguf", timeout, tokens)


@functools.cache
def without_key(name: str, address: str, timeout: float, tokens: int) -> ChatModel:
    """A model of an OpenAI-compatible server that nobody named: whoever listens there is sent no key of the user's."""
    return ChatModel(_at_server(name, address, "none", timeout), name, timeout=timeout, tokens=tokens)


def _from_provider(spec: str, provider: str, name: str, base_url: str | None, limits: tuple[float, int]) -> ChatModel:
    """A model of a LangChain provider; `limits` are its timeout and the tokens of a prompt."""
    timeout, tokens = limits
    # The other providers' clients put their own path behind an address.
    path = "/v1" if provider == "openai" else ""
    address = None if base_url is None else _checked_address(base_url, "OTR_LLM_BASE_URL", path)
    variable = KEY_VARIABLES.get(provider)
    if provider == "openai" and address is not None:
        key = os.environ.get("OPENAI_API_KEY") or "none"
        return ChatModel(_at_server(name, address, key, timeout), spec, "server", timeout, tokens)
    if variable is not None and not os.environ.get(variable):
        raise ModelError(
            f"OTR_LLM={spec} needs a key: set {variable}, or set OTR_LLM=embedded to answer without a chat model."
        )
    # No temperature: several remote models refuse any but their own.
    options: dict[str, Any] = {"timeout": timeout, "max_retries": RETRIES}
    if address is not None:
        options["base_url"] = address
    if provider == "ollama":
        options = _ollama_options(address, timeout)
    return ChatModel(_init(spec, name, provider, options), spec, provider, timeout, tokens)


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
            "key in OPENAI_API_KEY, or set OTR_LLM=embedded."
        ) from error
    except (ValueError, TypeError, LookupError) as error:
        raise ModelError(
            f"{address}/models lists no model: OTR_LLM must be the address of an OpenAI-compatible server, "
            "most often one that ends in /v1."
        ) from error
    return str(name)


def _checked_address(address: str, variable: str, path: str = "/v1") -> str:
    """Return `address` without a final slash, with `path` if it has none; ConfigError when it is not one."""
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
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or path}"


def _is_local(address: str) -> bool:
    """True when the address is one of this machine's loopback interface."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_embedded(settings: Settings) -> bool:
    """True when the settings name no chat model."""
    return settings.llm.strip().lower() in ("embedded", "none")


def destination(settings: Settings) -> str:
    """Where questions and passages go to: the server's host, or the provider's name; "" when they stay here."""
    spec = settings.llm.strip()
    provider = spec.partition(":")[0].strip().lower()
    if is_embedded(settings) or provider == "gguf":
        return ""
    address = spec if "://" in spec else settings.llm_base_url
    if provider == "ollama":
        address = address or os.environ.get("OLLAMA_HOST") or OLLAMA_ADDRESS
    if address is None:
        return provider
    address = address if "://" in address else f"http://{address}"
    return "" if _is_local(address) else urlsplit(address).hostname or provider


def _reason(error: Exception) -> str:
    """The first line of a set-up error; of a validation error only its message, which repeats no input."""
    text = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
    return text.partition("\n")[0]
