"""A model file (GGUF) served inside this process on 127.0.0.1. The only importer of xllamacpp.

It is an extra: whoever names `gguf:PATH` needs the package, nobody else.
"""

from __future__ import annotations

import atexit
import logging
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError

if TYPE_CHECKING:
    import xllamacpp

logger = logging.getLogger(__name__)

# One question at a time: a second slot would take as much memory again for its context, and half of the speed.
SLOTS = 1
PROMPT_CACHE_MIB = 256


@dataclass(frozen=True, slots=True)
class Engine:
    """A model's server: it stops when the last reference to `server` goes."""

    server: xllamacpp.Server
    address: str
    key: str = field(repr=False)


_lock = threading.Lock()
_engines: dict[tuple[Path, int, int], Engine] = {}


def serve(path: Path, *, threads: int, context: int) -> Engine:
    """The server of a model file, the same one each time in a process.

    Args:
        path: The file.
        threads: CPU threads. They spin at barriers: one more than there are idle cores makes it ten times slower.
        context: Tokens that a prompt and its reply may have together.

    Raises ModelError when the file or the package is missing, or the file is no model.
    """
    key = (path.expanduser().resolve(), threads, context)
    with _lock:
        if key not in _engines:
            started = time.monotonic()
            _engines[key] = _start(*key)
            logger.info("Loaded %s in %.1f s", path.name, time.monotonic() - started)
        return _engines[key]


def _start(path: Path, threads: int, context: int) -> Engine:
    if not path.is_file():
        raise ModelError(f"OTR_LLM=gguf:{path} names no file: give the path of a model file that ends in .gguf.")
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelError(
            f'OTR_LLM=gguf:{path} needs a package that is not installed: pip install "on-the-record[gguf]".'
        ) from error
    secret = secrets.token_hex(16)
    params = xllamacpp.CommonParams()
    params.model.path, params.model_alias = str(path), {path.stem}
    params.n_ctx, params.n_parallel = context * SLOTS, SLOTS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cache_ram_mib, params.verbosity, params.ui, params.offline = PROMPT_CACHE_MIB, -1, False, True
    # Any page in the user's browser can call a port of this machine; without the key it gets nothing.
    params.api_keys, params.cors_origins = [secret], "http://127.0.0.1"
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError(
            f"OTR_LLM=gguf:{path} cannot be loaded: the file is damaged, of an unknown kind or too large."
        ) from error
    return Engine(server, str(server.listening_address), secret)


@atexit.register
def _stop() -> None:
    """Stop the servers while the interpreter is still whole."""
    _engines.clear()
