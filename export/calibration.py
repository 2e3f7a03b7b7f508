"""What the layers of the UNet are given in real denoising runs: the ranges of their 8-bit inputs, for every target."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.cancel import CancelToken
from pia_edge.export.conversion import Range
from pia_edge.export.denoising import Scene, run_reference
from pia_edge.export.recipe import Recipe
from pia_edge.modules import Module
from pia_edge.progress import OnStep, Pace, Stage
from pia_edge.request import Level
from pia_edge.runtimes.reference import Reference, ReferenceSession

SCENES = (
    Scene(seed=23, prompt="a mountain lake at dawn, mist drifts over the water", level=Level.SMALL),
    Scene(seed=29, prompt="portrait of a woman, her hair moves in the wind, night falls", level=Level.LARGE),
)
"""Other ones than the gate's: what is proven on the data it was fitted to is not proven."""
STEPS = 4
_CUTS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
_SAMPLE = 16384
"""Values of one call whose rounding is looked at; all of them take twice as long as the network itself."""

Watch = Callable[[str, Tensor], object]
"""Told of a layer, by the name of its weight, and of what it is given."""


def measure_ranges(
    reference: Bundle, recipe: Recipe, *, on_step: OnStep | None = None, cancel: CancelToken | None = None
) -> dict[str, Range]:
    """Return the ranges of the layers that ``recipe`` gives 8-bit inputs, by the names of their weights.

    The scenes run twice: once for what each layer is given at most, and once for how much of that is best cut off. A
    few large values cost all others their resolution.

    Args:
        reference: a bundle of format ``torch``.
        recipe: of precision W8A8.
        on_step: told after each run of a scene.
        cancel: stops the work between two runs.

    Raises:
        BundleError: a module is missing, or its weights are not those of the network.
        Cancelled: ``cancel`` was used.
    """
    widest: dict[str, Range] = {}
    errors: dict[str, Tensor] = {}

    def add_errors(name: str, values: Tensor) -> None:
        errors[name] = errors.get(name, 0) + _errors(values, widest[name])

    pace = Pace(Stage.CALIBRATE, 2 * len(SCENES), on_step)
    watches: list[Watch] = [lambda name, values: _widen(widest, name, values), add_errors]
    for done, (watch, scene) in enumerate(itertools.product(watches, SCENES), start=1):
        if cancel:
            cancel.check()
        run_reference(reference, _Watching(recipe, watch), steps=STEPS, scene=scene)
        pace.report(done)
    return {name: _cut(widest[name], _CUTS[int(errors[name].argmin())]) for name in widest}


def _widen(found: dict[str, Range], name: str, values: Tensor) -> None:
    low, high = (float(value) for value in torch.aminmax(values))
    known = found.get(name, Range(low, high))
    found[name] = Range(min(known.low, low), max(known.high, high))


def _errors(values: Tensor, widest: Range) -> Tensor:
    """The squared error of ``values`` in 8 bits, for every cut: what is cut off exactly, rounding from a sample."""
    values = values.flatten()
    beyond = values[values.abs() > _CUTS[-1] * max(abs(widest.low), abs(widest.high))]
    sample = values
    if len(values) > _SAMPLE:
        sample = values[torch.randint(len(values), (_SAMPLE,), generator=torch.Generator().manual_seed(0))]
    found = torch.zeros(len(_CUTS), dtype=torch.float64)
    for index, cut in enumerate(_CUTS):
        given = _cut(widest, cut)
        scale = float(given.quantizer()[0])
        inside = sample.clamp(given.low, given.high)
        rounding = (inside / scale).round_().mul_(scale).sub_(inside).square_().mean(dtype=torch.float64)
        cut_off = beyond.sub(beyond.clamp(given.low, given.high)).square_().sum(dtype=torch.float64)
        found[index] = rounding * len(values) + cut_off
    return found


def _cut(widest: Range, cut: float) -> Range:
    """``widest`` without what is larger than ``cut`` times its largest value, on either side."""
    largest = cut * max(abs(widest.low), abs(widest.high))
    return Range(max(widest.low, -largest), min(widest.high, largest))


class _Watching:
    """The reference backend, with an eye on what the UNet's layers are given."""

    name, library, formats = Reference.name, Reference.library, (Format.TORCH,)

    def __init__(self, recipe: Recipe, watch: Watch) -> None:
        self._recipe, self._watch = recipe, watch

    def unavailable(self) -> str | None:
        return Reference().unavailable()

    def memory_use(self, bundle: Bundle, device: str | None = None) -> None:
        """Return None: proofs are not planned."""

    def devices(self) -> Sequence[str]:
        return Reference().devices()

    def load(
        self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False
    ) -> ReferenceSession:
        session = Reference().load(bundle, module, device, exact=exact)
        if module is Module.UNET:
            for name, layer in session.network.named_modules():
                weight = f"{name}.weight"
                is_layer = isinstance(layer, nn.Linear | nn.Conv2d)
                if is_layer and self._recipe.stores_input(module, weight, tuple(layer.weight.shape)):
                    layer.register_forward_pre_hook(_hook(self._watch, weight))
        return session


def _hook(watch: Watch, name: str) -> Callable[[Any, tuple[Tensor, ...]], None]:
    def tell(_layer: Any, inputs: tuple[Tensor, ...]) -> None:
        watch(name, inputs[0])

    return tell
