"""How much worse the UNet gets with each of its weights stored in fewer bits: all layers measured at once.

Storing the weights W of a layer as W + dW moves the output by J dW, J being the Jacobian with respect to W. For a
random v of independent normal numbers, E⟨v, J dW⟩² = ‖J dW‖² (Hutchinson's estimator, doi:10.1080/03610919008812866,
here of a norm), and ⟨v, J dW⟩ = ⟨G, dW⟩ with the gradient G = Jᵀv: one backward pass tells of every layer in every
storage.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pia_edge.cancel import CancelToken
from pia_edge.export.denoising import ReferenceRun
from pia_edge.export.recipe import Shape, Storage
from pia_edge.export.storing import restored, storages_of
from pia_edge.modules import Module, border
from pia_edge.progress import OnStep, Pace, Stage

Float64s = NDArray[np.float64]

PROBES = 2
"""Random vectors for each step: estimates of single layers then scatter by a third, which sums of many do not."""
FLICKER = 0.5
"""What the error of a difference between frames counts beside the error of a frame, both squared: an error that is
independent from frame to frame shows twice its square in the differences, and then counts as much as flicker as it
does as deviation. One that stays the same in all frames counts as deviation alone."""
_SEED = 13


@dataclass(frozen=True)
class Layer:
    """A weight of the UNet that may be quantized."""

    name: str
    shape: Shape
    errors: Mapping[Storage, Float64s]
    """For each storage it can have, the exactest first: the mean squared error that it adds to ``noise_pred`` in each
    step, as a part of the squared peak. Errors of several layers add up, since they are independent of each other."""


def measure_sensitivity(
    network: nn.Module,
    run: ReferenceRun,
    *,
    probes: int = PROBES,
    on_step: OnStep | None = None,
    cancel: CancelToken | None = None,
) -> tuple[Layer, ...]:
    """Return every layer of ``network`` that may be quantized, in the order of the network.

    Args:
        network: the reference's UNet in float32; its gradients are off afterwards.
        run: the steps to measure.
        probes: random vectors for each step.
        on_step: told after each backward pass.
        cancel: stops the work within a layer.

    Raises:
        Cancelled: ``cancel`` was used.
    """
    sums = _Sums(network, len(run.steps), cancel or CancelToken())
    random = torch.Generator().manual_seed(_SEED)
    passes = probes * len(run.steps)
    pace = Pace(Stage.MEASURE, passes, on_step)
    try:
        for done in range(passes):
            step = done % len(run.steps)
            inputs, noise_pred = run.steps[step]
            ordered = [torch.from_numpy(inputs[spec.name]) for spec in border(Module.UNET).inputs]
            vector = probe(torch.from_numpy(noise_pred), random)
            peak = max(float(abs(noise_pred).max()), 1e-30)
            sums.step, sums.scale = step, 1 / (probes * noise_pred.size * peak**2)
            # Multiplied, not passed to backward(): the output may be a view.
            (network(*ordered) * vector).sum().backward()
            pace.report(done + 1)
    finally:
        sums.close()
    return sums.layers()


def probe(noise_pred: Tensor, random: torch.Generator) -> Tensor:
    """Return a random vector that sees errors of ``noise_pred`` and of its differences between adjacent frames.

    It is u + √FLICKER · Dᵀw with normal u and w and D taking differences, scaled so that its mean square is 1: an error
    that is independent from frame to frame counts as it does in the PSNR.
    """
    frames = noise_pred.shape[2]
    vector = torch.randn(noise_pred.shape, generator=random)
    differences = torch.randn(noise_pred[:, :, 1:].shape, generator=random) * math.sqrt(FLICKER)
    vector[:, :, 1:] += differences
    vector[:, :, :-1] -= differences
    return vector / math.sqrt(1 + FLICKER * 2 * (frames - 1) / frames)


class _Sums:
    """The errors of all layers, added up while gradients pass; each is freed before the next one comes."""

    def __init__(self, network: nn.Module, num_steps: int, token: CancelToken) -> None:
        self.step = 0
        self.scale = 0.0
        self._token = token
        self._errors: dict[str, dict[Storage, Float64s]] = {}
        self._parameters = dict(network.named_parameters())
        self._handles = []
        for name, parameter in self._parameters.items():
            storages = storages_of(name, tuple(parameter.shape))
            parameter.requires_grad_(len(storages) > 1)
            if parameter.requires_grad:
                self._errors[name] = {storage: np.zeros(num_steps) for storage in storages}
                self._handles.append(parameter.register_post_accumulate_grad_hook(partial(self._take, name)))

    def _take(self, name: str, parameter: Tensor) -> None:
        self._token.check()
        gradient, parameter.grad = parameter.grad, None
        if gradient is None:
            raise TypeError(f"{name} has a gradient when its hook is called")
        weight = parameter.detach().numpy()
        for storage in self._errors[name]:
            change = torch.from_numpy(restored(weight, storage) - weight)
            # Output channels are rounded independently of each other, so their squares may be added instead of
            # squaring the sum: the same expectation, at a fraction of the variance.
            per_channel = (gradient * change).flatten(1).sum(1)
            self._errors[name][storage][self.step] += self.scale * float(per_channel.square().sum())

    def layers(self) -> tuple[Layer, ...]:
        """Return what was added up."""
        return tuple(Layer(name, tuple(self._parameters[name].shape), sums) for name, sums in self._errors.items())

    def close(self) -> None:
        """Leave the network without gradients and hooks."""
        for handle in self._handles:
            handle.remove()
        for parameter in self._parameters.values():
            parameter.requires_grad_(False)
            parameter.grad = None
