"""What libraries read from the environment when they are imported: nothing leaves the machine, and threads wait.

`rag` calls `settle` before it imports anything else, and `ingest` imports `rag` first. What the user has set stays.
"""

from __future__ import annotations

import os

SETTINGS = {
    # ONNX Runtime looks up its maker's host at its first session, and writes a device id under ~/.cache; its own
    # `disable_telemetry_events` comes too late.
    "ORT_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "LANGSMITH_TRACING": "false",
    # The models are installed packages: nothing may ask a hub for them.
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    # Threads that wait must not take a core from the language model: two threads embed 33 instead of 15 texts a second
    # beside other work.
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
}


def settle() -> None:
    """Set each of SETTINGS that is not set."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
