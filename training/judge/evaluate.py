"""How well the exported judge does on what is set aside: which statement it puts first, what it makes of claims.

    python -m training.judge.evaluate NETWORK.onnx pairs.npz [--out found.npz]

NETWORK is the file that training.judge.export or sharpen wrote, the latter beside the judge.onnx that it was made from:
what is measured is what is shipped.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.judging.networks import NETWORK
from rag.models.cross_encoder import WORKERS
from rag.models.onnx import OnnxNetwork
from training.judge.figures import figures
from training.judge.pairs import PARTS, RELATIONS, Pairs, load


def main() -> None:
    """Parse the command line, judge, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("network", type=Path)
    parser.add_argument("pairs", type=Path, help="what training.judge.prepare or lessons wrote")
    parser.add_argument("--out", type=Path, help="npz: the log probabilities and the labels of what is set aside")
    args = parser.parse_args()
    pairs = load(args.pairs)
    places = pairs.of(*PARTS, aside=True)
    found = np.zeros((len(pairs.relation), len(RELATIONS)), dtype=np.float32)
    found[places] = judged(network_at(args.network), pairs, places)
    if args.out:
        np.savez_compressed(args.out, found=found[places], relation=pairs.relation[places], part=pairs.part[places])
    print("\n".join(figures(pairs, found)))


def network_at(path: Path) -> OnnxNetwork:
    """The network of a file, which may take most of its numbers from the judge.onnx beside it."""
    return OnnxNetwork(path.read_bytes(), files={NETWORK: path.with_name(NETWORK).read_bytes()})


def judged(network: OnnxNetwork, pairs: Pairs, places: NDArray[np.int64]) -> NDArray[np.float32]:
    """Log probabilities of some pairs, (places, relations)."""
    rows = [pairs.ids[pairs.starts[place] : pairs.starts[place + 1]] for place in places.tolist()]
    with ThreadPoolExecutor(WORKERS) as pool:
        logits = np.stack(list(pool.map(lambda row: network.run({"ids": row[None].astype(np.int64)})[0][0], rows)))
    return np.asarray(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main()
