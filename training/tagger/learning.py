"""What training and teaching share: the losses, the optimiser and its schedule, the running mean of the weights."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from training.tagger.network import TaggerModel

Batch = dict[str, Tensor]

LINK_WEIGHT = 0.3
TOLD = 0.75  # How much of the label to learn is the teacher's odds, where a batch has them.
WARM_UP = 0.08  # Share of all steps.
LAST_RATE = 0.02  # Share of the rate that is left at the end.


def moved(batch: Batch, device: torch.device) -> Batch:
    return {k: v.to(device) for k, v in batch.items()}


class Losses(NamedTuple):
    """Of one batch; `logits` and `hidden` are those of the labels and of the encoder's last layer."""

    labels: Tensor
    links: Tensor
    logits: Tensor
    hidden: Tensor

    @property
    def total(self) -> Tensor:
        return self.labels + LINK_WEIGHT * self.links


def link_loss(scores: Tensor, asked: Tensor, right: Tensor) -> Tensor:
    """Mean of -log P(right pieces) over the pieces `asked`; with no right piece in the window, [CLS] is right."""
    right = right.clone()
    right[:, :, 0] = ~right.any(-1)
    picked = scores.masked_fill(~right, -1e4).logsumexp(-1)
    return -(picked * asked).sum() / asked.sum().clamp(min=1)


def label_loss(logits: Tensor, labels: Tensor, told: Tensor | None) -> Tensor:
    """Mean cross-entropy of `logits` (B, L, LABELS) to `labels` (B, L), where -100 does not count.

    With `told` (B, L, LABELS), a teacher's odds, TOLD of it is the cross-entropy to those.
    """
    logs, counted = logits.log_softmax(-1), labels >= 0
    right = logs.gather(-1, labels.clamp(min=0)[..., None])[..., 0]
    if told is not None:
        right = (1 - TOLD) * right + TOLD * (told * logs).sum(-1)
    return -(right * counted).sum() / counted.sum().clamp(min=1)


def losses(model: TaggerModel, batch: Batch, told: Tensor | None = None) -> Losses:
    ids = batch["ids"]
    with torch.autocast(ids.device.type, torch.bfloat16):
        hidden = model.encode(ids, batch["features"])
        logits, links = model.heads(hidden, ids != 0)
    owners, wanted, sources = batch["owners"], batch["wanted"], batch["spans"][:, 2, None, :]
    content = owners[:, 0, :, None]
    cues = owners[:, 1, None, :]
    to_cue = link_loss(links[:, 0], owners[:, 0] >= 0, (content == cues) & (cues >= 0))
    from_cue = link_loss(links[:, 1], owners[:, 1] >= 0, (wanted[:, 1, :, None] == sources) & (sources >= 0))
    from_content = link_loss(links[:, 2], owners[:, 0] >= 0, (wanted[:, 0, :, None] == sources) & (sources >= 0))
    return Losses(label_loss(logits, batch["labels"], told), to_cue + from_cue + from_content, logits, hidden)


class Descent:
    """AdamW over a model with a schedule of `steps`; `rate` is the encoder's, `head_rate` that of everything else.

    `extra` is a module that is trained beside the model and thrown away; its gradients are not clipped.
    """

    def __init__(
        self, model: TaggerModel, steps: int, rate: float, head_rate: float, extra: nn.Module | None = None
    ) -> None:
        # The word vectors are half of the weights and are met too seldom to be learnt anew from 690 articles.
        model.encoder.embeddings.word_embeddings.weight.requires_grad = False
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        groups = [
            {"params": [p for n, p in named if n.startswith("encoder.")], "lr": rate, "weight_decay": 0.01},
            {"params": [p for n, p in named if not n.startswith("encoder.")], "lr": head_rate},
        ]
        if extra is not None:
            groups.append({"params": list(extra.parameters()), "lr": head_rate})
        self.model = model
        self.optimizer = torch.optim.AdamW(groups, weight_decay=0.0, fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: min((step + 1) / (WARM_UP * steps), max(LAST_RATE, 1 - step / steps))
        )

    def step(self, loss: Tensor) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()


class RunningMean:
    """The mean of a model's weights over its last steps, about `reach` of them: what is kept of a training."""

    def __init__(self, model: TaggerModel, reach: int) -> None:
        self.model, self.reach, self.steps = model, reach, 0
        self.weights = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self) -> None:
        self.steps += 1
        decay = min(1 - 1 / self.reach, self.steps / (self.steps + 10))
        for key, value in self.model.state_dict().items():
            if value.is_floating_point() and not key.endswith("word_embeddings.weight"):
                self.weights[key].lerp_(value, 1 - decay)

    def save(self, path: Path) -> None:
        """Write the mean in half precision, whole or not at all."""
        half = {k: v.half() if v.is_floating_point() else v for k, v in self.weights.items()}
        unfinished = path.with_suffix(".tmp")
        torch.save(half, unfinished)
        unfinished.replace(path)
