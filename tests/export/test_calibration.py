"""Ranges of 8-bit inputs: what layers are really given, and the arithmetic of bringing it to 8 bits."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.errors import Cancelled
from pia_edge.export import Precision, Recipe, calibration
from pia_edge.export.calibration import SCENES, measure_ranges
from pia_edge.export.conversion import Range
from pia_edge.export.denoising import GATE, run_reference
from pia_edge.export.recipe import Storage
from pia_edge.modules import Module
from pia_edge.nn.reference_modules import build
from pia_edge.progress import Progress, Stage

W8A8 = Recipe(precision=Precision.W8A8)


@pytest.fixture(scope="module")
def ranges(tiny: Bundle) -> dict[str, Range]:
    return measure_ranges(tiny, W8A8)


def test_ranges_are_the_best_of_what_layers_are_given(tiny: Bundle, ranges: dict[str, Range]) -> None:
    """The same runs again, with the inputs of some layers kept whole and rounded by hand."""
    network = build(tiny, Module.UNET)
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    layers = {f"{name}.weight": layer for name, layer in network.named_modules() if isinstance(layer, kinds)}
    chosen = sorted(ranges)[:: len(ranges) // 6]
    given: dict[str, list[torch.Tensor]] = {name: [] for name in chosen}
    for name in chosen:

        def keep(_layer: Any, inputs: tuple[torch.Tensor, ...], name: str = name) -> None:
            given[name].append(inputs[0])

        layers[name].register_forward_pre_hook(keep)
    for scene in SCENES:
        for inputs, _ in run_reference(tiny, steps=calibration.STEPS, scene=scene).steps:
            with torch.inference_mode():
                network(*(torch.from_numpy(array) for array in inputs.values()))
    cut_somewhere = False
    for name in chosen:
        values = torch.cat([tensor.flatten() for tensor in given[name]]).numpy()
        whole = Range(float(values.min()), float(values.max()))
        assert whole.low <= ranges[name].low
        assert ranges[name].high <= whole.high
        cut_somewhere |= ranges[name] != whole
        assert squared_error(values, ranges[name]) <= squared_error(values, whole) * 1.0001, name
        narrower = Range(ranges[name].low * 0.7, ranges[name].high * 0.7)
        assert squared_error(values, ranges[name]) < squared_error(values, narrower), name
    assert cut_somewhere


def squared_error(values: NDArray[np.float32], given: Range) -> float:
    scale, zero = given.quantizer()
    rounded = (np.clip(np.rint(values / scale) + zero, 0, 255) - zero) * scale
    return float(np.square(rounded - values, dtype=np.float64).sum())


def test_what_must_stay_out_stays_out(ranges: dict[str, Range]) -> None:
    assert ranges
    assert not [name for name in ranges if ".to_out." in name or name.startswith(("conv_in", "conv_out", "time_emb"))]
    kept = W8A8.storage(Module.UNET, "conv_in.weight", (320, 4, 3, 3))
    assert kept is Storage.HALF
    assert not W8A8.stores_input(Module.TEXT_ENCODER, "clip.x.fc1.weight", (640, 640))
    assert W8A8.stores_input(Module.UNET, "mid.x.weight", (640, 640))
    assert not Recipe(precision=Precision.INT8).stores_input(Module.UNET, "mid.x.weight", (640, 640))
    half = Recipe(precision=Precision.W8A8, layers={"mid.": Storage.HALF})
    assert not half.stores_input(Module.UNET, "mid.x.weight", (640, 640))


def test_calibration_tells_how_far_it_is_and_can_be_stopped(tiny: Bundle) -> None:
    token, seen = CancelToken(), []

    def stop(progress: Progress) -> None:
        seen.append((progress.stage, progress.done, progress.total))
        token.cancel()

    with pytest.raises(Cancelled):
        measure_ranges(tiny, W8A8, on_step=stop, cancel=token)
    assert seen == [(Stage.CALIBRATE, 1, 2 * len(SCENES))]


def test_the_gates_scene_was_not_calibrated_on() -> None:
    assert GATE not in SCENES
    assert not {GATE.seed, GATE.prompt} & {part for scene in SCENES for part in (scene.seed, scene.prompt)}


@pytest.mark.parametrize(("low", "high"), [(-3.0, 5.0), (0.0, 2.0), (0.5, 2.0), (-4.0, -1.0), (0.0, 0.0), (-1e-9, 1e9)])
def test_a_quantizer_keeps_zero_and_reaches_both_ends(low: float, high: float) -> None:
    scale, zero = Range(low, high).quantizer()
    assert scale > 0
    assert 0 <= zero <= 255
    values = np.array([low, 0.0, high])
    steps = np.clip(np.rint(values / scale) + zero, 0, 255)
    assert np.abs((steps - zero) * scale - values).max() <= scale * 1.01
    assert steps[1] == zero
