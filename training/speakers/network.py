"""The network that weighs candidates, in PyTorch; `ingest.speaking.linker` does the same sums in NumPy."""

from __future__ import annotations

import torch
from torch import Tensor, nn

KINDS = 4
VIEW = 40  # Numbers that are made of a source's vector, and of a mention's.


class LinkerNetwork(nn.Module):
    """Scores every candidate for a source, what kind of speaker each would be, and whether several speak together."""

    def __init__(self, states: int, pair: int, own: int, *, width: int = 96, drop: float = 0.35) -> None:
        super().__init__()
        view = VIEW
        self.source = nn.Linear(states, view)
        self.mention = nn.Linear(states, view)
        self.absent = nn.Parameter(torch.zeros(3, view))  # In place of a mention: never mentioned, own words, nobody.
        self.hidden = nn.Linear(3 * view + pair + own, width)
        self.narrow = nn.Linear(width, width // 2)
        self.score = nn.Linear(width // 2, 1)
        self.kind = nn.Linear(width // 2, KINDS)
        self.several = nn.Linear(view + own, 1)
        self.drop, self.drop_states, self.drop_pair = nn.Dropout(drop), nn.Dropout(0.3), nn.Dropout(0.05)

    def forward(
        self, source: Tensor, mention: Tensor, absent: Tensor, pair: Tensor, own: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Scores (sources, candidates), kinds (sources, candidates, KINDS), several (sources,).

        `source` (sources, states), `mention` (sources, candidates, states), `absent` (sources, candidates): 0 where
        there is a mention, else 1 to 3; `pair` (sources, candidates, numbers), `own` (sources, numbers).
        """
        seen = torch.tanh(self.source(self.drop_states(source)))
        other = torch.tanh(self.mention(self.drop_states(mention)))
        other = torch.where((absent > 0)[..., None], self.absent[(absent - 1).clamp(min=0)], other)
        one = seen[:, None].expand_as(other)
        about = own[:, None].expand(-1, pair.shape[1], -1)
        joined = torch.cat([one, other, one * other, self.drop_pair(pair), about], dim=-1)
        narrow = torch.relu(self.narrow(self.drop(torch.relu(self.hidden(joined)))))
        several = self.several(torch.cat([seen, own], dim=-1)).squeeze(-1)
        return self.score(self.drop(narrow)).squeeze(-1), self.kind(narrow), several
