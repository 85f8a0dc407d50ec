"""Trained networks as ONNX files that are checked before they are read. The only importer of ONNX Runtime in `rag`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError

Floats = npt.NDArray[np.float32]

# One product of the largest numbers of 8 bits, 64 of them added up (`training/sums.py`).
SUMS = Path(__file__).with_name("graphs") / "sums.onnx"
SUMS_SHA256 = "4024588befef12b7aaa1be1ee7a87cd4504d211e9a92446e9e5e7bf09aa3ee12"
LARGEST, LARGEST_SIGNED, SUMMED = 255, 127, 64


def checked(path: Path, expected: str) -> bytes:
    """The bytes of a file of weights; ModelError when it is missing or its SHA-256 is not the expected one."""
    if not path.is_file():
        raise ModelError(f"The weights are missing at {path}: reinstall the project with `make install`.")
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise ModelError(
            f"The weights at {path} have SHA-256 {found[:12]}… where {expected[:12]}… was expected: "
            "restore the file from the repository, or reinstall the project with `make install`."
        )
    return data


@lru_cache(maxsize=1)
def sums_exactly() -> bool:
    """True when this processor sums products of 8 bits whole without being asked to.

    One without VNNI adds two of them in 16 bits and cuts off what does not fit. ONNX Runtime can be asked for exact
    sums (`session.x64quantprecision`), but then a processor that has VNNI does not use it, and takes 2.3 times as long.
    """
    rows = np.full((1, SUMMED), LARGEST, dtype=np.uint8)
    [sums] = OnnxNetwork(checked(SUMS, SUMS_SHA256)).run({"rows": rows})
    return bool((sums == SUMMED * LARGEST * LARGEST_SIGNED).all())


class OnnxNetwork:
    """One network, run on one thread for each call: callers that want more cores call from more threads."""

    def __init__(
        self, data: bytes, weights: Mapping[str, Floats] | None = None, files: Mapping[str, bytes] | None = None
    ) -> None:
        """Load a network, and what its own file names and does not hold.

        `weights` are such numbers as float32 arrays, `files` whole files that have them, both by name. RuntimeError
        when one is missing or has another shape.
        """
        import onnxruntime  # type: ignore[import-untyped]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        from onnxruntime.capi import onnxruntime_pybind11_state as errors  # type: ignore[import-untyped]

        if weights:
            values = [onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(one)) for one in weights.values()]
            options.add_external_initializers(list(weights), values)
        if files:
            sizes = [len(content) for content in files.values()]
            options.add_external_initializers_from_files_in_memory(list(files), list(files.values()), sizes)
        try:
            self._session: Any = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except (errors.Fail, errors.InvalidArgument, errors.RuntimeException) as error:
            raise RuntimeError(str(error)) from error

    def run(self, inputs: Mapping[str, npt.NDArray[np.generic]]) -> Sequence[Floats]:
        """The network's outputs, in its order."""
        found: Sequence[Floats] = self._session.run(None, dict(inputs))
        return found
