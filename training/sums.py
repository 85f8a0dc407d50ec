"""Write the product by which a processor shows whether it sums numbers of 8 bits exactly (`rag.models.onnx`).

    python -m training.sums [--out rag/models/graphs]

Needs the package onnx (`pip install -e ".[training]"`), which running it does not.

In: `rows`, uint8 (count, 64). Out: `sums`, int32 (count, 16), each row's numbers times 127, added up.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE, COLUMNS = 64, 16
OPSET, IR_VERSION = 17, 8


def build() -> onnx.ModelProto:
    """The graph: one product of whole numbers with a matrix of the largest."""
    largest = numpy_helper.from_array(np.full((SIZE, COLUMNS), 127, dtype=np.int8), "largest")
    return helper.make_model(
        helper.make_graph(
            [helper.make_node("MatMulInteger", ["rows", "largest"], ["sums"])],
            "sums",
            [helper.make_tensor_value_info("rows", TensorProto.UINT8, ["count", SIZE])],
            [helper.make_tensor_value_info("sums", TensorProto.INT32, ["count", COLUMNS])],
            [largest],
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )


def main() -> None:
    """Parse the command line and write the graph."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path("rag/models/graphs"), help="the folder")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    data = build().SerializeToString(deterministic=True)
    (args.out / "sums.onnx").write_bytes(data)
    print(f"{args.out / 'sums.onnx'}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
