"""The border table: complete, consistent, and enforced before a runtime sees an array."""

from pathlib import Path

import numpy as np
import pytest

from pia_edge.backend import Array, check_inputs
from pia_edge.errors import BackendError
from pia_edge.modules import MODULES, OPTIONAL_MODULES, Module, TensorSpec, border, whole

LENGTHS = {
    "batch": 2,
    "planes": 1,
    "gains": 2,
    "frames": 6,
    "height": 64,
    "width": 72,
    "latent_height": 8,
    "latent_width": 9,
    "latent_channels": 4,
    "condition_channels": 16,
    "text_channels": 32,
}


def inputs_of(module: Module) -> dict[str, Array]:
    return {
        spec.name: np.zeros([axis if isinstance(axis, int) else LENGTHS[axis] for axis in spec.axes], spec.dtype)
        for spec in border(module).inputs
    }


def test_every_module_has_a_border() -> None:
    assert all(border(module).inputs and border(module).outputs for module in Module)
    assert MODULES.keys() | OPTIONAL_MODULES.keys() == set(Module) - {Module.MOTION_MODULE}
    assert not MODULES.keys() & OPTIONAL_MODULES.keys()


def test_whole_bundles_may_have_a_tiny_decoder() -> None:
    assert whole(set(MODULES)) == tuple(MODULES)
    assert whole(set(Module)) == (*MODULES, Module.TINY_DECODER)


@pytest.mark.parametrize("module", Module)
def test_border_is_consistent(module: Module) -> None:
    spec = border(module)
    for tensors in (spec.inputs, spec.outputs):
        names = [tensor.name for tensor in tensors]
        assert names
        assert len(set(names)) == len(names)
    for tensor in (*spec.inputs, *spec.outputs):
        # Core ML refuses tensors of more than five axes.
        assert 1 <= len(tensor.axes) <= 5
        assert tensor.dtype in ("float32", "int64")
        assert all(LENGTHS[axis] for axis in tensor.axes if isinstance(axis, str))


def test_what_one_module_returns_the_next_accepts() -> None:
    outputs = {tensor.name: tensor for spec in MODULES.values() for tensor in spec.outputs}
    unet = {tensor.name: tensor for tensor in MODULES[Module.UNET].inputs}
    assert unet["encoder_hidden_states"] == outputs["encoder_hidden_states"]
    assert outputs["noise_pred"].axes == unet["latents"].axes
    for name in ("appearance", "gain"):
        assert unet[name].axes[1:] == outputs[name].axes[1:]
    image, latents = MODULES[Module.VAE_ENCODER].inputs[0], MODULES[Module.VAE_DECODER].inputs[0]
    assert outputs["image"] == image
    assert outputs["mean"].axes == outputs["std"].axes == latents.axes


def test_border_fits_the_arrays_of_the_original() -> None:
    with np.load(Path(__file__).parent / "data/reference/pipeline.npz") as arrays:
        latents, noise_pred, text = arrays["init_latents"], arrays["noise_pred"], arrays["text_embeddings"]
    given = inputs_of(Module.UNET) | {"latents": np.repeat(latents, 2, axis=0), "encoder_hidden_states": text}
    check_inputs(Module.UNET, given)
    bound: dict[str, int] = {}
    problem = MODULES[Module.UNET].outputs[0].check(noise_pred[0].shape, str(noise_pred.dtype), bound)
    assert problem is None
    assert bound["frames"] == 6


@pytest.mark.parametrize("module", Module)
def test_fitting_inputs_are_accepted(module: Module) -> None:
    check_inputs(module, inputs_of(module))


@pytest.mark.parametrize("module", Module)
def test_every_unfitting_input_is_refused_by_name(module: Module) -> None:
    for name, array in inputs_of(module).items():
        unfitting = {
            "dtype": array.astype("float64"),
            "one axis more": array[None],
            "one axis less": array.reshape(-1) if array.ndim > 1 else array[0],
        }
        for changed in unfitting.values():
            with pytest.raises(BackendError, match=f"{module}: {name}: expected"):
                check_inputs(module, inputs_of(module) | {name: changed})


@pytest.mark.parametrize("module", Module)
def test_missing_extra_and_misnamed_inputs_are_refused(module: Module) -> None:
    given = inputs_of(module)
    first, *rest = given
    for names in ([*rest], [first, *rest, "other"], ["other", *rest]):
        wrong = {name: given.get(name, given[first]) for name in names}
        with pytest.raises(BackendError, match=f"{module}: expected the inputs {first}"):
            check_inputs(module, wrong)


@pytest.mark.parametrize("axis", ["batch", "frames", "latent_height", "latent_width", "condition_channels"])
def test_inputs_of_one_call_must_agree_on_every_shared_axis(axis: str) -> None:
    specs = MODULES[Module.UNET].inputs
    sharing = [spec for spec in specs if axis in spec.axes]
    assert len(sharing) > 1
    for spec in sharing:
        given = inputs_of(Module.UNET)
        given[spec.name] = np.repeat(given[spec.name], 2, axis=spec.axes.index(axis))
        with pytest.raises(BackendError, match=f"with {axis} = "):
            check_inputs(Module.UNET, given)


@pytest.mark.parametrize(
    ("shape", "dtype", "expected"),
    [
        ((2, 77), "int64", None),
        ((2, 77), "int32", "ids: expected int64, found int32"),
        ((2, 76), "int64", "ids: expected (batch, 77) with 77 = 77, found (2, 76)"),
        ((3, 77), "int64", "ids: expected (batch, 77) with batch = 2, found (3, 77)"),
        ((2,), "int64", "ids: expected (batch, 77), found (2,)"),
    ],
)
def test_what_is_wrong_is_said(shape: tuple[int, ...], dtype: str, expected: str | None) -> None:
    assert TensorSpec("ids", ("batch", 77), "int64").check(shape, dtype, {"batch": 2}) == expected
