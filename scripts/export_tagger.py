"""Write trained weights as the files that `ingest.tagger` loads, and print their SHA-256.

    python scripts/export_tagger.py TRAIN.jsonl OUT_DIR CHECKPOINT.pt...

OUT_DIR gets the word vectors, which the checkpoints share, as words.npz, and each checkpoint as network1.onnx and on.

TRAIN.jsonl is what `train_tagger.py` reads: the ranges of the 8-bit numbers are set by its first articles.

Needs the packages onnx and onnxscript, which running the product does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from checkpoints import load_checkpoint
from tagger_model import LABELS, LENGTH, TaggerModel
from torch import Tensor, nn

from ingest.pieces import WINDOW, cut, inputs, windows

# How much of the range of a column of inputs the column of weights takes over, in powers (SmoothQuant). 8 bits moved
# the labels of six held-out articles by 0.0044 nats without it, by 0.0015 with 0.8 and by 0.0020 with 0.9.
SMOOTHING = 0.8
SAMPLES = 24  # Articles; three short ones left 0.0027 where twelve left 0.0015.


class Probabilities(nn.Module):
    """The network for one window as ONNX Runtime reads it: (word vectors, features) -> log-probabilities, links.

    The attention that PyTorch exports for a CPU took a third of the time; ONNX Runtime's own operator is exact too. One
    window has no padding, so nothing is masked: a twentieth of the time again.
    """

    def __init__(self, model: TaggerModel) -> None:
        super().__init__()
        self.model = model
        self.joint = nn.ModuleList(_joined(block.attention.self) for block in model.encoder.encoder.layer)
        self.register_buffer("distances", model.distances(LENGTH).detach().contiguous())

    def forward(self, vectors: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        hidden, length = self.model.read(vectors, features, self._attend), vectors.shape[1]
        links = self.model.links(hidden, self.get_buffer("distances")[:, :length, :length])
        return self.model.labels(hidden).log_softmax(-1), links.softmax(-1)

    def _attend(self, number: int, hidden: Tensor) -> Tensor:
        query, key, value = self.joint[number](hidden).chunk(3, dim=-1)
        return torch.onnx.ops.symbolic(
            "com.microsoft::MultiHeadAttention",
            (query, key, value),
            {"num_heads": self.model.encoder.config.num_attention_heads},
            dtype=hidden.dtype,
            shape=hidden.shape,
            version=1,
        )


class _Smoothed(nn.Module):
    """A matrix product whose large columns of inputs are made smaller, and the weights that meet them larger."""

    def __init__(self, linear: nn.Linear, largest: Tensor) -> None:
        super().__init__()
        weights = linear.weight.detach().abs().amax(0).clamp(min=1e-5)
        scale = largest.clamp(min=1e-5) ** SMOOTHING / weights ** (1 - SMOOTHING)
        self.linear = linear
        self.linear.weight.data *= scale
        self.register_buffer("inverse", 1 / scale)

    def forward(self, hidden: Tensor) -> Tensor:
        return self.linear(hidden * self.get_buffer("inverse"))


def _smooth_values(attention: nn.Module) -> None:
    """What attention saw is a mean of values: their own weights can make it smaller, at no cost."""
    value, smoothed = attention.self.value, attention.output.dense
    value.weight.data *= smoothed.inverse[:, None]
    value.bias.data *= smoothed.inverse
    attention.output.dense = smoothed.linear


def smooth(model: TaggerModel, texts: list[str]) -> None:
    """Even out what the encoder's matrices see, by what they see of some articles; exact but for rounding."""
    layers = [part for block in model.encoder.encoder.layer for part in (block.intermediate, block.output)]
    layers += [block.attention.output for block in model.encoder.encoder.layer]
    largest = [torch.zeros(layer.dense.in_features) for layer in layers]

    def watch(seen: Tensor) -> Callable[[nn.Module, tuple[Tensor]], None]:
        def note(_: nn.Module, inputs: tuple[Tensor]) -> None:
            torch.maximum(seen, inputs[0].abs().flatten(0, -2).amax(0), out=seen)

        return note

    hooks = [x.dense.register_forward_pre_hook(watch(seen)) for x, seen in zip(layers, largest, strict=True)]
    with torch.no_grad():
        for pieces in map(cut, texts):
            for span in windows(pieces):
                ids, features = inputs(pieces, *span)
                model(torch.from_numpy(ids)[None], torch.from_numpy(features)[None])
    for hook in hooks:
        hook.remove()
    for layer, seen in zip(layers, largest, strict=True):
        layer.dense = _Smoothed(layer.dense, seen)
    for block in model.encoder.encoder.layer:
        _smooth_values(block.attention)


def _joined(attention: nn.Module) -> nn.Linear:
    """Query, key and value of one layer as one matrix product."""
    parts = [attention.query, attention.key, attention.value]
    joint = nn.Linear(parts[0].in_features, sum(part.out_features for part in parts))
    joint.weight.data = torch.cat([part.weight.data for part in parts])
    joint.bias.data = torch.cat([part.bias.data for part in parts])
    return joint


def export(model: TaggerModel, path: Path) -> None:
    """Write `model` in full precision, for one window of any length."""
    length = torch.export.Dim("length", max=WINDOW + 2)
    vectors = torch.randn(1, WINDOW // 2, model.encoder.config.hidden_size)
    torch.onnx.export(
        Probabilities(model),
        (vectors, torch.ones(1, WINDOW // 2, dtype=torch.int64)),
        str(path),
        input_names=["vectors", "features"],
        output_names=["labels", "links"],
        dynamic_shapes=({1: length}, {1: length}),
        dynamo=True,
        external_data=False,
        optimize=True,
    )


def quantise(source: Path, target: Path) -> None:
    """Store matrices as 8-bit integers, but for the labels': it is small and loses by it."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(str(source)).graph
    sizes = {weights.name: list(weights.dims) for weights in graph.initializer}
    of_labels = [node.name for node in graph.node if any(LABELS in sizes.get(name, ()) for name in node.input)]
    quantize_dynamic(
        source,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gemm"],
        nodes_to_exclude=of_labels,
        extra_options={"MatMulConstBOnly": True},
    )


def write_words(vectors: Tensor, path: Path) -> None:
    """Word vectors as 8-bit integers, each with a scale of its own."""
    scales = vectors.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
    np.savez(path, table=(vectors / scales).round().to(torch.int8).numpy(), scales=scales.numpy())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    args = parser.parse_args()
    texts = [json.loads(row)["text"] for row in args.train.read_text(encoding="utf-8").splitlines()[:SAMPLES]]
    models = [load_checkpoint(path) for path in args.checkpoints]
    words, *others = [model.encoder.embeddings.word_embeddings.weight.detach() for model in models]
    if not all(torch.equal(words, other) for other in others):
        raise SystemExit("the checkpoints have different word vectors: name some that train_tagger.py wrote")
    args.out.mkdir(parents=True, exist_ok=True)
    write_words(words, args.out / "words.npz")
    written = [args.out / "words.npz"]
    for number, model in enumerate(models, 1):
        written.append(args.out / f"network{number}.onnx")
        smooth(model, texts)
        with tempfile.TemporaryDirectory() as folder:
            export(model, Path(folder) / "full.onnx")
            quantise(Path(folder) / "full.onnx", written[-1])
    for path in written:
        data = path.read_bytes()
        sys.stdout.write(f"{path}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}\n")


if __name__ == "__main__":
    main()
