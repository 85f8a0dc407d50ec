"""The judge's network: layers of all-mpnet-base-v2 under one head that tells the relations apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import MPNetModel

from training.judge.pairs import RELATIONS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS = 128
PADDING = 1  # MPNet's <pad>.
FIRST_PLACE = 2  # The number of the first position, behind those of padding.


class JudgeNetwork(nn.Module):
    """Question and evidence, as token ids of shape (pairs, length), to logits of shape (pairs, len(RELATIONS)).

    Attention is computed here: PyTorch's own is several times as fast as the encoder's, and an exported network needs
    it without padding.
    """

    def __init__(self, encoder: Path, layers: Sequence[int], *, frozen: int = 0, dropout: float = 0.0) -> None:
        """Take some layers of the encoder in a folder.

        Args:
            layers: Their numbers from below, kept in this order.
            frozen: How many of them, from below, do not learn. The words and the distances between tokens never do.
            dropout: Share of each layer's outputs that is dropped while learning.
        """
        super().__init__()
        self.encoder: Any = MPNetModel.from_pretrained(
            str(encoder), add_pooling_layer=False, hidden_dropout_prob=dropout, attention_probs_dropout_prob=0.0
        )
        blocks = self.encoder.encoder.layer
        self.encoder.encoder.layer = nn.ModuleList(blocks[number] for number in layers)
        self.encoder.config.num_hidden_layers = len(layers)
        fixed = [self.encoder.embeddings, self.encoder.encoder.relative_attention_bias]
        for part in (*fixed, *self.encoder.encoder.layer[:frozen]):
            part.requires_grad_(False)
        size = self.encoder.config.hidden_size
        self.head = nn.Linear(2 * size, len(RELATIONS))
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits of the relations: the first token's state beside the mean of all."""
        mask = ids != PADDING
        bias = self.distances(ids.shape[1])
        closed = torch.zeros(mask.shape, device=ids.device).masked_fill(~mask, float("-inf"))
        hidden = self.states(ids, bias + closed[:, None, None, :], self.encoder.embeddings.word_embeddings)
        weights = mask[:, :, None].to(hidden.dtype)
        return self.classified(hidden, (hidden * weights).sum(1) / weights.sum(1))

    def distances(self, length: int) -> Tensor:
        """What attention adds for how far apart two tokens are: (1, heads, length, length)."""
        like = self.encoder.embeddings.word_embeddings.weight[:1, None].expand(1, length, -1)
        found: Tensor = self.encoder.encoder.compute_position_bias(like)
        return found.detach()

    def states(self, ids: Tensor, bias: Tensor, words: Callable[[Tensor], Tensor]) -> Tensor:
        """The last layer's states, (pairs, length, size), with a bias that is added to attention."""
        embeddings = self.encoder.embeddings
        places = embeddings.position_embeddings.weight[FIRST_PLACE : FIRST_PLACE + ids.shape[1]]
        hidden: Tensor = embeddings.dropout(embeddings.LayerNorm(words(ids) + places[None]))
        for block in self.encoder.encoder.layer:
            attention = block.attention
            seen = attention.dropout(attention.attn.o(_attend(attention.attn, hidden, bias)))
            hidden = attention.LayerNorm(seen + hidden)
            hidden = block.output(block.intermediate(hidden), hidden)
        return hidden

    def classified(self, hidden: Tensor, mean: Tensor) -> Tensor:
        """Logits by the states of all tokens and their mean."""
        logits: Tensor = self.head(torch.cat([hidden[:, 0], mean], dim=1))
        return logits


def _attend(attention: nn.Module, hidden: Tensor, bias: Tensor) -> Tensor:
    heads = attention.num_attention_heads

    def split(layer: Any) -> Tensor:
        found: Tensor = layer(hidden).unflatten(-1, (heads, -1)).transpose(1, 2)
        return found

    query, key, value = split(attention.q), split(attention.k), split(attention.v)
    seen = scaled_dot_product_attention(query, key, value, bias.to(query.dtype))
    return seen.transpose(1, 2).flatten(2)


def load_tokenizer(encoder: Path) -> Tokenizer:
    """The encoder's tokenizer, for pairs of at most MAX_TOKENS."""
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    tokenizer.no_padding()
    return tokenizer
