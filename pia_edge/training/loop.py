"""The training loop that all stages share: seeded, logged, and resumable from its last checkpoint."""

from __future__ import annotations

import functools
import json
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from pia_edge.errors import BundleError, NumericError

from .ahead import made_ahead

Batch = TypeVar("Batch")


@dataclass(frozen=True, kw_only=True)
class LoopSettings:
    """How long and how fast a stage trains; give ``minutes`` or ``steps``."""

    minutes: float | None = None
    steps: int | None = None
    learning_rate: float = 1e-3
    warmup_steps: int = 100
    final_fraction: float = 0.05
    """The learning rate falls along a cosine to this part of itself."""
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    ema_decay: float = 0.998
    log_every: int = 20
    save_every_seconds: float = 60.0
    workers: int = 1
    """Threads that each compute the gradients of one batch."""
    processes: int = 0
    """Processes that draw batches ahead; 0 has each worker draw its own."""
    batch_scale: int = 1
    """How many times larger the batches of each stage are: accelerators take many at once."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a stage stands: ``step`` optimizer steps done in ``seconds`` of training time."""

    step: int
    seconds: float

    def fraction(self, settings: LoopSettings) -> float:
        """Return how much of the asked length is done, 0 … 1."""
        if settings.steps is not None:
            return min(1.0, self.step / max(settings.steps, 1))
        return min(1.0, self.seconds / (60.0 * (settings.minutes or 1.0)))


def learning_rate(settings: LoopSettings, step: int, fraction: float) -> float:
    """Return the rate after a linear warm-up, falling along a cosine with ``fraction`` of the run done."""
    cosine = 0.5 * (1 + math.cos(math.pi * fraction))
    level = settings.final_fraction + (1 - settings.final_fraction) * cosine
    return settings.learning_rate * level * min(1.0, (step + 1) / settings.warmup_steps)


def trainable(modules: nn.Module) -> dict[str, nn.Parameter]:
    """Return the parameters that require gradients, by name."""
    return {name: parameter for name, parameter in modules.named_parameters() if parameter.requires_grad}


@dataclass(frozen=True, kw_only=True)
class Share:
    """One worker's part of a step."""

    loss: float
    gradients: tuple[Tensor | None, ...]
    extras: dict[str, float]


class Trainer:
    """Trains the parameters of ``modules`` that require gradients, keeping a moving average of them."""

    def __init__(
        self,
        modules: nn.Module,
        settings: LoopSettings,
        folder: Path,
        stage: str,
        rates: dict[str, float] | None = None,
    ) -> None:
        self.parameters = trainable(modules)
        self.settings = settings
        self.rates = rates or {}
        self.checkpoint = folder / f"{stage}.pt"
        self.log = folder / f"{stage}.jsonl"
        self.average = {name: parameter.detach().clone() for name, parameter in self.parameters.items()}
        factors = sorted({self._factor(name) for name in self.parameters}, reverse=True)
        groups = [
            {"params": [p for name, p in self.parameters.items() if self._factor(name) == factor], "factor": factor}
            for factor in factors
        ]
        self.optimizer = torch.optim.AdamW(
            groups, lr=settings.learning_rate, betas=(0.9, 0.99), weight_decay=settings.weight_decay, fused=True
        )
        self.progress = Progress(step=0, seconds=0.0)
        # On a CPU the fused attention's backward pass is up to ten times slower than the plain one for the
        # short sequences of frames; elsewhere torch chooses.
        on_cpu = all(parameter.device.type == "cpu" for parameter in self.parameters.values())
        self.attention_backends = (
            [SDPBackend.MATH]
            if on_cpu
            else [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
        )

    def _fraction(self) -> float:
        return self.progress.fraction(self.settings)

    def _factor(self, name: str) -> float:
        return next((factor for part, factor in self.rates.items() if part in name), 1.0)

    def resume(self) -> None:
        """Continue from the stage's checkpoint where there is one.

        Raises:
            BundleError: when it is of published weights, with nothing to go on from.
        """
        if not self.checkpoint.is_file():
            return
        saved = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        if "optimizer" not in saved:
            raise BundleError(
                f"{self.checkpoint} holds published weights alone; to go on, the state of their training was expected. "
                "Remove it and its log to train the stage anew."
            )
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                parameter.copy_(saved["weights"][name])
                self.average[name].copy_(saved["average"][name])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.progress = Progress(step=saved["step"], seconds=saved["seconds"])

    def save(self) -> None:
        """Write the checkpoint; a half-written file never takes the place of a good one."""
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(
            {
                "step": self.progress.step,
                "seconds": self.progress.seconds,
                "weights": {name: parameter.detach() for name, parameter in self.parameters.items()},
                "average": self.average,
                "optimizer": self.optimizer.state_dict(),
            },
            partial,
        )
        partial.replace(self.checkpoint)

    def _checked_loss(self, shares: list[Share]) -> float:
        loss = sum(share.loss for share in shares) / len(shares)
        if not math.isfinite(loss):
            raise NumericError(
                f"The loss became {loss} at step {self.progress.step}; a finite number was expected. "
                "Lower the learning rate and run the stage again: it resumes from its checkpoint."
            )
        return loss

    def _update(self, gradients: list[tuple[Tensor | None, ...]], fraction: float) -> float:
        for parameter, several in zip(self.parameters.values(), zip(*gradients, strict=True), strict=True):
            found = [gradient for gradient in several if gradient is not None]
            parameter.grad = functools.reduce(torch.add, found) / len(several) if found else None
        norm = float(nn.utils.clip_grad_norm_(list(self.parameters.values()), self.settings.clip_norm))
        rate = learning_rate(self.settings, self.progress.step, fraction)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        self.optimizer.step()
        decay = min(self.settings.ema_decay, (1 + self.progress.step) / (10 + self.progress.step))
        with torch.no_grad():
            current = [parameter.detach() for parameter in self.parameters.values()]
            torch._foreach_lerp_(list(self.average.values()), current, 1 - decay)
        return norm

    def run(
        self,
        draw: Callable[[int, float], Batch],
        loss_of: Callable[[Batch], tuple[Tensor, dict[str, float]]],
    ) -> None:
        """Train until the asked length is done; log losses as JSON lines and save as it goes.

        Each worker thread computes the gradients of a batch of its own, and their mean is applied. For networks
        this small that uses the cores of a CPU far better than several threads inside one operation do.

        Args:
            draw: the batch of (index, progress in 0 … 1). It draws all its randomness from generators seeded
                with the index, so that a resumed run continues as if it had not stopped.
            loss_of: the loss of a batch, and what else to log.

        Raises:
            NumericError: when the loss stops being a finite number; the last good checkpoint stays.
        """
        workers = self.settings.workers

        def share(batch: Batch) -> Share:
            loss, extras = loss_of(batch)
            gradients = torch.autograd.grad(loss, list(self.parameters.values()), allow_unused=True)
            return Share(loss=loss.item(), gradients=gradients, extras=extras)

        def drawn_and_shared(index: int, fraction: float) -> Share:
            return share(draw(index, fraction))

        def step(fraction: float) -> list[Share]:
            first = self.progress.step * workers
            if ahead is not None:
                asked = [pool.submit(share, next(ahead)) for _ in range(workers)]
            else:
                asked = [pool.submit(drawn_and_shared, first + worker, fraction) for worker in range(workers)]
            return [one.result() for one in asked]

        processes = self.settings.processes
        wanted = ((index, self._fraction()) for index in count(self.progress.step * workers))
        ahead = made_ahead(draw, wanted, processes) if processes else None

        with (
            sdpa_kernel(self.attention_backends),
            ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool,
        ):
            self._run(step)
        self.save()

    def _run(self, shares_of: Callable[[float], list[Share]]) -> None:
        recent: list[float] = []
        last_save = time.monotonic()
        while (fraction := self._fraction()) < 1.0:
            started = time.monotonic()
            shares = shares_of(fraction)
            recent.append(self._checked_loss(shares))
            norm = self._update([share.gradients for share in shares], fraction)
            now = time.monotonic()
            self.progress = Progress(step=self.progress.step + 1, seconds=self.progress.seconds + now - started)
            if self.progress.step % self.settings.log_every == 0:
                self._write_log(sum(recent) / len(recent), norm, shares[0].extras)
                recent.clear()
            if now - last_save > self.settings.save_every_seconds:
                self.save()
                last_save = time.monotonic()

    def _write_log(self, loss: float, norm: float, extras: dict[str, float]) -> None:
        line = {
            "step": self.progress.step,
            "seconds": round(self.progress.seconds, 1),
            "loss": loss,
            "norm": norm,
        }
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line | extras) + "\n")
