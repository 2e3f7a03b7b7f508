"""What the layers of the UNet are given in real denoising runs: the ranges of their 8-bit inputs, for every target."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.export.conversion import Range
from pia_edge.export.denoising import Scene, run_reference
from pia_edge.export.recipe import Recipe
from pia_edge.modules import Module
from pia_edge.request import Level
from pia_edge.runtimes.reference import Reference, ReferenceSession

SCENES = (
    Scene(seed=23, prompt="a mountain lake at dawn, mist drifts over the water", level=Level.SMALL),
    Scene(seed=29, prompt="portrait of a woman, her hair moves in the wind, night falls", level=Level.LARGE),
)
"""Other ones than the gate's: what is proven on the data it was fitted to is not proven."""
STEPS = 4


def measure_ranges(reference: Bundle, recipe: Recipe) -> dict[str, Range]:
    """Return what each layer that ``recipe`` gives 8-bit inputs gets in the denoising runs ``SCENES``, by its weight.

    Raises:
        BundleError: a module is missing, or its weights are not those of the network.
    """
    found: dict[str, Range] = {}
    for scene in SCENES:
        run_reference(reference, _Watching(recipe, found), steps=STEPS, scene=scene)
    return found


class _Watching:
    """The reference backend, with an eye on the UNet's layers."""

    name, library, formats = Reference.name, Reference.library, (Format.TORCH,)

    def __init__(self, recipe: Recipe, found: dict[str, Range]) -> None:
        self._recipe, self._found = recipe, found

    def unavailable(self) -> str | None:
        return Reference().unavailable()

    def devices(self) -> Sequence[str]:
        return Reference().devices()

    def load(self, bundle: Bundle, module: Module, device: str | None = None) -> ReferenceSession:
        session = Reference().load(bundle, module, device)
        if module is Module.UNET:
            for name, layer in session.network.named_modules():
                weight = f"{name}.weight"
                is_layer = isinstance(layer, nn.Linear | nn.Conv2d)
                if is_layer and self._recipe.stores_input(module, weight, tuple(layer.weight.shape)):
                    layer.register_forward_pre_hook(_widening(self._found, weight))
        return session


def _widening(found: dict[str, Range], name: str) -> Callable[[Any, tuple[Tensor, ...]], None]:
    def watch(_layer: Any, inputs: tuple[Tensor, ...]) -> None:
        low, high = (float(value) for value in torch.aminmax(inputs[0]))
        known = found.get(name, Range(low, high))
        found[name] = Range(min(known.low, low), max(known.high, high))

    return watch
