"""Write a trained judge as the files that `rag.judging.embedded` loads, and print their SHA-256.

    python -m training.judge.export ENCODER pairs.npz --checkpoint judge/judge.pt --out FOLDER

Needs the packages onnx and onnxscript (`pip install -e ".[training]"`), which answering does not.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from training.judge.network import MAX_TOKENS, JudgeNetwork
from training.judge.pairs import load
from training.judge.train import layers
from training.quantise import WordVectors, quantise, smooth

SAMPLES = 240  # Pairs by which the ranges of the 8-bit numbers are evened out; none of them is set aside.


class OnePair(nn.Module):
    """The network for one pair, as ONNX Runtime reads it: (1, length) token ids to (1, relations) logits.

    Without padding nothing is masked; how far apart two tokens are is looked up in one table for all layers.
    """

    def __init__(self, network: JudgeNetwork) -> None:
        super().__init__()
        self.network = network
        self.words = WordVectors(network.encoder.embeddings.word_embeddings.weight)
        self.register_buffer("bias", network.distances(MAX_TOKENS).contiguous())

    def forward(self, ids: Tensor) -> Tensor:
        """As the class says."""
        length = ids.shape[1]
        hidden = self.network.states(ids, self.get_buffer("bias")[:, :, :length, :length], self.words)
        return self.network.classified(hidden, hidden.mean(1))


def main() -> None:
    """Parse the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("pairs", type=Path, help="what training.judge.prepare wrote")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--layers", type=layers, default=layers("0-5"), help="as they were taught")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    network = JudgeNetwork(args.encoder, args.layers)
    learnt = torch.load(args.checkpoint, map_location="cpu", weights_only=True)
    kept = network.load_state_dict(learnt, strict=False)
    if kept.unexpected_keys:
        raise SystemExit(f"{args.checkpoint} has {kept.unexpected_keys[0]}, which layers {args.layers} have not.")
    network.eval()
    pairs = load(args.pairs)
    places = pairs.of("pools", "claim_pools")
    places = places[:: max(1, len(places) // SAMPLES)]
    whole = OnePair(network).eval()

    def run() -> None:
        for place in places.tolist():
            ids = pairs.ids[pairs.starts[place] : pairs.starts[place + 1]].astype("int64")
            whole(torch.from_numpy(ids)[None])

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
