"""The judge's network: the lower layers of all-mpnet-base-v2 under one head that tells the relations apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import MPNetModel

from training.judge.examples import RELATIONS

MAX_TOKENS = 128
PADDING = 1  # MPNet's <pad>.


class JudgeNetwork(nn.Module):
    """Question and evidence, as token ids of shape (pairs, length), to logits of shape (pairs, len(RELATIONS))."""

    def __init__(self, encoder: Path, layers: int, frozen: int) -> None:
        """Take the encoder in a folder, cut to its lowest `layers`; the lowest `frozen` and the words do not learn.

        Nothing is dropped out: the data is read about once.
        """
        super().__init__()
        self.encoder: Any = MPNetModel.from_pretrained(
            str(encoder), add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.encoder.encoder.layer = self.encoder.encoder.layer[:layers]
        self.encoder.config.num_hidden_layers = layers
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:frozen]):
            part.requires_grad_(False)
        size = self.encoder.config.hidden_size
        self.head = nn.Linear(2 * size, len(RELATIONS))
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits of the relations: the first token's state beside the mean of all."""
        mask = (ids != PADDING).long()
        hidden = self.encoder(ids, attention_mask=mask).last_hidden_state
        weights = mask[:, :, None].to(hidden.dtype)
        mean = (hidden * weights).sum(1) / weights.sum(1)
        logits: Tensor = self.head(torch.cat([hidden[:, 0], mean], dim=1))
        return logits


def load_tokenizer(encoder: Path) -> Tokenizer:
    """The encoder's tokenizer, for pairs of at most MAX_TOKENS."""
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    tokenizer.no_padding()
    return tokenizer


def padded(rows: list[list[int]]) -> Tensor:
    """Token ids as a tensor of shape (rows, longest)."""
    longest = max(map(len, rows))
    return torch.tensor([row + [PADDING] * (longest - len(row)) for row in rows])
