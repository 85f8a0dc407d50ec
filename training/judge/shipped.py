"""A judge.onnx taken apart, so that it can go on learning without the network that it was made from.

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
from onnx import numpy_helper
from onnx.external_data_helper import set_external_data
from torch import Tensor, nn
from torch.nn.functional import gelu, linear, scaled_dot_product_attention

from training.judge.network import FIRST_PLACE, PADDING

SHARED = 1 << 12  # Bytes of numbers from which on they are looked for in the file beside.
HEAD = "network.head"
WORDS = "network.encoder.embeddings."
LAYER = "network.encoder.encoder.layer."
# The matrices of a layer as the file calls them, by what they are here.
PARTS = {
    "query": "attention.attn.q",
    "key": "attention.attn.k",
    "value": "attention.attn.v",
    "seen": "attention.attn.o.linear",
    "inner": "intermediate.dense.linear",
    "outer": "output.dense.linear",
}
NORMS = {"first": "attention.LayerNorm", "second": "output.LayerNorm"}


class Changed(nn.Module):
    """A matrix that stays, its shift, and a change of low rank that learns."""

    def __init__(self, weight: Tensor, shift: Tensor, rank: int, change: tuple[Tensor, Tensor] | None) -> None:
        """Take a matrix (outputs, inputs), its shift, and its change, if any: (inputs, rank) and (rank, outputs)."""
        super().__init__()
        outputs, inputs = weight.shape
        rank = min(rank, outputs)
        down, up = change or (torch.randn(inputs, rank) / inputs**0.5, torch.zeros(rank, outputs))
        self.register_buffer("weight", weight)
        self.shift = nn.Parameter(shift)
        self.down, self.up = nn.Parameter(down), nn.Parameter(up)

    def forward(self, given: Tensor) -> Tensor:
        """The product with both, and the shift."""
        weight = self.get_buffer("weight")
        if not torch.is_autocast_enabled(given.device.type):
            weight = weight.float()
        return linear(given, weight, self.shift) + given @ self.down @ self.up


class Layer(nn.Module):
    """One layer of the encoder: states of shape (pairs, length, size) to the same."""

    def __init__(self, parts: dict[str, Changed], norms: dict[str, nn.LayerNorm]) -> None:
        """Take its matrices and norms, by the names in PARTS and NORMS."""
        super().__init__()
        self.parts, self.norms = nn.ModuleDict(parts), nn.ModuleDict(norms)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """The next states; `bias` is added to attention."""
        heads = (self.parts[name](hidden).unflatten(-1, (bias.shape[1], -1)) for name in ("query", "key", "value"))
        query, key, value = (part.transpose(1, 2) for part in heads)
        seen = scaled_dot_product_attention(query, key, value, bias.to(query.dtype)).transpose(1, 2).flatten(2)
        hidden = self.norms["first"](self.parts["seen"](seen) + hidden)
        found: Tensor = self.norms["second"](self.parts["outer"](gelu(self.parts["inner"](hidden))) + hidden)
        return found


class Judge(nn.Module):
    """The network of a judge.onnx: token ids of shape (pairs, length), PADDING behind them, to logits."""

    def __init__(self, words: Tensor, places: Tensor, bias: Tensor) -> None:
        """Take the vectors of words and of places, (…, size), and what attention adds for distances."""
        super().__init__()
        for name, values in (("words", words), ("places", places), ("bias", bias)):
            self.register_buffer(name, values)
        self.norm = nn.LayerNorm(words.shape[1])
        self.layers = nn.ModuleList()
        self.head: nn.Module = nn.Identity()

    def forward(self, ids: Tensor) -> Tensor:
        """Logits of the relations, (pairs, relations)."""
        longest, inside = ids.shape[1], ids != PADDING
        closed = torch.zeros(inside.shape, device=ids.device).masked_fill(~inside, float("-inf"))
        bias = self.get_buffer("bias")[:, :, :longest, :longest] + closed[:, None, None, :]
        hidden = self.norm(self.get_buffer("words")[ids] + self.get_buffer("places")[:longest])
        for layer in self.layers:
            hidden = layer(hidden, bias)
        mean = (hidden * inside[:, :, None]).sum(1) / inside.sum(1)[:, None]
        logits: Tensor = self.head(torch.cat([hidden[:, 0], mean], dim=1))
        return logits


@dataclass(frozen=True, slots=True)
class Product:
    """A product with a matrix in the file: the matrix's whole numbers, what it is multiplied with, and its node.

    `inverse` names what the inputs are multiplied by before (training.quantise.smooth), where they are.
    """

    numbers: str
    inputs: str
    inverse: str | None
    node: Any  # The node that makes floats of what comes out.


class Shipped:
    """The parts of a judge.onnx."""

    def __init__(self, path: Path) -> None:
        """Read a file that training.judge.export or this class wrote."""
        self.model = onnx.load(path)
        self._stored = {one.name: one for one in self.model.graph.initializer}
        self._products = self._found()

    def network(self, rank: int) -> Judge:
        """The network as the file has it, ready to learn changes of a rank; what stays is in half precision."""
        network = Judge(
            self._words(), self._tensor(WORDS + "position_embeddings.weight")[FIRST_PLACE:], self._tensor("bias")
        )
        self._read_norm(WORDS + "LayerNorm", network.norm)
        size = network.norm.normalized_shape[0]
        for number in range(self.layers):
            parts = {here: self._changed(f"{LAYER}{number}.{there}", rank) for here, there in PARTS.items()}
            layer = Layer(parts, {here: nn.LayerNorm(size) for here in NORMS})
            for here, there in NORMS.items():
                self._read_norm(f"{LAYER}{number}.{there}", layer.norms[here])
            network.layers.append(layer)
        network.head = self._changed(HEAD, rank)
        return network

    @property
    def layers(self) -> int:
        """How many layers it has."""
        return sum(name.endswith(PARTS["query"] + ".bias") for name in self._stored)

    def write(self, network: Judge, path: Path, beside: Path) -> None:
        """Write the file with what the network has learnt; what `beside`, in the same folder, has is left in there."""
        self._store_norm(WORDS + "LayerNorm", network.norm)
        layers: Any = network.layers
        for number, layer in enumerate(layers):
            for here, there in NORMS.items():
                self._store_norm(f"{LAYER}{number}.{there}", layer.norms[here])
            for here, there in PARTS.items():
                self._store_changed(f"{LAYER}{number}.{there}", layer.parts[here])
        self._store_changed(HEAD, network.head)
        kept = onnx.ModelProto()
        kept.CopyFrom(self.model)
        _leave_out(kept, beside)
        onnx.save(kept, path)

    def _words(self) -> Tensor:
        """The words' vectors, (words, size): what is looked up by a token are its whole numbers, and their scale."""
        looked_up = [node.input[0] for node in self.model.graph.node if node.op_type == "GatherND"]
        table, scales = map(self._tensor, looked_up)
        return (table.float() * scales).half()

    def _changed(self, owner: str, rank: int) -> Changed:
        product = self._products[owner]
        numbers = self._tensor(product.numbers).float() * self._tensor(_scale(product.numbers))
        if product.inverse:
            numbers = numbers * self._tensor(product.inverse)[:, None]
        down, up = _change(owner)
        change = (self._tensor(down).float(), self._tensor(up).float()) if down in self._stored else None
        return Changed(numbers.T.contiguous().bfloat16(), self._tensor(owner + ".bias"), rank, change)

    def _store_changed(self, owner: str, matrix: Any) -> None:
        self._store(owner + ".bias", matrix.shift)
        names = _change(owner)
        is_new = names[0] not in self._stored
        if is_new and not matrix.up.any():
            return  # It has learnt nothing.
        for name, values in zip(names, (matrix.down, matrix.up), strict=True):
            if is_new:
                self._stored[name] = self.model.graph.initializer.add()
            self._store(name, values.half())
        if is_new:
            self._insert(self._products[owner], names)

    def _insert(self, product: Product, names: tuple[str, str]) -> None:
        """Add the product with a change to that with the matrix; the halves are made floats when the file is loaded."""
        down, up = names
        whole: str = product.node.output[0]
        product.node.output[0] = f"{whole}.unchanged"
        make = onnx.helper.make_node
        nodes = [
            make("Cast", [down], [f"{down}.float"], to=onnx.TensorProto.FLOAT),
            make("Cast", [up], [f"{up}.float"], to=onnx.TensorProto.FLOAT),
            make("MatMul", [product.inputs, f"{down}.float"], [f"{down}.product"]),
            make("MatMul", [f"{down}.product", f"{up}.float"], [f"{up}.product"]),
            make("Add", [product.node.output[0], f"{up}.product"], [whole]),
        ]
        at = 1 + list(self.model.graph.node).index(product.node)
        for number, node in enumerate(nodes):
            self.model.graph.node.insert(at + number, node)

    def _found(self) -> dict[str, Product]:
        """The products by their matrices' names: each is brought to floats by a cast and its scale, and shifted."""
        makers = {name: node for node in self.model.graph.node for name in node.output}
        users = {name: node for node in reversed(self.model.graph.node) for name in node.input}
        found = {}
        for node in self.model.graph.node:
            if node.op_type == "MatMulInteger":
                product = shifted = users[users[node.output[0]].output[0]]
                while not (shifts := [name for name in shifted.input if name.endswith(".bias")]):
                    shifted = users[shifted.output[0]]
                inputs = makers[node.input[0]].input[0]
                evened = [name for name in makers[inputs].input if name.endswith(".inverse")]
                given = makers[inputs].input[0] if evened else inputs
                owner = shifts[0].removesuffix(".bias")
                found[owner] = Product(node.input[1], given, evened[0] if evened else None, product)
        return found

    def _read_norm(self, name: str, norm: nn.Module) -> None:
        norm.load_state_dict({part: self._tensor(f"{name}.{part}") for part in ("weight", "bias")})

    def _store_norm(self, name: str, norm: nn.Module) -> None:
        for part in ("weight", "bias"):
            self._store(f"{name}.{part}", getattr(norm, part))

    def _tensor(self, name: str) -> Tensor:
        return torch.from_numpy(np.array(numpy_helper.to_array(self._stored[name])))

    def _store(self, name: str, values: Tensor) -> None:
        stored = numpy_helper.from_array(np.ascontiguousarray(values.detach().numpy()), name)
        self._stored[name].CopyFrom(stored)


def _leave_out(model: Any, beside: Path) -> None:
    """Say of the numbers that another file has, too, where they are in there, instead of having them twice."""
    other = beside.read_bytes()
    for stored in model.graph.initializer:
        raw = stored.raw_data
        if len(raw) >= SHARED and (at := other.find(raw)) >= 0:
            set_external_data(stored, beside.name, offset=at, length=len(raw))
            stored.ClearField("raw_data")


def _scale(numbers: str) -> str:
    """The name of the scales of a matrix's columns."""
    return numbers.removesuffix("_quantized") + "_scale"


def _change(owner: str) -> tuple[str, str]:
    """The names of the two factors of a matrix's change, (inputs, rank) and (rank, outputs)."""
    return f"{owner}.down", f"{owner}.up"
