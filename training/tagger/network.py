"""The network behind `ingest.quoting.tagger`: MiniLM, a label for each word piece, three pointers between pieces."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from ingest.text.pieces import FEATURES, WINDOW

LABELS = 7  # O, then B and I of content, cue, source.
POINTERS = 3  # content -> cue, cue -> source, content -> source; position 0 ([CLS]) stands for none.
POINTER_SIZE = 96
LENGTH = WINDOW + 2
FAR = -1e4  # The score of what must not be seen.

# (layer number, hidden states (B, L, size)) -> what the heads of that layer saw (B, L, size).
Attend = Callable[[int, Tensor], Tensor]


class TaggerModel(nn.Module):
    """(ids, features) of windows -> label logits (B, L, LABELS), pointer log-probabilities (B, POINTERS, L, L)."""

    def __init__(self, encoder_path: str, dropout: float = 0.1) -> None:
        super().__init__()
        from transformers import AutoModel

        # No dropout of attention: see `attend`, where it would double the time a step.
        self.encoder: Any = AutoModel.from_pretrained(
            encoder_path, attention_probs_dropout_prob=0.0, hidden_dropout_prob=dropout, add_pooling_layer=False
        )
        size = self.encoder.config.hidden_size
        self.features = nn.Embedding(FEATURES, size)
        nn.init.zeros_(self.features.weight)
        self.dropout = nn.Dropout(dropout)
        self.labels = nn.Linear(size, LABELS)
        self.ends = nn.Linear(size, 2 * POINTERS * POINTER_SIZE)
        self.distance = nn.Parameter(torch.zeros(POINTERS, 2 * LENGTH - 1))

    def forward(self, ids: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.heads(self.encode(ids, features), ids != 0)

    def encode(self, ids: Tensor, features: Tensor) -> Tensor:
        """What the last layer of the encoder says of every piece, (B, L, size)."""
        vectors = self.encoder.embeddings.word_embeddings(ids)
        return self.read(vectors, features, partial(self.attend, mask=ids != 0))

    def read(self, vectors: Tensor, features: Tensor, attend: Attend) -> Tensor:
        """As `encode`, from word vectors (B, L, size)."""
        words = self.encoder.embeddings
        places = words.position_embeddings.weight[: vectors.shape[1]] + words.token_type_embeddings.weight[0]
        hidden: Tensor = words.dropout(words.LayerNorm(vectors + self.features(features) + places))
        for number, block in enumerate(self.encoder.encoder.layer):
            hidden = block.attention.output(attend(number, hidden), hidden)
            hidden = block.output(block.intermediate(hidden), hidden)
        return hidden

    def attend(self, number: int, hidden: Tensor, mask: Tensor) -> Tensor:
        """Attention as two batched products: half the time of scaled_dot_product_attention in bfloat16 on a CPU."""
        attention = self.encoder.encoder.layer[number].attention.self
        batch, length, size = hidden.shape
        heads = self.encoder.config.num_attention_heads

        def split(layer: Any) -> Tensor:
            made: Tensor = layer(hidden)
            return made.view(batch, length, heads, -1).transpose(1, 2).reshape(batch * heads, length, -1)

        query, key, value = split(attention.query), split(attention.key), split(attention.value)
        hidden_from = torch.zeros(batch, 1, 1, length, dtype=query.dtype, device=mask.device)
        hidden_from = hidden_from.masked_fill(~mask[:, None, None, :], FAR).expand(batch, heads, length, length)
        scores = torch.baddbmm(
            hidden_from.reshape(batch * heads, length, length),
            query,
            key.transpose(1, 2),
            alpha=1 / math.sqrt(size // heads),
        )
        seen = torch.bmm(scores.softmax(-1), value)
        return seen.view(batch, heads, length, -1).transpose(1, 2).reshape(batch, length, size)

    def heads(self, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Labels and links from the encoder's last layer."""
        hidden = self.dropout(hidden.float())
        links = self.links(hidden, self.distances(mask.shape[1])).float()
        return self.labels(hidden).float(), links.masked_fill(~mask[:, None, None, :], FAR).log_softmax(-1)

    def links(self, hidden: Tensor, distances: Tensor) -> Tensor:
        """How much every piece points at every other, (B, POINTERS, L, L)."""
        batch, length, _ = hidden.shape
        ends = self.ends(hidden).float().view(batch, length, 2, POINTERS, POINTER_SIZE).permute(2, 0, 3, 1, 4)
        scores: Tensor = ends[0] @ ends[1].transpose(-1, -2) / math.sqrt(POINTER_SIZE) + distances
        return scores

    def distances(self, length: int) -> Tensor:
        """What the distance of two pieces adds, (POINTERS, length, length)."""
        places = torch.arange(length, device=self.distance.device)
        return self.distance[:, places[None, :] - places[:, None] + LENGTH - 1]
