"""The network of all-MiniLM-L6-v2 in half precision (bfloat16) on OpenVINO: many texts in half of the time.

Only where the processor computes in it: elsewhere OpenVINO is no faster than ONNX Runtime, which starts sooner.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.models.onnx import Floats, checked

GRAPH = Path(__file__).with_name("graphs") / "minilm-open.onnx"
GRAPH_SHA256 = "ac196116331529fcb454ebb837c1f3cc0e0508335127d4f1891ee6109236956e"
DEVICE = "CPU"
# What is prepared for a shape of input is kept for so many. OpenVINO's own 5,000 take 260 MB more to save 2 %.
SHAPES = 50


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
            if (name := parameter.get_friendly_name()) != "words":
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

    def run(self, inputs: Mapping[str, Floats]) -> Sequence[Floats]:
        """As OnnxNetwork.run: of `words`, float32 (rows, length, size), the last states, in the same shape."""
        request = getattr(self._own, "request", None)
        if request is None:
            request = self._own.request = self._compiled.create_infer_request()
        request.infer(dict(inputs))
        return [np.array(request.get_output_tensor(0).data, dtype=np.float32)]
