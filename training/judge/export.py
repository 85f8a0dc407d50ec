"""Write a trained judge as the files that `rag.judging.embedded` loads, and print their SHA-256.

    python -m training.judge.export ENCODER ARTICLES.jsonl [...] --checkpoint judge.pt --out FOLDER

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
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from training.judge.examples import read_articles, read_pools
from training.judge.network import MAX_TOKENS, JudgeNetwork, load_tokenizer
from training.judge.train import DATA
from training.quantise import WordVectors, quantise, smooth

SAMPLES = 60  # Pools by which the ranges of the 8-bit numbers are evened out; none of them is set aside.
FIRST_PLACE = 2  # The number of the first position, behind those of padding.


class OnePair(nn.Module):
    """The network for one pair, as ONNX Runtime reads it: (1, length) token ids to (1, relations) logits.

    Without padding nothing is masked; how far apart two tokens are is looked up in one table for all layers.
    """

    def __init__(self, network: JudgeNetwork) -> None:
        super().__init__()
        self.network = network
        encoder = network.encoder
        hidden = torch.zeros(1, MAX_TOKENS, encoder.config.hidden_size)
        bias = encoder.encoder.compute_position_bias(hidden)[:1]
        self.words = WordVectors(encoder.embeddings.word_embeddings.weight)
        self.register_buffer("bias", bias.detach().contiguous())

    def forward(self, ids: Tensor) -> Tensor:
        """As the class says."""
        encoder, length = self.network.encoder, ids.shape[1]
        words = encoder.embeddings
        places = words.position_embeddings.weight[FIRST_PLACE : FIRST_PLACE + length]
        hidden = words.LayerNorm(self.words(ids) + places[None])
        bias = self.get_buffer("bias")[:, :, :length, :length]
        for block in encoder.encoder.layer:
            seen = self._attend(block.attention.attn, hidden, bias)
            hidden = block.attention.LayerNorm(block.attention.attn.o(seen) + hidden)
            hidden = block.output(block.intermediate(hidden), hidden)
        logits: Tensor = self.network.head(torch.cat([hidden[:, 0], hidden.mean(1)], dim=1))
        return logits

    @staticmethod
    def _attend(attention: nn.Module, hidden: Tensor, bias: Tensor) -> Tensor:
        heads = attention.num_attention_heads

        def split(layer: Any) -> Tensor:
            found: Tensor = layer(hidden).unflatten(-1, (heads, -1)).transpose(1, 2)
            return found

        seen = scaled_dot_product_attention(split(attention.q), split(attention.k), split(attention.v), bias)
        return seen.transpose(1, 2).flatten(2)


def main() -> None:
    """Parse the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    network = JudgeNetwork(args.encoder, args.layers, 0)
    network.load_state_dict(torch.load(args.checkpoint, weights_only=True))
    network.eval()
    tokenizer = load_tokenizer(args.encoder)
    pools = [pool for pool in read_pools(DATA, read_articles(args.articles), {}) if not pool.aside][:SAMPLES]
    texts = [(pool.question, pair.evidence) for pool in pools for pair in pool.pairs[:4]]
    whole = OnePair(network)

    def run() -> None:
        for encoding in tokenizer.encode_batch(texts):
            whole(torch.tensor([encoding.ids]))

    blocks = network.encoder.encoder.layer
    smooth(
        network,
        [(part, "dense") for block in blocks for part in (block.intermediate, block.output)]
        + [(block.attention.attn, "o") for block in blocks],
        run,
    )
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        _export(whole, full)
        quantise(full, args.out / "judge.onnx")
    shutil.copy(args.encoder / "tokenizer.json", args.out / "tokenizer.json")
    for name in ("judge.onnx", "tokenizer.json"):
        data = (args.out / name).read_bytes()
        print(f"{name}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


def _export(whole: OnePair, path: Path) -> None:
    length = torch.export.Dim("length", min=4, max=MAX_TOKENS)
    torch.onnx.export(
        whole,
        (torch.full((1, 40), 5),),
        str(path),
        input_names=["ids"],
        output_names=["logits"],
        dynamic_shapes=({1: length},),
        dynamo=True,
        external_data=False,
        optimize=True,
    )


if __name__ == "__main__":
    main()
