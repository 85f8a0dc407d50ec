"""Write trained weights as the files that `ingest.quoting.tagger` loads, and print their SHA-256.

    python -m training.tagger.export TRAIN.jsonl OUT_DIR CHECKPOINT.pt...

OUT_DIR gets the word vectors, which the checkpoints share, as words.npz, and each checkpoint as network1.onnx and on.

TRAIN.jsonl is what `training.tagger.train` reads: the ranges of the 8-bit numbers are set by its first articles.

Needs the packages onnx and onnxscript, which running the product does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ingest.text.pieces import WINDOW, cut, inputs, windows
from training.quantise import WordVectors, quantise, smooth
from training.tagger.checkpoints import load_checkpoint
from training.tagger.network import LABELS, LENGTH, TaggerModel

# Articles by which the ranges are evened out: three short ones left 0.0027 nats where twelve left 0.0015.
SAMPLES = 24


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


def _smooth_values(attention: Any) -> None:
    """What attention saw is a mean of values: their own weights can make it smaller, at no cost."""
    value, smoothed = attention.self.value, attention.output.dense
    value.weight.data *= smoothed.inverse[:, None]
    value.bias.data *= smoothed.inverse
    attention.output.dense = smoothed.linear


def even_out(model: TaggerModel, texts: list[str]) -> None:
    """Even out what the encoder's matrices see, by what they see of some articles; exact but for rounding."""

    def run() -> None:
        for pieces in map(cut, texts):
            for span in windows(pieces):
                ids, features = inputs(pieces, *span)
                model(torch.from_numpy(ids)[None], torch.from_numpy(features)[None])

    blocks = model.encoder.encoder.layer
    parts = [part for block in blocks for part in (block.intermediate, block.output, block.attention.output)]
    smooth(model, [(part, "dense") for part in parts], run)
    for block in blocks:
        _smooth_values(block.attention)


def _joined(attention: Any) -> nn.Linear:
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


def labels_of(path: Path) -> list[str]:
    """The nodes of an exported network that give the labels: small, and they lose by 8 bits."""
    import onnx

    graph = onnx.load(str(path)).graph
    sizes = {weights.name: list(weights.dims) for weights in graph.initializer}
    return [node.name for node in graph.node if any(LABELS in sizes.get(name, ()) for name in node.input)]


def write_words(vectors: Tensor, path: Path) -> None:
    """Word vectors as 8-bit integers, each with a scale of its own."""
    words = WordVectors(vectors)
    np.savez(path, table=words.get_buffer("table").numpy(), scales=words.get_buffer("scales").numpy())


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
        raise SystemExit("the checkpoints have different word vectors: name some that training.tagger.train wrote")
    args.out.mkdir(parents=True, exist_ok=True)
    write_words(words, args.out / "words.npz")
    written = [args.out / "words.npz"]
    for number, model in enumerate(models, 1):
        written.append(args.out / f"network{number}.onnx")
        even_out(model, texts)
        with tempfile.TemporaryDirectory() as folder:
            full = Path(folder) / "full.onnx"
            export(model, full)
            quantise(full, written[-1], bits=8, whole=labels_of(full))
    for path in written:
        data = path.read_bytes()
        sys.stdout.write(f"{path}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}\n")


if __name__ == "__main__":
    main()
