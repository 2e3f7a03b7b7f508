"""Sensitivities: estimates against what quantizing one layer really does, and what the probes see."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.errors import Cancelled
from pia_edge.export.denoising import ReferenceRun, run_reference
from pia_edge.export.recipe import Storage
from pia_edge.export.sensitivity import FLICKER, Layer, measure_sensitivity, probe
from pia_edge.export.storing import restored
from pia_edge.modules import MODULES, Module
from pia_edge.nn.reference_modules import build
from pia_edge.progress import Progress, Stage


@pytest.fixture(scope="module")
def run(tiny: Bundle) -> ReferenceRun:
    return run_reference(tiny, steps=2)


@pytest.fixture(scope="module")
def network(tiny: Bundle) -> nn.Module:
    return build(tiny, Module.UNET).eval()


@pytest.fixture(scope="module")
def layers(network: nn.Module, run: ReferenceRun) -> tuple[Layer, ...]:
    return measure_sensitivity(network, run, probes=4)


def weighed(error: Tensor) -> float:
    """What a sensitivity estimates, from the error itself."""
    frames = error.shape[2]
    flicker = FLICKER * error.diff(dim=2).square().sum() / error.numel()
    return float((error.square().mean() + flicker) / (1 + FLICKER * 2 * (frames - 1) / frames))


def measured(network: nn.Module, run: ReferenceRun, layer: Layer, storage: Storage) -> NDArray[np.float64]:
    """The error of each step when ``layer`` alone is stored as ``storage``."""
    parameter = network.get_parameter(layer.name)
    original = parameter.detach().clone()
    errors = []
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(restored(original.numpy(), storage)))
        for inputs, noise_pred in run.steps:
            found = network(*(torch.from_numpy(inputs[spec.name]) for spec in MODULES[Module.UNET].inputs))
            errors.append(weighed(found - torch.from_numpy(noise_pred)) / float(abs(noise_pred).max()) ** 2)
        parameter.copy_(original)
    return np.array(errors)


@pytest.fixture(scope="module")
def pairs(layers: tuple[Layer, ...]) -> list[tuple[Layer, Storage]]:
    return [(layer, storage) for layer in layers for storage in layer.errors if storage is not Storage.HALF]


@pytest.fixture(scope="module")
def direct(network: nn.Module, run: ReferenceRun, pairs: list[tuple[Layer, Storage]]) -> NDArray[np.float64]:
    """(pairs, steps)."""
    return np.stack([measured(network, run, layer, storage) for layer, storage in pairs])


def ranks(numbers: NDArray[np.float64]) -> NDArray[np.intp]:
    return numbers.argsort().argsort()


def test_estimates_are_what_quantizing_one_layer_does(
    pairs: list[tuple[Layer, Storage]], direct: NDArray[np.float64]
) -> None:
    assert {storage for _, storage in pairs} == {Storage.INT8, Storage.INT4}
    estimated = np.array([layer.errors[storage].mean() for layer, storage in pairs])
    found = direct.mean(axis=1)
    assert found.max() > 100 * found.min(), "or ranking would be luck"
    assert np.abs(np.log2(estimated / found)).max() < 1
    assert np.corrcoef(ranks(estimated), ranks(found))[0, 1] > 0.95, "Spearman's rank correlation"


def test_steps_are_kept_apart(pairs: list[tuple[Layer, Storage]], direct: NDArray[np.float64]) -> None:
    estimated = np.stack([layer.errors[storage] for layer, storage in pairs]).sum(axis=0)
    assert np.allclose(estimated, direct.sum(axis=0), rtol=0.3)
    assert estimated[0] > 2 * estimated[1]


def test_what_is_stored_exactly_costs_nothing(layers: tuple[Layer, ...]) -> None:
    """The reference is kept in float16 itself."""
    assert all((layer.errors[Storage.HALF] == 0).all() for layer in layers)
    assert all((layer.errors[Storage.INT8] > 0).all() for layer in layers)


def test_errors_that_flicker_count_more() -> None:
    random = torch.Generator().manual_seed(1)
    shape = (1, 2, 8, 2, 2)
    still = torch.randn((1, 2, 1, 2, 2), generator=random).expand(shape)
    alternating = still * torch.tensor([1.0, -1.0] * 4)[:, None, None]
    probes = [probe(torch.zeros(shape), random) for _ in range(6000)]
    for error in (still, alternating):
        seen = np.mean([float((vector * error).sum()) ** 2 for vector in probes]) / error.numel()
        assert seen == pytest.approx(weighed(error), rel=0.1)
    assert weighed(alternating) > 2.5 * weighed(still)
    # Scaled so that errors that are independent from frame to frame count as they do in the PSNR.
    assert np.mean([float(vector.square().mean()) for vector in probes]) == pytest.approx(1, rel=0.02)


def test_a_single_frame_cannot_flicker() -> None:
    vector = probe(torch.zeros(1, 4, 1, 8, 8), torch.Generator().manual_seed(0))
    assert vector.shape == (1, 4, 1, 8, 8)
    assert float(vector.std()) == pytest.approx(1, rel=0.2)


def test_measuring_reports_repeats_and_leaves_the_network_as_it_was(network: nn.Module, run: ReferenceRun) -> None:
    seen: list[Progress] = []
    first, second = (measure_sensitivity(network, run, probes=1, on_step=seen.append) for _ in range(2))
    assert [(progress.stage, progress.done, progress.total) for progress in seen[:2]] == [
        (Stage.MEASURE, 1, 2),
        (Stage.MEASURE, 2, 2),
    ]
    for one, other in zip(first, second, strict=True):
        for storage in one.errors:
            assert np.allclose(one.errors[storage], other.errors[storage], rtol=1e-3), one.name
    assert not any(parameter.requires_grad or parameter.grad is not None for parameter in network.parameters())


def test_measuring_is_stopped_within_a_pass(network: nn.Module, run: ReferenceRun) -> None:
    token = CancelToken()
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        token.cancel()

    with pytest.raises(Cancelled):
        measure_sensitivity(network, run, on_step=stop, cancel=token)
    assert len(seen) == 1
    assert not any(parameter.requires_grad or parameter.grad is not None for parameter in network.parameters())
