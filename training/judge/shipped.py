"""A judge.onnx taken apart, so that it can go on learning: its lower layers as they are, the upper ones in PyTorch.

What is written back differs from what was read in nothing but the numbers of the upper layers.
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

LEVELS = 64  # A matrix is stored in 7 bits: whole numbers from -64 to 64, times a scale for each column.
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
    """A product with a matrix in the file: where its numbers stand, and whose they are here."""

    numbers: str  # The name of the whole numbers; the scales' and zeros' are made from it.
    owner: str  # The name of the linear layer in the file.

    @property
    def scale(self) -> str:
        """The name of the scales of its columns."""
        return self.numbers.removesuffix("_quantized") + "_scale"


class Shipped:
    """The parts of a judge.onnx below and from a layer on."""

    def __init__(self, path: Path, first: int) -> None:
        """Read a file; the layers from `first` on are to learn. ValueError where it has no such layer."""
        self.model = onnx.load(path)
        self.first = first
        self._stored = {one.name: one for one in self.model.graph.initializer}
        self._users: dict[str, list[Any]] = {}
        for node in self.model.graph.node:
            for name in node.input:
                self._users.setdefault(name, []).append(node)
        last = f"{PREFIX}{first - 1}.output.LayerNorm.weight"
        if last not in self._users or f"{PREFIX}{first}.output.LayerNorm.weight" not in self._users:
            raise ValueError(f"{path} has no layer {first} with another below it: name one of its upper layers.")
        self.below: str = self._users[last][0].output[0]
        self.layers = 1 + max(
            int(name.removeprefix(PREFIX).split(".")[0]) for name in self._stored if name.startswith(PREFIX)
        )

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
            numbers = self._array(matrix.numbers).astype(np.float32) * self._array(matrix.scale)
            state[self._here(matrix.owner + ".weight")] = torch.from_numpy((numbers * self._evened(matrix)).T.copy())
        network.load_state_dict(state, strict=False)
        return network

    def write(self, network: Upper, path: Path) -> None:
        """Write the file with what the network has learnt."""
        learnt = {name: value.detach().numpy() for name, value in network.state_dict().items()}
        for name in self._kept():
            self._store(name, learnt[self._here(name)])
        for matrix in self._matrices():
            weights = learnt[self._here(matrix.owner + ".weight")].T / self._evened(matrix)
            scale = np.maximum(np.abs(weights).max(0), 1e-8) / LEVELS
            self._store(matrix.scale, scale.astype(np.float32))
            self._store(matrix.numbers, np.rint(weights / scale).astype(np.int8))
        onnx.save(self.model, path)

    def _kept(self) -> list[str]:
        """The names of what is stored in floats in the layers that learn: shifts and norms."""
        return [name for name in self._stored if self._learns(name) and not name.endswith(".inverse")]

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
        for node in self.model.graph.node:
            if node.op_type == "MatMulInteger":
                cast = self._users[node.output[0]][0]
                shifted = self._users[self._users[cast.output[0]][0].output[0]][0]
                shift = next(name for name in shifted.input if name in self._stored)
                if self._learns(shift):
                    found.append(Matrix(node.input[1], shift.removesuffix(".bias")))
        return found

    def _evened(self, matrix: Matrix) -> Floats | float:
        """What the inputs of a matrix are multiplied by before it (training.quantise.smooth), (inputs, 1)."""
        name = matrix.owner.removesuffix(".linear") + ".inverse"
        return self._array(name)[:, None] if name in self._stored else 1.0

    def _array(self, name: str) -> NDArray[Any]:
        return np.asarray(numpy_helper.to_array(self._stored[name]))

    def _store(self, name: str, values: NDArray[Any]) -> None:
        self._stored[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values), name))


def _number(name: str) -> int:
    """The layer that something of a layer belongs to."""
    return int(name.removeprefix(PREFIX).split(".")[0])
