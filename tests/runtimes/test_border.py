"""What a session refuses before its runtime sees it, on every backend alike."""

from collections.abc import Callable

import numpy as np
import pytest

from pia_edge.backend import Array, Session
from pia_edge.bundle import Bundle
from pia_edge.errors import BackendError
from pia_edge.export.parity import example_inputs
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes import BACKENDS
from tests.backends import PRESENT

Inputs = dict[str, Array]


@pytest.fixture(scope="module", params=PRESENT)
def unet(request: pytest.FixtureRequest, tiny: Bundle, tiny_onnx: Bundle) -> Session:
    return BACKENDS[request.param]().load(tiny if request.param == "reference" else tiny_onnx, Module.UNET)


@pytest.fixture
def inputs(tiny: Bundle) -> Inputs:
    return example_inputs(tiny, Module.UNET, frames=3, height=4, width=5, seed=0)


def double(inputs: Inputs) -> Inputs:
    return inputs | {"latents": inputs["latents"].astype(np.float64)}


def int32(inputs: Inputs) -> Inputs:
    return inputs | {"timestep": inputs["timestep"].astype(np.int32)}


def no_batch(inputs: Inputs) -> Inputs:
    return inputs | {"latents": inputs["latents"][0]}


def other_frames(inputs: Inputs) -> Inputs:
    return inputs | {"affinity": inputs["affinity"][:, :2]}


def other_height(inputs: Inputs) -> Inputs:
    return inputs | {"gain": inputs["gain"][:, :, :3]}


def two_timesteps(inputs: Inputs) -> Inputs:
    return inputs | {"timestep": np.array([1, 2])}


def without_gain(inputs: Inputs) -> Inputs:
    return {name: array for name, array in inputs.items() if name != "gain"}


def with_extra(inputs: Inputs) -> Inputs:
    return inputs | {"mask": inputs["affinity"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (double, "unet: latents: expected float32, found float64"),
        (int32, "unet: timestep: expected int64, found int32"),
        (no_batch, r"unet: latents: expected \(batch, latent_channels, frames, .*found \(4, 3, 4, 5\)"),
        (other_frames, r"unet: affinity: expected \(gains, frames\) with frames = 3, found \(1, 2\)"),
        (other_height, "unet: gain: .* with latent_height = 4"),
        (two_timesteps, "unet: timestep: .* with 1 = 1"),
        (without_gain, "unet: expected the inputs latents, .*, gain, found"),
        (with_extra, "found .*mask"),
    ],
)
def test_inputs_that_do_not_fit_the_border_table(
    change: Callable[[Inputs], Inputs], message: str, unet: Session, inputs: Inputs
) -> None:
    with pytest.raises(BackendError, match=message):
        unet.infer(**change(inputs))


def test_what_a_runtime_itself_refuses_is_a_backend_error(unet: Session, inputs: Inputs) -> None:
    five_channels = np.zeros((2, 5, 3, 4, 5), np.float32)
    with pytest.raises(BackendError, match="unet failed"):
        unet.infer(**inputs | {"latents": five_channels})
    assert unet.infer(**inputs)[0].shape == (2, 4, 3, 4, 5), "the session stays usable"


@pytest.mark.parametrize("backend", PRESENT)
@pytest.mark.parametrize("module", MODULES)
def test_outputs_are_those_of_the_border_table(module: Module, backend: str, tiny: Bundle, tiny_onnx: Bundle) -> None:
    session = BACKENDS[backend]().load(tiny if backend == "reference" else tiny_onnx, module)
    inputs = example_inputs(tiny, module, frames=2, height=4, width=5, seed=0)
    outputs = session.infer(**inputs)
    bound: dict[str, int] = {}
    for spec in MODULES[module].inputs:
        assert spec.check(inputs[spec.name].shape, str(inputs[spec.name].dtype), bound) is None
    for spec, output in zip(MODULES[module].outputs, outputs, strict=True):
        assert spec.check(output.shape, str(output.dtype), bound) is None


@pytest.mark.parametrize("backend", PRESENT)
def test_inputs_of_any_memory_layout_are_read_right(backend: str, tiny: Bundle, tiny_onnx: Bundle) -> None:
    session = BACKENDS[backend]().load(tiny if backend == "reference" else tiny_onnx, Module.CONDITION)
    image_latents = np.random.default_rng(0).standard_normal((1, 4, 6, 5)).astype(np.float32)
    expected = session.infer(image_latents=image_latents)[0]
    columns_first = np.asfortranarray(image_latents)
    assert np.array_equal(session.infer(image_latents=columns_first)[0], expected)
    strided = np.repeat(image_latents, 2, axis=3)[..., ::2]
    assert np.array_equal(session.infer(image_latents=strided)[0], expected)


def test_outputs_are_not_overwritten_by_the_next_run(unet: Session, inputs: Inputs) -> None:
    (first,) = unet.infer(**inputs)
    kept = first.copy()
    unet.infer(**inputs | {"latents": inputs["latents"] * 2})
    assert np.array_equal(first, kept)
