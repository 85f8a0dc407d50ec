"""The network of all-MiniLM-L6-v2 in half precision (bfloat16) on OpenVINO: many texts in a third of the time.

Only where the processor computes in it: elsewhere OpenVINO is no faster than ONNX Runtime, which starts sooner.

Each shape of input that it has not met takes it as long to prepare as a text takes to read, so texts are filled up to
a few lengths.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.models.onnx import Floats, checked

GRAPH = Path(__file__).with_name("graphs") / "minilm-open.onnx"
GRAPH_SHA256 = "77f694035ec5e1b3f2bb5963181085de456c1c108d58e086968af8cf225c58ab"
DEVICE = "CPU"
INPUTS = ("words", "mask")
# What is prepared for a shape of input is kept for so many, which is more than there are.
SHAPES = 50
# Texts are filled up to a multiple of this, and read together up to so many tokens. Other values: docs/ingestion.md.
STEP, BATCH_TOKENS = 16, 1024


def is_there() -> bool:
    """True when this processor computes in bfloat16."""
    return "BF16" in _openvino().Core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES")


def _openvino() -> Any:
    # Its converter, which is imported with it, tells its maker of each import and writes an id into the home folder,
    # unless the package that does so is not there.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


class HalfNetwork:
    """The loaded network. Safe to share between threads; each of `workers` calls at a time has a core of its own."""

    def __init__(self, weights: Mapping[str, Floats], workers: int) -> None:
        """Load the graph with these weights, as it names them; RuntimeError or KeyError when they do not fit it."""
        openvino = _openvino()
        from openvino import opset13

        core = openvino.Core()
        model = core.read_model(checked(GRAPH, GRAPH_SHA256))
        for parameter in model.get_parameters():
            if (name := parameter.get_friendly_name()) not in INPUTS:
                constant = opset13.constant(np.ascontiguousarray(weights[name]))
                parameter.output(0).replace(constant.output(0))
                model.remove_parameter(parameter)
        self._compiled = core.compile_model(
            model,
            DEVICE,
            {
                "NUM_STREAMS": workers,
                "INFERENCE_NUM_THREADS": workers,
                "INFERENCE_PRECISION_HINT": "bf16",
                "CPU_RUNTIME_CACHE_CAPACITY": SHAPES,
            },
        )
        self._own = threading.local()

    def run(self, texts: Sequence[Floats]) -> list[Floats]:
        """The last states of texts, each float32 (length, size), from what OnnxNetwork has as `words` of each."""
        request = getattr(self._own, "request", None)
        if request is None:
            request = self._own.request = self._compiled.create_infer_request()
        words = np.zeros((len(texts), _filled(len(max(texts, key=len))), texts[0].shape[1]), dtype=np.float32)
        mask = np.zeros(words.shape[:2], dtype=np.int32)
        for text, its_words, its_mask in zip(texts, words, mask, strict=True):
            its_words[: len(text)] = text
            its_mask[: len(text)] = 1
        request.infer({"words": words, "mask": mask})
        states = np.array(request.get_output_tensor(0).data, dtype=np.float32)
        return [own[: len(text)] for text, own in zip(texts, states, strict=True)]


def filled_up_batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The indices of texts of these lengths, longest first, in batches of at most BATCH_TOKENS when filled up."""
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    start = 0
    while start < len(order):
        end = start + max(1, BATCH_TOKENS // _filled(lengths[order[start]]))
        yield order[start:end]
        start = end


def _filled(length: int) -> int:
    return -(-length // STEP) * STEP
