"""A judge.onnx taken apart, so that it can go on learning: its lower layers as they are, the upper ones in PyTorch.

What is written back is what was read, with the shifts that were learnt and, beside each matrix, a change of low rank.
The whole numbers stay: what a little learning changes is less than half a step of theirs, and rounding would undo it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn
from transformers import MPNetConfig
from transformers.models.mpnet.modeling_mpnet import MPNetLayer

from rag.models.onnx import Floats, OnnxNetwork
from training.judge.network import through
from training.judge.pairs import RELATIONS

RANK = 16  # Of the change of a matrix: 8 and 32 told claims apart as well as the whole change.
PREFIX = "network.encoder.encoder.layer."
HEAD = "network.head.bias"


class Upper(nn.Module):
    """The layers from one on, and the head: states of shape (pairs, length, size) to logits (pairs, relations)."""

    def __init__(self, layers: int, size: int, inner: int, bias: Tensor) -> None:
        """So many layers of a size; `bias` is what attention adds for distances, (1, heads, longest, longest)."""
        super().__init__()
        layer: Any = MPNetLayer  # Without types.
        config = MPNetConfig(
            hidden_size=size,
            intermediate_size=inner,
            num_attention_heads=bias.shape[1],
            attention_probs_dropout_prob=0.0,
        )
        self.layer = nn.ModuleList(layer(config) for _ in range(layers))
        self.head = nn.Linear(2 * config.hidden_size, len(RELATIONS))
        self.register_buffer("bias", bias)

    def forward(self, hidden: Tensor, lengths: Tensor) -> Tensor:
        """Logits of pairs of so many tokens; what stands behind them in `hidden` is padding."""
        longest = hidden.shape[1]
        inside = torch.arange(longest)[None] < lengths[:, None]
        closed = torch.zeros(inside.shape).masked_fill(~inside, float("-inf"))
        bias = self.get_buffer("bias")[:, :, :longest, :longest] + closed[:, None, None, :]
        hidden = through(self.layer, hidden, bias)
        mean = (hidden * inside[:, :, None]).sum(1) / lengths[:, None]
        logits: Tensor = self.head(torch.cat([hidden[:, 0], mean], dim=1))
        return logits


@dataclass(frozen=True, slots=True)
class Matrix:
    """A product with a matrix in the file: the matrix's name, the product's inputs, and the matrix's whole numbers."""

    owner: str
    inputs: str
    numbers: str
    product: Any  # The node that makes floats of what comes out.

    @property
    def scale(self) -> str:
        """The name of the scales of its columns."""
        return self.numbers.removesuffix("_quantized") + "_scale"

    @property
    def change(self) -> tuple[str, str]:
        """The names of the two factors of its change, (inputs, RANK) and (RANK, outputs)."""
        return f"{self.owner}.down", f"{self.owner}.up"


class Shipped:
    """The parts of a judge.onnx below and from a layer on."""

    def __init__(self, path: Path, first: int) -> None:
        """Read a file; the layers from `first` on are to learn. ValueError where it has no such layer."""
        self.model = onnx.load(path)
        self.first = first
        self._stored = {one.name: one for one in self.model.graph.initializer}
        users = self._users()
        last, next_one = (f"{PREFIX}{number}.output.LayerNorm.weight" for number in (first - 1, first))
        if last not in users or next_one not in users:
            raise ValueError(f"{path} has no layer {first} with another below it: name one of its upper layers.")
        self.below: str = users[last].output[0]
        self.layers = 1 + max(_number(name) for name in self._stored if name.startswith(PREFIX))

    def lower(self) -> OnnxNetwork:
        """The network, giving the states of the layer below the first that learns, and the logits."""
        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        states = onnx.helper.make_tensor_value_info(self.below, onnx.TensorProto.FLOAT, None)
        model.graph.output.insert(0, states)
        return OnnxNetwork(model.SerializeToString())

    def upper(self) -> Upper:
        """The layers that learn, as the file has them."""
        shifts = f"{PREFIX}{self.first}.intermediate.dense.linear.bias", f"{PREFIX}{self.first}.output.LayerNorm.bias"
        inner, size = (len(self._array(name)) for name in shifts)
        network = Upper(self.layers - self.first, size, inner, torch.from_numpy(self._array("bias").copy()))
        state = {self._here(name): torch.from_numpy(self._array(name).copy()) for name in self._kept()}
        for matrix in self._matrices():
            state[self._here(matrix.owner + ".weight")] = torch.from_numpy(self._weights(matrix).T.copy())
        network.load_state_dict(state, strict=False)
        return network

    def write(self, network: Upper, path: Path) -> None:
        """Write the file with what the network has learnt."""
        learnt = {name: value.detach() for name, value in network.state_dict().items()}
        for name in self._kept():
            self._store(name, learnt[self._here(name)].numpy())
        for matrix in self._matrices():
            change = learnt[self._here(matrix.owner + ".weight")].T - torch.from_numpy(self._numbers(matrix))
            down, up = _factors(change)
            self._add(matrix, down / self._evened(matrix), up)
        onnx.save(self.model, path)

    def _numbers(self, matrix: Matrix) -> Floats:
        """A matrix by its whole numbers alone, (inputs, outputs)."""
        numbers = self._array(matrix.numbers).astype(np.float32) * self._array(matrix.scale)
        return np.asarray(numbers * self._evened(matrix), dtype=np.float32)

    def _weights(self, matrix: Matrix) -> Floats:
        """A matrix with its change, where it has one, (inputs, outputs)."""
        down, up = matrix.change
        if down not in self._stored:
            return self._numbers(matrix)
        change = self._evened(matrix) * self._array(down) @ self._array(up)
        return np.asarray(self._numbers(matrix) + change, dtype=np.float32)

    def _add(self, matrix: Matrix, down: Floats, up: Floats) -> None:
        """Put a change beside a matrix, or in the place of the one that stands there."""
        names = matrix.change
        is_new = names[0] not in self._stored
        for name, values in zip(names, (down, up), strict=True):
            if is_new:
                self._stored[name] = self.model.graph.initializer.add()
            self._store(name, values.astype(np.float32))
        if is_new:
            self._insert(matrix, names)

    def _insert(self, matrix: Matrix, names: tuple[str, str]) -> None:
        product: str = matrix.product.output[0]
        within, beside = f"{names[0]}.product", f"{names[1]}.product"
        matrix.product.output[0] = f"{product}.unchanged"
        nodes = [
            onnx.helper.make_node("MatMul", [matrix.inputs, names[0]], [within]),
            onnx.helper.make_node("MatMul", [within, names[1]], [beside]),
            onnx.helper.make_node("Add", [matrix.product.output[0], beside], [product]),
        ]
        at = 1 + list(self.model.graph.node).index(matrix.product)
        for number, node in enumerate(nodes):
            self.model.graph.node.insert(at + number, node)

    def _kept(self) -> list[str]:
        """The names of what is stored in floats in the layers that learn: shifts and norms."""
        others = (".inverse", ".down", ".up")
        return [name for name in self._stored if self._learns(name) and not name.endswith(others)]

    def _users(self) -> dict[str, Any]:
        """The first node that takes each name."""
        return {name: node for node in reversed(self.model.graph.node) for name in node.input}

    def _learns(self, name: str) -> bool:
        if name.startswith(PREFIX):
            return _number(name) >= self.first
        return name == HEAD

    def _here(self, name: str) -> str:
        """The name in Upper of what the file calls so."""
        if not name.startswith(PREFIX):
            return name.removeprefix("network.")
        rest = name.removeprefix(PREFIX).partition(".")[2].replace(".linear.", ".")
        return f"layer.{_number(name) - self.first}.{rest}"

    def _matrices(self) -> list[Matrix]:
        """Each product is brought to floats by a cast and a product with its scale, and gets its layer's shift."""
        found = []
        users, makers = self._users(), {name: node for node in self.model.graph.node for name in node.output}
        for node in self.model.graph.node:
            if node.op_type == "MatMulInteger":
                product = shifted = users[users[node.output[0]].output[0]]
                while not (shifts := [name for name in shifted.input if name.endswith(".bias")]):
                    shifted = users[shifted.output[0]]
                if self._learns(shifts[0]):
                    inputs = makers[node.input[0]].input[0]
                    found.append(Matrix(shifts[0].removesuffix(".bias"), inputs, node.input[1], product))
        return found

    def _evened(self, matrix: Matrix) -> Floats:
        """What the inputs of a matrix are multiplied by before it (training.quantise.smooth), (inputs, 1)."""
        name = matrix.owner.removesuffix(".linear") + ".inverse"
        evened = self._array(name) if name in self._stored else np.ones(len(self._array(matrix.numbers)))
        return evened.astype(np.float32)[:, None]

    def _array(self, name: str) -> NDArray[Any]:
        return np.asarray(numpy_helper.to_array(self._stored[name]))

    def _store(self, name: str, values: NDArray[Any]) -> None:
        self._stored[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values), name))


def _factors(change: Tensor) -> tuple[Floats, Floats]:
    """The two factors, (inputs, RANK) and (RANK, outputs), whose product is nearest to a matrix."""
    left, sizes, right = torch.linalg.svd(change, full_matrices=False)
    return (left[:, :RANK] * sizes[:RANK]).numpy(), right[:RANK].numpy()


def _number(name: str) -> int:
    """The layer that something of a layer belongs to."""
    return int(name.removeprefix(PREFIX).split(".")[0])
