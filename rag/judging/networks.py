"""The packaged networks of this folder: the judge's file, and those that take most of their numbers from it."""

from __future__ import annotations

import json
from pathlib import Path

from rag.models.cross_encoder import Calibrated, CrossEncoder
from rag.models.onnx import OnnxNetwork, checked

WEIGHTS = Path(__file__).with_name("weights")
# What the others are made from: each has in its file what it was taught beside, and takes the rest from this one.
NETWORK, TOKENIZER = "judge.onnx", "tokenizer.json"
# Taught open questions, claims, and whom a question's words for somebody mean.
OPEN, OPEN_SCALES = "open.onnx", "open.json"
CLAIMS, CLAIM_SCALES = "claims.onnx", "claims.json"
MEANT, MEANT_SCALES = "meant.onnx", "meant.json"
SHA256 = {
    NETWORK: "3ae397323d115769bc86d8396c94ac909a03d35383ef90b7901b64e5000929a5",
    OPEN: "b832d0eef2814019dbd13759da349539f55bb780a330ad160b227753a27167e2",
    OPEN_SCALES: "3c56d08039145c2da1ecde2f72ac6329c993ce2e580ab07223348dc763457167",
    CLAIMS: "1cf4827c8187ed2bf86b7492d2c90c00fdcab1012f9945b44dcefbc6cda2b49c",
    TOKENIZER: "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
    CLAIM_SCALES: "4bb585c1efee53ca4db3d8dc4dfcccb561f2dc62fcf59a92ffb74389ada0268e",
    MEANT: "cd9d12273dfc30d49902af3145091b58acd47e68bf52b59afb64f1fa4fb020c9",
    MEANT_SCALES: "923e593f279a4c2db6563d733742b045dc87429e88cd901ee0bbf1243e4d389a",
}


def packaged(network: str, scales: str) -> Calibrated:
    """A network by the names of its file and of its scales'; ModelError when a file is missing or altered."""
    files = {name: checked(WEIGHTS / name, SHA256[name]) for name in (NETWORK, network, scales, TOKENIZER)}
    found = json.loads(files[scales])
    reader = CrossEncoder(OnnxNetwork(files[network], files={NETWORK: files[NETWORK]}), files[TOKENIZER])
    return Calibrated(reader, found["scale"], found["shift"])
